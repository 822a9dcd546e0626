"""Recurring invoices that ended long ago go like drafts do, with what was noted of their times."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, run_sql

ID = "2026-11-23T17:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Letting go of ended plans"

# By the database's own day, so that no wrong clock of the app deletes what is fresh (docs/decisions/0008).
OVER = """
exists (select from organisation o where o.id = {table}.organisation_id and o.erased_at is not null)
or exists (select from plan p where p.organisation_id = {table}.organisation_id and p.id = {table}.plan_id
    and p.state in ('stopped', 'finished') and p.changed_at < legal_today() - 729)
"""
STATEMENTS = [
    statement
    for table in ("plan_run", "message")
    for statement in (
        f"drop policy only_erased on {table}",
        f"create policy only_erased on {table} as restrictive for delete to {APP_ROLE} using ({OVER.format(table=table)})",
    )
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
