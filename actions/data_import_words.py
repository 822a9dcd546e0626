"""After the rows of a copy are in: everything is read once as the app reads it, and made findable by its words.

What the app could not show is thereby noticed while nothing is committed yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from actions import customers, drafts, supplier_documents
from actions.customers import CustomerDetails
from actions.issuing import amount_words
from actions.search_words import chosen
from models.queries.data_imports import IN_TURN
from models.queries.invoices import StoredInvoice
from models.queries.plans import StoredPlan
from models.queries.quotes import StoredQuote
from models.unit_of_work import Work


async def index_all(work: Work) -> None:
    """The words of all customers, products, invoices, quotes, plans and received documents of the company. Raises
    ValueError, LookupError, TypeError, ArithmeticError or AttributeError where a stored value is none of the app's."""
    for kind, texts_of in _KINDS.items():
        last = UUID(int=0)
        while rows := await work.connection.fetch(IN_TURN[kind], work.organisation_id, last):
            words = [(row, chosen(texts_of(row))) for row in rows]
            await work.connection.execute(
                _WRITE, work.organisation_id, kind,
                [row["id"] for row, found in words for _ in found],
                [row["listed_at"] for row, found in words for _ in found],
                [word for _, found in words for word in found],
            )  # fmt: skip
            last = rows[-1]["id"]


def _of_customer(row: Any) -> Iterable[str]:
    return customers.search_texts(CustomerDetails(**{name: row[name] for name in CustomerDetails.__slots__}))


def _of_invoice(row: Any) -> Iterable[str]:
    invoice = StoredInvoice(row, row["lines"])
    texts = drafts.search_texts(invoice.draft(), row["customer_name"])
    totals = invoice.totals()
    if invoice.is_draft:
        return () if row["deleted_at"] else texts
    document = invoice.issued()
    return [document.number, document.kid, *amount_words(totals), *texts]


def _of_quote(row: Any) -> Iterable[str]:
    quote = StoredQuote(row)
    quote.totals()
    return () if row["deleted_at"] else drafts.search_texts(quote.draft(), row["customer_name"])


def _of_plan(row: Any) -> Iterable[str]:
    return () if row["deleted_at"] else drafts.search_texts(StoredPlan(row).draft(), row["customer_name"])


_KINDS: dict[str, Callable[[Any], Iterable[str]]] = {
    "customer": _of_customer,
    "product": lambda row: (row["name"],),
    "invoice": _of_invoice,
    "quote": _of_quote,
    "plan": _of_plan,
    "supplier": supplier_documents.search_texts,
}
_WRITE = """
insert into search_word (organisation_id, kind, subject_id, listed_at, word)
select $1, $2, t.subject_id, t.listed_at, t.word
from unnest($3::uuid[], $4::timestamptz[], $5::text[]) as t (subject_id, listed_at, word)
on conflict do nothing
"""
