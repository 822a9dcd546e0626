"""Files on invoices belong to a company, come and go only with drafts, and are of the kinds that EN 16931 knows."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql, tenant_table
from models.triggers.frozen import ATTACHMENT_FROZEN

ID = "2026-11-23T17:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Files on invoices: tenancy and what freezes them"

STATEMENTS = [
    *tenant_table("invoice_attachment", grants="select, insert, delete"),
    "alter table invoice_attachment add foreign key (organisation_id, invoice_id) "
    "references invoice (organisation_id, id) on delete cascade",
    "create unique index invoice_attachment_of on invoice_attachment (organisation_id, invoice_id, position)",
    "create index invoice_attachment_file on invoice_attachment (organisation_id, sha256)",
    "alter table invoice_attachment add check (size between 1 and 5 * 1024 * 1024)",
    "alter table invoice_attachment add check (octet_length(sha256) = 32)",
    "alter table invoice_attachment add check (mime in ('application/pdf', 'image/png', 'image/jpeg', 'text/csv', "
    "'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', "
    "'application/vnd.oasis.opendocument.spreadsheet'))",
    ATTACHMENT_FROZEN,
    "create trigger frozen before insert or update or delete on invoice_attachment "
    "for each row execute function invoice_attachment_frozen()",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
