"""The tables of the job queue, as its library makes them, and the app role's rights on them."""

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, run_sql

ID = "2026-11-23T06:52:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Job queue"

RIGHTS = f"""
do $$
declare
    name text;
begin
    for name in select tablename from pg_tables where schemaname = 'public' and tablename like 'pgqueuer%' loop
        execute format('grant select, insert, update, delete on %I to {APP_ROLE}', name);
    end loop;
    for name in select sequencename from pg_sequences where schemaname = 'public'
        and sequencename like 'pgqueuer%' loop
        execute format('grant usage, select on sequence %I to {APP_ROLE}', name);
    end loop;
end $$
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(QueryBuilderEnvironment().build_install_query(), RIGHTS)

    manager.add_raw(run)
    return manager
