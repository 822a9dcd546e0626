"""What was asked for each row of an invoice is asked once: whether its lines may change, and whether its company exists."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql
from models.triggers.frozen import LINES_FROZEN

ID = "2026-11-24T00:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Lines are guarded by the statement, and point at their company through their invoice"

STATEMENTS = [
    "drop trigger frozen on invoice_line",
    "drop function invoice_line_frozen()",
    LINES_FROZEN,
    # Each of these points at its invoice by a key that holds the company, and the invoice points at the company.
    # A word is never older than its subject; row-level security lets it be written for the company at work only.
    *(
        f"alter table {table} drop constraint {table}_organisation_fkey"
        for table in ("invoice_line", "invoice_link", "einvoice", "search_word")
    ),
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
