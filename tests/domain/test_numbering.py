from __future__ import annotations

from datetime import UTC, date, datetime

from domain.dates import today_in
from domain.numbering import display, series_year


def test_a_continuous_series_has_no_year() -> None:
    assert series_year(date(2026, 11, 22), yearly=False) == 0
    assert display(0, 1042) == "1042"


def test_a_yearly_series_has_the_year_of_the_invoice() -> None:
    assert series_year(date(2026, 11, 22), yearly=True) == 2026
    assert display(2027, 1) == "2027-0001"
    assert display(2027, 12345) == "2027-12345"


def test_new_year_comes_first_in_oslo() -> None:
    now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert series_year(today_in("Europe/Oslo", now), yearly=True) == 2027
