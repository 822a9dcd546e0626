"""What the way of a customer's invoices and the table of transmissions need beside their columns."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql, tenant_table

ID = "2026-11-23T13:53:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of the delivery ladder"

STATEMENTS = [
    "alter table customer add check (delivery in ('best', 'email', 'print'))",
    *tenant_table("transmission", references={"invoice_id": "invoice"}, grants="select, insert, update"),
    "alter table transmission add check "
    "(state in ('queued', 'handed_over', 'delivered', 'refused', 'fell_back'))",
    "create index transmission_of on transmission (organisation_id, invoice_id, queued_at)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
