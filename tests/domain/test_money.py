from __future__ import annotations

import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import money

D = decimal.Decimal

CENTS = st.integers(-(10**9), 10**9).map(lambda cents: D(cents).scaleb(-2))


@pytest.mark.parametrize(
    ("amount", "rate", "vat"),
    [
        ("99.90", "25", "24.98"),
        ("0.50", "25", "0.13"),
        ("33.30", "15", "5.00"),
        ("0.02", "25", "0.01"),
        ("1000", "11.11", "111.10"),
        ("12.34", "12", "1.48"),
        ("8180.00", "9.975", "815.96"),
        ("-8180.00", "9.975", "-815.96"),
    ],
)
def test_half_is_rounded_away_from_zero(amount: str, rate: str, vat: str) -> None:
    assert money.round_half_up(D(amount) * D(rate) / 100) == D(vat)


@pytest.mark.parametrize(
    ("currency", "places"), [("NOK", 2), ("EUR", 2), ("RSD", 2), ("JPY", 0), ("ISK", 0), ("KWD", 3), ("CLF", 4)]
)
def test_a_currency_has_the_decimals_that_iso_4217_gives_it(currency: str, places: int) -> None:
    assert money.decimals(currency) == places
    assert money.smallest(currency) == D(10) ** -places


def test_an_amount_is_written_with_all_its_decimals() -> None:
    assert str(money.round_half_up(D("5"))) == "5.00"
    assert str(money.round_half_up(D("999.5"), "JPY")) == "1000"


def test_nothing_is_never_minus_nothing() -> None:
    assert str(money.round_half_up(D("-0.004"))) == "0.00"


def test_currencies_are_sorted_and_have_room_on_an_invoice() -> None:
    assert list(money.CURRENCIES) == sorted(set(money.CURRENCIES))
    assert {"NOK", "EUR", "SEK", "DKK", "USD", "GBP", "JPY"} <= set(money.CURRENCIES)
    assert "BGN" not in money.CURRENCIES
    assert all(money.decimals(currency) <= 2 for currency in money.CURRENCIES)


def test_what_is_left_goes_to_the_largest_remainders() -> None:
    third = D("79.99") / 3
    assert money.split(D("79.99"), [third] * 3, "NOK") == (D("26.67"), D("26.66"), D("26.66"))


def test_weights_that_cancel_out_leave_all_to_the_first() -> None:
    assert money.split_by_weight(D("10.00"), [D(5), D(-5)], "NOK") == (D("10.00"), D("0.00"))


@given(CENTS, st.lists(CENTS, min_size=1, max_size=8))
def test_parts_always_add_up(total: D, weights: list[D]) -> None:
    parts = money.split_by_weight(total, weights, "NOK")
    assert sum(parts) == total
    assert all(part == money.round_half_up(part) for part in parts)


@given(CENTS, st.lists(CENTS, min_size=1, max_size=8).filter(lambda weights: sum(weights) != 0))
def test_a_negative_total_is_split_as_its_mirror_image(total: D, weights: list[D]) -> None:
    parts = money.split_by_weight(total, weights, "NOK")
    assert money.split_by_weight(-total, weights, "NOK") == tuple(-part for part in parts)
