from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.payments import Allocation, allocate, payment_faults, state_of

ISSUED, TODAY, DUE = date(2026, 11, 1), date(2026, 11, 22), date(2026, 11, 15)
CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents).scaleb(-2))


@pytest.mark.parametrize(
    ("open_amount", "amount", "to_invoice", "to_credit"),
    [
        ("1250.00", "1250.00", "1250.00", "0.00"),
        ("1250.00", "500.00", "500.00", "0.00"),
        ("1250.00", "1300.00", "1250.00", "50.00"),
        ("0.00", "100.00", "0.00", "100.00"),
        ("-5.00", "100.00", "0.00", "100.00"),
    ],
)
def test_what_is_more_than_the_open_amount_becomes_credit(
    open_amount: str, amount: str, to_invoice: str, to_credit: str
) -> None:
    allocation = allocate(Decimal(open_amount), Decimal(amount))
    assert allocation == Allocation(Decimal(to_invoice), Decimal(to_credit))


@given(CENTS, CENTS)
def test_a_payment_is_never_lost_and_never_overpays(open_amount: Decimal, amount: Decimal) -> None:
    allocation = allocate(open_amount, amount)
    assert allocation.to_invoice + allocation.to_credit == amount
    assert 0 <= allocation.to_invoice <= open_amount
    assert allocation.to_credit >= 0


@pytest.mark.parametrize(
    ("open_amount", "today", "state"),
    [
        ("0.00", date(2027, 1, 1), "paid"),
        ("0.01", DUE, "open"),
        ("0.01", date(2026, 11, 16), "overdue"),
        ("100.00", ISSUED, "open"),
    ],
)
def test_an_invoice_is_paid_open_or_overdue(open_amount: str, today: date, state: str) -> None:
    assert state_of(Decimal(open_amount), DUE, today) == state


def faults(amount: str = "100.00", paid_on: date = TODAY, currency: str = "NOK") -> list[tuple[str, str | None]]:
    found = payment_faults(Decimal(amount), paid_on, ISSUED, TODAY, currency)
    return [(refusal.code, refusal.field) for refusal in found]


def test_a_payment_of_today_or_before_the_invoice_is_taken() -> None:
    assert faults() == []
    assert faults(paid_on=date(2026, 10, 1)) == []


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity"])
def test_an_amount_is_above_zero(amount: str) -> None:
    assert faults(amount) == [("payment.amount_not_positive", "amount")]


def test_an_amount_fits_its_currency() -> None:
    assert faults("0.005") == [("payment.too_many_decimals", "amount")]
    assert faults("0.5", currency="JPY") == [("payment.too_many_decimals", "amount")]
    assert faults("1000000000000") == [("payment.amount_too_large", "amount")]


def test_a_payment_is_neither_in_the_future_nor_in_another_year() -> None:
    assert faults(paid_on=date(2026, 11, 23)) == [("payment.in_the_future", "paid_on")]
    assert faults(paid_on=date(2025, 10, 1)) == [("payment.long_before_invoice", "paid_on")]


def test_every_fault_is_said_at_once() -> None:
    assert len(faults("0", date(2027, 1, 1))) == 2
