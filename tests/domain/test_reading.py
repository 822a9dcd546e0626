from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import languages
from domain.reading import Unreadable, read_date, read_decimal, show_date, show_decimal

NBSP, THIN, NARROW, FIGURE = "\u00a0", "\u2009", "\u202f", "\u2007"
LANGUAGES = st.sampled_from(list(languages.LANGUAGES))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234.50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1’234.50", "1234.50"),
        (f"1{NBSP}234,50", "1234.50"),
        (f"1{THIN}234,50", "1234.50"),
        (f"1{NARROW}234,50", "1234.50"),
        (f"1{FIGURE}234,50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("\u2212" + "5", "-5"),
        ("- 5,5", "-5.5"),
        ("–5", "-5"),
        ("+5", "5"),
        ("  12  ", "12"),
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("1234.567", "1234.567"),
        ("1234,567", "1234.567"),
        ("0.123", "0.123"),
        ("0,123", "0.123"),
        (",5", "0.5"),
        (".5", "0.5"),
        ("5,", "5"),
        ("500,-", "500"),
        ("500.-", "500"),
        ("1 500,–", "1500"),
    ],
)
def test_a_number_is_read_as_people_type_it(text: str, value: str) -> None:
    for language in languages.LANGUAGES:
        assert read_decimal(text, 4, language=language) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.234", "nb", "1234"),
        ("1.234", "nn", "1234"),
        ("1.234", "en", "1.234"),
        ("1,234", "nb", "1.234"),
        ("1,234", "en", "1234"),
        ("12,345", "en", "12345"),
        ("-1.234", "nb", "-1234"),
    ],
)
def test_what_can_be_read_in_two_ways_is_read_by_the_language(text: str, language: str, value: str) -> None:
    assert read_decimal(text, 4, language=language) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "abc", "NaN", "nan", "inf", "-Infinity", "1e5", "1E5", "1_000", "--5", "5-", "1 2345", "12 34", "1234 567",
        "1.23.456", "1,23,456", "1.234,567.8", "1,234.567,8", "1 234 56", ".", ",", "-", "+", ",-", "1..2", "1.,2",
        "٣", "½", "5²", "0x10", "1 .5", "1. 5", "1\n2", "5 kr", "1/2", "1.234 567",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_decimal(text, 4)
    assert refused.value.code == "number.unreadable"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number.empty"),
        (" \u00a0", "number.empty"),
        ("1,234", "number.too_many_decimals"),
        ("1,000", "number.too_many_decimals"),
        ("1234567890123", "number.too_long"),
        ("1 234 567 890 123,00", "number.too_long"),
        ("0" * 41, "number.too_long"),
    ],
)
def test_each_refusal_says_why(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_decimal(text, 2, 14, "nb")
    assert refused.value.code == code


def test_the_largest_number_that_fits_is_read() -> None:
    assert read_decimal("999 999 999 999,99", 2) == Decimal("999999999999.99")
    assert read_decimal("0000000000001,00", 2) == Decimal("1.00")


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        ("1234.5", "nb", f"1{NBSP}234,50"),
        ("1234.5", "nn", f"1{NBSP}234,50"),
        ("1234.5", "en", "1,234.50"),
        ("-1234567.891", "nb", f"\u22121{NBSP}234{NBSP}567,89"),
        ("-5", "en", "-5.00"),
        ("-1234567.891", "de", "-1.234.567,89"),
        ("1234.5", "fr", f"1{NBSP}234,50"),
        ("1234.5", "sv", f"1{NBSP}234,50"),
        ("1234.5", "es", "1.234,50"),
        ("1234.5", "xx", "1,234.50"),
        ("-0.001", "nb", "0,00"),
        ("0.005", "nb", "0,01"),
    ],
)
def test_an_amount_is_shown_as_its_reader_writes_it(value: str, language: str, shown: str) -> None:
    assert show_decimal(Decimal(value), language) == shown


def test_a_quantity_shows_only_the_decimals_it_has() -> None:
    assert show_decimal(Decimal("2.5000"), "nb", 0, 4) == "2,5"
    assert show_decimal(Decimal("2.0000"), "nb", 0, 4) == "2"
    assert show_decimal(Decimal("2"), "en", 0, 4) == "2"
    assert show_decimal(Decimal("99.1234"), "nb", 2, 4) == "99,1234"


@given(st.integers(-(10**14) + 1, 10**14 - 1), st.sampled_from([0, 2, 4]), LANGUAGES)
def test_what_is_shown_is_read_back(digits: int, places: int, language: str) -> None:
    value = Decimal(digits).scaleb(-places)
    assert read_decimal(show_decimal(value, language, 0, places), places, 14, language) == value
    assert read_decimal(show_decimal(value, language, places, places), places, 14, language) == value


@given(st.one_of(st.text(max_size=50), st.text("0123456789 .,-'", max_size=12)), LANGUAGES)
def test_any_text_is_a_number_that_fits_or_refused(text: str, language: str) -> None:
    try:
        value = read_decimal(text, 2, 14, language)
    except Unreadable:
        return
    assert value.is_finite()
    assert abs(value) < 10**12
    assert value == round(value, 2)


@pytest.mark.parametrize(
    "text", ["22.11.2026", "2026-11-22", "22/11/2026", "22-11-2026", "22.11.26", " 22. 11. 2026 ", "2026-11-22 "]
)
def test_a_date_is_read_as_people_type_it(text: str) -> None:
    assert {read_date(text, language) for language in languages.LANGUAGES} == {date(2026, 11, 22)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date.empty"),
        ("   ", "date.empty"),
        ("tomorrow", "date.unreadable"),
        ("31.02.2026", "date.unreadable"),
        ("29.02.2027", "date.unreadable"),
        ("11/22/2026", "date.unreadable"),
        ("22.11", "date.unreadable"),
        ("22.11.202", "date.unreadable"),
        ("0.1.2026", "date.unreadable"),
        ("٢٢.١١.٢٠٢٦", "date.unreadable"),
        ("2026-11-22T10:00", "date.unreadable"),
        ("22.11.1026", "date.out_of_range"),
        ("22.11.9026", "date.out_of_range"),
        ("0001-01-01", "date.out_of_range"),
    ],
)
def test_a_date_that_is_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_date(text)
    assert refused.value.code == code


@given(st.dates(date(1970, 1, 1), date(2199, 12, 31)), LANGUAGES)
def test_a_shown_date_is_read_back(day: date, language: str) -> None:
    assert read_date(show_date(day, language), language) == day
    assert read_date(day.isoformat(), language) == day
