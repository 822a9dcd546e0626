from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import today_in
from domain.numbering import NumberSought, display, parse_search, series_year


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


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("1042", NumberSought(None, 1042)),
        (" #1042 ", NumberSought(None, 1042)),
        ("nr. 7", NumberSought(None, 7)),
        ("2027-0001", NumberSought(2027, 1)),
        ("2027/1", NumberSought(2027, 1)),
        ("Nr 2027 – 12", NumberSought(2027, 12)),
    ],
)
def test_a_number_is_found_as_people_write_it(text: str, sought: NumberSought) -> None:
    assert parse_search(text) == sought


@pytest.mark.parametrize("text", ["", "Nordlys", "20-1", "1042a", "12345678901", "-5", "١٢٣", "2027-"])
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    assert parse_search(text) is None


@given(st.integers(2000, 2100), st.integers(1, 10**8))
def test_every_printed_number_can_be_searched_for(year: int, counter: int) -> None:
    assert parse_search(display(year, counter)) == NumberSought(year, counter)
    assert parse_search(display(0, counter)) == NumberSought(None, counter)
