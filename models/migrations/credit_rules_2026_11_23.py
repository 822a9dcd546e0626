"""What the database holds of credit notes: states, signs of the sums, never more than is left; and the credit that
customers have already, currency by currency, from the entries that gave it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql, tenant_table
from models.triggers.sums import CREDIT_WITHIN, KEEP_SUMS

ID = "2026-11-23T13:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Rules of credit notes"

STATEMENTS = [
    # --- credit, one sum for each currency. Who migrates may not be above row security, so it rests meanwhile.
    "alter table payment no force row level security",
    "insert into customer_credit (organisation_id, customer_id, currency, amount) "
    "select organisation_id, customer_id, currency, sum(to_credit) from payment "
    "group by 1, 2, 3 having sum(to_credit) <> 0",
    "alter table payment force row level security",
    *tenant_table(
        "customer_credit",
        key=("customer_id", "currency"),
        references={"customer_id": "customer"},
        grants="select, insert, update",
    ),
    "alter table customer_credit add check (amount >= 0)",
    # --- entries by kind
    "alter table payment drop constraint payment_check1",
    "alter table payment add foreign key (organisation_id, credit_note_id) references invoice (organisation_id, id)",
    "alter table payment add check (kind in ('payment', 'credit_note', 'credit_used', 'refund'))",
    "alter table payment add check ((kind = 'refund') = (invoice_id is null))",
    "alter table payment add check ((kind = 'credit_note') = (credit_note_id is not null))",
    "alter table payment add check (reverses_id is not null or case kind when 'refund' then amount < 0 "
    "when 'credit_used' then amount = 0 and to_invoice > 0 else amount > 0 or kind = 'credit_note' end)",
    "alter table payment add check (kind <> 'refund' or to_invoice = 0)",
    "create index payment_by_customer on payment (organisation_id, customer_id, recorded_at)",
    # --- states
    "alter table invoice drop constraint invoice_state_check",
    "alter table invoice drop constraint invoice_check3",
    "alter table invoice add check (case kind when 'credit_note' then state in ('draft', 'note') "
    "else state in ('draft', 'open', 'paid', 'credited') end)",
    "alter table invoice add check (state = 'draft' or (state = 'open') = (open_amount <> 0))",
    "alter table invoice add check (state = 'draft' or kind = 'credit_note' "
    "or open_amount between 0 and gross - credited_amount)",
    "alter table invoice add check (kind = 'invoice' or (open_amount = 0 and credited_amount = 0 and kid = ''))",
    # --- never more than is left
    CREDIT_WITHIN,
    "create constraint trigger credit_added after insert on invoice deferrable initially deferred for each row "
    "when (new.credited_amount <> 0 or (new.kind = 'credit_note' and new.state <> 'draft')) "
    "execute function credit_within()",
    "create constraint trigger credit_moved after update of state, credited_amount on invoice "
    "deferrable initially deferred for each row when (old.credited_amount <> new.credited_amount "
    "or (new.kind = 'credit_note' and old.state <> new.state)) execute function credit_within()",
    # --- sums
    KEEP_SUMS.replace("create function", "create or replace function"),
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
