"""How long accounting law wants an issued document kept."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.privacy.accounting import LAWS, kept_until, year_end


@pytest.mark.parametrize(
    ("issued", "country", "last_month", "until"),
    [
        (date(2026, 12, 31), "NO", 12, date(2031, 12, 31)),
        (date(2027, 1, 1), "NO", 12, date(2032, 12, 31)),
        # An accounting year that ends in June, or with the leap day.
        (date(2026, 6, 30), "NO", 6, date(2031, 6, 30)),
        (date(2026, 7, 1), "NO", 6, date(2032, 6, 30)),
        (date(2023, 3, 1), "NO", 2, date(2029, 2, 28)),
        (date(2024, 2, 29), "NO", 2, date(2029, 2, 28)),
        # From the end of the calendar year in which the accounting year ended.
        (date(2026, 7, 1), "SE", 6, date(2034, 12, 31)),
        (date(2026, 7, 1), "DE", 12, date(2034, 12, 31)),
        (date(2026, 7, 1), "FI", 12, date(2032, 12, 31)),
        (date(2026, 7, 1), "BR", 12, date(2036, 12, 31)),
    ],
)
def test_p11_the_period_runs_from_the_end_of_the_accounting_year(
    issued: date, country: str, last_month: int, until: date
) -> None:
    assert kept_until(issued, country, last_month) == until


def test_p40_another_country_another_period() -> None:
    assert len({kept_until(date(2026, 3, 1), country) for country in LAWS}) > 2


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 12), st.sampled_from([*LAWS, "XX"]))
def test_nothing_is_kept_for_less_than_five_years(day: date, last_month: int, country: str) -> None:
    assert day <= year_end(day, last_month) and (year_end(day, last_month) - day).days < 366
    assert (kept_until(day, country, last_month) - day).days >= 5 * 365
