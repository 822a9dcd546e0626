"""The one search box: whatever a company has, by the beginnings of its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from models.queries.invoice_list import search_text
from models.queries.search import newest, newest_of_kinds
from models.unit_of_work import reading

MOST = 8


@dataclass(frozen=True, slots=True)
class FoundInvoice:
    id: UUID
    number: str | None
    state: str
    customer_name: str
    issued_on: date | None
    gross: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A quote, a plan of recurring invoices, or what a supplier sent. `name` is the other party's; `day` is when a
    quote ends, a plan falls due next, and a supplier is to be paid."""

    id: UUID
    number: str
    state: str
    name: str
    day: date | None
    amount: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Everything:
    """The newest few of each kind."""

    invoices: list[FoundInvoice]
    customers: list[tuple[UUID, str, str]]
    products: list[tuple[UUID, str]]
    quotes: list[FoundDocument]
    plans: list[FoundDocument]
    received: list[FoundDocument]

    @property
    def is_empty(self) -> bool:
        found = (self.invoices, self.customers, self.products, self.quotes, self.plans, self.received)
        return not any(found)


NOTHING = Everything([], [], [], [], [], [])


async def search_everything(organisation_id: UUID, query: str) -> Everything:
    """What `query` finds; nothing for a blank one."""
    if not query.strip():
        return NOTHING
    async with reading(organisation_id) as work:
        found = {
            kind: await newest(work, kind, search_text(query) if kind == "invoice" else query, MOST, columns)
            for kind, columns in _COLUMNS.items()
        }
        documents = await newest_of_kinds(work, search_text(query), MOST, _DOCUMENTS)
    return Everything(
        [FoundInvoice(**row) for row in found["invoice"]],
        [(row["id"], row["name"], row["city"]) for row in found["customer"]],
        [(row["id"], row["name"]) for row in found["product"]],
        *([FoundDocument(**row) for row in documents[kind]] for kind in _DOCUMENTS),
    )


_COLUMNS = {
    "invoice": "id, number, state, customer_name, issued_on, "
    "case kind when 'credit_note' then -gross else gross end as gross, currency",
    "customer": "id, name, city",
    "product": "id, name",
}
# The same columns of each, so that one statement reads them all; in the order of Everything.
_DOCUMENTS = {
    "quote": "id, coalesce(counter::text, '') as number, state::text, customer_name as name, valid_until as day, "
    "gross as amount, currency",
    "plan": "id, '' as number, state::text, customer_name as name, next_on as day, gross as amount, currency",
    "supplier": "id, number, state::text, seller_name as name, due_on as day, "
    "case when is_credit_note then -amount else amount end as amount, currency",
}
