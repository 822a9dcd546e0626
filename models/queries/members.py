"""Who is in a company, who is asked to join, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.access import Role
from domain.members import Place, Team
from models.unit_of_work import Work, reading


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member in the list; `stays` is False when their account is about to be deleted."""

    person_id: UUID
    name: str
    email: str
    role: Role
    joined_at: datetime
    stays: bool


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """Somebody who was asked and has not answered. `problem`: the last letter did not arrive."""

    id: UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime
    problem: bool


async def members_of(organisation_id: UUID) -> list[MemberLine]:
    """Everybody in the company, who joined first at the top."""
    async with reading(organisation_id) as work:
        return await _members(work)


async def members_and_invited(organisation_id: UUID) -> tuple[list[MemberLine], list[InvitationLine]]:
    """The same, with those who were asked and have not answered, the newest first."""
    async with reading(organisation_id) as work:
        members = await _members(work)
        rows = await work.connection.fetch(_INVITED, organisation_id)
    return members, [InvitationLine(**{**row, "role": Role(row["role"])}) for row in rows]


async def hold_team(work: Work, organisation_id: UUID) -> Team:
    """Everybody in the company, held: until this unit of work ends nobody else changes who is in it."""
    await work.connection.execute(_HOLD, organisation_id)
    rows = await work.connection.fetch(_TEAM, organisation_id)
    return Team({row["person_id"]: Place(Role(row["role"]), row["stays"]) for row in rows})


async def deciders(work: Work, most: int) -> list[UUID]:
    """Its owners and administrators, who joined first, at most so many."""
    rows = await work.connection.fetch(_DECIDERS, work.organisation_id, most)
    return [row["person_id"] for row in rows]


async def _members(work: Work) -> list[MemberLine]:
    rows = await work.connection.fetch(_MEMBERS, work.organisation_id)
    return [MemberLine(**{**row, "role": Role(row["role"])}) for row in rows]


_MEMBERS = """
select m.person_id, p.name, p.email, m.role, m.created_at as joined_at, p.closes_at is null as stays
from membership m join person p on p.id = m.person_id where m.organisation_id = $1
order by m.created_at, m.person_id
"""
_INVITED = """
select i.id, i.email, i.role, i.created_at, i.expires_at, coalesce((
    select a.problem is not null from account_message a where a.invitation_id = i.id order by a.id desc limit 1
), false) as problem
from invitation i where i.organisation_id = $1 and i.ended_at is null order by i.created_at desc, i.id
"""
# Foreign keys that point at the company need not wait for this.
_HOLD = "select from organisation where id = $1 for no key update"
_TEAM = """
select m.person_id, m.role, p.closes_at is null as stays
from membership m join person p on p.id = m.person_id where m.organisation_id = $1
"""
_DECIDERS = """
select person_id from membership where organisation_id = $1 and role in ('owner', 'admin')
order by created_at, person_id limit $2
"""
