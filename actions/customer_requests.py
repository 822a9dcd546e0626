"""Requests to a business about what it keeps of its customers: the customer asks, the business answers, we carry it
(GDPR Art. 28(3)(e)). SmartFaktura never answers for the business."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from actions import customer_copy, customer_erasure, customers, objections, restrained, restrictions
from actions.clock import now
from actions.customer_passes import Opened
from actions.customers import CustomerDetails
from actions.outcomes import NotFound
from actions.request_letters import Letter, queue_letter
from actions.requests import Filed, clock_of
from domain.dates import today_in
from domain.privacy.objection import CustomerPurpose
from domain.privacy.requests import (
    CLOSED,
    CORRECTABLE,
    LONGEST_TEXT,
    Channel,
    Decision,
    Identity,
    Kind,
    State,
    check_decision,
    due_day,
    extended_day,
    reference_of,
)
from domain.privacy.restriction import Scope
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.queries.members import deciders
from models.unit_of_work import Work, unit_of_work

# So many of a company's owners and administrators get a letter.
MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What a customer asks for. `proposed` are the new values of a correction, `purpose` is what an objection is to."""

    kind: Kind
    text: str = ""
    proposed: Mapping[str, str] | None = None
    purpose: CustomerPurpose | None = None


async def file(who: Opened, asked: Asked) -> Filed:
    """Register what the customer asks for, with a letter to them and one to those who answer. The same asked again while
    it is open is the same request (P-15).

    An objection needs nobody's answer: it holds at once (Art. 21(3)), and the request is closed with it. Who has not
    proven their address adds to nobody else's request, and the business finds out who they are.
    """
    async with unit_of_work(who.organisation_id) as work:
        customer = await work.connection.fetchrow(_CUSTOMER_OF, who.organisation_id, who.document_id)
        if customer is None:
            raise NotFound
        filed = await _file(work, who, asked, customer)
        if not filed.is_new:
            return filed
        work.audit("request.received", "customer_request", filed.id)
        if asked.kind is Kind.OBJECTION and asked.purpose is not None and customer["customer_id"] is not None:
            await objections.customer_objects(work, customer["customer_id"], asked.purpose, "hosted", asked.text)
            await _close(work, filed.id, Decision.FULFILLED, "", None)
            await queue_letter(work, filed.id, Letter.DECIDED)
            return filed
        await queue_letter(work, filed.id, Letter.RECEIVED)
        for person_id in await deciders(work, MOST_TOLD):
            await queue_letter(work, filed.id, Letter.NEW, person_id)
    return filed


async def withdraw(who: Opened, request_id: UUID) -> None:
    """The customer takes a request back; twice is as once. Raises NotFound for what is not theirs."""
    async with unit_of_work(who.organisation_id) as work:
        row = await _locked(work, request_id)
        if row["email"].casefold() != who.email.casefold():
            raise NotFound
        if State(row["state"]) not in CLOSED:
            await _close(work, request_id, Decision.WITHDRAWN, "", None)


async def accept(organisation_id: UUID, person_id: UUID, request_id: UUID, said: str = "", ground: str = "") -> None:
    """Do what the customer asks, tell them, and close the request, all in one transaction.

    `said` is added to the letter; `ground` is the letter of Art. 18(1) for a restriction. Raises NotFound and Refused.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        row = await _locked(work, request_id)
        check_decision(State(row["state"]), Decision.FULFILLED, said)
        await _do(work, row, ground)
        await _close(work, request_id, Decision.FULFILLED, said, person_id)
        await queue_letter(work, request_id, Letter.DECIDED)


async def decline(
    organisation_id: UUID, person_id: UUID, request_id: UUID, reasons: str, *, partly: bool = False
) -> None:
    """Say no with reasons (Art. 12(4)); `partly` when a part of it was done. Raises NotFound and Refused."""
    decision = Decision.PARTLY_FULFILLED if partly else Decision.REFUSED
    async with unit_of_work(organisation_id, person_id) as work:
        row = await _locked(work, request_id)
        check_decision(State(row["state"]), decision, reasons)
        await _close(work, request_id, decision, reasons, person_id)
        await queue_letter(work, request_id, Letter.DECIDED)


async def extend(organisation_id: UUID, person_id: UUID, request_id: UUID, reason: str) -> None:
    """Two months more, with the letter that says so and why (Art. 12(3)). Raises NotFound and Refused."""
    async with unit_of_work(organisation_id, person_id) as work:
        row = await _locked(work, request_id)
        zone, country = await _place(work)
        until = extended_day(clock_of(row, zone), today_in(zone, now()), reason, country)
        await work.connection.execute(_EXTEND, organisation_id, request_id, until, reason[:LONGEST_TEXT])
        work.audit("request.extended", "customer_request", request_id, ["extended_until"])
        await queue_letter(work, request_id, Letter.EXTENDED)


async def _do(work: Work, row: Any, ground: str) -> None:
    """What accepting means, by kind. What stands on issued invoices stays (bokføringsloven § 13)."""
    kind, customer_id = Kind(row["kind"]), row["customer_id"]
    if kind in (Kind.OTHER, Kind.CONSENT) or is_by_hand(kind, Identity(row["identity"])):
        return
    if customer_id is None:
        raise Refused(Refusal("request.no_customer"))
    match kind:
        case Kind.ACCESS | Kind.PORTABILITY:
            await customer_copy.ask(work, customer_id, row["reference"])
        case Kind.CORRECTION:
            await _correct(work, customer_id, msgspec.json.decode(row["proposed"]), row["reference"])
        case Kind.RESTRICTION:
            wish = restrictions.Wish(ground, row["name"] or row["email"], row["text"])
            await restrictions.restrict(work, Scope.CUSTOMER, customer_id, wish)
        case Kind.OBJECTION:
            purpose = objections.customer_purpose(row["subject"])
            await objections.customer_objects(work, customer_id, purpose, "request", row["text"])
        case Kind.DELETION:
            await customer_erasure.erase_customer(work, customer_id)


def is_by_hand(kind: Kind, identity: Identity) -> bool:
    """Does the business itself do what is asked? What somebody without a proven address wants corrected stands in their
    words only."""
    return identity is Identity.UNPROVEN and kind is Kind.CORRECTION


async def _correct(work: Work, customer_id: UUID, proposed: Mapping[str, str], reference: str) -> None:
    """Write the proposed values into the customer, for the next invoice: what is issued keeps its own copy (P-22)."""
    stored = await work.connection.fetchrow(_CUSTOMER, work.organisation_id, customer_id)
    if stored is None:
        raise NotFound
    known = {name: stored[name] for name in CustomerDetails.__dataclass_fields__}
    details = CustomerDetails(**{**known, **{name: proposed[name] for name in CORRECTABLE if name in proposed}})
    await customers.save(work, customer_id, stored["version"], details, reference=reference)
    # What is restricted is mended with its reason: here it is the request (Art. 16).
    held = await restrained.standing(work, Scope.CUSTOMER, customer_id)
    if held is not None:
        await restrictions.note_mending(work, held, reference)


async def _file(work: Work, who: Opened, asked: Asked, customer: Any) -> Filed:
    (zone, country), moment = await _place(work), now()
    subject, received_on = _subject_of(asked) if who.is_proven else _unproven(asked), today_in(zone, moment)
    state, identity = (State.VERIFIED, Identity.CODE) if who.is_proven else (State.RECEIVED, Identity.UNPROVEN)
    same = (who.organisation_id, who.email, asked.kind.value, subject)
    before = await work.connection.fetchrow(_SAME, *same)
    if before is None:
        number = await work.connection.fetchval("select nextval('rights_request_number')")
        row = await work.connection.fetchrow(
            _FILE, who.organisation_id, new_id(), reference_of(received_on.year, number), who.invoice_id,
            customer["customer_id"], asked.kind.value, subject, Channel.HOSTED.value, state.value,
            identity.value, customer["customer_name"], who.email, who.language, asked.text[:LONGEST_TEXT],
            msgspec.json.encode(dict(asked.proposed or {})).decode(), moment,
            due_day(received_on, country=country), who.quote_id,
        )  # fmt: skip
        if row is not None:
            return Filed(row["id"], row["reference"], row["due_on"])
        before = await work.connection.fetchrow(_SAME, *same)
    return Filed(before["id"], before["reference"], before["extended_until"] or before["due_on"], is_new=False)


async def _close(work: Work, request_id: UUID, decision: Decision, reasons: str, person_id: UUID | None) -> None:
    await work.connection.execute(
        _CLOSE, work.organisation_id, request_id, decision.value, reasons[:LONGEST_TEXT], person_id, now()
    )
    work.audit(f"request.{decision.value}", "customer_request", request_id, ["state"])


def _subject_of(asked: Asked) -> str:
    """Two corrections are two requests unless they propose the same; two objections unless to the same use."""
    if asked.kind is Kind.OBJECTION:
        return asked.purpose.value if asked.purpose else ""
    if asked.kind is Kind.CORRECTION:
        proposed = msgspec.json.encode(sorted((asked.proposed or {}).items()))
        return hashlib.sha256(proposed + asked.text.encode()).hexdigest()[:16]
    return ""


def _unproven(asked: Asked) -> str:
    """Never the subject of a request whose address is proven: nobody closes or merges those by typing an address."""
    return "unproven:" + hashlib.sha256(asked.text.strip().encode()).hexdigest()[:16]


async def _locked(work: Work, request_id: UUID) -> Any:
    row = await work.connection.fetchrow(_LOCK, work.organisation_id, request_id)
    if row is None:
        raise NotFound
    return row


async def _place(work: Work) -> tuple[str, str]:
    """Whose days count: the company's time zone and country."""
    row = await work.connection.fetchrow(_PLACE, work.organisation_id)
    return row["time_zone"], row["country"]


_PLACE = "select time_zone, country from organisation where id = $1"
_CUSTOMER_OF = """
select customer_id, customer_name from invoice where organisation_id = $1 and id = $2 and state <> 'draft'
union all select customer_id, customer_name from quote where organisation_id = $1 and id = $2 and state <> 'draft'
"""
_CUSTOMER = "select * from customer where organisation_id = $1 and id = $2 for update"
_LOCK = "select * from customer_request where organisation_id = $1 and id = $2 for update"
_SAME = """
select id, reference, due_on, extended_until from customer_request
where organisation_id = $1 and lower(email) = lower($2) and kind = $3 and subject = $4 and closed_at is null
"""
_FILE = """
insert into customer_request (organisation_id, id, reference, invoice_id, customer_id, kind, subject, channel, state,
    identity, name, email, language, text, proposed, received_at, due_on, quote_id, extension_reason, reasons,
    letters)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::jsonb, $16, $17, $18, '', '', '[]')
on conflict do nothing returning id, reference, due_on
"""
_CLOSE = """
update customer_request set state = $3, reasons = $4, handled_by = $5, closed_at = $6
where organisation_id = $1 and id = $2
"""
_EXTEND = """
update customer_request set state = 'extended', extended_until = $3, extension_reason = $4, alerted = null
where organisation_id = $1 and id = $2
"""
