"""A run of a plan that was passed over because the customer's data is restricted."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T15:22:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Runs that are held"

STATEMENTS = [
    "alter table plan_run drop constraint plan_run_state_check",
    "alter table plan_run add check (state in ('drafted', 'issuing', 'issued', 'refused', 'skipped', 'held'))",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
