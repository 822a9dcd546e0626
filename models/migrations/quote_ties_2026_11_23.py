"""What quotes need beside their columns: walls, checks, indexes, and what may not change once one is sent."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql, tenant_table
from models.triggers.frozen import QUOTE_FROZEN

ID = "2026-11-23T13:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of quotes"

STATEMENTS = [
    *tenant_table(
        "quote",
        references={"customer_id": "customer"},
        # Whoever presents the token may see its row, and through it learn which company to open.
        also_visible="token_hash = decode(nullif(current_setting('app.link_hash', true), ''), 'hex')",
    ),
    "alter table quote add check (state in ('draft', 'sent', 'accepted', 'declined', 'withdrawn', 'invoiced'))",
    "alter table quote add check ((state = 'draft') = (counter is null) and (counter is null) = (document is null))",
    "alter table quote add check ((answer is null) = (answered_at is null))",
    "create unique index quote_number on quote (organisation_id, counter)",
    "create unique index quote_token on quote (token_hash)",
    "create index quote_list on quote (organisation_id, listed_at desc, id desc)",
    "create index quote_state on quote (organisation_id, state, listed_at desc, id desc)",
    "create index quote_by_customer on quote (organisation_id, customer_id)",
    "create index quote_changed on quote (organisation_id, changed_at)",
    QUOTE_FROZEN,
    "create trigger frozen before update or delete on quote for each row execute function quote_frozen()",
    *tenant_table("quote_invoice", key=("quote_id", "invoice_id"), grants="select, insert, delete"),
    "alter table quote_invoice add foreign key (organisation_id, quote_id) "
    "references quote (organisation_id, id) on delete cascade",
    "alter table quote_invoice add foreign key (organisation_id, invoice_id) "
    "references invoice (organisation_id, id) on delete cascade",
    "create index quote_invoice_by_invoice on quote_invoice (organisation_id, invoice_id)",
    "alter table message add foreign key (organisation_id, quote_id) "
    "references quote (organisation_id, id) on delete cascade",
    "alter table message add check (num_nonnulls(invoice_id, quote_id) = 1)",
    "create index message_by_quote on message (organisation_id, quote_id, queued_at) where quote_id is not null",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
