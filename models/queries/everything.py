"""The one search box: customers, invoices and products by the beginnings of their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from models.queries.invoice_list import search_text
from models.queries.search import newest
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
class Everything:
    """The newest few of each kind."""

    invoices: list[FoundInvoice]
    customers: list[tuple[UUID, str, str]]
    products: list[tuple[UUID, str]]

    @property
    def is_empty(self) -> bool:
        return not (self.invoices or self.customers or self.products)


async def search_everything(organisation_id: UUID, query: str) -> Everything:
    """What `query` finds; nothing for a blank one."""
    if not query.strip():
        return Everything([], [], [])
    async with reading(organisation_id) as work:
        found = {
            kind: await newest(work, kind, search_text(query) if kind == "invoice" else query, MOST, columns)
            for kind, columns in _COLUMNS.items()
        }
    return Everything(
        [FoundInvoice(**row) for row in found["invoice"]],
        [(row["id"], row["name"], row["city"]) for row in found["customer"]],
        [(row["id"], row["name"]) for row in found["product"]],
    )


_COLUMNS = {
    "invoice": "id, number, state, customer_name, issued_on, "
    "case kind when 'credit_note' then -gross else gross end as gross, currency",
    "customer": "id, name, city",
    "product": "id, name",
}
