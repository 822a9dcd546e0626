from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import dates

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def test_the_day_is_the_one_where_the_company_is() -> None:
    now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert dates.today_in("Europe/Oslo", now) == date(2027, 1, 1)
    assert dates.today_in("America/Los_Angeles", now) == date(2026, 12, 31)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        dates.today_in("Europe/Oslo", datetime(2026, 1, 1))  # noqa: DTZ001


def test_thirty_days_from_the_end_of_january() -> None:
    assert dates.due_on(date(2026, 1, 31), 30) == date(2026, 3, 2)


def test_an_invoice_is_overdue_from_midnight_after_its_due_date() -> None:
    due = date(2026, 6, 15)
    minute_to_midnight = datetime(2026, 6, 15, 21, 59, tzinfo=UTC)
    assert not dates.is_overdue(due, dates.today_in("Europe/Oslo", minute_to_midnight))
    assert dates.is_overdue(due, dates.today_in("Europe/Oslo", minute_to_midnight + timedelta(minutes=1)))


@pytest.mark.parametrize(
    ("days_late", "bucket"),
    [
        (-5, "not_due"), (0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
        (90, "61-90"), (91, "90+"), (4000, "90+"),
    ],
)  # fmt: skip
def test_a_claim_ages_in_steps(days_late: int, bucket: str) -> None:
    due = date(2026, 6, 15)
    assert dates.age_bucket(due, due + timedelta(days=days_late)) == bucket
    assert bucket in dates.AGE_BUCKETS


def test_a_month_end_stays_a_month_end() -> None:
    anchor = date(2026, 1, 31)
    assert [dates.add_months(anchor, n).isoformat() for n in range(1, 5)] == [
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]


@pytest.mark.parametrize(("day", "hour"), [("2026-03-01", 5), ("2026-04-01", 4)])
def test_six_in_the_morning_is_six_in_summer_and_winter(day: str, hour: int) -> None:
    instant = dates.at_local_time(date.fromisoformat(day), time(6), "Europe/Oslo")
    assert instant == datetime.fromisoformat(f"{day}T{hour:02d}:00Z")


def test_a_time_that_the_clocks_skip_comes_an_hour_later() -> None:
    instant = dates.at_local_time(date(2026, 3, 29), time(2, 30), "Europe/Oslo")
    assert instant == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@given(DAYS, st.integers(-600, 600))
def test_months_there_and_back_lose_at_most_the_short_month(day: date, months: int) -> None:
    there = dates.add_months(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == day.day or (there + timedelta(days=1)).day == 1
