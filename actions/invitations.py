"""Asking somebody to join a company: invited, asked again, withdrawn, accepted.

Who invites learns nothing about the address: row, letter, answer and time are the same whether or not it has an account
(S-14). Who accepts holds a secret that was mailed there, so the address is proven.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from actions import limits
from actions.account_letters import ask_for_letter
from actions.clock import now
from actions.outcomes import NotFound
from actions.passwords import hash_password
from actions.policies import note_sign_up
from actions.security_log import Client, note
from actions.sessions import Started, open_in, place_of, rotate
from domain.access import Role
from domain.accounts import Asked, email_key
from domain.links import token_hash
from domain.members import INVITABLE, INVITATION_LIFE
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.queries.accounts import credentials
from models.queries.invitations import InvitationView, invitation_by
from models.queries.members import hold_team
from models.unit_of_work import Work, reading, unit_of_work

# A company that grows asks a few people a day, and a mailbox that does not answer needs no fifth letter.
PER_COMPANY, PER_MAILBOX, PER_NETWORK = 30, 4, 20


@dataclass(frozen=True, slots=True)
class Over:
    """The link opens nothing, or no longer."""


@dataclass(frozen=True, slots=True)
class OtherAccount:
    """The invitation is for another address than that of who is signed in."""


@dataclass(frozen=True, slots=True)
class NewcomerWanted:
    """What somebody without an account gives to accept, checked: the address they have proven."""

    name: str
    password: str
    language: str


async def invite(organisation_id: UUID, person_id: UUID, email: str, role: Role, client: Client) -> None:
    """Ask an address to join. Asked before, it is asked anew: the role, the time and the link are those of now.

    Raises Refused for a role that nobody is invited to, and for somebody who is in the company already (who invites sees
    that in the list); LimitReached for a company that invites all the time.
    """
    if role not in INVITABLE:
        raise Refused(Refusal("choice.unknown", "role"))
    await limits.require("invite", str(organisation_id), PER_COMPANY, limits.A_DAY)
    sends = await _may_get_letter(email)
    async with unit_of_work(organisation_id, person_id) as work:
        await _check_may_invite(work, organisation_id, person_id, role)
        if await work.connection.fetchval(_IS_IN, organisation_id, email_key(email)):
            raise Refused(Refusal("member.is_in_already", "email"))
        moment = now()
        invitation_id = await work.connection.fetchval(
            _INVITE, organisation_id, new_id(), email, email_key(email), role.value, person_id, moment,
            moment + INVITATION_LIFE,
        )  # fmt: skip
        if sends:
            await _send(work, invitation_id, email)
        work.audit("member.invited", "invitation", invitation_id, ["role"])
        await note(work, person_id, "member_invited", client)


async def send_again(organisation_id: UUID, person_id: UUID, invitation_id: UUID) -> None:
    """Another letter, whose link works for seven days from now; the old one no longer does. Raises NotFound, Refused for
    an invitation that was accepted or withdrawn, and LimitReached."""
    async with reading(organisation_id) as work:
        email = (await _row(work, invitation_id))["email"]
    await limits.require("invite", str(organisation_id), PER_COMPANY, limits.A_DAY)
    sends = await _may_get_letter(email)
    async with unit_of_work(organisation_id, person_id) as work:
        row = await _row(work, invitation_id, "for update")
        await _check_may_invite(work, organisation_id, person_id, Role(row["role"]))
        if row["ended_at"] is not None:
            raise Refused(Refusal("invitation.over"))
        moment = now()
        await work.connection.execute(
            _RENEW, organisation_id, invitation_id, person_id, moment, moment + INVITATION_LIFE
        )
        if sends:
            await _send(work, invitation_id, email)
        work.audit("invitation.sent_again", "invitation", invitation_id)


async def withdraw(organisation_id: UUID, person_id: UUID, invitation_id: UUID) -> None:
    """The link opens nothing from now on, also one that is on its way. Twice is as once. Raises NotFound."""
    async with unit_of_work(organisation_id, person_id) as work:
        row = await _row(work, invitation_id, "for update")
        if row["ended_at"] is None:
            await work.connection.execute(_END, organisation_id, invitation_id, "withdrawn", now())
            work.audit("invitation.withdrawn", "invitation", invitation_id)


async def look_at(token: str) -> InvitationView | None:
    """What the link opens, without using it up: mail scanners open links too."""
    return await invitation_by(token, now())


async def accept(token: str, person_id: UUID, session: bytes, client: Client) -> Started | Over | OtherAccount:
    """Join with the account that is signed in, once (S-16). The session goes on in the new company under a new id."""
    found = await look_at(token)
    if found is None or found.over:
        return Over()
    async with unit_of_work(found.organisation_id, person_id) as work:
        person = await work.connection.fetchrow(_PERSON, person_id)
        if person is None:
            return Over()
        if person["email_key"] != email_key(found.email):
            return OtherAccount()
        if not await _join(work, found, token, person_id, client):
            return Over()
        return await rotate(work, session, await place_of(work, person_id, found.organisation_id))


async def accept_with_new_account(token: str, wanted: NewcomerWanted, client: Client) -> Started | Over:
    """Join with an account made now. The link was mailed, so its address counts as confirmed, and a session is opened.

    Raises Refused when the address has a confirmed account, which its reader may know, and LimitReached. Of an account
    that nobody confirmed nobody knows whose it is: it becomes that of who holds the link.
    """
    await limits.require("invitation", limits.ip_prefix(client.ip), PER_NETWORK, limits.AN_HOUR)
    found = await look_at(token)
    if found is None or found.over:
        return Over()
    password_hash = await hash_password(wanted.password)
    known = await credentials(email_key(found.email))
    person_id = known.person_id if known else new_id()
    try:
        async with unit_of_work(found.organisation_id, person_id) as work:
            if not await _make_account(work, person_id, found.email, wanted, password_hash):
                raise Refused(Refusal("invitation.has_account"))
            if not await _join(work, found, token, person_id, client):
                raise _OverMeanwhile
            place = await place_of(work, person_id, found.organisation_id)
            return await open_in(work, person_id, place, client, secrets.token_bytes(32))
    except _OverMeanwhile:
        return Over()


class _OverMeanwhile(Exception):
    """Noticed inside the transaction, which then leaves no account behind."""


async def _make_account(work: Work, person_id: UUID, email: str, wanted: NewcomerWanted, password_hash: str) -> bool:
    """False when the address has a confirmed account."""
    made = await work.connection.fetchval(
        _MAKE_ACCOUNT, person_id, wanted.name, email, email_key(email), password_hash, wanted.language, now()
    )
    if made is None:
        return False
    await work.connection.execute("delete from account_token where person_id = $1", person_id)
    await note_sign_up(work, person_id, wanted.language)
    return True


async def _join(work: Work, found: InvitationView, token: str, person_id: UUID, client: Client) -> bool:
    """Use the invitation up; the company is held until the unit of work ends, so of two clicks at once one wins, and
    nobody comes into a company that is being closed."""
    await hold_team(work, found.organisation_id)
    row = await work.connection.fetchrow(_USE, found.organisation_id, token_hash(token), now())
    if row is None:
        return False
    await work.connection.execute(_MEMBER, found.organisation_id, person_id, row["role"], now())
    work.audit("member.joined", "person", person_id, ["role"])
    await note(work, person_id, "company_joined", client)
    return True


async def _check_may_invite(work: Work, organisation_id: UUID, person_id: UUID, role: Role) -> None:
    """The company is held meanwhile: somebody who is being taken out of it invites nobody."""
    team = await hold_team(work, organisation_id)
    if not team.may_change(person_id, new_id(), role):
        raise Refused(Refusal("member.not_allowed"))


async def _send(work: Work, invitation_id: UUID, email: str) -> None:
    await ask_for_letter(
        work, Asked.INVITATION, email, "", company_id=work.organisation_id, invitation_id=invitation_id
    )


async def _may_get_letter(email: str) -> bool:
    """Beyond a few a day nothing more is sent, whoever invites; the page says the same."""
    verdict = await limits.allow("invitation-letter", email_key(email), PER_MAILBOX, limits.A_DAY)
    return isinstance(verdict, limits.Allowed)


async def _row(work: Work, invitation_id: UUID, lock: str = "") -> Any:
    row = await work.connection.fetchrow(f"{_ROW} {lock}", work.organisation_id, invitation_id)
    if row is None:
        raise NotFound
    return row


_IS_IN = """
select true from membership m join person p on p.id = m.person_id where m.organisation_id = $1 and p.email_key = $2
"""
_INVITE = """
insert into invitation (organisation_id, id, email, email_key, role, invited_by, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (organisation_id, email_key) do update set email = excluded.email, role = excluded.role,
    invited_by = excluded.invited_by, created_at = excluded.created_at, expires_at = excluded.expires_at,
    token_hash = null, outcome = '', ended_at = null
returning id
"""
_ROW = "select email, role, ended_at from invitation where organisation_id = $1 and id = $2"
_RENEW = """
update invitation set token_hash = null, invited_by = $3, created_at = $4, expires_at = $5
where organisation_id = $1 and id = $2
"""
_END = "update invitation set outcome = $3, ended_at = $4 where organisation_id = $1 and id = $2"
_USE = """
update invitation i set outcome = 'accepted', ended_at = $3
where i.organisation_id = $1 and i.token_hash = $2 and i.ended_at is null and i.expires_at > $3
and exists (select from organisation o where o.id = $1 and o.closes_at is null) returning i.role
"""
_PERSON = "select email_key from person where id = $1 and closes_at is null"
_MEMBER = """
insert into membership (organisation_id, person_id, role, created_at) values ($1, $2, $3, $4) on conflict do nothing
"""
_MAKE_ACCOUNT = """
insert into person as p (id, name, email, email_key, password_hash, language, email_confirmed_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $7)
on conflict (email_key) do update set name = excluded.name, password_hash = excluded.password_hash,
    language = excluded.language, email_confirmed_at = excluded.email_confirmed_at
where p.email_confirmed_at is null and p.id = $1 returning true
"""
