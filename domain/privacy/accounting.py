"""How long accounting law wants an issued document kept, country by country.

A document stays under the rule of the country it was issued from. Countries without an entry get the longest period
known here, so that nothing is let go too early. The operator's lawyer has the last word on each.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from domain.marking import N_


@dataclass(frozen=True, slots=True)
class Law:
    """`years` run from the end of the accounting year, or of the calendar year in which it ended."""

    country: str
    years: int
    statute: str
    link: str
    from_calendar_year: bool = False


LAWS: dict[str, Law] = {
    law.country: law
    for law in (
        Law("NO", 5, "bokføringsloven § 13", "https://lovdata.no/lov/2004-11-19-73/§13"),
        Law("DK", 5, "bogføringsloven § 12", "https://www.retsinformation.dk/eli/lta/2022/700"),
        Law(
            "FI", 6, "kirjanpitolaki 2:10 §", "https://www.finlex.fi/fi/laki/ajantasa/1997/19971336",
            from_calendar_year=True,
        ),
        Law(
            "SE", 7, "bokföringslagen 7 kap. 2 §",
            "https://www.riksdagen.se/sv/dokument-och-lagar/dokument/svensk-forfattningssamling/"
            "bokforingslag-19991078_sfs-1999-1078/",
            from_calendar_year=True,
        ),
        Law("DE", 8, "§ 147 AO", "https://www.gesetze-im-internet.de/ao_1977/__147.html", from_calendar_year=True),
    )
}  # fmt: skip
ELSEWHERE = Law("", 10, N_("the accounting law of the country"), "", from_calendar_year=True)


# The fewest years of any of these laws.
SHORTEST = min(law.years for law in LAWS.values())


def law_of(country: str) -> Law:
    """The law of the seller's country (ISO 3166-1 alpha-2)."""
    return LAWS.get(country, ELSEWHERE)


def year_end(day: date, last_month: int = 12) -> date:
    """The last day of the accounting year that `day` falls in, when years end with the month `last_month`."""
    year = day.year if day.month <= last_month else day.year + 1
    return date(year, last_month, calendar.monthrange(year, last_month)[1])


def kept_until(issued_on: date, country: str, last_month: int = 12) -> date:
    """The last day on which the document must still be there; it may go on the day after."""
    law = law_of(country)
    end = year_end(issued_on, last_month)
    if law.from_calendar_year:
        return date(end.year + law.years, 12, 31)
    return date(end.year + law.years, end.month, calendar.monthrange(end.year + law.years, end.month)[1])
