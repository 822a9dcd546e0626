"""What the columns for accounts need beside them: keys, checks, and a session that follows a renamed company."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T07:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of account letters and sessions"

STATEMENTS = [
    "alter table account_message add foreign key (person_id) references person (id) on delete cascade",
    "alter table account_token add check (purpose in ('confirm_email', 'reset_password', 'change_email'))",
    "alter table account_token add check ((purpose = 'change_email') = (email is not null))",
    "create index session_by_organisation on session (current_organisation_id)",
    """
    create function rename_in_sessions() returns trigger language plpgsql as $$
    begin
        update session set organisation_name = new.name where current_organisation_id = new.id;
        return null;
    end $$
    """,
    "create trigger rename_in_sessions after update of name on organisation "
    "for each row when (old.name is distinct from new.name) execute function rename_in_sessions()",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
