"""A colleague in the sample company, and somebody who has not answered yet."""

from __future__ import annotations

from uuid import UUID

from actions import invitations
from actions.clock import now
from actions.security_log import Client
from domain.access import Role
from models.ids import new_id
from models.unit_of_work import unit_of_work

ACCOUNTANT = "regnskap@eksempelregnskap.example"
INVITED = "revisor@eksempelrevisjon.example"


async def join(organisation_id: UUID) -> None:
    """An accountant who only looks. They have the owner's password, which opens nothing that others can reach."""
    person_id = new_id()
    async with unit_of_work(organisation_id, person_id) as work:
        await work.connection.execute(_PERSON, person_id, ACCOUNTANT, now(), organisation_id)
        await work.connection.execute(_MEMBER, organisation_id, person_id, Role.VIEWER.value, now())
        work.audit("member.joined", "person", person_id, ["role"])


async def invite(organisation_id: UUID, person_id: UUID) -> None:
    """With the real clock, so that the link works; its letter is left to the worker."""
    await invitations.invite(organisation_id, person_id, INVITED, Role.VIEWER, Client("127.0.0.1", ""))


_PERSON = """
insert into person (id, name, email, email_key, password_hash, language, email_confirmed_at, created_at)
select $1, 'Rita Regneksempel', $2, $2, p.password_hash, 'nb', $3, $3
from membership m join person p on p.id = m.person_id where m.organisation_id = $4 and m.role = 'owner'
"""
_MEMBER = "insert into membership (organisation_id, person_id, role, created_at) values ($1, $2, $3, $4)"
