"""The periods that VAT is reported for.

VAT belongs to the term in which the sales document is issued (merverdiavgiftsloven § 15-9). The ordinary terms are two
months each; who has leave reports once a year (skatteforvaltningsforskriften §§ 8-3-1 to 8-3-3, deadlines § 8-3-10).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from domain.dates import add_months
from domain.holidays import working_day

TERMS = (1, 2, 3, 4, 5, 6)
# Months after the term's end, and the day in that month. The third term gets the summer.
_DEADLINES = {3: (2, 31)}
_USUAL = (2, 10)


@dataclass(frozen=True, slots=True)
class Term:
    """A two-month term of a year, 1 to 6, or with `number` 0 the whole year."""

    year: int
    number: int = 0

    @property
    def first(self) -> date:
        return date(self.year, max(2 * self.number - 1, 1), 1)

    @property
    def last(self) -> date:
        return add_months(self.first, 2 if self.number else 12) - timedelta(days=1)

    @property
    def deadline(self) -> date | None:
        """The last day to report it, or the next working day (domstolloven § 149); None for a year, which few
        report so."""
        if not self.number:
            return None
        months, day = _DEADLINES.get(self.number, _USUAL)
        return working_day(add_months(date(self.year, 2 * self.number, 1), months).replace(day=day))


def term_of(day: date) -> Term:
    """The two-month term that `day` is in."""
    return Term(day.year, (day.month + 1) // 2)
