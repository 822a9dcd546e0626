"""What an account holder does by right: restricts their own data or company, objects, and takes either back.

Each is kept as a request too (actions.requests), with its reference and, where somebody must decide, its last day.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from actions import objections, requests, restrictions
from actions.account_letters import ask_for_letter
from actions.clock import now
from actions.outcomes import NotFound
from actions.request_letters import Letter, queue_letter
from actions.restrictions import Wish
from domain.accounts import Asked
from domain.privacy.objection import INTERESTS, Interest, State
from domain.privacy.requests import Decision, Kind
from domain.privacy.restriction import Ground, Scope
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.unit_of_work import Work, unit_of_work

ACCOUNT, COMPANY = "account", "company"


async def object_to(person_id: UUID, purpose: str, reason: str, source: str = "account") -> State:
    """Object to one of our interests: absolute ones stop with this transaction; the others are a request that is
    decided within its time. Raises NotFound for no purpose of ours."""
    if purpose not in tuple(INTERESTS):
        raise NotFound
    interest = Interest(purpose)
    async with unit_of_work(None, person_id) as work:
        if INTERESTS[interest].is_absolute:
            state = await objections.object_to(work, person_id, interest, source, reason)
            await requests.exercise(work, kind=Kind.OBJECTION, person_id=person_id, subject=purpose, text=reason)
            return state
        asked = requests.Request(Kind.OBJECTION, purpose, reason)
        filed = await requests.file(work, asked, requests.Asker(person_id))
        if filed.is_new:
            await queue_letter(work, filed.id, Letter.RECEIVED)
        return await objections.object_to(work, person_id, interest, source, reason, filed.due_on)


async def take_back(person_id: UUID, purpose: str) -> None:
    """Its holder does not object any more. Raises NotFound for no purpose of ours."""
    if purpose not in tuple(INTERESTS):
        raise NotFound
    async with unit_of_work(None, person_id) as work:
        await objections.withdraw(work, person_id, Interest(purpose))
        await requests.fulfil(work, Kind.OBJECTION, person_id, purpose, decision=Decision.WITHDRAWN)


async def restrict_account(person_id: UUID, ground: str, reason: str) -> None:
    """From now on the account's data is only kept: nothing is counted, and only letters go out that must. Twice is as
    once. Raises Refused for an unknown ground."""
    _check_ground(ground)
    async with unit_of_work(None, person_id) as work:
        done = await work.connection.fetchval(_RESTRICT, new_id(), person_id, ground, reason.strip(), now())
        if done:
            await requests.exercise(work, kind=Kind.RESTRICTION, person_id=person_id, subject=ACCOUNT, text=reason)


async def restrict_as_asked(request_id: UUID, operator_id: UUID, ground: str, reasons: str) -> None:
    """The operator says yes to a request that an account be restricted (Art. 18), with the letter of Art. 18(1) that it
    rests on. Raises NotFound, and Refused for an unknown ground, or a request of nobody with an account."""
    _check_ground(ground)
    async with unit_of_work(None, operator_id) as work:
        row = await _request(work, request_id)
        await requests.close(work, request_id, Decision.FULFILLED, reasons, handled_by=operator_id)
        await work.connection.fetchval(_RESTRICT, new_id(), row["person_id"], ground, row["text"], now())
        await queue_letter(work, request_id, Letter.DECIDED)


async def lift_as_operator(request_id: UUID, operator_id: UUID) -> None:
    """The operator ends the restriction that such a request led to. Its holder's letter is queued first, in the same
    transaction (Art. 18(3), P-35); doing it twice tells once. Raises as `restrict_as_asked`."""
    async with unit_of_work(None, operator_id) as work:
        row = await _request(work, request_id)
        if await work.connection.fetchval(_STANDS, row["person_id"]):
            await _tell(work, row["person_id"])
            await work.connection.fetchval(_LIFT, row["person_id"], now(), "operator")


async def _request(work: Work, request_id: UUID) -> Any:
    row = await work.connection.fetchrow(_REQUEST, request_id)
    if row is None:
        raise NotFound
    if row["person_id"] is None:
        raise Refused(Refusal("request.no_account"))
    return row


async def lift_account(person_id: UUID) -> None:
    """Its holder ends it; the letter that says so is queued in the same transaction (Art. 18(3))."""
    async with unit_of_work(None, person_id) as work:
        if await work.connection.fetchval(_LIFT, person_id, now(), "holder"):
            await _tell(work, person_id)


async def restrict_company(organisation_id: UUID, person_id: UUID, ground: str, reason: str) -> None:
    """The company's data is only kept by machines: no recurring invoices are made, nothing is counted. What its people
    do by hand still works. Raises Refused for an unknown ground."""
    _check_ground(ground)
    async with unit_of_work(organisation_id, person_id) as work:
        person = await work.connection.fetchrow(_PERSON, person_id)
        await restrictions.restrict(work, Scope.COMPANY, organisation_id, Wish(ground, person["name"], reason))
        await requests.exercise(work, kind=Kind.RESTRICTION, person_id=person_id, subject=COMPANY, text=reason)


async def lift_company(organisation_id: UUID, person_id: UUID) -> None:
    """The same ends; whoever ends it gets the letter. Raises NotFound when nothing is restricted."""
    async with unit_of_work(organisation_id, person_id) as work:
        await _tell(work, person_id)
        await restrictions.lift(work, Scope.COMPANY, organisation_id, "", "email")


async def _tell(work: Work, person_id: UUID) -> None:
    person: Any = await work.connection.fetchrow(_PERSON, person_id)
    await ask_for_letter(work, Asked.RESTRICTION_ENDS, person["email"], person["language"], person_id)


def _check_ground(ground: str) -> None:
    if ground not in tuple(Ground):
        raise Refused(Refusal("restriction.ground_missing", "ground"))


_RESTRICT = """
insert into account_restriction (id, person_id, ground, reason, begun_at, lifted_by) values ($1, $2, $3, $4, $5, '')
on conflict (person_id) where lifted_at is null do nothing returning true
"""
_LIFT = """
update account_restriction set lifted_at = $2, lifted_by = $3 where person_id = $1 and lifted_at is null returning true
"""
_REQUEST = "select person_id, text from rights_request where id = $1 and kind = 'restriction' for update"
_STANDS = "select true from account_restriction where person_id = $1 and lifted_at is null for update"
_PERSON = "select name, email, language from person where id = $1"
