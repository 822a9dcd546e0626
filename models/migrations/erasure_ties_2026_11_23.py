"""Keys and checks of deletions, and what the database lets go of only in a company whose deletion has begun."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, run_sql
from models.triggers.frozen import INVOICE_FROZEN, QUOTE_FROZEN

ID = "2026-11-23T15:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of deletions"

# No law asks for them. Row by row the policies of the tenant hold as well.
ONLY_ERASED = ("agreement", "invoice_link", "message", "plan_run", "transmission")
# As before, but for a company whose deletion has begun.
AGREEMENT_FROZEN = """
create or replace function agreement_frozen() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and exists (select from organisation where id = old.organisation_id and erased_at is not null)
    then
        return old;
    end if;
    if tg_op = 'DELETE' or old.sha256 is not null
            or (to_jsonb(new) - 'sha256') is distinct from (to_jsonb(old) - 'sha256') then
        raise exception 'a signed agreement never changes' using errcode = 'restrict_violation';
    end if;
    return new;
end $$
"""
STATEMENTS = [
    AGREEMENT_FROZEN,
    f"grant select, insert, update on erasure to {APP_ROLE}",
    f"grant select, insert, update on erasure_step to {APP_ROLE}",
    "alter table erasure_step drop constraint erasure_step_pkey",
    "alter table erasure_step add primary key (erasure_id, name)",
    "alter table erasure_step add foreign key (erasure_id) references erasure (id)",
    "alter table erasure add check (kind in ('account', 'company', 'customer'))",
    "alter table erasure add check (state in ('waiting', 'cancelled', 'running', 'done'))",
    "alter table erasure add check ((kind = 'account') = (company_id is null))",
    "alter table erasure add check ((kind = 'customer') = (customer_id is not null))",
    "create index erasure_due on erasure (due_at) where state in ('waiting', 'running')",
    # One at a time for each account and each company.
    "create unique index erasure_of_account on erasure (person_id) where kind = 'account' and state <> 'cancelled'",
    "create unique index erasure_of_company on erasure (company_id) where kind = 'company' and state <> 'cancelled'",
    *(
        statement
        for table in ONLY_ERASED
        for statement in (
            f"grant delete on {table} to {APP_ROLE}",
            f"create policy only_erased on {table} as restrictive for delete to {APP_ROLE} using (exists ("
            f"select from organisation o where o.id = {table}.organisation_id and o.erased_at is not null))",
        )
    ),
    *(rule.replace("create function", "create or replace function") for rule in (INVOICE_FROZEN, QUOTE_FROZEN)),
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
