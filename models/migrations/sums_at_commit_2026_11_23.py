"""The kept sums move when a transaction commits, not when it writes.

A company's writers share these few rows. Held from an invoice's first write on, through every statement and every wait
of the web process, they let one issue after the other through: with 16 clients a tenth of what the same rows allow when
they are taken last.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T08:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Sums at commit"

TRIGGERS = [
    ("sums_added", "insert or delete", "invoice", "keep_invoice_sums"),
    ("sums_moved", "update of state, gross, currency, deleted_at, open_amount", "invoice", "keep_invoice_sums"),
    ("sums", "insert", "payment", "keep_payment_sums"),
]
STATEMENTS = [
    statement
    for name, events, table, function in TRIGGERS
    for statement in (
        f"drop trigger {name} on {table}",
        f"create constraint trigger {name} after {events} on {table} deferrable initially deferred "
        f"for each row execute function {function}()",
    )
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
