"""What settles an invoice or moves a customer's credit: each is one entry that never changes, and the balances follow.

The invoice is held first, then the customer's credit, as everywhere (docs/architecture.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from actions.clock import now
from domain.money import ZERO
from domain.refusals import Refusal, Refused
from models.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; see models.payment.Payment for its kinds and signs. Amounts are in `currency`."""

    id: UUID
    kind: str
    customer_id: UUID
    currency: str
    paid_on: date
    to_invoice: Decimal
    to_credit: Decimal
    invoice_id: UUID | None = None
    credit_note_id: UUID | None = None
    reverses_id: UUID | None = None
    note: str = ""


async def settle(work: Work, entry: Entry, credited: Decimal = ZERO, takes_the_rest: bool = False) -> Decimal:
    """Write the entry and move the balances it moves. Returns what is open of its invoice afterwards, 0 without one.

    `credited` is what a credit note takes off the invoice. Raises Refused when the customer's credit in that currency
    does not reach.
    """
    await work.connection.execute(
        _INSERT, work.organisation_id, entry.id, entry.kind, entry.invoice_id, entry.credit_note_id, entry.customer_id,
        entry.paid_on, entry.to_invoice + entry.to_credit, entry.to_invoice, entry.to_credit, entry.currency,
        entry.reverses_id, entry.note, now(), work.person_id,
    )  # fmt: skip
    await _move_credit(work, entry)
    if entry.invoice_id is None:
        return ZERO
    open_amount: Decimal = await work.connection.fetchval(
        _MOVE_OPEN, work.organisation_id, entry.invoice_id, entry.to_invoice, _paid_by(entry), credited,
        takes_the_rest, now(),
    )  # fmt: skip
    return open_amount


def _paid_by(entry: Entry) -> Decimal:
    """What the invoice counts as paid by the entry: money that came in for it and credit that was used for it."""
    if entry.kind == "payment":
        return entry.to_invoice + entry.to_credit
    return entry.to_invoice if entry.kind == "credit_used" else ZERO


async def _move_credit(work: Work, entry: Entry) -> None:
    if entry.to_credit > 0:
        statement = _GIVE_CREDIT
    elif entry.to_credit < 0:
        statement = _TAKE_CREDIT
    else:
        return
    moved = await work.connection.fetchval(
        statement, work.organisation_id, entry.customer_id, entry.currency, entry.to_credit
    )
    if moved is None:
        raise Refused(Refusal("payment.credit_is_used"))


_INSERT = """
insert into payment (organisation_id, id, kind, invoice_id, credit_note_id, customer_id, paid_on, amount, to_invoice,
    to_credit, currency, reverses_id, note, recorded_at, recorded_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""
_GIVE_CREDIT = """
insert into customer_credit (organisation_id, customer_id, currency, amount) values ($1, $2, $3, $4)
on conflict (organisation_id, customer_id, currency) do update set amount = customer_credit.amount + excluded.amount
returning amount
"""
_TAKE_CREDIT = """
update customer_credit set amount = amount + $4
where organisation_id = $1 and customer_id = $2 and currency = $3 and amount + $4 >= 0 returning amount
"""
_MOVE_OPEN = """
update invoice set open_amount = open_amount - $3, paid_amount = paid_amount + $4,
    credited_amount = credited_amount + $5,
    state = case when open_amount - $3 <> 0 then 'open'
        when $6 or state = 'credited' or (credited_amount + $5 = gross and gross > 0) then 'credited'
        else 'paid' end,
    version = version + 1, changed_at = $7
where organisation_id = $1 and id = $2 returning open_amount
"""
