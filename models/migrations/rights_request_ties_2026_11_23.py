"""Keys, walls and checks of requests about personal data."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, ORGANISATION, PERSON, run_sql, tenant_table

ID = "2026-11-23T15:10:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of requests about personal data"

KINDS = "'access', 'portability', 'correction', 'deletion', 'restriction', 'objection', 'consent', 'other'"
STATES = (
    "'received', 'identity_pending', 'verified', 'in_progress', 'extended', 'fulfilled', 'partly_fulfilled', "
    "'refused', 'withdrawn'"
)
ENDS = "'fulfilled', 'partly_fulfilled', 'refused', 'withdrawn'"


def checks(table: str) -> list[str]:
    return [
        f"alter table {table} add check (kind in ({KINDS}))",
        f"alter table {table} add check (state in ({STATES}))",
        f"alter table {table} add check ((closed_at is not null) = (state in ({ENDS})))",
        f"alter table {table} add check (extended_until is null or extended_until > due_on)",
        # Who does not get all of what they asked for is told why (GDPR Art. 12(4)).
        f"alter table {table} add check "
        "(state not in ('partly_fulfilled', 'refused') or reasons <> '' or emptied_at is not null)",
    ]


def tie(column: str, table: str, then: str) -> str:
    return (
        f"foreign key (organisation_id, {column}) references {table} (organisation_id, id) on delete {then}"
    )


STATEMENTS = [
    # One series for all: a reference names one request, whoever answers it.
    "create sequence rights_request_number",
    f"grant usage on sequence rights_request_number to {APP_ROLE}",
    f"grant select, insert, update, delete on rights_request to {APP_ROLE}",
    "alter table rights_request enable row level security",
    "alter table rights_request force row level security",
    # The members of a company never see who asked SmartFaktura for what: with a company open, only one's own.
    f"create policy own on rights_request to {APP_ROLE} using ({ORGANISATION} is null or person_id = {PERSON} "
    f"or person_id is null and lower(email) = (select email_key from person where id = {PERSON})) with check (true)",
    "alter table rights_request add foreign key (person_id) references person (id) on delete set null",
    "alter table rights_request add foreign key (handled_by) references person (id) on delete set null",
    "alter table rights_request add foreign key (company_id) references organisation (id) on delete set null",
    *checks("rights_request"),
    # The same asked twice is one request, however fast the clicks come.
    "create unique index rights_request_open on rights_request (person_id, kind, subject, company_id) "
    "nulls not distinct where closed_at is null and person_id is not null",
    "create unique index rights_request_unproven on rights_request (lower(email), kind, subject) "
    "where state = 'identity_pending'",
    "create index rights_request_email on rights_request (lower(email))",
    "create index rights_request_due on rights_request (coalesce(extended_until, due_on)) where closed_at is null",
    "create unique index rights_request_token on rights_request (token_hash)",
    *tenant_table("customer_request"),
    "alter table customer_request add unique (organisation_id, reference)",
    f"alter table customer_request add {tie('invoice_id', 'invoice', 'set null (invoice_id)')}",
    f"alter table customer_request add {tie('customer_id', 'customer', 'set null (customer_id)')}",
    "alter table customer_request add foreign key (handled_by) references person (id) on delete set null",
    *checks("customer_request"),
    "create unique index customer_request_open on customer_request (organisation_id, lower(email), kind, subject) "
    "where closed_at is null",
    "create index customer_request_invoice on customer_request (organisation_id, invoice_id)",
    "create index customer_request_customer on customer_request (organisation_id, customer_id)",
    "create index customer_request_due on customer_request (organisation_id, coalesce(extended_until, due_on)) "
    "where closed_at is null",
    *tenant_table("customer_pass"),
    f"alter table customer_pass add {tie('invoice_id', 'invoice', 'cascade')}",
    "create index customer_pass_invoice on customer_pass (organisation_id, invoice_id)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
