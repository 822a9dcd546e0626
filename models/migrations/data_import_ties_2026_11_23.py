"""Walls and checks of copies that are brought in."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql, tenant_table

ID = "2026-11-23T15:56:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of copies that are brought in"

STATEMENTS = [
    *tenant_table("data_import"),
    "alter table data_import add check (state in ('queued', 'reading', 'done', 'failed'))",
    "alter table data_import add check ((state = 'failed') = (problem <> ''))",
    # One at a time for each company.
    "create unique index data_import_under_way on data_import (organisation_id) where state in ('queued', 'reading')",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
