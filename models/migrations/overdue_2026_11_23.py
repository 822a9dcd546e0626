"""The list of what is overdue reads no fresh invoice: their due dates stand in the index it goes along."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T17:56:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Due dates in the index of states"

STATEMENTS = [
    "drop index invoice_by_state",
    "create index invoice_by_state on invoice (organisation_id, state, listed_at desc, id desc, due_on) "
    "where deleted_at is null",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
