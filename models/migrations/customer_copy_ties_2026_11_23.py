"""Walls, keys and checks of copies for customers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql, tenant_table

ID = "2026-11-23T15:55:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of copies for customers"

STATEMENTS = [
    *tenant_table("customer_copy"),
    "alter table customer_copy add foreign key (organisation_id, customer_id) "
    "references customer (organisation_id, id) on delete cascade",
    "alter table customer_copy add check (state in ('queued', 'making', 'ready', 'failed', 'gone'))",
    "alter table customer_copy add check ((state = 'ready') <= (size is not null and expires_at is not null))",
    "create index customer_copy_by_customer on customer_copy (organisation_id, customer_id, reference)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
