"""Invoice numbers: which series a day belongs to, and how a number is written.

The counter itself is taken from the database in the issuing transaction (bokføringsforskriften § 5-1-3: a
controllable sequence); here it is only an argument.
"""

from __future__ import annotations

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
