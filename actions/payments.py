"""Payments: registered against an invoice, undone by a counter-entry, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from actions.clock import now
from actions.outcomes import NotFound
from domain.dates import today_in
from domain.money import ZERO
from domain.payments import allocate, payment_faults
from domain.refusals import Refusal, Refused
from models.queries.invoices import StoredInvoice, stored
from models.queries.parties import seller
from models.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class PaymentEntry:
    """A payment as typed. `id` comes with the form, so that a double click registers it once."""

    id: UUID
    amount: Decimal
    paid_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """What the payment did: the amount still open and what went to the customer's credit."""

    invoice_id: UUID
    open_amount: Decimal
    to_credit: Decimal


async def register(organisation_id: UUID, person_id: UUID, invoice_id: UUID, entry: PaymentEntry) -> Registered:
    """Register money that came in, in the invoice's currency. More than is open becomes the customer's credit.

    Raises NotFound; Refused for a draft, and for what domain.payments.payment_faults finds.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        own = await seller(work)
        found = await _locked(work, invoice_id)
        row = found.row
        if found.is_draft:
            raise Refused(Refusal("payment.invoice_is_draft", "amount"))
        if await work.connection.fetchval(_EXISTS, work.organisation_id, entry.id):
            return Registered(invoice_id, row["open_amount"], ZERO)
        today = today_in(own.time_zone, now())
        faults = payment_faults(entry.amount, entry.paid_on, row["issued_on"], today, row["currency"])
        if faults:
            raise Refused(*faults)
        parts = allocate(row["open_amount"], entry.amount)
        await _insert(work, found, entry.id, entry.paid_on, parts.to_invoice, parts.to_credit, None, entry.note)
        open_amount = await _settle(work, found, parts.to_invoice, parts.to_credit)
        work.audit("payment.registered", "invoice", invoice_id, ["open_amount", "paid_amount"])
        return Registered(invoice_id, open_amount, parts.to_credit)


async def reverse(organisation_id: UUID, person_id: UUID, payment_id: UUID, reversal_id: UUID) -> Registered:
    """Undo a payment by an entry of the opposite amounts. A payment is undone once; a second call changes nothing.

    Raises NotFound; Refused for an entry that is itself an undoing, and when the credit it gave is used up.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        payment = await work.connection.fetchrow(_PAYMENT, work.organisation_id, payment_id)
        if payment is None:
            raise NotFound
        found = await _locked(work, payment["invoice_id"])
        if payment["reverses_id"] is not None:
            raise Refused(Refusal("payment.is_a_reversal"))
        if await work.connection.fetchval(_REVERSED, work.organisation_id, payment_id):
            return Registered(found.id, found.row["open_amount"], ZERO)
        to_invoice, to_credit = -payment["to_invoice"], -payment["to_credit"]
        await _insert(work, found, reversal_id, payment["paid_on"], to_invoice, to_credit, payment_id, "")
        open_amount = await _settle(work, found, to_invoice, to_credit)
        work.audit("payment.reversed", "invoice", found.id, ["open_amount", "paid_amount"])
        return Registered(found.id, open_amount, to_credit)


async def _locked(work: Work, invoice_id: UUID) -> StoredInvoice:
    found = await stored(work, invoice_id, lock=True)
    if found is None or found.row["deleted_at"] is not None:
        raise NotFound
    return found


async def _insert(
    work: Work,
    found: StoredInvoice,
    payment_id: UUID,
    paid_on: date,
    to_invoice: Decimal,
    to_credit: Decimal,
    reverses_id: UUID | None,
    note: str,
) -> None:
    await work.connection.execute(
        _INSERT, work.organisation_id, payment_id, found.id, found.row["customer_id"], paid_on,
        to_invoice + to_credit, to_invoice, to_credit, found.row["currency"], reverses_id, note, now(),
        work.person_id,
    )  # fmt: skip


async def _settle(work: Work, found: StoredInvoice, to_invoice: Decimal, to_credit: Decimal) -> Decimal:
    """Move the stored balances; the customer's row before the invoice's sums, as everywhere."""
    if to_credit:
        credit = await work.connection.fetchval(
            _MOVE_CREDIT, work.organisation_id, found.row["customer_id"], to_credit
        )
        if credit < 0:
            raise Refused(Refusal("payment.credit_is_used"))
    open_amount: Decimal = await work.connection.fetchval(
        _MOVE_OPEN, work.organisation_id, found.id, to_invoice, to_invoice + to_credit, now()
    )
    return open_amount


_EXISTS = "select exists (select from payment where organisation_id = $1 and id = $2)"
_REVERSED = "select exists (select from payment where organisation_id = $1 and reverses_id = $2)"
_PAYMENT = """
select invoice_id, paid_on, to_invoice, to_credit, reverses_id from payment where organisation_id = $1 and id = $2
"""
_INSERT = """
insert into payment (organisation_id, id, invoice_id, customer_id, paid_on, amount, to_invoice, to_credit, currency,
    reverses_id, note, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
_MOVE_CREDIT = """
update customer set credit = credit + $3 where organisation_id = $1 and id = $2 returning credit
"""
_MOVE_OPEN = """
update invoice set open_amount = open_amount - $3, paid_amount = paid_amount + $4,
    state = case when open_amount - $3 = 0 then 'paid' else 'open' end, version = version + 1, changed_at = $5
where organisation_id = $1 and id = $2 returning open_amount
"""
