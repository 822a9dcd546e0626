"""Restriction of processing (GDPR Art. 18): begun, excepted from, and lifted once the subject was told.

What may be done meanwhile stands in one table, domain.privacy.restriction; actions.restrained asks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from actions.clock import now
from actions.deliveries import sending_host
from actions.outcomes import NotFound, Restrained
from actions.restrained import standing
from domain.privacy.restriction import (
    DOCUMENT_EXCEPTIONS,
    EXCEPTION_HOURS,
    EXCEPTIONS,
    Ground,
    Scope,
    exception_faults,
    restriction_faults,
)
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.unit_of_work import Work

NOTICE = "send_restriction_notice"


@dataclass(frozen=True, slots=True)
class Wish:
    """A restriction as it is asked for: the letter of Art. 18(1), by whom, the words, and when to look again."""

    ground: str
    requested_by: str
    reason: str = ""
    review_on: date | None = None


async def restrict(work: Work, scope: Scope, subject_id: UUID, wish: Wish) -> UUID:
    """Restrict a customer's data, one issued document, or the company (`subject_id` is then the company's).

    Returns the id of the restriction; what is restricted already stays as it is. Raises NotFound, and Refused for a
    draft (it is deleted or changed, not restricted), an unknown ground, or nobody who asks.
    """
    faults = restriction_faults(wish.ground, wish.requested_by)
    if faults:
        raise Refused(*faults)
    await _hold(work, scope, subject_id)
    before = await standing(work, scope, subject_id)
    if before is not None:
        return before.restriction_id
    restriction_id, moment = new_id(), now()
    await work.connection.execute(
        _RESTRICT, work.organisation_id, restriction_id, scope.value,
        subject_id if scope is Scope.CUSTOMER else None, subject_id if scope is Scope.INVOICE else None,
        Ground(wish.ground).value, wish.requested_by.strip(), wish.reason.strip(), moment, work.person_id,
        wish.review_on,
    )  # fmt: skip
    await _hide(work, scope, subject_id)
    if scope is Scope.CUSTOMER:
        await work.connection.execute(_MARK, work.organisation_id, subject_id, moment)
    work.audit(f"{_KINDS[scope]}.restricted", _KINDS[scope], subject_id, ["restricted_at"])
    return restriction_id


async def except_once(
    work: Work, scope: Scope, subject_id: UUID, operation: str, ground: str, reason: str
) -> Restrained:
    """Let one thing be done in spite of the restriction (Art. 18(2)), within a day. Raises NotFound when nothing is
    restricted, and Refused without an operation that knows exceptions, a ground and a reason."""
    offered = DOCUMENT_EXCEPTIONS if scope is Scope.INVOICE else tuple(EXCEPTIONS)
    faults = exception_faults(operation, ground, reason, offered)
    if faults:
        raise Refused(*faults)
    await _hold(work, scope, subject_id)
    found = await standing(work, scope, subject_id)
    if found is None:
        raise NotFound
    moment = now()
    is_new = await work.connection.fetchval(
        _EXCEPT, work.organisation_id, new_id(), found.restriction_id, operation, ground, reason.strip(), moment,
        work.person_id, moment - timedelta(hours=EXCEPTION_HOURS),
    )  # fmt: skip
    if is_new:
        work.audit("restriction.excepted", _KINDS[scope], subject_id, ["ground", "operation", "reason"])
    return found


async def lift(work: Work, scope: Scope, subject_id: UUID, reason: str, told: str = "") -> None:
    """End the restriction. The subject is told first (Art. 18(3)): the notice is queued in this very transaction, to
    the customer's address; without one, `told` says how they were told otherwise.

    Raises NotFound when nothing is restricted, and Refused with `restriction.not_told` when nobody could be told.
    """
    await _hold(work, scope, subject_id)
    found = await standing(work, scope, subject_id)
    if found is None:
        raise NotFound
    how = await _tell(work, found) or told.strip()
    if not how:
        raise Refused(Refusal("restriction.not_told", "told"))
    await work.connection.execute(
        _LIFT, work.organisation_id, found.restriction_id, now(), work.person_id, reason.strip(), how[:300]
    )
    if scope is Scope.CUSTOMER:
        await work.connection.execute(_MARK, work.organisation_id, subject_id, None)
    await _show(work, scope, subject_id)
    work.audit(f"{_KINDS[scope]}.restriction_lifted", _KINDS[scope], subject_id, ["restricted_at"])


async def note_mending(work: Work, found: Restrained, reason: str) -> None:
    """Write down why restricted data was mended, and take its new words out of the search again."""
    await work.connection.execute(_MENDED, work.organisation_id, found.restriction_id, reason.strip(), now())
    await _hide(work, found.scope, found.subject_id)
    work.audit("customer.rectified", "customer", found.subject_id, ["reason"])


async def _hold(work: Work, scope: Scope, subject_id: UUID) -> None:
    """Lock the subject, so that two who press at once come one after the other."""
    state = await work.connection.fetchval(_HOLD[scope], work.organisation_id, subject_id)
    if state is None:
        raise NotFound
    if state == "draft":
        raise Refused(Refusal("restriction.of_draft"))


async def _tell(work: Work, found: Restrained) -> str:
    """Queue the notice that the restriction ends; "" when there is no address to send it to."""
    message_id = new_id()
    recipient = await work.connection.fetchval(
        _TELL, work.organisation_id, message_id, found.restriction_id, f"<{message_id}@{sending_host()}>", now()
    )
    if recipient:
        work.enqueue(NOTICE, {"organisation_id": str(work.organisation_id), "message_id": str(message_id)})
        return "email"
    return ""


async def _hide(work: Work, scope: Scope, subject_id: UUID) -> None:
    """Out of every search: the words stay, but not where anybody looks."""
    if scope is not Scope.COMPANY:
        await work.connection.execute(_HIDE.format(subjects=_SUBJECTS[scope]), work.organisation_id, subject_id)


async def _show(work: Work, scope: Scope, subject_id: UUID) -> None:
    """Back into the search, but for what is still restricted with its customer or by itself."""
    if scope is not Scope.COMPANY:
        await work.connection.execute(_SHOW.format(subjects=_SUBJECTS[scope]), work.organisation_id, subject_id)


_KINDS = {Scope.CUSTOMER: "customer", Scope.INVOICE: "invoice", Scope.COMPANY: "organisation"}
_HOLD = {
    Scope.CUSTOMER: "select 'kept' from customer where organisation_id = $1 and id = $2 for update",
    # A customer's share of a document is locked by nobody else for long; what is frozen can still be held.
    Scope.INVOICE: """
        select state from invoice where organisation_id = $1 and id = $2 and deleted_at is null for update
    """,
    Scope.COMPANY: "select 'kept' from organisation where id = $1 and id = $2 for update",
}
_RESTRICT = """
insert into restriction (organisation_id, id, scope, customer_id, invoice_id, ground, requested_by, reason, begun_at,
    begun_by, review_on, lifting_reason, told)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '')
"""
_MARK = """
update customer set restricted_at = $3, version = version + 1 where organisation_id = $1 and id = $2
"""
_LIFT = """
update restriction set lifted_at = $3, lifted_by = $4, lifting_reason = $5, told = $6
where organisation_id = $1 and id = $2
"""
# The same again before it is used is the same one: a double click does not allow two things.
_EXCEPT = """
insert into restriction_exception (organisation_id, id, restriction_id, operation, ground, reason, made_at, made_by)
select $1, $2, $3, $4::text, $5::text, $6::text, $7, $8 where not exists (
    select from restriction_exception
    where organisation_id = $1 and restriction_id = $3 and operation = $4 and ground = $5 and reason = $6
    and used_at is null and made_at > $9
) returning true
"""
# The reason of what was mended stands under the reason of the restriction, each with its day.
_MENDED = """
update restriction set
    reason = concat_ws(e'\\n', nullif(reason, ''), to_char($4::timestamptz, 'YYYY-MM-DD') || ': ' || $3)
where organisation_id = $1 and id = $2
"""
_TELL = """
insert into message (organisation_id, id, restriction_id, kind, recipient, message_id, state, attempts, queued_at,
    maybe_twice)
select $1, $2, r.id, 'lifted', told.email, $4, 'queued', 0, $5, false
from restriction r
left join invoice i on i.organisation_id = r.organisation_id and i.id = r.invoice_id
join customer told on told.organisation_id = r.organisation_id and told.id = coalesce(r.customer_id, i.customer_id)
where r.organisation_id = $1 and r.id = $3 and told.email <> ''
returning recipient
"""
_SUBJECTS = {
    Scope.CUSTOMER: """
        select 'customer' as kind, $2::uuid as id
        union all select 'invoice', id from invoice where organisation_id = $1 and customer_id = $2
        union all select 'quote', id from quote where organisation_id = $1 and customer_id = $2
        union all select 'plan', id from plan where organisation_id = $1 and customer_id = $2
    """,
    Scope.INVOICE: "select 'invoice' as kind, $2::uuid as id",
}
_HIDE = """
with subjects as ({subjects}), gone as (
    delete from search_word w using subjects s
    where w.organisation_id = $1 and w.kind = s.kind and w.subject_id = s.id
    returning w.word, w.listed_at, w.subject_id
)
insert into search_word (organisation_id, kind, word, listed_at, subject_id)
select $1, 'held', word, listed_at, subject_id from gone on conflict do nothing
"""
_SHOW = """
with subjects as (
    select s.kind, s.id from ({subjects}) s where not (s.kind = 'invoice' and exists (
        select from restriction r join invoice i on i.organisation_id = $1 and i.id = s.id
        where r.organisation_id = $1 and r.lifted_at is null and (r.invoice_id = i.id or r.customer_id = i.customer_id)
    ))
), gone as (
    delete from search_word w using subjects s
    where w.organisation_id = $1 and w.kind = 'held' and w.subject_id = s.id
    returning s.kind, w.word, w.listed_at, w.subject_id
)
insert into search_word (organisation_id, kind, word, listed_at, subject_id)
select $1, kind, word, listed_at, subject_id from gone on conflict do nothing
"""
