from __future__ import annotations

from datetime import date

import pytest

from domain.vat_terms import TERMS, Term, term_of


@pytest.mark.parametrize(
    ("number", "first", "last", "deadline"),
    [
        (1, "2026-01-01", "2026-02-28", "2026-04-10"),
        (2, "2026-03-01", "2026-04-30", "2026-06-10"),
        (3, "2026-05-01", "2026-06-30", "2026-08-31"),
        (4, "2026-07-01", "2026-08-31", "2026-10-12"),  # the 10th is a Saturday
        (5, "2026-09-01", "2026-10-31", "2026-12-10"),
        (6, "2026-11-01", "2026-12-31", "2027-02-10"),
    ],
)
def test_a_term_has_two_months_and_a_deadline_on_a_weekday(number: int, first: str, last: str, deadline: str) -> None:
    term = Term(2026, number)
    assert [str(day) for day in (term.first, term.last, term.deadline)] == [first, last, deadline]


@pytest.mark.parametrize(
    ("year", "number", "deadline"),
    [
        (2023, 1, "2023-04-11"),  # the 10th is Easter Monday
        (2030, 2, "2030-06-11"),  # the 10th is Whit Monday
    ],
)
def test_a_deadline_on_a_public_holiday_is_the_next_working_day(year: int, number: int, deadline: str) -> None:
    assert str(Term(year, number).deadline) == deadline


def test_a_year_is_a_term_of_its_own_without_a_deadline() -> None:
    assert (Term(2028).first, Term(2028).last, Term(2028).deadline) == (date(2028, 1, 1), date(2028, 12, 31), None)


def test_every_day_is_in_the_term_that_is_said_to_hold_it() -> None:
    for ordinal in range(date(2027, 12, 20).toordinal(), date(2028, 3, 5).toordinal()):
        day = date.fromordinal(ordinal)
        term = term_of(day)
        assert term.number in TERMS and term.first <= day <= term.last
