"""Going through all companies, one after the other, for work that happens by the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from models.unit_of_work import reading


async def organisations() -> AsyncIterator[UUID]:
    """Every company that has a member. Row-level security lists companies to nobody, but a person sees their own."""
    seen: set[UUID] = set()
    last = UUID(int=0)
    while people := await _people_after(last):
        for person_id in people:
            async with reading(None, person_id) as work:
                rows = await work.connection.fetch(_COMPANIES_OF, person_id)
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
