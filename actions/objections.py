"""Objection (GDPR Art. 21): raised, weighed where the law lets us weigh, and asked for in every path that processes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from actions.clock import now
from actions.outcomes import NotFound
from domain.privacy.objection import CUSTOMER_PURPOSES, CustomerPurpose, Interest, State, state_after
from domain.privacy.requests import Decision, due_day
from domain.privacy.restriction import LONGEST_REASON
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.unit_of_work import Work


async def object_to(
    work: Work, person_id: UUID, purpose: Interest, source: str, reason: str = "", due_on: date | None = None
) -> State:
    """Raise an objection; what is absolute stops with this transaction, the rest is weighed within a month.

    The second of the same is the first, and says how that stands; one that was refused is weighed anew. `source` is
    account, letter, browser or request; `due_on` is the last day of its request, else a month from now.
    """
    state, moment = state_after(purpose), now()
    due_on = (due_on or due_day(moment.date())) if state is State.ASSESSING else None
    stands: str = await work.connection.fetchval(
        _OBJECT,
        new_id(),
        person_id,
        purpose.value,
        state.value,
        source,
        reason.strip()[:LONGEST_REASON],
        moment,
        due_on,
    )
    return State(stands)


async def withdraw(work: Work, person_id: UUID, purpose: Interest) -> None:
    """Its holder takes it back. Nothing happens when there is none."""
    await work.connection.execute(_WITHDRAW, person_id, purpose.value)


async def decide(work: Work, objection_id: UUID, *, upheld: bool, decision: str) -> UUID:
    """What was decided of an objection that was weighed. Returns whose it is.

    Refusing takes compelling grounds that outweigh the person's interests, in words that the person reads
    (Art. 21(1)). Raises NotFound, and Refused without words.
    """
    if not decision.strip():
        raise Refused(Refusal("objection.decision_missing", "decision"))
    state = State.UPHELD if upheld else State.REFUSED
    person_id: UUID | None = await work.connection.fetchval(
        _DECIDE, objection_id, state.value, decision.strip()[:LONGEST_REASON], now()
    )
    if person_id is None:
        raise NotFound
    return person_id


async def follow(work: Work, person_id: UUID | None, subject: str, decision: Decision, reasons: str) -> None:
    """What was decided of the request is decided of the objection that it is about, in the same unit of work."""
    if person_id is None or subject not in tuple(Interest):
        return
    objection_id = await work.connection.fetchval(_ASSESSED, person_id, subject)
    if decision is Decision.WITHDRAWN:
        await withdraw(work, person_id, Interest(subject))
    elif objection_id is not None:
        upheld = decision is not Decision.REFUSED
        await decide(work, objection_id, upheld=upheld, decision=reasons or "–")


async def customer_objects(
    work: Work, customer_id: UUID, purpose: CustomerPurpose, channel: str, reason: str = ""
) -> None:
    """A customer of the company does not want it any more: it stops at once. Twice is as once. Raises NotFound.

    `channel` says who wrote it down: business, hosted (the customer, on the page of an invoice) or request.
    """
    raised = await work.connection.fetchval(
        _CUSTOMER_OBJECTS, work.organisation_id, new_id(), customer_id, purpose.value, reason.strip()[:LONGEST_REASON],
        channel, now(),
    )  # fmt: skip
    await _mark(work, customer_id)
    if raised:
        work.audit("customer.objected", "customer", customer_id, ["objects_to"])


async def customer_withdraws(work: Work, customer_id: UUID, purpose: CustomerPurpose) -> None:
    """The customer wants it again. Raises NotFound for a customer that is not there."""
    ended = await work.connection.fetchval(_CUSTOMER_ENDS, work.organisation_id, customer_id, purpose.value, now())
    await _mark(work, customer_id)
    if ended:
        work.audit("customer.objection_ended", "customer", customer_id, ["objects_to"])


def customer_purpose(text: str) -> CustomerPurpose:
    """As it comes from a form, which offers them as buttons. Raises NotFound for any other."""
    if text not in tuple(CUSTOMER_PURPOSES):
        raise NotFound
    return CustomerPurpose(text)


async def _mark(work: Work, customer_id: UUID) -> None:
    """The customer's row says it too, so that who holds it needs not ask."""
    if not await work.connection.fetchval(_MARK, work.organisation_id, customer_id):
        raise NotFound


_OBJECT = """
insert into objection (id, person_id, purpose, state, source, reason, raised_at, due_on, decision)
values ($1, $2, $3, $4, $5, $6, $7, $8, '')
on conflict (person_id, purpose) where state <> 'withdrawn' do update set
    state = case when objection.state = 'refused' then excluded.state else objection.state end,
    source = case when objection.state = 'refused' then excluded.source else objection.source end,
    reason = case when objection.state = 'refused' then excluded.reason else objection.reason end,
    raised_at = case when objection.state = 'refused' then excluded.raised_at else objection.raised_at end,
    due_on = case when objection.state = 'refused' then excluded.due_on else objection.due_on end,
    decision = case when objection.state = 'refused' then '' else objection.decision end,
    decided_at = case when objection.state = 'refused' then null else objection.decided_at end
returning state
"""
_WITHDRAW = "update objection set state = 'withdrawn' where person_id = $1 and purpose = $2 and state <> 'withdrawn'"
_ASSESSED = "select id from objection where person_id = $1 and purpose = $2 and state = 'assessing'"
_DECIDE = """
update objection set state = $2, decision = $3, decided_at = $4 where id = $1 and state = 'assessing'
returning person_id
"""
_CUSTOMER_OBJECTS = """
insert into customer_objection (organisation_id, id, customer_id, purpose, reason, channel, raised_at)
select $1, $2, id, $4, $5, $6, $7 from customer where organisation_id = $1 and id = $3
on conflict (organisation_id, customer_id, purpose) where ended_at is null do nothing returning true
"""
_CUSTOMER_ENDS = """
update customer_objection set ended_at = $4
where organisation_id = $1 and customer_id = $2 and purpose = $3 and ended_at is null returning true
"""
_MARK = """
update customer set objects_to = coalesce((
    select string_agg(purpose, ' ' order by purpose) from customer_objection
    where organisation_id = $1 and customer_id = $2 and ended_at is null), '')
where organisation_id = $1 and id = $2 returning true
"""
