"""What the columns of credit notes need beside them: a key, checks, and a place among what moves after issuing."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql
from models.triggers.frozen import INVOICE_FROZEN

ID = "2026-11-23T09:47:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of credit notes"

STATEMENTS = [
    INVOICE_FROZEN.replace("create function", "create or replace function"),
    "alter table invoice add foreign key (organisation_id, credits_id) references invoice (organisation_id, id)",
    "alter table invoice add check ((kind = 'credit_note') = (credits_id is not null))",
    "alter table invoice add check (credited_amount = 0 or credited_amount between 0 and gross)",
    "create index invoice_credits on invoice (organisation_id, credits_id) where credits_id is not null",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
