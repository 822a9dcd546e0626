"""Who of a company answers for it."""

from __future__ import annotations

from uuid import UUID

from models.unit_of_work import Work


async def deciders(work: Work, most: int) -> list[UUID]:
    """Its owners and administrators, who joined first, at most so many."""
    rows = await work.connection.fetch(_DECIDERS, work.organisation_id, most)
    return [row["person_id"] for row in rows]


_DECIDERS = """
select person_id from membership where organisation_id = $1 and role in ('owner', 'admin')
order by created_at, person_id limit $2
"""
