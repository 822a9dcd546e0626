"""Payments against an invoice: what goes where, and what state that leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, cast

from domain.dates import is_overdue
from domain.money import ZERO, round_half_up
from domain.refusals import Refusal

State = Literal["paid", "open", "overdue", "credited", "note"]
# Paid before it was invoiced happens; more than a year before is a slip of the year.
LONGEST_PREPAID = timedelta(days=366)
TOO_LARGE = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Allocation:
    """How a payment is divided: what settles the invoice, and what the customer has to their credit."""

    to_invoice: Decimal
    to_credit: Decimal


def allocate(open_amount: Decimal, amount: Decimal) -> Allocation:
    """Settle as much of `open_amount` as `amount` reaches; the rest becomes the customer's credit, so that an invoice is
    never open with less than nothing. Both in the invoice's currency; `amount` is above 0."""
    to_invoice = min(amount, max(open_amount, ZERO))
    return Allocation(to_invoice, amount - to_invoice)


def settle_by_credit(open_amount: Decimal, amount: Decimal) -> Allocation:
    """How a credit note is divided: what is open falls first; what was paid already becomes the customer's credit."""
    return allocate(open_amount, amount)


def undo(to_invoice: Decimal, to_credit: Decimal, open_amount: Decimal, most: Decimal) -> Allocation:
    """The counter-entry of an entry. `most` is what can be open of the invoice at all, its credit notes taken off: what
    would be open beyond it was credited meanwhile, so it comes out of the customer's credit instead."""
    beyond = max(open_amount + to_invoice - most, ZERO)
    return Allocation(beyond - to_invoice, -to_credit - beyond)


def credit_faults(amount: Decimal, held: Decimal, currency: str) -> tuple[Refusal, ...]:
    """Why so much of a customer's credit can not be used: not above 0, too many decimals, or more than is `held`."""
    if not amount.is_finite() or amount <= 0:
        return (Refusal("payment.amount_not_positive", "amount"),)
    if amount != round_half_up(amount, currency):
        return (Refusal("payment.too_many_decimals", "amount", {"currency": currency}),)
    if amount > held:
        return (Refusal("payment.credit_too_small", "amount", {"currency": currency}),)
    return ()


def state_of(open_amount: Decimal, due_on: date, today: date, stored: str = "") -> State:
    """Paid when nothing is open, else overdue from the day after the due date. `today` is the company's day; `stored` is
    the state that the row has, which knows what was credited and what is a credit note."""
    if stored in ("credited", "note"):
        return cast(State, stored)
    if open_amount <= 0:
        return "paid"
    return "overdue" if is_overdue(due_on, today) else "open"


def payment_faults(
    amount: Decimal, paid_on: date, issued_on: date, today: date, currency: str
) -> tuple[Refusal, ...]:
    """Why a payment can not be registered: an amount that is not above 0, has more decimals than `currency` or is too
    large; a day in the future, or more than a year before the invoice."""
    faults = []
    if not amount.is_finite() or amount <= 0:
        faults.append(Refusal("payment.amount_not_positive", "amount"))
    elif amount >= TOO_LARGE:
        faults.append(Refusal("payment.amount_too_large", "amount"))
    elif amount != round_half_up(amount, currency):
        faults.append(Refusal("payment.too_many_decimals", "amount", {"currency": currency}))
    if paid_on > today:
        faults.append(Refusal("payment.in_the_future", "paid_on"))
    elif paid_on < issued_on - LONGEST_PREPAID:
        faults.append(Refusal("payment.long_before_invoice", "paid_on"))
    return tuple(faults)
