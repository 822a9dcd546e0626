"""How a request came and how it is known who asks are words from a list, as its kind and state are."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T16:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Words of requests"

CHANNELS = "'app', 'hosted', 'form', 'mail'"
IDENTITIES = "'unproven', 'signed_in', 'code', 'link', 'operator'"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        for table in ("rights_request", "customer_request"):
            await run_sql(
                f"alter table {table} add check (channel in ({CHANNELS}))",
                f"alter table {table} add check (identity in ({IDENTITIES}))",
            )

    manager.add_raw(run)
    return manager
