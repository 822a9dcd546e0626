"""Walls, keys and grants of corrections. They go with the customer or person they are about, and are never rewritten."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, run_sql, tenant_table

ID = "2026-11-23T18:00:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of corrections"

STATEMENTS = [
    *tenant_table("correction", grants="select, insert, delete"),
    "alter table correction add foreign key (organisation_id, customer_id) "
    "references customer (organisation_id, id) on delete cascade",
    "create index correction_of on correction (organisation_id, customer_id, corrected_at)",
    "create index correction_by_day on correction (organisation_id, corrected_at)",
    f"grant select, insert, delete on account_correction to {APP_ROLE}",
    "alter table account_correction add foreign key (person_id) references person (id) on delete cascade",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
