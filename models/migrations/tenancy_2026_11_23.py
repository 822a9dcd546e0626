"""Composite keys, forced row-level security, grants, checks, indexes and triggers for the first tables."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, PERSON, append_only, run_sql, tenant_table
from models.triggers.chains import AUDIT_CHAIN
from models.triggers.frozen import INVOICE_FROZEN, LINE_FROZEN, REFUSE_CHANGE
from models.triggers.sums import KEEP_SUMS

ID = "2026-11-23T06:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Tenancy, invariants and sums"

READ_ADD = "select, insert"
READ_ADD_CHANGE = "select, insert, update"

STATEMENTS = [
    f"grant usage on schema public to {APP_ROLE}",
    REFUSE_CHANGE,
    INVOICE_FROZEN,
    LINE_FROZEN,
    AUDIT_CHAIN,
    KEEP_SUMS,
    # --- accounts and sessions: no tenant
    *(
        f"grant select, insert, update, delete on {table} to {APP_ROLE}"
        for table in ("person", "session", "account_token", "account_message", "security_event", "attempt")
    ),
    "alter table session add foreign key (person_id) references person (id) on delete cascade",
    "alter table account_token add foreign key (person_id) references person (id) on delete cascade",
    "alter table security_event add foreign key (person_id) references person (id) on delete cascade",
    # --- the tenant and its people
    *tenant_table(
        "organisation",
        tenant="id",
        grants=READ_ADD_CHANGE,
        also_visible=f"id in (select organisation_id from membership where person_id = {PERSON})",
    ),
    *tenant_table("membership", key=("person_id",), also_visible=f"person_id = {PERSON}"),
    "alter table membership add foreign key (person_id) references person (id)",
    "alter table membership add unique (organisation_id, person_id, role)",
    "create index membership_by_person on membership (person_id)",
    "alter table membership add check (role in ('owner', 'admin', 'bookkeeper', 'viewer'))",
    "alter table session add constraint session_place_fkey foreign key (current_organisation_id, person_id, role) "
    "references membership (organisation_id, person_id, role) on update cascade "
    "on delete set null (current_organisation_id, role)",
    *tenant_table("number_series", key=("series", "year"), grants=READ_ADD_CHANGE),
    # --- registers
    *tenant_table("customer"),
    "alter table customer add check (kind in ('business', 'consumer'))",
    'alter table customer alter name_key type varchar(200) collate "C"',
    "create index customer_by_name on customer (organisation_id, name_key, id)",
    *tenant_table("product"),
    'alter table product alter name_key type varchar(200) collate "C"',
    "create index product_by_name on product (organisation_id, name_key, id)",
    # --- invoices
    *tenant_table("invoice", references={"customer_id": "customer"}),
    "alter table invoice add check (state in ('draft', 'open', 'paid'))",
    "alter table invoice add check (kind in ('invoice', 'credit_note'))",
    "alter table invoice add check (delivery_state in ('none', 'queued', 'sent', 'failed'))",
    "alter table invoice add check (net + vat = gross)",
    "alter table invoice add check ((state = 'draft') = (number is null))",
    "alter table invoice add check (state = 'draft' or (issued_on is not null and due_on is not null "
    "and counter is not null and seller is not null and buyer is not null and deleted_at is null "
    "and issued_at is not null and customer_id is not null))",
    "alter table invoice add check (state = 'draft' or (state = 'paid') = (open_amount = 0))",
    "create unique index invoice_number on invoice (organisation_id, series, series_year, counter)",
    "create unique index invoice_kid on invoice (organisation_id, kid) where kid <> ''",
    "create index invoice_list on invoice (organisation_id, listed_at desc, id desc) where deleted_at is null",
    "create index invoice_by_state on invoice (organisation_id, state, listed_at desc, id desc) "
    "where deleted_at is null",
    "create index invoice_by_customer on invoice (organisation_id, customer_id, listed_at desc, id desc) "
    "where deleted_at is null",
    "create index invoice_open on invoice (organisation_id, due_on, id) where state = 'open'",
    "create index invoice_undelivered on invoice (organisation_id, listed_at desc, id desc) "
    "where delivery_state = 'failed'",
    "create trigger frozen before update or delete on invoice for each row execute function invoice_frozen()",
    "create trigger sums_added after insert or delete on invoice "
    "for each row execute function keep_invoice_sums()",
    "create trigger sums_moved after update of state, gross, currency, deleted_at, open_amount on invoice "
    "for each row execute function keep_invoice_sums()",
    # The id comes with the form, so it need only be unique in its own invoice.
    *tenant_table("invoice_line", key=("invoice_id", "id"), references={"product_id": "product"}),
    "alter table invoice_line add foreign key (organisation_id, invoice_id) "
    "references invoice (organisation_id, id) on delete cascade",
    "create index invoice_line_by_invoice on invoice_line (organisation_id, invoice_id, position)",
    "create trigger frozen before insert or update or delete on invoice_line "
    "for each row execute function invoice_line_frozen()",
    *tenant_table(
        "invoice_link",
        references={"invoice_id": "invoice"},
        grants=READ_ADD_CHANGE,
        # Whoever presents the token may see its row, and through it learn which company to open.
        also_visible="token_hash = decode(nullif(current_setting('app.link_hash', true), ''), 'hex')",
    ),
    "create unique index invoice_link_token on invoice_link (token_hash)",
    "create index invoice_link_by_invoice on invoice_link (organisation_id, invoice_id)",
    *tenant_table("invoice_file", references={"invoice_id": "invoice"}, grants=READ_ADD),
    "create unique index invoice_file_kind on invoice_file (organisation_id, invoice_id, kind)",
    *append_only("invoice_file"),
    # --- money and mail
    *tenant_table(
        "payment",
        references={"invoice_id": "invoice", "customer_id": "customer", "reverses_id": "payment"},
        grants=READ_ADD,
    ),
    "alter table payment add check (amount = to_invoice + to_credit)",
    "alter table payment add check (reverses_id is not null or amount > 0)",
    "create unique index payment_reversed_once on payment (organisation_id, reverses_id)",
    "create index payment_by_invoice on payment (organisation_id, invoice_id, recorded_at)",
    "create index payment_list on payment (organisation_id, recorded_at desc, id desc)",
    *append_only("payment"),
    "create trigger sums after insert on payment for each row execute function keep_payment_sums()",
    *tenant_table("message", references={"invoice_id": "invoice"}, grants=READ_ADD_CHANGE),
    "alter table message add check (state in ('queued', 'sent', 'failed'))",
    "create index message_by_invoice on message (organisation_id, invoice_id, queued_at)",
    # --- sums and search
    *tenant_table("state_sum", key=("state", "currency"), grants=READ_ADD_CHANGE),
    *tenant_table("due_sum", key=("due_on", "currency"), grants=READ_ADD_CHANGE),
    *tenant_table("month_sum", key=("month", "currency"), grants=READ_ADD_CHANGE),
    'alter table search_word alter word type varchar(32) collate "C"',
    *tenant_table("search_word", key=("kind", "word", "listed_at", "subject_id"), grants="select, insert, delete"),
    "create index search_word_by_subject on search_word (organisation_id, kind, subject_id)",
    # --- audit
    *tenant_table("audit_head", key=(), grants=READ_ADD_CHANGE),
    *tenant_table("audit_event", key=("seq",), grants=READ_ADD),
    "create index audit_by_subject on audit_event (organisation_id, subject_id, seq)",
    "create trigger chain before insert on audit_event for each row execute function audit_chain()",
    *append_only("audit_event"),
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
