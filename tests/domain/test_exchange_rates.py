from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from domain.exchange_rates import DailyRates, from_euro, read_norges_bank, read_rate
from domain.refusals import Invalid

HEADER = (
    "FREQ;Frequency;BASE_CUR;Base Currency;QUOTE_CUR;Quote Currency;TENOR;Tenor;DECIMALS;CALCULATED;"
    "UNIT_MULT;Unit Multiplier;COLLECTION;Collection Indicator;TIME_PERIOD;OBS_VALUE\n"
)


def row(currency: str, value: str, power: str = "0", day: str = "2026-11-20") -> str:
    return f"B;Business;{currency};x;NOK;Norwegian krone;SP;Spot;4;false;{power};Units;C;ECB 14:15;{day};{value}\n"


def test_norges_bank_gives_kroner_for_one_or_a_hundred_units() -> None:
    rates = read_norges_bank(HEADER + row("EUR", "11.7345") + row("SEK", "107.52", "2") + row("JPY", "6.5", "2"))
    assert (rates.source, rates.day) == ("Norges Bank", date(2026, 11, 20))
    assert rates.rate("EUR", "NOK") == Decimal("11.7345")
    assert rates.rate("SEK", "NOK") == Decimal("1.0752")
    assert rates.rate("JPY", "NOK") == Decimal("0.065")
    assert rates.rate("NOK", "NOK") == 1


def test_only_the_latest_day_of_the_file_counts() -> None:
    rates = read_norges_bank(
        HEADER + row("EUR", "11.5", day="2026-11-19") + row("EUR", "11.6") + row("BGN", "6", day="2025-12-31")
    )
    assert rates.rate("EUR", "NOK") == Decimal("11.6")
    with pytest.raises(Invalid):
        rates.rate("BGN", "NOK")


def test_rates_between_two_foreign_currencies_are_exact_until_they_are_shown() -> None:
    rates = from_euro("ECB", date(2026, 11, 20), {"NOK": Decimal("11.70"), "USD": Decimal("1.08")})
    assert rates.rate("EUR", "NOK") == Decimal("11.70")
    assert rates.rate("USD", "NOK") == Decimal("10.83333333")
    assert rates.rate("NOK", "EUR") == Decimal("0.08547009")


def test_a_currency_without_a_rate_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        DailyRates("x", date(2026, 11, 20), {"NOK": Fraction(1)}).rate("XTS", "NOK")
    assert refused.value.code == "currency.no_rate"


@pytest.mark.parametrize(("text", "rate"), [("11.7345", "11.7345"), ("11,7345", "11.7345"), ("1,145.56", "1145.56")])
def test_a_rate_is_read_with_a_point_or_a_comma(text: str, rate: str) -> None:
    assert read_rate(text) == Decimal(rate)


@pytest.mark.parametrize("text", ["", "0", "-1", "NaN", "Infinity", "1e99", "1e-99", "ten", "1.2.3"])
def test_what_is_no_rate_is_not_used(text: str) -> None:
    with pytest.raises(ValueError):
        read_rate(text)


@pytest.mark.parametrize(
    "text",
    ["", "<html>", HEADER, "BASE_CUR;OBS_VALUE\nEUR;1\n", HEADER + row("EUR", "11.7", "99"), HEADER + row("EUR", "x"),
     HEADER + row("EUR", "11.7", day="yesterday")],
    ids=lambda text: repr(text[-20:]),
)  # fmt: skip
def test_a_file_that_is_not_norges_bank_s_is_not_used(text: str) -> None:
    with pytest.raises(ValueError):
        read_norges_bank(text)
