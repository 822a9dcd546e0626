"""Who works in a company: roles changed, members taken out, leaving, and handing the company over.

Each holds the company before it looks, so that of two owners who go at once one stays (privacy.md 2.6). What hangs on a
place goes with it in the same transaction: the sessions' company (a foreign key), invitations that were sent by it, and
copies of the company's data.
"""

from __future__ import annotations

from uuid import UUID

from actions import data_exports
from actions.account_letters import ask_for_letter
from actions.clock import now
from actions.outcomes import NotFound
from actions.security_log import Client, note
from actions.sessions import Started, place_of, rotate
from domain.access import Permission, Role
from domain.accounts import Asked
from domain.members import Team, loses
from domain.refusals import Refusal, Refused
from models.queries.members import hold_team
from models.unit_of_work import Work, unit_of_work

# What somebody else did to an account is noted there without where that other person sits.
ELSEWHERE = Client("", "")


async def change_role(organisation_id: UUID, person_id: UUID, member_id: UUID, wanted: Role) -> None:
    """Give a member another role, one's own too. Raises NotFound, and Refused where it takes an owner to do it, or
    where nobody who stays would own the company."""
    async with unit_of_work(organisation_id, person_id) as work:
        team = await hold_team(work, organisation_id)
        role = _role_in(team, member_id)
        _check_may(team, person_id, member_id, wanted)
        if role is wanted:
            return
        if role is Role.OWNER:
            _check_let_go(team, member_id)
        await _set_role(work, member_id, role, wanted)
        work.audit("member.role_changed", "person", member_id, ["role"])
        await note(work, member_id, "role_changed", ELSEWHERE)


async def remove(organisation_id: UUID, person_id: UUID, member_id: UUID) -> None:
    """Take somebody out of the company: their sessions lose it with the next request, and they are told by e-mail.

    Raises NotFound, and Refused for an owner, who is given another role first; for oneself there is `leave`.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        team = await hold_team(work, organisation_id)
        role = _role_in(team, member_id)
        if member_id == person_id:
            raise Refused(Refusal("member.leaves_by_themselves"))
        _check_may(team, person_id, member_id, None)
        if role is Role.OWNER:
            raise Refused(Refusal("member.owner_steps_down_first"))
        await _take_out(work, member_id, role)
        work.audit("member.removed", "person", member_id)
        await note(work, member_id, "company_removed", ELSEWHERE)
        await _tell(work, Asked.MEMBER_REMOVED, member_id)


async def leave(organisation_id: UUID, person_id: UUID, session: bytes, client: Client) -> Started:
    """Leave the company; the session goes on in another one, if there is one. Raises NotFound, and Refused for the last
    owner while others work there (privacy.md 2.6) and for the only member: that is closing it."""
    async with unit_of_work(organisation_id, person_id) as work:
        team = await hold_team(work, organisation_id)
        role = _role_in(team, person_id)
        _check_let_go(team, person_id)
        await _take_out(work, person_id, role)
        work.audit("member.left", "person", person_id)
        await note(work, person_id, "company_left", client)
        return await rotate(work, session, await place_of(work, person_id, None))


async def hand_over(
    organisation_id: UUID, person_id: UUID, session: bytes, to: UUID, stays_as: Role | None, client: Client
) -> Started:
    """Make another member an owner, and oneself whatever `stays_as` says: an owner still, less, or gone (None). Both are
    told by e-mail. The caller has made sure of who asks (`actions.profile.prove`).

    Raises NotFound when the person is no owner, and Refused for somebody who is not in the company or does not stay.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        team = await hold_team(work, organisation_id)
        if team.role_of(person_id) is not Role.OWNER:
            raise NotFound
        chosen = team.places.get(to)
        if chosen is None or not chosen.stays or chosen.role is Role.OWNER:
            raise Refused(Refusal("member.not_to_hand_over_to", "member"))
        await _set_role(work, to, chosen.role, Role.OWNER)
        work.audit("organisation.handed_over", "person", to, ["role"])
        await note(work, to, "company_received", ELSEWHERE)
        await note(work, person_id, "company_handed_over", client)
        await _tell(work, Asked.MADE_OWNER, to)
        await _tell(work, Asked.HANDED_OVER, person_id)
        await _step_back(work, person_id, stays_as)
        return await rotate(work, session, await place_of(work, person_id, organisation_id if stays_as else None))


async def _step_back(work: Work, person_id: UUID, stays_as: Role | None) -> None:
    if stays_as is None:
        await _take_out(work, person_id, Role.OWNER)
        work.audit("member.left", "person", person_id)
    elif stays_as is not Role.OWNER:
        await _set_role(work, person_id, Role.OWNER, stays_as)
        work.audit("member.role_changed", "person", person_id, ["role"])


async def _set_role(work: Work, person_id: UUID, role: Role, wanted: Role) -> None:
    await work.connection.execute(_SET_ROLE, work.organisation_id, person_id, wanted.value)
    await _end_what_hangs_on_it(work, person_id, role, wanted)


async def _take_out(work: Work, person_id: UUID, role: Role) -> None:
    await work.connection.execute(_TAKE_OUT, work.organisation_id, person_id)
    await _end_what_hangs_on_it(work, person_id, role, None)


async def _end_what_hangs_on_it(work: Work, person_id: UUID, role: Role, wanted: Role | None) -> None:
    """Whoever may no longer invite has invited nobody: a way back in could lie in a mailbox. Whoever may no longer take
    the company's data along has no copy of it here."""
    assert work.organisation_id is not None
    if loses(role, wanted, Permission.MEMBERS):
        for row in await work.connection.fetch(_WITHDRAW_THEIRS, work.organisation_id, person_id, now()):
            work.audit("invitation.withdrawn", "invitation", row["id"])
    if loses(role, wanted, Permission.SETTINGS):
        await data_exports.end_in(work, person_id, work.organisation_id)


def _role_in(team: Team, member_id: UUID) -> Role:
    role = team.role_of(member_id)
    if role is None:
        raise NotFound
    return role


def _check_may(team: Team, person_id: UUID, member_id: UUID, wanted: Role | None) -> None:
    if team.may_change(person_id, member_id, wanted):
        return
    owners = Role.OWNER in (team.role_of(member_id), wanted)
    raise Refused(Refusal("member.only_owners_change_owners" if owners else "member.not_allowed"))


def _check_let_go(team: Team, member_id: UUID) -> None:
    refusal = team.refusal_to_let_go(member_id)
    if refusal is not None:
        raise Refused(refusal)


async def _tell(work: Work, asked: Asked, person_id: UUID) -> None:
    person = await work.connection.fetchrow("select email, language from person where id = $1", person_id)
    await ask_for_letter(work, asked, person["email"], person["language"], person_id, company_id=work.organisation_id)


_SET_ROLE = "update membership set role = $3 where organisation_id = $1 and person_id = $2"
_TAKE_OUT = "delete from membership where organisation_id = $1 and person_id = $2"
_WITHDRAW_THEIRS = """
update invitation set outcome = 'withdrawn', ended_at = $3
where organisation_id = $1 and invited_by = $2 and ended_at is null returning id
"""
