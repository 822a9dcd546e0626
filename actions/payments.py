"""Payments: registered against an invoice, undone by a counter-entry, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from actions.clock import now
from actions.outcomes import NotFound
from actions.settling import Entry, settle
from domain.dates import today_in
from domain.money import ZERO
from domain.payments import allocate, payment_faults, undo
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
    """What the entry did: the amount still open and what went to the customer's credit. A refund has no invoice."""

    invoice_id: UUID | None
    open_amount: Decimal
    to_credit: Decimal
    customer_id: UUID | None = None


async def register(organisation_id: UUID, person_id: UUID, invoice_id: UUID, entry: PaymentEntry) -> Registered:
    """Register money that came in, in the invoice's currency. More than is open becomes the customer's credit.

    Raises NotFound; Refused for a draft or a credit note, and for what domain.payments.payment_faults finds.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        own = await seller(work)
        found = await payable(work, invoice_id)
        row = found.row
        if await is_written(work, entry.id):
            return Registered(invoice_id, row["open_amount"], ZERO)
        today = today_in(own.time_zone, now())
        faults = payment_faults(entry.amount, entry.paid_on, row["issued_on"], today, row["currency"])
        if faults:
            raise Refused(*faults)
        parts = allocate(row["open_amount"], entry.amount)
        written = Entry(
            entry.id, "payment", row["customer_id"], row["currency"], entry.paid_on, parts.to_invoice,
            parts.to_credit, invoice_id, note=entry.note,
        )  # fmt: skip
        open_amount = await settle(work, written)
        work.audit("payment.registered", "invoice", invoice_id, ["open_amount", "paid_amount"])
        return Registered(invoice_id, open_amount, parts.to_credit)


async def reverse(organisation_id: UUID, person_id: UUID, payment_id: UUID, reversal_id: UUID) -> Registered:
    """Undo an entry by one of the opposite amount. An entry is undone once; a second call changes nothing.

    What a credit note has made of the invoice meanwhile stays credited: that part is taken from the customer's credit.
    Raises NotFound; Refused for an entry that is itself an undoing or a credit note, and when the credit is used up.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        payment = await work.connection.fetchrow(_PAYMENT, work.organisation_id, payment_id)
        if payment is None:
            raise NotFound
        found = await _held(work, payment)
        if payment["reverses_id"] is not None:
            raise Refused(Refusal("payment.is_a_reversal"))
        if payment["kind"] == "credit_note":
            raise Refused(Refusal("payment.is_a_credit_note"))
        open_amount = found.row["open_amount"] if found else ZERO
        if await work.connection.fetchval(_REVERSED, work.organisation_id, payment_id):
            return Registered(payment["invoice_id"], open_amount, ZERO, payment["customer_id"])
        most = found.row["gross"] - found.row["credited_amount"] if found else ZERO
        parts = undo(payment["to_invoice"], payment["to_credit"], open_amount, most)
        entry = Entry(
            reversal_id, payment["kind"], payment["customer_id"], payment["currency"], payment["paid_on"],
            parts.to_invoice, parts.to_credit, payment["invoice_id"], reverses_id=payment_id,
        )  # fmt: skip
        open_amount = await settle(work, entry)
        if found:
            work.audit("payment.reversed", "invoice", found.id, ["open_amount", "paid_amount"])
        else:
            work.audit("payment.refund_reversed", "customer", payment["customer_id"], ["credit"])
        return Registered(payment["invoice_id"], open_amount, parts.to_credit, payment["customer_id"])


async def payable(work: Work, invoice_id: UUID) -> StoredInvoice:
    """The invoice, held until the unit of work ends. Raises NotFound; Refused for a draft or a credit note."""
    found = await stored(work, invoice_id, lock=True)
    if found is None or found.row["deleted_at"] is not None:
        raise NotFound
    if found.is_draft:
        raise Refused(Refusal("payment.invoice_is_draft", "amount"))
    if found.row["kind"] == "credit_note":
        raise Refused(Refusal("payment.of_credit_note", "amount"))
    return found


async def is_written(work: Work, entry_id: UUID) -> bool:
    """Is the entry there already? Then the same form came twice."""
    return bool(await work.connection.fetchval(_EXISTS, work.organisation_id, entry_id))


async def _held(work: Work, payment: Any) -> StoredInvoice | None:
    """The entry's invoice, held; for a refund the customer's credit is, so that two undo one after the other."""
    if payment["invoice_id"] is not None:
        return await stored(work, payment["invoice_id"], lock=True)
    await work.connection.execute(_HOLD_CREDIT, work.organisation_id, payment["customer_id"], payment["currency"])
    return None


_EXISTS = "select exists (select from payment where organisation_id = $1 and id = $2)"
_REVERSED = "select exists (select from payment where organisation_id = $1 and reverses_id = $2)"
_PAYMENT = """
select kind, invoice_id, customer_id, currency, paid_on, to_invoice, to_credit, reverses_id
from payment where organisation_id = $1 and id = $2
"""
_HOLD_CREDIT = """
select from customer_credit where organisation_id = $1 and customer_id = $2 and currency = $3 for update
"""
