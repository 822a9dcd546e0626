"""Requests to SmartFaktura about one's own data: filed, kept to their time, closed.

`file` and `close` are called inside the unit of work of the action that does what is asked, so that a right is never
exercised without its trace, nor a trace kept of what did not happen.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from actions import objections
from actions.clock import now
from actions.outcomes import NotFound
from actions.request_letters import Letter, queue_letter
from domain.dates import today_in
from domain.privacy.requests import (
    CLOSED,
    LONGEST_TEXT,
    ZONE,
    Channel,
    Clock,
    Decision,
    Identity,
    Kind,
    State,
    check_decision,
    due_day,
    extended_day,
    reference_of,
)
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. `subject` says in a key of our own what it is about when there is more than one such thing (the
    purpose objected to); free text that comes without one is its own subject."""

    kind: Kind
    subject: str = ""
    text: str = ""
    company_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where, and how we know that it is them. Address and language are those of the account when it has one."""

    person_id: UUID | None = None
    email: str = ""
    language: str = ""
    channel: Channel = Channel.APP
    identity: Identity = Identity.SIGNED_IN


@dataclass(frozen=True, slots=True)
class Filed:
    """A request that is registered. `is_new` is False for one that was open already: the first one counts."""

    id: UUID
    reference: str
    due_on: date
    is_new: bool = True


async def file(work: Work, asked: Request, who: Asker, received_at: datetime | None = None) -> Filed:
    """Register a request to SmartFaktura in this unit of work; the month begins with `received_at`, which is now unless
    it came by e-mail earlier.

    The same asked again while it is open is the same request (P-15): what is said anew is added to it. Who has not proven
    their address adds to nobody else's.
    """
    asked = replace(asked, subject=asked.subject or _subject_of(asked.kind, asked.text))
    who = await _with_address(work, who)
    before = await _open_one(work, asked, who)
    if before is None:
        filed = await _file_new(work, asked, who, received_at or now())
        if filed is not None:
            return filed
        before = await _open_one(work, asked, who)
    if asked.text and asked.text not in before["text"]:
        await work.connection.execute(_SAY_MORE, before["id"], asked.text[:LONGEST_TEXT])
    return Filed(before["id"], before["reference"], before["extended_until"] or before["due_on"], is_new=False)


async def _with_address(work: Work, who: Asker) -> Asker:
    if who.person_id is None or who.email:
        return who
    person = await work.connection.fetchrow("select email, language from person where id = $1", who.person_id)
    return replace(who, email=person["email"], language=who.language or person["language"])


async def _open_one(work: Work, asked: Request, who: Asker) -> Any:
    return await work.connection.fetchrow(
        _SAME, who.person_id, who.email, asked.kind.value, asked.subject, asked.company_id, who.identity.value
    )


async def _file_new(work: Work, asked: Request, who: Asker, moment: datetime) -> Filed | None:
    """The request as a row of its own; None when somebody filed the same at this very moment."""
    number = await work.connection.fetchval("select nextval('rights_request_number')")
    received_on = today_in(ZONE, moment)
    state = State.IDENTITY_PENDING if who.identity is Identity.UNPROVEN else State.VERIFIED
    row = await work.connection.fetchrow(
        _FILE, new_id(), reference_of(received_on.year, number), who.person_id, asked.company_id, asked.kind.value,
        asked.subject, who.channel.value, state.value, who.identity.value, who.email, who.language or "nb",
        asked.text[:LONGEST_TEXT], moment, due_day(received_on),
    )  # fmt: skip
    return None if row is None else Filed(row["id"], row["reference"], row["due_on"])


async def close(
    work: Work, request_id: UUID, decision: Decision, reasons: str = "", handled_by: UUID | None = None
) -> None:
    """End a request in this unit of work. `handled_by` is None where the app did by itself what was asked.

    Raises NotFound, and Refused for one that is closed already, or that is refused without reasons (Art. 12(4)).
    """
    row = await _locked(work, request_id)
    check_decision(State(row["state"]), decision, reasons)
    await work.connection.execute(_CLOSE, request_id, decision.value, reasons[:LONGEST_TEXT], handled_by, now())
    if row["kind"] == Kind.OBJECTION:
        await objections.follow(work, row["person_id"], row["subject"], decision, reasons)


async def fulfil(
    work: Work,
    kind: Kind,
    person_id: UUID,
    subject: str = "",
    company_id: UUID | None = None,
    decision: Decision = Decision.FULFILLED,
) -> None:
    """Close the person's open request of this kind and subject, now that it is done; nothing when there is none."""
    row = await _open_one(work, Request(kind, subject, company_id=company_id), Asker(person_id))
    if row is not None:
        await close(work, row["id"], decision)


async def exercise(work: Work, *, kind: Kind, person_id: UUID, subject: str = "", text: str = "") -> Filed:
    """A right that the app grants at once, in the same unit of work: filed and fulfilled. The trace of it is the request
    in the person's own list."""
    filed = await file(work, Request(kind, subject, text), Asker(person_id))
    await close(work, filed.id, Decision.FULFILLED)
    return filed


async def ask(person_id: UUID, kind: Kind, text: str, company_id: UUID | None = None) -> Filed:
    """What a signed-in person asks for in words: somebody answers it. A letter with the reference goes out once."""
    async with unit_of_work(None, person_id) as work:
        filed = await file(work, Request(kind, text=text, company_id=company_id), Asker(person_id))
        if filed.is_new:
            await queue_letter(work, filed.id, Letter.RECEIVED)
    return filed


async def withdraw(person_id: UUID, request_id: UUID) -> None:
    """The person takes a request back; doing it twice is doing it once. Raises NotFound for somebody else's."""
    async with unit_of_work(None, person_id) as work:
        row = await _locked(work, request_id)
        if row["person_id"] != person_id:
            raise NotFound
        if State(row["state"]) not in CLOSED:
            await close(work, request_id, Decision.WITHDRAWN)


async def register(
    operator_id: UUID, kind: Kind, email: str, text: str, language: str, received_at: datetime
) -> Filed:
    """A request that came by e-mail, with the time it came (P-39): the clock began then. Who sent it gets a receipt."""
    async with unit_of_work(None, operator_id) as work:
        who = Asker(email=email, language=language, channel=Channel.MAIL, identity=Identity.OPERATOR)
        filed = await file(work, Request(kind, text=text), who, received_at)
        if filed.is_new:
            await queue_letter(work, filed.id, Letter.RECEIVED)
    return filed


async def take_up(request_id: UUID, operator_id: UUID) -> None:
    """Somebody works on it. Raises NotFound, and Refused while it is unclear who asks."""
    async with unit_of_work(None, operator_id) as work:
        row = await _locked(work, request_id)
        if row["identity"] == Identity.UNPROVEN:
            raise Refused(Refusal("request.identity_pending"))
        if State(row["state"]) in (State.RECEIVED, State.VERIFIED):
            await work.connection.execute(_TAKE_UP, request_id, operator_id)


async def extend(request_id: UUID, operator_id: UUID, reason: str) -> None:
    """Two months more, with the letter that says so and why (Art. 12(3)). Raises NotFound and Refused."""
    async with unit_of_work(None, operator_id) as work:
        row = await _locked(work, request_id)
        if row["identity"] == Identity.UNPROVEN:
            raise Refused(Refusal("request.identity_pending"))
        until = extended_day(clock_of(row), today_in(ZONE, now()), reason)
        await work.connection.execute(_EXTEND, request_id, until, reason[:LONGEST_TEXT])
        await queue_letter(work, request_id, Letter.EXTENDED)


async def decide(request_id: UUID, operator_id: UUID, decision: Decision, reasons: str) -> None:
    """Answer a request, with the letter that says how it ended. Raises NotFound and Refused."""
    async with unit_of_work(None, operator_id) as work:
        await close(work, request_id, decision, reasons, handled_by=operator_id)
        await queue_letter(work, request_id, Letter.DECIDED)


def clock_of(row: Any, zone: str = ZONE) -> Clock:
    """The time of a stored request."""
    closed_on = today_in(zone, row["closed_at"]) if row["closed_at"] else None
    return Clock(today_in(zone, row["received_at"]), row["due_on"], row["extended_until"], closed_on)


def _subject_of(kind: Kind, text: str) -> str:
    """Two questions are two requests; a second wish to be deleted is the same one."""
    own_words = kind in (Kind.OTHER, Kind.CORRECTION) and text.strip()
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16] if own_words else ""


async def _locked(work: Work, request_id: UUID) -> Any:
    row = await work.connection.fetchrow("select * from rights_request where id = $1 for update", request_id)
    if row is None:
        raise NotFound
    return row


_SAME = """
select id, reference, due_on, extended_until, text from rights_request
where closed_at is null and kind = $3 and subject = $4 and company_id is not distinct from $5
and (person_id = $1 or $1::uuid is null and lower(email) = lower($2))
and ($6 <> 'unproven' or identity = 'unproven')
order by received_at limit 1 for update
"""
_FILE = """
insert into rights_request (id, reference, person_id, company_id, kind, subject, channel, state, identity, email,
    language, text, received_at, due_on, extension_reason, reasons, letters)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', '', '[]')
on conflict do nothing returning id, reference, due_on
"""
_SAY_MORE = f"""
update rights_request set text = left(concat_ws(E'\\n\\n', nullif(text, ''), $2::text), {3 * LONGEST_TEXT}) where id = $1
"""  # noqa: S608 - a number
_CLOSE = """
update rights_request set state = $2, reasons = $3, handled_by = $4, closed_at = $5, token_hash = null where id = $1
"""
_TAKE_UP = "update rights_request set state = 'in_progress', handled_by = $2 where id = $1"
_EXTEND = """
update rights_request set state = 'extended', extended_until = $2, extension_reason = $3, alerted = null where id = $1
"""
