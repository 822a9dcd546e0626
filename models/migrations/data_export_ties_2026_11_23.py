"""Keys and checks of copies of data."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, run_sql

ID = "2026-11-23T14:02:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of copies of data"

STATEMENTS = [
    f"grant select, insert, update, delete on data_export to {APP_ROLE}",
    "alter table data_export add foreign key (person_id) references person (id) on delete cascade",
    "alter table data_export add foreign key (company_id) references organisation (id)",
    "alter table data_export add check (state in ('queued', 'making', 'ready', 'failed', 'gone'))",
    "alter table data_export add check ((state = 'ready') <= (size is not null and expires_at is not null))",
    "create unique index data_export_token on data_export (token_hash)",
    # One at a time for each person and company.
    "create unique index data_export_under_way on data_export (person_id, company_id) nulls not distinct "
    "where state in ('queued', 'making')",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
