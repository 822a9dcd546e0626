"""What the tables of the inbox need beside their columns: walls, checks, and the orders they are read in."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql, tenant_table

ID = "2026-11-23T13:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of the inbox"

STATEMENTS = [
    *tenant_table("supplier_document"),
    "alter table supplier_document add check (kind in ('ubl', 'cii', 'facturx', 'pdf', 'unread'))",
    "alter table supplier_document add check (source in ('upload', 'email'))",
    "alter table supplier_document add check (state in ('open', 'paid'))",
    "alter table supplier_document add check ((state = 'paid') = (paid_on is not null))",
    "alter table supplier_document add check (check_state in ('none', 'waiting', 'valid', 'invalid', 'unavailable'))",
    "create index supplier_document_list on supplier_document (organisation_id, received_at desc, id desc) "
    "where deleted_at is null",
    "create index supplier_document_sums on supplier_document (organisation_id, state, currency) "
    "include (due_on, amount, is_credit_note) where deleted_at is null",
    "create index supplier_document_like on supplier_document (organisation_id, seller_key, number) "
    "where deleted_at is null and number <> ''",
    "create index supplier_document_deleted on supplier_document (organisation_id, deleted_at) "
    "where deleted_at is not null",
    *tenant_table("supplier_file", references={"document_id": "supplier_document"}, grants="select, insert, delete"),
    "create index supplier_file_of on supplier_file (organisation_id, document_id, position)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
