"""Calendar days: today in a company's zone, due dates, months, ages.

A date is a date, never an instant: a day is worked out once, in the company's own time zone, and then stays.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

AgeBucket = Literal["not_due", "1-30", "31-60", "61-90", "90+"]
AGE_BUCKETS: tuple[AgeBucket, ...] = ("not_due", "1-30", "31-60", "61-90", "90+")


def today_in(zone: str, now: datetime) -> date:
    """The day it is in `zone` (such as Europe/Oslo) at the instant `now`, which must know its own zone."""
    if now.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return now.astimezone(ZoneInfo(zone)).date()


def at_local_time(day: date, at: time, zone: str) -> datetime:
    """The instant, in UTC, at which clocks in `zone` show `at` on `day`: 06:00 in Oslo is 05:00Z in winter and 04:00Z
    in summer. A time that the clocks skip comes as much later as they skip."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def due_on(issued_on: date, days: int) -> date:
    """The last day to pay, `days` after the day of issue: 30 days from 2026-01-31 is 2026-03-02."""
    return issued_on + timedelta(days=days)


def is_overdue(due_on: date, today: date) -> bool:
    """Overdue from the day after the due date."""
    return today > due_on


def age_bucket(due_on: date, today: date) -> AgeBucket:
    """How long a claim has been overdue, in the steps of an aged list."""
    late = (today - due_on).days
    if late <= 0:
        return "not_due"
    if late <= 30:
        return "1-30"
    if late <= 60:
        return "31-60"
    return "61-90" if late <= 90 else "90+"


def add_months(anchor: date, months: int) -> date:
    """`anchor` moved by whole months, or the last day of a shorter month. Always count from the anchor, never from
    the last result: 2026-01-31 gives 02-28 and then 03-31."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))
