"""E-mail and phone go from a quote that is kept, as they go from an invoice."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql
from models.triggers.frozen import QUOTE_FROZEN

ID = "2026-11-23T18:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What may be erased of a quote that is kept"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(QUOTE_FROZEN.replace("create function", "create or replace function"))

    manager.add_raw(run)
    return manager
