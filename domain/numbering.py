"""Invoice numbers: which series a day belongs to, and how a number is written and read.

The counter itself is taken from the database in the issuing transaction (bokføringsforskriften § 5-1-3: a
controllable sequence); here it is only an argument.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

CONTINUOUS = 0
# Before the numbers of credit notes that have a series of their own, so that no two documents look alike.
CREDIT_NOTE = "K"
YEARLY_DIGITS = 4


def series_year(issued_on: date, yearly: bool) -> int:
    """The series of a document dated `issued_on` (the day in the company's zone): its year, or 0 when continuous."""
    return issued_on.year if yearly else CONTINUOUS


def display(series_year: int, counter: int, prefix: str = "") -> str:
    """The number as printed: "1042", or "2027-0001" in a yearly series; "K12" with a prefix."""
    if series_year == CONTINUOUS:
        return f"{prefix}{counter}"
    return f"{prefix}{series_year}-{counter:0{YEARLY_DIGITS}d}"


@dataclass(frozen=True, slots=True)
class NumberSought:
    """A number as somebody typed it in the search box. `series_year` is None when any series will do."""

    series_year: int | None
    counter: int


_PATTERN = re.compile(r"(?:#|nr\.?|no\.?)?\s*(?:(\d{4})\s*[-–/]\s*)?(\d{1,9})", re.IGNORECASE | re.ASCII)


def parse_search(text: str) -> NumberSought | None:
    """Read "1042", "#1042", "2027-0001", "2027/1" as a number to look for; None when it is none."""
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        return None
    year, counter = match.groups()
    return NumberSought(int(year) if year else None, int(counter))
