"""What customers have to their credit: used on another invoice, or paid back."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from actions.clock import now
from actions.outcomes import NotFound
from actions.payments import PaymentEntry, Registered, is_written, payable
from actions.settling import Entry, settle
from domain.dates import today_in
from domain.money import ZERO
from domain.payments import credit_faults
from domain.refusals import Refusal, Refused
from models.queries.parties import seller
from models.unit_of_work import Work, unit_of_work


async def use(
    organisation_id: UUID, person_id: UUID, invoice_id: UUID, entry_id: UUID, amount: Decimal
) -> Registered:
    """Settle an invoice with the customer's credit in its currency.

    Raises NotFound; Refused for a draft or a credit note, and for an amount that is not above 0, more than is open, or
    more than the credit. `entry_id` comes with the form, so that a double click uses it once.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        own = await seller(work)
        found = await payable(work, invoice_id)
        row = found.row
        if await is_written(work, entry_id):
            return Registered(invoice_id, row["open_amount"], ZERO)
        held = await _credit(work, row["customer_id"], row["currency"])
        faults = list(credit_faults(amount, held, row["currency"]))
        if not faults and amount > row["open_amount"]:
            faults.append(Refusal("payment.more_than_open", "amount"))
        if faults:
            raise Refused(*faults)
        today = today_in(own.time_zone, now())
        entry = Entry(
            entry_id, "credit_used", row["customer_id"], row["currency"], today, amount, -amount, invoice_id
        )
        open_amount = await settle(work, entry)
        work.audit("payment.credit_used", "invoice", invoice_id, ["open_amount", "paid_amount"])
        return Registered(invoice_id, open_amount, -amount)


async def refund(
    organisation_id: UUID, person_id: UUID, customer_id: UUID, currency: str, entry: PaymentEntry
) -> Registered:
    """Register that credit was paid back to the customer. It does not move money by itself.

    Raises NotFound; Refused for an amount that is not above 0 or more than the credit, and a day in the future.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        own = await seller(work)
        if not await work.connection.fetchval(_CUSTOMER, organisation_id, customer_id):
            raise NotFound
        held = await _credit(work, customer_id, currency)
        if not await is_written(work, entry.id):
            faults = list(credit_faults(entry.amount, held, currency))
            if entry.paid_on > today_in(own.time_zone, now()):
                faults.append(Refusal("payment.in_the_future", "paid_on"))
            if faults:
                raise Refused(*faults)
            await settle(
                work,
                Entry(entry.id, "refund", customer_id, currency, entry.paid_on, ZERO, -entry.amount, note=entry.note),
            )
            work.audit("payment.refunded", "customer", customer_id, ["credit"])
        return Registered(None, ZERO, -entry.amount, customer_id)


async def _credit(work: Work, customer_id: UUID, currency: str) -> Decimal:
    """What the customer has to their credit, held until the unit of work ends."""
    return await work.connection.fetchval(_CREDIT, work.organisation_id, customer_id, currency) or ZERO


_CUSTOMER = "select true from customer where organisation_id = $1 and id = $2"
_CREDIT = """
select amount from customer_credit where organisation_id = $1 and customer_id = $2 and currency = $3 for update
"""
