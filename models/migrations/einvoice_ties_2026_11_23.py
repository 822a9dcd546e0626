"""What the table of e-invoices needs beside its columns: a tenant's walls, and a file of the kind `ehf`."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql, tenant_table

ID = "2026-11-23T13:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of e-invoices"

STATEMENTS = [
    *tenant_table("einvoice", key=("invoice_id",), references={"invoice_id": "invoice"}),
    "alter table einvoice add check (state in ('queued', 'made', 'refused'))",
    "alter table einvoice add check ((state = 'made') = (is_peppol is not null))",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
