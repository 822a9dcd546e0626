"""A month is a month."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T14:00:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "When the accounting year ends, checked"

STATEMENTS = ["alter table organisation add check (accounting_year_ends between 1 and 12)"]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
