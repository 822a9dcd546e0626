"""Going through all companies, one after the other, for work that happens by the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from models.unit_of_work import reading


async def organisations() -> AsyncIterator[UUID]:
    """Every company: those that have a member, and those that were closed and are kept as the law asks. Row-level
    security lists companies to nobody, but a person sees their own, and a deletion knows its company."""
    async for organisation_id in _with_members(_COMPANIES_OF):
        yield organisation_id
    async with reading(None) as work:
        closed = await work.connection.fetch(_CLOSED)
    for row in closed:
        yield row["company_id"]


async def open_organisations() -> AsyncIterator[UUID]:
    """Every company that does business: not those that are closed or about to be."""
    async for organisation_id in _with_members(_OPEN_COMPANIES_OF):
        yield organisation_id


async def _with_members(companies_of: str) -> AsyncIterator[UUID]:
    seen: set[UUID] = set()
    last = UUID(int=0)
    while people := await _people_after(last):
        for person_id in people:
            async with reading(None, person_id) as work:
                rows = await work.connection.fetch(companies_of, person_id)
            for row in rows:
                if row["organisation_id"] not in seen:
                    seen.add(row["organisation_id"])
                    yield row["organisation_id"]
        last = people[-1]


async def _people_after(last: UUID) -> list[UUID]:
    async with reading(None) as work:
        rows = await work.connection.fetch(_PEOPLE, last)
    return [row["id"] for row in rows]


_PEOPLE = "select id from person where id > $1 order by id limit 1000"
_COMPANIES_OF = "select organisation_id from membership where person_id = $1"
_OPEN_COMPANIES_OF = """
select m.organisation_id from membership m join organisation o on o.id = m.organisation_id
where m.person_id = $1 and o.closes_at is null
"""
_CLOSED = "select company_id from erasure where kind = 'company' and state = 'done' order by id"
