"""What plans need beside their columns: walls, checks, indexes, and one run for each day of a plan."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql, tenant_table

ID = "2026-11-23T13:43:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of plans"

STATEMENTS = [
    *tenant_table("plan", references={"customer_id": "customer"}),
    "alter table plan add check (state in ('draft', 'active', 'paused', 'stopped', 'finished'))",
    "alter table plan add check (unit in ('week', 'month', 'quarter', 'year') and every between 1 and 60)",
    "alter table plan add check (state = 'active' or next_on is null)",
    "create index plan_list on plan (organisation_id, listed_at desc, id desc)",
    "create index plan_due on plan (organisation_id, next_on) where next_on is not null",
    "create index plan_by_customer on plan (organisation_id, customer_id)",
    # One run for each (plan, day), whoever is fastest.
    *tenant_table("plan_run", key=("plan_id", "day"), grants="select, insert, update"),
    "alter table plan_run add check (state in ('drafted', 'issuing', 'issued', 'refused', 'skipped'))",
    "alter table plan_run add foreign key (organisation_id, plan_id) references plan (organisation_id, id)",
    "alter table plan_run add foreign key (organisation_id, invoice_id) "
    "references invoice (organisation_id, id) on delete set null (invoice_id)",
    "create index plan_run_by_invoice on plan_run (organisation_id, invoice_id) where invoice_id is not null",
    "alter table message add foreign key (organisation_id, plan_id) references plan (organisation_id, id)",
    "alter table message drop constraint message_check",
    "alter table message add check (num_nonnulls(invoice_id, quote_id, plan_id) = 1)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
