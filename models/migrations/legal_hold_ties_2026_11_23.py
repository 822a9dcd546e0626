"""When an issued document may go: its own law, restrictions and orders to keep; and what goes with it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, run_sql, tenant_table
from models.triggers.frozen import GOES_WITH_INVOICE, INVOICE_FROZEN, LAW_ENDS
from models.triggers.sums import KEEP_SUMS

ID = "2026-11-23T15:57:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "Letting go of issued documents"

# Foreign keys act with the rights of the tables' owner: nobody needs a right to delete these by themselves.
GOING_WITH_IT = (
    ("invoice_link", "invoice_id"),
    ("invoice_file", "invoice_id"),
    ("einvoice", "invoice_id"),
    ("payment", "invoice_id"),
    ("payment", "credit_note_id"),
    ("message", "invoice_id"),
    ("transmission", "invoice_id"),
)
CASCADE = """
do $$ declare name text; begin
    select conname into strict name from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[2]
    where k.conrelid = '{table}'::regclass and k.confrelid = 'invoice'::regclass and k.contype = 'f'
        and a.attname = '{column}';
    execute format('alter table {table} drop constraint %I', name);
    execute format('alter table {table} add constraint %I foreign key (organisation_id, {column}) '
        'references invoice (organisation_id, id) on delete cascade', name);
end $$
"""
STATEMENTS = [
    *tenant_table("legal_hold", grants="select, insert, update"),
    *(
        f"alter table legal_hold add foreign key (organisation_id, {column}) references {table} (organisation_id, id) "
        "on delete cascade"
        for column, table in (("invoice_id", "invoice"), ("customer_id", "customer"))
    ),
    "alter table legal_hold add check (case scope when 'invoice' then invoice_id is not null "
    "and customer_id is null and from_day is null and to_day is null "
    "when 'customer' then customer_id is not null and invoice_id is null and from_day is null and to_day is null "
    "when 'period' then invoice_id is null and customer_id is null and from_day <= to_day else false end)",
    "alter table legal_hold add check (basis <> '')",
    "create index legal_hold_standing on legal_hold (organisation_id) where lifted_at is null",
    LAW_ENDS,
    *(rule.replace("create function", "create or replace function") for rule in (INVOICE_FROZEN, KEEP_SUMS)),
    *(CASCADE.format(table=table, column=column) for table, column in GOING_WITH_IT),
    GOES_WITH_INVOICE,
    "drop trigger append_only on invoice_file",
    "create trigger append_only before update or delete on invoice_file "
    "for each row execute function goes_with_invoice()",
    "drop trigger append_only on payment",
    "create trigger append_only before update or delete on payment for each row execute function payment_kept()",
    f"grant delete on payment to {APP_ROLE}",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
