"""The few e-invoices that could not be made are found without reading the many that could."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T16:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Refused e-invoices"

STATEMENTS = [
    "create index einvoice_refused on einvoice (organisation_id, done_at) where state = 'refused' and to_business",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
