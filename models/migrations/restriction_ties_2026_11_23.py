"""What restrictions and objections need beside their columns: walls, checks, and one that stands for each subject."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, run_sql, tenant_table

ID = "2026-11-23T15:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of restrictions and objections"

STATEMENTS = [
    *tenant_table("restriction"),
    # They go with what they are about, so that one of long ago keeps no customer from being let go.
    *(
        f"alter table restriction add foreign key (organisation_id, {column}) "
        f"references {table} (organisation_id, id) on delete cascade"
        for column, table in (("customer_id", "customer"), ("invoice_id", "invoice"))
    ),
    "alter table restriction add check (scope = 'company' and num_nonnulls(customer_id, invoice_id) = 0 "
    "or scope = 'customer' and invoice_id is null and customer_id is not null "
    "or scope = 'invoice' and customer_id is null and invoice_id is not null)",
    "alter table restriction add check (ground in ('a', 'b', 'c', 'd'))",
    # Lifted only once the subject was told (Art. 18(3)).
    "alter table restriction add check ((lifted_at is null) = (told = ''))",
    "create unique index restriction_stands on restriction (organisation_id, customer_id, invoice_id) "
    "nulls not distinct where lifted_at is null",
    "create index restriction_by_customer on restriction (organisation_id, customer_id) where customer_id is not null",
    "create index restriction_of_invoice on restriction (organisation_id, invoice_id) where invoice_id is not null",
    *tenant_table("restriction_exception"),
    "alter table restriction_exception add foreign key (organisation_id, restriction_id) "
    "references restriction (organisation_id, id) on delete cascade",
    "alter table restriction_exception add check (operation in ('credit', 'invoice', 'send'))",
    "alter table restriction_exception add check (ground in ('claim', 'protection', 'duty', 'consent'))",
    "alter table restriction_exception add check (reason <> '')",
    "create index restriction_exception_of on restriction_exception (organisation_id, restriction_id)",
    *tenant_table("customer_objection"),
    "alter table customer_objection add foreign key (organisation_id, customer_id) "
    "references customer (organisation_id, id) on delete cascade",
    "alter table customer_objection add check (purpose in ('reminders', 'offers'))",
    "create unique index customer_objection_stands on customer_objection (organisation_id, customer_id, purpose) "
    "where ended_at is null",
    "create index customer_restricted on customer (organisation_id, id) where restricted_at is not null",
    "alter table message add foreign key (organisation_id, restriction_id) "
    "references restriction (organisation_id, id) on delete cascade",
    "alter table message drop constraint message_check",
    "alter table message add check (num_nonnulls(invoice_id, quote_id, plan_id, restriction_id) <= 1)",
    f"grant select, insert, update, delete on account_restriction, objection to {APP_ROLE}",
    "alter table account_restriction add foreign key (person_id) references person (id) on delete cascade",
    "alter table account_restriction add check (ground in ('a', 'b', 'c', 'd'))",
    "create unique index account_restriction_stands on account_restriction (person_id) where lifted_at is null",
    "create index account_restriction_by_person on account_restriction (person_id)",
    "alter table objection add foreign key (person_id) references person (id) on delete cascade",
    "alter table objection add check (purpose in ('security', 'fraud', 'improvement', 'news'))",
    "alter table objection add check (state in ('upheld', 'assessing', 'refused', 'withdrawn'))",
    "alter table objection add check ((state = 'assessing') <= (due_on is not null))",
    "alter table objection add check ((state = 'refused') <= (decision <> ''))",
    "create unique index objection_stands on objection (person_id, purpose) where state <> 'withdrawn'",
    "create index objection_due on objection (due_on) where state = 'assessing'",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
