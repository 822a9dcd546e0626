"""What VAT's tables and columns need beside them: keys, checks, and sums that follow the documents."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, run_sql, tenant_table
from models.triggers.sums import KEEP_VAT_SUMS

ID = "2026-11-23T13:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of VAT sums and exchange rates"

STATEMENTS = [
    *tenant_table("vat_sum", key=("month", "currency", "category", "rate"), grants="select, insert, update"),
    KEEP_VAT_SUMS,
    # At COMMIT, after the other sums of the same event: triggers of one event go by name.
    "create constraint trigger vat_sums_added after insert on invoice deferrable initially deferred "
    "for each row when (new.state <> 'draft') execute function keep_vat_sums()",
    "create constraint trigger vat_sums_moved after update of state on invoice deferrable initially deferred "
    "for each row when (old.state = 'draft' and new.state <> 'draft') execute function keep_vat_sums()",
    # What was issued before.
    *(f"alter table {table} no force row level security" for table in ("invoice", "vat_sum")),
    "do $$ declare issued invoice; begin for issued in select * from invoice where state <> 'draft' loop "
    "perform add_vat_sums(issued); end loop; end $$",
    *(f"alter table {table} force row level security" for table in ("invoice", "vat_sum")),
    "alter table product add check (supply in ('goods', 'service'))",
    "alter table customer add check (vat_status in ('', 'valid', 'invalid'))",
    "alter table exchange_rate drop constraint exchange_rate_pkey",
    "alter table exchange_rate add primary key (currency, day, source)",
    "alter table exchange_rate add check (nok > 0)",
    "revoke all on exchange_rate from public",
    f"grant select, insert on exchange_rate to {APP_ROLE}",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
