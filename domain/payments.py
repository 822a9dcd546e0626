"""Payments against an invoice: what goes where, and what state that leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from domain.dates import is_overdue
from domain.money import ZERO, round_half_up
from domain.refusals import Refusal

State = Literal["paid", "open", "overdue"]
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


def state_of(open_amount: Decimal, due_on: date, today: date) -> State:
    """Paid when nothing is open, else overdue from the day after the due date. `today` is the company's day."""
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
