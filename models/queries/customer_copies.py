"""Copies for customers: their state, and the rows about one customer that go into one."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from piccolo.table import Table

from domain.privacy.export import Plan
from models.queries.data_exports import DOCUMENTS, PREFETCH, plan_for, statement
from models.tables import TENANT_TABLES
from models.unit_of_work import Work, reading, unit_of_work


@dataclass(frozen=True, slots=True)
class CopyView:
    """One copy as it stands."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    customer_id: uuid.UUID
    reference: str
    state: str
    asked_at: datetime
    progress: int
    ready_at: datetime | None
    expires_at: datetime | None
    size: int | None
    sha256: bytes | None
    downloads: int


@dataclass(frozen=True, slots=True)
class Tied:
    """A table with rows about customers, and how they say about whom: $1 is the company, $2 the customer."""

    plan: Plan
    condition: str


def tied() -> tuple[list[Tied], list[str]]:
    """The tables with rows about customers, and those that tie nothing to one. A new table is here by its columns:
    `customer_id`, the id of an invoice, quote or plan, or a `subject_id`."""
    found, without = [], []
    for table in TENANT_TABLES:
        condition = _condition(table)
        if condition is None:
            without.append(table._meta.tablename)
        else:
            found.append(Tied(plan_for(table), condition))
    return found, without


async def copy_of(organisation_id: uuid.UUID, copy_id: uuid.UUID) -> CopyView | None:
    """One copy of this company's, or None."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(f"{_SELECT} and id = $2", organisation_id, copy_id)
    return None if row is None else CopyView(**row)


async def rows_about(work: Work, about: Tied, customer_id: uuid.UUID) -> AsyncIterator[Mapping[str, Any]]:
    """The rows of a table that are about this customer."""
    asked = statement(about.plan, f"organisation_id = $1 and ({about.condition})")
    async for row in work.connection.cursor(asked, work.organisation_id, customer_id, prefetch=PREFETCH):
        yield row


async def documents_about(work: Work, customer_id: uuid.UUID) -> AsyncIterator[Mapping[str, Any]]:
    """The stored files of the customer's issued documents with the number of each."""
    asked = DOCUMENTS.format(" and i.customer_id = $2")
    async for row in work.connection.cursor(asked, work.organisation_id, customer_id, prefetch=PREFETCH):
        yield row


async def without_pdf(work: Work, customer_id: uuid.UUID) -> list[uuid.UUID]:
    """The customer's issued documents whose PDF is not made yet."""
    rows = await work.connection.fetch(_WITHOUT_PDF, work.organisation_id, customer_id)
    return [row["id"] for row in rows]


async def note_progress(organisation_id: uuid.UUID, copy_id: uuid.UUID, percent: int) -> None:
    """How far it is, in a transaction of its own beside the one that reads."""
    apart = Context()
    await asyncio.create_task(_note_progress(organisation_id, copy_id, percent), context=apart)


async def _note_progress(organisation_id: uuid.UUID, copy_id: uuid.UUID, percent: int) -> None:
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_PROGRESS, organisation_id, copy_id, percent)


_THEIRS = "organisation_id = $1 and customer_id = $2"
_INVOICES = f"select id from invoice where {_THEIRS}"  # noqa: S608 - a condition of our own
# How a column says that its row is about the customer.
_TIES = {
    "customer_id": "customer_id = $2",
    "invoice_id": f"invoice_id in ({_INVOICES})",
    "quote_id": f"quote_id in (select id from quote where {_THEIRS})",  # noqa: S608 - conditions of our own
    "plan_id": f"plan_id in (select id from plan where {_THEIRS})",  # noqa: S608 - conditions of our own
    "restriction_id": "restriction_id in (select id from restriction where organisation_id = $1 "  # noqa: S608 - as above
    f"and (customer_id = $2 or invoice_id in ({_INVOICES})))",
    "subject_id": f"subject_id in (select $2 union all {_INVOICES})",
}


def _condition(table: type[Table]) -> str | None:
    names = {column._meta.db_column_name for column in table._meta.columns}
    if table._meta.tablename == "search_word":
        return None  # made from the rest
    ties = [condition for column, condition in _TIES.items() if column in names]
    if table._meta.tablename == "customer":
        ties.append("id = $2")
    return " or ".join(ties) or None


_SELECT = """
select id, organisation_id, customer_id, reference, state, asked_at, progress, ready_at, expires_at, size, sha256,
       downloads
from customer_copy where organisation_id = $1
"""
_PROGRESS = """
update customer_copy set progress = $3 where organisation_id = $1 and id = $2 and state = 'making'
"""
_WITHOUT_PDF = """
select id from invoice i where organisation_id = $1 and customer_id = $2 and state <> 'draft'
and not exists (select from invoice_file f where f.organisation_id = i.organisation_id and f.invoice_id = i.id
                and f.kind = 'pdf')
order by id
"""
