"""Copies of data: their state, and the rows that go into one."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Column,
    Date,
    Integer,
    Numeric,
    SmallInt,
    Timestamptz,
)
from piccolo.table import Table

from domain.privacy.export import Plan, Source, plan_of
from models.data_map import classification_of
from models.engine import pool
from models.organisation import Membership
from models.tables import IDENTITY_TABLES, TENANT_TABLES
from models.unit_of_work import Work

PREFETCH = 500
# A person's own memberships are theirs whichever company they ask for; those of others are not.
OWN_TABLES: tuple[type[Table], ...] = (*IDENTITY_TABLES, Membership)
_KINDS: tuple[tuple[type[Column], str], ...] = (
    (UUID, "id"), (JSONB, "data"), (Array, "list"), (Bytea, "hash"), (Boolean, "boolean"), (Date, "date"),
    (Timestamptz, "moment"), (Numeric, "decimal"), (SmallInt, "integer"), (BigInt, "integer"), (Integer, "integer"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExportView:
    """One copy as its owner sees it."""

    id: uuid.UUID
    person_id: uuid.UUID
    company_id: uuid.UUID | None
    state: str
    asked_at: datetime
    progress: int
    ready_at: datetime | None
    expires_at: datetime | None
    size: int | None
    sha256: bytes | None
    downloads: int
    counts: str

    @property
    def rows(self) -> dict[str, int]:
        """Rows in each file, as its manifest has them."""
        found: dict[str, int] = json.loads(self.counts)
        return found


async def newest_export(person_id: uuid.UUID, organisation_id: uuid.UUID | None) -> ExportView | None:
    """The latest copy of this person's data and company."""
    row: Any = await pool().fetchrow(_NEWEST, person_id, organisation_id)
    return None if row is None else ExportView(**row)


async def export_of(export_id: uuid.UUID) -> ExportView | None:
    """One copy by its id; for the job that makes it."""
    row: Any = await pool().fetchrow(_SELECT + "where id = $1", export_id)
    return None if row is None else ExportView(**row)


async def export_by_token(token_hash: bytes, person_id: uuid.UUID) -> ExportView | None:
    """The copy that this person's link opens; None for anybody else's."""
    row: Any = await pool().fetchrow(_SELECT + "where token_hash = $1 and person_id = $2", token_hash, person_id)
    return None if row is None else ExportView(**row)


def plans(organisation_id: uuid.UUID | None) -> tuple[list[Plan], list[Plan], list[str]]:
    """What a copy holds: of the account, of the company (with one), and the tables that nothing ties to a person."""
    own, tied_to_nobody = [], []
    for table in OWN_TABLES:
        if _own_condition(table) is None:
            tied_to_nobody.append(table._meta.tablename)
        else:
            own.append(plan_for(table))
    companies = [plan_for(table) for table in TENANT_TABLES if table is not Membership] if organisation_id else []
    return own, companies, tied_to_nobody


async def own_rows(work: Work, plan: Plan, person_id: uuid.UUID) -> AsyncIterator[Mapping[str, Any]]:
    """The rows of a table without tenant that are this person's."""
    table = next(table for table in OWN_TABLES if table._meta.tablename == plan.table)
    async for row in work.connection.cursor(
        statement(plan, _own_condition(table) or ""), person_id, prefetch=PREFETCH
    ):
        yield row


async def company_rows(work: Work, plan: Plan) -> AsyncIterator[Mapping[str, Any]]:
    """The rows of a table that are this company's."""
    tenant = "id" if plan.table == "organisation" else "organisation_id"
    async for row in work.connection.cursor(
        statement(plan, f"{tenant} = $1"), work.organisation_id, prefetch=PREFETCH
    ):
        yield row


async def vat_rows(work: Work) -> list[Mapping[str, Any]]:
    """VAT of issued documents by currency, kind, category and rate: it adds up to the invoices exactly (P-05)."""
    return list(await work.connection.fetch(_VAT, work.organisation_id))


async def document_rows(work: Work) -> AsyncIterator[Mapping[str, Any]]:
    """The stored files of issued documents with the number of each."""
    async for row in work.connection.cursor(DOCUMENTS.format(""), work.organisation_id, prefetch=PREFETCH):
        yield row


async def count_without_pdf(work: Work) -> int:
    """How many issued documents have no PDF yet."""
    return int(await work.connection.fetchval(_COUNT_WITHOUT_PDF, work.organisation_id))


async def invoices_without_pdf(work: Work, after: uuid.UUID) -> list[uuid.UUID]:
    """The next issued documents whose PDF is not made yet."""
    rows = await work.connection.fetch(_WITHOUT_PDF, work.organisation_id, after)
    return [row["id"] for row in rows]


async def note_progress(export_id: uuid.UUID, percent: int) -> None:
    """How far it is. A statement of its own, beside the transaction that reads."""
    await pool().execute(
        "update data_export set progress = $2 where id = $1 and state = 'making'", export_id, percent
    )


def plan_for(table: type[Table]) -> Plan:
    """What of the table goes into a copy."""
    return plan_of(table._meta.tablename, [_source(column) for column in table._meta.columns])


def _source(column: Column) -> Source:
    known = classification_of(column)
    assert known is not None, "every column has its place in the data map"
    kind = next((kind for cls, kind in _KINDS if isinstance(column, cls)), "text")
    return Source(column._meta.db_column_name, kind, column._meta.null, known)


def _own_condition(table: type[Table]) -> str | None:
    """How a row of a table without tenant says whose it is."""
    names = {column._meta.db_column_name for column in table._meta.columns}
    if table._meta.tablename == "person":
        return "id = $1"
    if "person_id" not in names:
        return None
    if "email" in names:
        # A letter asked for with an address alone.
        return "(person_id = $1 or person_id is null and lower(email) = (select email_key from person where id = $1))"
    return "person_id = $1"


def statement(plan: Plan, condition: str) -> str:
    """The rows of a table that go into a copy, in the order of the key, so that the same data makes the same file."""
    columns = ", ".join(f'"{source.column}"' for source in plan.columns)
    has_id = any(source.column == "id" for source in plan.columns)
    order = "id" if has_id else columns
    return f'select {columns} from "{plan.table}" where {condition} order by {order}'  # noqa: S608 - names of columns


_SELECT = """
select id, person_id, company_id, state, asked_at, progress, ready_at, expires_at, size, sha256, downloads, counts
from data_export
"""
_NEWEST = _SELECT + (
    "where person_id = $1 and company_id is not distinct from $2 order by asked_at desc, id desc limit 1"
)
_VAT = """
select i.currency, i.kind, g.value->>'category' as category, (g.value->>'rate')::numeric as rate,
       sum((g.value->>'base')::numeric) as base, sum((g.value->>'vat')::numeric) as vat, count(*) as documents
from invoice i, jsonb_array_elements(i.vat_groups) g
where i.organisation_id = $1 and i.state <> 'draft'
group by 1, 2, 3, 4 order by 1, 2, 3, 4
"""
DOCUMENTS = """
select i.number, i.issued_on, i.customer_name, i.gross, i.currency, f.kind, f.sha256
from invoice i join invoice_file f on f.organisation_id = i.organisation_id and f.invoice_id = i.id
where i.organisation_id = $1 and i.state <> 'draft'{}
order by i.series, i.series_year, i.counter, f.kind
"""
_COUNT_WITHOUT_PDF = """
select count(*) from invoice i where organisation_id = $1 and state <> 'draft'
and not exists (select from invoice_file f where f.organisation_id = i.organisation_id and f.invoice_id = i.id
                and f.kind = 'pdf')
"""
_WITHOUT_PDF = """
select id from invoice i where organisation_id = $1 and state <> 'draft' and id > $2
and not exists (select from invoice_file f where f.organisation_id = i.organisation_id and f.invoice_id = i.id
                and f.kind = 'pdf')
order by id limit 200
"""
