"""What an account holder has restricted or objected to, as the privacy centre shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from models.engine import pool
from models.unit_of_work import reading


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """How an objection stands; `state` is a domain.privacy.objection.State."""

    purpose: str
    state: str
    raised_at: datetime
    due_on: date | None
    decision: str


@dataclass(frozen=True, slots=True)
class Rights:
    """`company` and `country` are those of the company at hand; the times are since when it is restricted, or None."""

    objections: dict[str, ObjectionView]
    restricted_at: datetime | None
    company: str = ""
    country: str | None = None
    company_restricted_at: datetime | None = None


async def rights_of(person_id: UUID, organisation_id: UUID | None) -> Rights:
    """What stands of this person, and of the company they act for."""
    async with reading(organisation_id, person_id) as work:
        rows = await work.connection.fetch(_OBJECTIONS, person_id)
        row = await work.connection.fetchrow(_RESTRICTED, person_id, organisation_id)
    return Rights(
        {one["purpose"]: ObjectionView(**one) for one in rows},
        row["restricted_at"],
        row["company"] or "",
        row["country"],
        row["company_restricted_at"],
    )


async def restricted_since(person_id: UUID | None) -> datetime | None:
    """Since when the account is restricted; None when it is not, or when there is none."""
    found: datetime | None = await pool().fetchval(_SINCE, person_id)
    return found


_SINCE = "select begun_at from account_restriction where person_id = $1 and lifted_at is null"
_OBJECTIONS = """
select purpose, state, raised_at, due_on, decision from objection
where person_id = $1 and state <> 'withdrawn' order by raised_at
"""
_RESTRICTED = """
select (select begun_at from account_restriction where person_id = $1 and lifted_at is null) as restricted_at,
    (select name from organisation where id = $2) as company,
    (select country from organisation where id = $2) as country,
    (select begun_at from restriction where organisation_id = $2 and scope = 'company' and lifted_at is null)
        as company_restricted_at
"""
