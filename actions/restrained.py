"""May this be done with data that may be restricted (GDPR Art. 18)? The question that every path asks.

What is allowed stands in one table, domain.privacy.restriction. Whether a customer is restricted comes with the customer
(`Buyer.restricted_at`), so that a path which holds one asks nothing more; only a "yes" costs a statement.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from actions.clock import now
from actions.outcomes import Locked, Restrained
from domain.privacy.restriction import EXCEPTION_HOURS, RULES, Answer, Operation, Scope, exception_for
from models.queries.parties import Buyer
from models.unit_of_work import Work


async def permit(work: Work, customer: Buyer | None, operation: Operation, used_on: UUID | None = None) -> None:
    """May this be done with the customer's data? Nothing happens when it may; raises Locked when it may not.

    With `used_on` an exception that was made for it is used up for that document; without, it is only looked for.
    """
    if customer is None or customer.restricted_at is None:
        return
    found = await standing(work, Scope.CUSTOMER, customer.id)
    if found is not None:
        await _need(work, found, operation, used_on)


async def permit_customer(work: Work, customer_id: UUID | None, operation: Operation) -> None:
    """The same where only the customer's id is at hand; it costs a statement."""
    found = None if customer_id is None else await standing(work, Scope.CUSTOMER, customer_id)
    if found is not None:
        await _need(work, found, operation, None)


async def permit_document(work: Work, invoice_id: UUID, operation: Operation, used_on: UUID | None = None) -> None:
    """The same for an issued document, which is restricted with its customer or by itself."""
    row = await work.connection.fetchrow(_OF_DOCUMENT, work.organisation_id, invoice_id)
    if row is not None:
        await _need(work, _restrained(row), operation, used_on)


async def permit_mending(work: Work, customer_id: UUID, reason: str) -> Restrained | None:
    """May the customer's data be changed? Of what is restricted only to mend it, with the reason, which is kept with
    the restriction. Says what is restricted, or None; raises Locked without a reason."""
    found = await standing(work, Scope.CUSTOMER, customer_id)
    if found is not None and not reason.strip():
        raise Locked(found, Operation.EDIT)
    return found


async def standing(work: Work, scope: Scope, subject_id: UUID) -> Restrained | None:
    """The restriction of the subject itself, if one stands."""
    row = await work.connection.fetchrow(_STANDING[scope], work.organisation_id, subject_id)
    return None if row is None else _restrained(row)


async def _need(work: Work, found: Restrained, operation: Operation, used_on: UUID | None) -> None:
    if RULES[operation].answer is Answer.YES:
        return
    by = exception_for(operation)
    if by is None or not await _is_excepted(work, found.restriction_id, by, used_on):
        raise Locked(found, operation)


async def _is_excepted(work: Work, restriction_id: UUID, operation: Operation, used_on: UUID | None) -> bool:
    since = now() - timedelta(hours=EXCEPTION_HOURS)
    values = (work.organisation_id, restriction_id, operation.value, since)
    if used_on is None:
        return bool(await work.connection.fetchval(_IS_EXCEPTED, *values))
    return bool(await work.connection.fetchval(_USE_EXCEPTION, *values, used_on, now()))


def _restrained(row: Any) -> Restrained:
    return Restrained(row["id"], Scope(row["scope"]), row["subject_id"], row["name"], row["begun_at"])


_IS_EXCEPTED = """
select true from restriction_exception
where organisation_id = $1 and restriction_id = $2 and operation = $3 and used_at is null and made_at > $4 limit 1
"""
# One exception for one document; the same document again (a double click) uses no second one.
_USE_EXCEPTION = """
update restriction_exception set used_at = coalesce(used_at, $6), used_on = $5
where organisation_id = $1 and id = (
    select id from restriction_exception
    where organisation_id = $1 and restriction_id = $2 and operation = $3
    and (used_on = $5 and $3 <> 'send' or used_at is null and made_at > $4)
    order by used_on nulls last, made_at limit 1 for update
) returning true
"""
_FOUND = "select r.id, r.scope, {subject} as subject_id, {name} as name, r.begun_at from restriction r "
_STANDING = {
    Scope.CUSTOMER: _FOUND.format(subject="c.id", name="c.name")
    + "join customer c on c.organisation_id = r.organisation_id and c.id = r.customer_id "
    "where r.organisation_id = $1 and r.customer_id = $2 and r.lifted_at is null",
    Scope.INVOICE: _FOUND.format(subject="i.id", name="i.number")
    + "join invoice i on i.organisation_id = r.organisation_id and i.id = r.invoice_id "
    "where r.organisation_id = $1 and r.invoice_id = $2 and r.lifted_at is null",
    Scope.COMPANY: _FOUND.format(subject="o.id", name="o.name") + "join organisation o on o.id = r.organisation_id "
    "where r.organisation_id = $1 and o.id = $2 and r.scope = 'company' and r.lifted_at is null",
}
_OF_DOCUMENT = """
select r.id, r.scope, coalesce(r.customer_id, r.invoice_id) as subject_id, coalesce(c.name, i.number) as name, r.begun_at
from invoice i join restriction r on r.organisation_id = i.organisation_id and r.lifted_at is null
    and (r.invoice_id = i.id or r.customer_id = i.customer_id)
left join customer c on c.organisation_id = r.organisation_id and c.id = r.customer_id
where i.organisation_id = $1 and i.id = $2 order by r.scope limit 1
"""
