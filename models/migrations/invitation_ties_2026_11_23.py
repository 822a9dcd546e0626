"""Walls and keys of invitations, and the rule that a company with members has an owner."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import PERSON, run_sql, tenant_table
from models.triggers.owners import KEEP_AN_OWNER

ID = "2026-11-23T17:15:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of invitations and owners"

STATEMENTS = [
    *tenant_table(
        "invitation",
        # Whoever presents the secret may see its row, and so may the account that the invitation is for.
        also_visible="token_hash = decode(nullif(current_setting('app.link_hash', true), ''), 'hex') "
        f"or email_key = (select p.email_key from person p where p.id = {PERSON})",
    ),
    "alter table invitation add unique (organisation_id, email_key)",
    "alter table invitation add check (role in ('admin', 'bookkeeper', 'viewer'))",
    "alter table invitation add check (outcome in ('', 'accepted', 'withdrawn'))",
    "alter table invitation add check ((outcome = '') = (ended_at is null))",
    "create unique index invitation_token on invitation (token_hash)",
    "create index invitation_by_address on invitation (email_key)",
    "create index account_message_of_invitation on account_message (invitation_id) where invitation_id is not null",
    KEEP_AN_OWNER,
    "create trigger keep_an_owner after delete or update of role on membership "
    "for each row when (old.role = 'owner') execute function keep_an_owner()",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
