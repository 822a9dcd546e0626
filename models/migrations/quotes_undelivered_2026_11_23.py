"""An index for the few quotes that were not delivered, which the first page names."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T16:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Quotes that were not delivered"

QUOTE_UNDELIVERED = "create index quote_undelivered on quote (organisation_id, id) where delivery_state = 'failed'"
PLAN_ASKING = "create index plan_asking on plan (organisation_id, id) where asked_on is not null"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(QUOTE_UNDELIVERED, PLAN_ASKING)

    manager.add_raw(run)
    return manager
