"""The clock and the states of requests about personal data."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.holidays import holidays
from domain.privacy import request_words
from domain.privacy.requests import (
    ALERTS,
    CLOSED,
    OPEN,
    Channel,
    Clock,
    Decision,
    Identity,
    Kind,
    State,
    alert_due,
    check_decision,
    due_day,
    extended_day,
    may_become,
    reference_of,
)
from domain.refusals import Refused

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2027-08-31", "2027-09-30"),  # a shorter month
        ("2028-01-31", "2028-02-29"),  # a leap year
        ("2026-01-31", "2026-03-02"),  # 28 February is a Saturday
        ("2027-01-31", "2027-03-01"),  # 28 February is a Sunday
        ("2027-02-28", "2027-03-30"),  # 28 March is Easter Sunday, the 29th Easter Monday
        ("2026-08-31", "2026-09-30"),
        ("2026-11-25", "2026-12-28"),  # Christmas, a Friday, and a weekend
        ("2026-04-01", "2026-05-04"),  # 1 May is a Friday
        ("2026-04-17", "2026-05-18"),  # 17 May is a Sunday
        ("2026-11-23", "2026-12-23"),
    ],
)
def test_p13_the_answer_is_due_on_the_same_date_next_month_or_the_next_working_day(received: str, due: str) -> None:
    """P-13, Reg. 1182/71 Art. 3"""
    assert due_day(date.fromisoformat(received)) == date.fromisoformat(due)


def test_p13_norways_holidays_give_no_more_time_elsewhere() -> None:
    """17 May 2027 is a Monday, and a Saturday is none anywhere."""
    assert due_day(date(2027, 4, 17)) == date(2027, 5, 18)
    assert due_day(date(2027, 4, 17), country="SE") == date(2027, 5, 17)
    assert due_day(date(2027, 4, 15), country="SE") == date(2027, 5, 17)
    clock = Clock(date(2027, 2, 17), due_day(date(2027, 2, 17)))
    assert extended_day(clock, date(2027, 3, 1), "Complex", "SE") == date(2027, 5, 17)
    assert extended_day(clock, date(2027, 3, 1), "Complex") == date(2027, 5, 18)


@given(DAYS)
def test_p13_the_last_day_is_a_working_day_within_a_month_and_the_days_that_are_none(received: date) -> None:
    due = due_day(received)
    assert due.weekday() < 5 and due not in holidays(due.year)
    assert timedelta(28) <= due - received <= timedelta(31 + 6)
    assert due_day(received, 3) > due


@given(DAYS)
def test_p13_a_later_request_is_never_due_earlier(received: date) -> None:
    assert due_day(received) <= due_day(received + timedelta(days=1))


@pytest.mark.parametrize(
    ("year", "easter_monday"),
    [(2024, "2024-04-01"), (2025, "2025-04-21"), (2026, "2026-04-06"), (2027, "2027-03-29")],
)
def test_easter_monday_is_a_holiday_on_its_day_of_each_year(year: int, easter_monday: str) -> None:
    assert date.fromisoformat(easter_monday) in holidays(year)


def test_the_time_is_extended_once_inside_the_first_month_and_with_a_reason() -> None:
    """GDPR Art. 12(3)"""
    clock = Clock(date(2026, 11, 23), date(2026, 12, 23))
    assert extended_day(clock, date(2026, 12, 23), "Mange bilag") == date(2027, 2, 23)
    for wrong, today, reason in (
        (clock, date(2026, 12, 24), "Mange bilag"),
        (clock, date(2026, 12, 1), "  "),
        (Clock(clock.received_on, clock.due_on, date(2027, 2, 23)), date(2026, 12, 1), "Mer"),
        (Clock(clock.received_on, clock.due_on, closed_on=date(2026, 12, 1)), date(2026, 12, 1), "Mer"),
    ):
        with pytest.raises(Refused):
            extended_day(wrong, today, reason)


def test_days_left_count_to_the_last_day_whole() -> None:
    clock = Clock(date(2026, 11, 23), date(2026, 12, 23))
    assert [clock.days_left(date(2026, 12, day)) for day in (17, 18, 23, 24)] == [6, 5, 0, -1]
    assert [clock.is_short(date(2026, 12, day)) for day in (17, 18)] == [False, True]
    assert not Clock(clock.received_on, clock.due_on, closed_on=date(2026, 12, 1)).is_short(date(2027, 1, 1))


@given(st.integers(-400, 40), st.sampled_from([None, *ALERTS]))
def test_p14_each_reminder_is_due_once_and_only_the_newest(left: int, alerted: int | None) -> None:
    step = alert_due(left, alerted)
    assert step is None or (step in ALERTS and left <= step and (alerted is None or step < alerted))
    if step is not None:
        assert alert_due(left, step) is None


def test_p14_a_month_has_four_reminders() -> None:
    sent: list[int] = []
    for left in range(30, -10, -1):
        step = alert_due(left, sent[-1] if sent else None)
        sent += [step] if step is not None else []
    assert sent == [7, 3, 1, 0]


def test_what_is_closed_stays_closed_and_nobody_unknown_is_answered() -> None:
    assert not any(may_become(state, then) for state in CLOSED for then in State)
    # Nor by way of an extension, after which everything may be decided.
    assert not any(may_become(State.IDENTITY_PENDING, then) for then in (State.FULFILLED, State.EXTENDED))
    for state in OPEN:
        assert may_become(state, State.WITHDRAWN) and may_become(state, State.REFUSED)


@pytest.mark.parametrize("decision", [Decision.REFUSED, Decision.PARTLY_FULFILLED])
def test_who_does_not_get_everything_is_told_why(decision: Decision) -> None:
    """GDPR Art. 12(4)"""
    with pytest.raises(Refused):
        check_decision(State.VERIFIED, decision, " ")
    check_decision(State.VERIFIED, decision, "Loven sier at vi må ta vare på fakturaen.")


def test_every_kind_and_state_has_words() -> None:
    assert set(request_words.KINDS) == set(Kind)
    assert set(request_words.STATES) == set(request_words.BADGES) == set(State)
    assert set(request_words.IDENTITIES) == set(Identity)
    assert set(request_words.CHANNELS) == set(Channel)


def test_the_reference_names_year_and_number() -> None:
    assert reference_of(2026, 123) == "DSR-2026-000123"
