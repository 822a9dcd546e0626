"""Ties of the privacy page of a quote: a code, or a request, is about one document."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T17:25:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of the privacy page of a quote"

STATEMENTS = [
    "alter table customer_pass add foreign key (organisation_id, quote_id) references quote (organisation_id, id) "
    "on delete cascade",
    "alter table customer_pass add check (num_nonnulls(invoice_id, quote_id) = 1)",
    "create index customer_pass_quote on customer_pass (organisation_id, quote_id)",
    "alter table customer_request add foreign key (organisation_id, quote_id) references quote (organisation_id, id) "
    "on delete set null (quote_id)",
    "create index customer_request_quote on customer_request (organisation_id, quote_id)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
