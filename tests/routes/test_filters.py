from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from routes.filters import Filters
from routes.templates import environment_for

LOCALES = {"nb": "nb_NO", "en": "en_GB"}
LANGUAGES = st.sampled_from(list(LOCALES))
AMOUNTS = st.decimals(-(10**12), 10**12, places=2).map(lambda value: value + 0)
FINE = st.decimals(-(10**10), 10**10, places=4).map(lambda value: value + 0)
DAYS = st.dates(date(1970, 1, 1), date(2199, 12, 31))
NBSP = "\u00a0"


def spelled(text: str) -> str:
    """What Babel writes, with the minus sign instead of the hyphen."""
    return text.replace("-", "\u2212")


@given(LANGUAGES, AMOUNTS)
def test_an_amount_is_written_as_babel_writes_it(language: str, value: Decimal) -> None:
    expected = format_decimal(value, "#,##0.00", locale=LOCALES[language])
    assert Filters(language).money(value) == spelled(expected)


@given(LANGUAGES, FINE)
def test_a_quantity_and_a_price_are_written_as_babel_writes_them(language: str, value: Decimal) -> None:
    locale = LOCALES[language]
    assert Filters(language).quantity(value) == spelled(format_decimal(value, "#,##0.####", locale=locale))
    assert Filters(language).price(value) == spelled(format_decimal(value, "#,##0.00##", locale=locale))


@given(LANGUAGES, DAYS)
def test_a_day_is_written_as_babel_writes_it(language: str, value: date) -> None:
    pattern = "dd.MM.y" if language == "nb" else "d MMM y"
    assert Filters(language).day(value) == format_date(value, pattern, locale=LOCALES[language])


@given(LANGUAGES, st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30)))  # noqa: DTZ001 - made aware below
def test_a_moment_is_written_as_babel_writes_it(language: str, value: datetime) -> None:
    moment = value.replace(tzinfo=UTC)
    pattern = "dd.MM.y HH:mm" if language == "nb" else "d MMM y HH:mm"
    template = environment_for(language).from_string("{{ moment|datetime }} {{ moment|time }}")
    expected = [format_datetime(moment, form, tzinfo=ZoneInfo("Asia/Tokyo"), locale=LOCALES[language])
                for form in (pattern, "HH:mm")]  # fmt: skip
    assert template.render(moment=moment, time_zone="Asia/Tokyo") == " ".join(expected)


@pytest.mark.parametrize(
    ("language", "value", "currency", "shown"),
    [
        ("nb", Decimal("1234567.5"), "NOK", f"1{NBSP}234{NBSP}567,50"),
        ("en", Decimal("-1234.50"), "NOK", "\u22121,234.50"),
        ("nb", Decimal("-0.00"), "NOK", "0,00"),
        ("nb", Decimal("1234"), "JPY", f"1{NBSP}234"),
        ("nb", 0, "NOK", "0,00"),
    ],
)
def test_amounts_follow_their_currency(language: str, value: Decimal, currency: str, shown: str) -> None:
    assert Filters(language).money(value, currency) == shown


def test_percents_and_counts_are_written_as_each_language_does() -> None:
    assert Filters("nb").percent(Decimal("12.50")) == f"12,5{NBSP}%"
    assert Filters("en").percent(25) == "25%"
    assert Filters("nb").count(100000) == f"100{NBSP}000"


def test_months_have_their_names() -> None:
    day = date(2026, 11, 23)
    assert (Filters("nb").month(day), Filters("nb").month_and_year(day)) == ("nov", "november 2026")
    assert Filters("nb").long_date(day) == "Mandag 23. november"
    assert Filters("en").long_date(day) == "Monday 23 November"


def test_no_date_is_nothing() -> None:
    assert Filters("nb").day(None) == Filters("en").typed_date(None) == ""
