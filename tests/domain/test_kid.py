from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import kid
from domain.kid import KidDoesNotFit, Modulus

MOD10 = [
    "12344", "123456782", "00000100016", "100016", "1234566", "20260001233", "1000000123454", "000000018", "75",
    "602243", "9999999999999999999999994", "0000000000000000000000018",
]  # fmt: skip
MOD11 = [
    "12343", "123456785", "00000100013", "100013", "1234560", "20260001230", "1000000123459", "000000019", "78",
    "602248", "9999999999999999999999997", "0000000000000000000000019",
    "0006-", "0023-", "0037-", "0040-", "0054-", "00006-",
]  # fmt: skip
MODULI = st.sampled_from(get_args(Modulus))
VECTORS: list[tuple[str, Modulus]] = [*((text, 10) for text in MOD10), *((text, 11) for text in MOD11)]


@pytest.mark.parametrize(("text", "modulus"), VECTORS)
def test_a_known_kid_is_made_and_accepted(text: str, modulus: Modulus) -> None:
    assert kid.make(text[:-1], len(text), modulus) == text
    assert kid.is_valid(text, modulus)


@pytest.mark.parametrize(
    "text", ["12345", "123456780", "20260001234", "", "A1234", "0", "-", "1234²", "12-4", "1 2344"]
)
def test_what_is_no_kid_is_refused_by_both_checks(text: str) -> None:
    assert not kid.is_valid(text, 10)
    assert not kid.is_valid(text, 11)


def test_a_kid_longer_than_25_is_none() -> None:
    assert not kid.is_valid("0" * 26, 10)


def test_a_kid_is_padded_to_its_agreed_length() -> None:
    assert kid.make("10001", 11) == "00000100016"


@pytest.mark.parametrize(("base", "length"), [("12345", 5), ("1", 26), ("1", 1), ("", 0)])
def test_what_does_not_fit_is_refused(base: str, length: int) -> None:
    with pytest.raises((KidDoesNotFit, ValueError)):
        kid.make(base, length)


def test_the_base_is_digits() -> None:
    with pytest.raises(ValueError, match="digits"):
        kid.make("12a", 8)


def test_the_same_counter_in_two_years_has_two_bases() -> None:
    assert kid.base_for(2026, 123) == "2026000123"
    assert kid.base_for(2027, 123) == "2027000123"
    assert kid.base_for(0, 123) == "123"


@pytest.mark.parametrize(("year", "counter"), [(2026, 1_000_000), (2026, 0), (0, 10**9)])
def test_a_counter_that_would_meet_another_series_is_refused(year: int, counter: int) -> None:
    with pytest.raises(KidDoesNotFit):
        kid.base_for(year, counter)


def test_an_invoice_kid_has_the_agreed_length() -> None:
    assert kid.invoice_kid(0, 2026000123, 11) == "20260001233"
    assert kid.invoice_kid(0, 1042, 9) == kid.make("1042", 9)


def test_customer_and_invoice_numbers_never_run_together() -> None:
    assert kid.invoice_kid(1, 23, 16) != kid.invoice_kid(12, 3, 16)
    assert kid.invoice_kid(42, 2026000123, 16) == kid.make("422026000123", 16)


@pytest.mark.parametrize(("customer", "number"), [(0, 10**10), (-1, 5), (0, -1)])
def test_numbers_outside_their_field_are_refused(customer: int, number: int) -> None:
    with pytest.raises(KidDoesNotFit):
        kid.invoice_kid(customer, number, 25)


SERIES = st.tuples(st.sampled_from([0, 2025, 2026, 2027]), st.integers(1, 999_999))


@given(st.lists(st.tuples(st.integers(0, 999), SERIES), min_size=2, max_size=6, unique=True), MODULI)
def test_two_invoices_never_share_a_kid(invoices: list[tuple[int, tuple[int, int]]], modulus: Modulus) -> None:
    kids = {kid.invoice_kid(customer, int(kid.base_for(*series)), 16, modulus) for customer, series in invoices}
    assert len(kids) == len(invoices)
    assert {len(text) for text in kids} == {16}


@given(st.text("0123456789", min_size=1, max_size=24), MODULI, st.data())
def test_one_wrong_digit_is_always_found(base: str, modulus: Modulus, data: st.DataObject) -> None:
    text = kid.make(base, 25, modulus)
    assert kid.is_valid(text, modulus)
    place = data.draw(st.integers(0, 23))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != text[place]]))
    assert not kid.is_valid(text[:place] + other + text[place + 1 :], modulus)
