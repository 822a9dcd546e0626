"""The rhythm of recurring invoices: on which days they fall, which period each is for, and what stands in their texts.

The day of the first one is the anchor: what starts on the 31st falls on the last day of shorter months and comes back
to the 31st. Every day is reckoned from the first one, never from the one before, so nothing drifts.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, islice, takewhile

from babel.dates import format_date

from domain.draft import Draft, DraftLine
from domain.money import raised
from domain.reading import show_date
from domain.refusals import Refusal

MONTHS = {"month": 1, "quarter": 3, "year": 12}
UNITS = ("week", *MONTHS)
STATES = ("draft", "active", "paused", "stopped", "finished")
MOST_EVERY = 60
LAST_DAY = date(2199, 12, 31)
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Rise:
    """What happens to the prices: they rise on `begins` and on the same day of each year after it, by `percent` of the
    price of the year before or each by `amount`. One of the two is given."""

    begins: date
    percent: Decimal | None = None
    amount: Decimal | None = None

    def times(self, day: date) -> int:
        """How often prices have risen by `day`."""
        if day < self.begins:
            return 0
        years = day.year - self.begins.year
        return years + (day >= _in_year(self.begins, day.year))

    def of(self, line: DraftLine, times: int, currency: str) -> DraftLine:
        """The line at its price of then. An amount is for what is sold: a line that takes off keeps its price."""
        if self.percent is not None:
            return replace(line, unit_price=raised(line.unit_price, self.percent, times, currency))
        if self.amount is not None and line.unit_price > 0:
            return replace(line, unit_price=line.unit_price + times * self.amount)
        return line


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every `every` units from `first_on` on; until the day `ends_on`, or `times` times, or for ever.

    `in_arrears`: each invoice is for the period that ends the day before; else for the one that begins on its day.
    """

    unit: str
    every: int
    first_on: date
    ends_on: date | None = None
    times: int | None = None
    in_arrears: bool = False
    rise: Rise | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """What one invoice is for: both days belong to it."""

    begins: date
    ends: date


def _in_year(day: date, year: int) -> date:
    """The same day of another year; 29 February is the 28th where there is none."""
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def day_of(rhythm: Rhythm, number: int) -> date:
    """The day of invoice `number`, counted from 0; a negative one is before the first."""
    if rhythm.unit == "week":
        return rhythm.first_on + timedelta(weeks=rhythm.every * number)
    months = rhythm.first_on.month - 1 + number * rhythm.every * MONTHS[rhythm.unit]
    year, month = rhythm.first_on.year + months // 12, months % 12 + 1
    return date(year, month, min(rhythm.first_on.day, monthrange(year, month)[1]))


def days(rhythm: Rhythm, number: int = 0) -> Iterator[date]:
    """The days from invoice `number` on, until the rhythm ends."""
    last = min(rhythm.ends_on or LAST_DAY, LAST_DAY)
    numbers = count(number) if rhythm.times is None else range(number, rhythm.times)
    return takewhile(lambda day: day <= last, (day_of(rhythm, one) for one in numbers))


def due(rhythm: Rhythm, number: int, today: date) -> list[date]:
    """The days from invoice `number` on that have come."""
    return list(takewhile(lambda day: day <= today, days(rhythm, number)))


def coming(rhythm: Rhythm, number: int, most: int) -> list[date]:
    """The next days from invoice `number` on."""
    return list(islice(days(rhythm, number), most))


def next_number(rhythm: Rhythm, after: date | None) -> int:
    """The number of the first invoice that falls after the day of the last one that was made; 0 when none was."""
    if after is None:
        return 0
    return next(number for number in count() if day_of(rhythm, number) > after)


def period_of(rhythm: Rhythm, number: int) -> Period:
    """The period that invoice `number` is for."""
    first = number - 1 if rhythm.in_arrears else number
    return Period(day_of(rhythm, first), day_of(rhythm, first + 1) - timedelta(days=1))


def rhythm_faults(rhythm: Rhythm, today: date, is_new: bool) -> tuple[Refusal, ...]:
    """What is wrong with the rhythm that somebody typed on `today`."""
    faults = []
    if not 1 <= rhythm.every <= MOST_EVERY:
        faults.append(Refusal("plan.every_out_of_range", "every", {"most": str(MOST_EVERY)}))
    if rhythm.ends_on is not None and rhythm.ends_on < rhythm.first_on:
        faults.append(Refusal("plan.ends_before_it_begins", "ends_on"))
    if rhythm.ends_on is not None and rhythm.times is not None:
        faults.append(Refusal("plan.two_ends", "times"))
    if rhythm.first_on.year > LAST_DAY.year - 99:
        faults.append(Refusal("plan.begins_too_late", "first_on"))
    if rhythm.rise is not None and rhythm.rise.begins.year > LAST_DAY.year - 99:
        faults.append(Refusal("plan.begins_too_late", "rise_from"))
    if is_new and rhythm.first_on < today:
        faults.append(Refusal("plan.begins_in_the_past", "first_on"))
    return tuple(faults)


def first_raised(rhythm: Rhythm, number: int) -> int | None:
    """The number of the next invoice, from `number` on, with other prices than the one before; None when none comes."""
    if rhythm.rise is None:
        return None
    before = rhythm.rise.times(period_of(rhythm, number - 1).begins) if number else 0
    for one, _ in enumerate(days(rhythm, number), number):
        if rhythm.rise.times(period_of(rhythm, one).begins) != before:
            return one
    return None


def in_words(period: Period, language: str) -> dict[str, str]:
    """What each placeholder becomes: {period} is "november 2026", a quarter, a year, or its first and last day."""
    begins = period.begins
    span = f"{show_date(begins, language)}–{show_date(period.ends, language)}"
    return {
        "period": _calendar_name(period, language) or span,
        "month": format_date(begins, "LLLL", locale=language),
        "quarter": format_date(begins, "QQQQ", locale=language),
        "year": str(begins.year),
        "week": str(begins.isocalendar().week),
        "from": show_date(begins, language),
        "to": show_date(period.ends, language),
    }


def _calendar_name(period: Period, language: str) -> str:
    begins, after = period.begins, period.ends + timedelta(days=1)
    if begins.day != 1 or after.day != 1:
        return ""
    months = (after.year - begins.year) * 12 + after.month - begins.month
    if months == 1:
        return str(format_date(begins, "LLLL y", locale=language))
    if months == 3 and begins.month % 3 == 1:
        return str(format_date(begins, "QQQQ y", locale=language))
    return str(begins.year) if months == 12 and begins.month == 1 else ""


def filled(text: str, words: dict[str, str]) -> str:
    """The text with its placeholders filled; braces around anything else stay as they are."""
    return _PLACE.sub(lambda match: words.get(match[1], match[0]), text)


def draft_for(content: Draft, period: Period, rise: Rise | None = None) -> Draft:
    """The draft of the invoice for `period`: texts filled in the document's language, at the prices of its first day,
    delivered in the period.

    The caller gives it and its lines ids of their own.
    """
    words = in_words(period, content.language)
    return replace(
        content,
        kind="invoice",
        due_on=None,
        exchange_rate=None,
        delivery_from=period.begins,
        delivery_to=period.ends,
        note=filled(content.note, words),
        your_reference=filled(content.your_reference, words),
        our_reference=filled(content.our_reference, words),
        order_number=filled(content.order_number, words),
        project_reference=filled(content.project_reference, words),
        contract_reference=filled(content.contract_reference, words),
        accounting_reference=filled(content.accounting_reference, words),
        lines=tuple(
            replace(line, description=filled(line.description, words), charge_text=filled(line.charge_text, words))
            for line in _priced(content, period, rise)
        ),
    )


def _priced(content: Draft, period: Period, rise: Rise | None) -> tuple[DraftLine, ...]:
    times = rise.times(period.begins) if rise is not None else 0
    if rise is None or not times:
        return content.lines
    return tuple(rise.of(line, times, content.currency) for line in content.lines)
