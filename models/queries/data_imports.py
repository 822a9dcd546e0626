"""Copies that are brought into a company: their state, and what was brought, row by row as the app reads it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from models.queries.invoices import LINES_OF_I
from models.unit_of_work import Work, reading


@dataclass(frozen=True, slots=True)
class ImportView:
    """One copy that is or was brought in."""

    id: uuid.UUID
    asked_by: uuid.UUID | None
    state: str
    asked_at: datetime
    progress: int
    done_at: datetime | None
    size: int
    sha256: bytes
    counts: str
    problem: str
    detail: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The newest import, and whether there is room for one: no invoice, quote or received document yet."""

    newest: ImportView | None
    is_empty: bool


async def import_page(organisation_id: uuid.UUID) -> ImportPage:
    """What the page shows."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_NEWEST, organisation_id)
        return ImportPage(None if row is None else ImportView(**row), await is_empty(work))


async def import_of(work: Work, import_id: uuid.UUID, *, lock: bool = False) -> ImportView | None:
    """One of them, inside an open unit of work; `lock` holds it."""
    held = " for update" if lock else ""
    row = await work.connection.fetchrow(f"{_SELECT} and id = $2{held}", work.organisation_id, import_id)
    return None if row is None else ImportView(**row)


async def is_empty(work: Work) -> bool:
    """Whether there is no document in the company: drafts that were deleted do not count."""
    return bool(await work.connection.fetchval(_EMPTY, work.organisation_id))


_SELECT = """
select id, asked_by, state, asked_at, progress, done_at, size, sha256, counts, problem, detail from data_import
where organisation_id = $1
"""
_NEWEST = f"{_SELECT} order by asked_at desc, id desc limit 1"
_EMPTY = """
select not exists (select from invoice where organisation_id = $1 and (state <> 'draft' or deleted_at is null))
   and not exists (select from number_series where organisation_id = $1)
   and not exists (select from quote where organisation_id = $1 and deleted_at is null)
   and not exists (select from plan where organisation_id = $1 and deleted_at is null)
   and not exists (select from supplier_document where organisation_id = $1 and deleted_at is null)
"""
_AFTER = "organisation_id = $1 and id > $2 order by id limit 200"
_SUPPLIER = """
select *, received_at as listed_at, document #>> '{document,payment_id}' as payment_id from supplier_document
where deleted_at is null and
"""
# By the kinds of search_word.
IN_TURN: dict[str, str] = {
    "customer": f"select *, created_at as listed_at from customer where {_AFTER}",  # noqa: S608 - a constant
    "product": f"select *, created_at as listed_at from product where {_AFTER}",  # noqa: S608 - a constant
    "invoice": f"select i.*, {LINES_OF_I} from invoice i where {_AFTER}",  # noqa: S608 - a constant
    "quote": f"select * from quote where {_AFTER}",  # noqa: S608 - a constant
    "plan": f"select * from plan where {_AFTER}",  # noqa: S608 - a constant
    "supplier": _SUPPLIER + _AFTER,
}
