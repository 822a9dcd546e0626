"""Days on which a deadline does not end: weekends, and Norway's public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache


def working_day(day: date, country: str = "NO") -> date:
    """`day`, or the next working day after a Saturday, Sunday or public holiday. Of other countries than Norway only the
    weekends are known: a deadline may end there on a holiday, and never a day too late."""
    while day.weekday() >= 5 or (country == "NO" and day in holidays(day.year)):
        day += timedelta(days=1)
    return day


@cache
def holidays(year: int) -> frozenset[date]:
    """Norway's public holidays that may fall on a working day (helligdagsfredloven § 2, and the law on 1 and 17 May)."""
    easter = _easter(year)
    moving = (-3, -2, 1, 39, 50)  # Maundy Thursday, Good Friday, Easter Monday, Ascension, Whit Monday
    fixed = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
    return frozenset({easter + timedelta(days=days) for days in moving} | {date(year, *day) for day in fixed})


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    leap = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * leap) // 451
    month, day = divmod(h + leap - 7 * m + 114, 31)
    return date(year, month, day + 1)
