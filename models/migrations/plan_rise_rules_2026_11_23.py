"""Prices of a plan rise from a day by a percentage or by an amount, or they do not rise."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T16:13:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Rules of rising prices"

RISE = "alter table plan add check (num_nonnulls(rise_percent, rise_amount) = num_nonnulls(rise_from))"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(RISE)

    manager.add_raw(run)
    return manager
