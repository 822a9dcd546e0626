"""What the settings can not know of a processor: its company, country, agreement, and from when it will be used.

A JSON file, a list of processors, each by the name that /privacy/processors shows it with:

    [{"name": "smtp.example.net", "company": "Post AS", "country": "NO", "agreement": "2026-01-02"},
     {"name": "mail.example.org", "company": "Mail Inc", "country": "US", "safeguard": "SCC 2021/914, module 3",
      "service": "Delivers our e-mails", "data": "Address and text", "from": "2027-02-01"}]

One that is not in use yet, with a day in the future, is announced: companies are told of it beforehand (Art. 28(2)).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.countries import COUNTRIES, EU_MEMBERSHIP

LONGEST = 100_000
LONGEST_TEXT = 250
_TEXTS = ("name", "company", "country", "safeguard", "service", "data")
_DAYS = ("agreement", "from")
# The European Economic Area is the Union and these three.
_EFTA = frozenset({"IS", "LI", "NO"})


@dataclass(frozen=True, slots=True)
class ProcessorDetails:
    """`country` is where it processes, ISO 3166-1; `safeguard` what covers a transfer (Art. 44-49)."""

    name: str
    company: str = ""
    country: str = ""
    safeguard: str = ""
    service: str = ""
    data: str = ""
    agreement_on: date | None = None
    starts_on: date | None = None

    def is_in_the_eea(self, day: date) -> bool:
        first, last = EU_MEMBERSHIP.get(self.country, (date.max, None))
        return self.country in _EFTA or (first <= day and last is None)


class Unreadable(ValueError):
    """The file can not be used; the text is a sentence that says what to mend, and where."""


def read(text: str) -> tuple[ProcessorDetails, ...]:
    """The processors of the file. Raises Unreadable for the first mistake: nothing of a file with mistakes is used."""
    if len(text) > LONGEST:
        raise Unreadable(f"it is longer than {LONGEST} characters")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("it is not JSON") from None
    if not isinstance(content, list):
        raise Unreadable("it is no list of processors")
    found = tuple(_one(entry, f"entry {number}") for number, entry in enumerate(content, 1))
    if len({one.name for one in found}) < len(found):
        raise Unreadable("it names a processor twice")
    return found


def _one(entry: Any, where: str) -> ProcessorDetails:
    if not isinstance(entry, dict) or not set(entry) <= {*_TEXTS, *_DAYS}:
        raise Unreadable(f"{where} is no object with the fields {', '.join((*_TEXTS, *_DAYS))}")
    texts = {name: entry.get(name, "") for name in _TEXTS}
    for name, text in texts.items():
        if not isinstance(text, str) or len(text) > LONGEST_TEXT or not text.isprintable():
            raise Unreadable(f"{where} has a {name} that is no line of at most {LONGEST_TEXT} letters")
    if not texts["name"]:
        raise Unreadable(f"{where} has no name")
    if texts["country"] and texts["country"] not in COUNTRIES:
        raise Unreadable(f"{where} has a country that is not in ISO 3166-1, such as NO")
    return ProcessorDetails(
        **texts, agreement_on=_day(entry, "agreement", where), starts_on=_day(entry, "from", where)
    )


def _day(entry: dict[str, Any], name: str, where: str) -> date | None:
    text = entry.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise Unreadable(f"{where} has a day for {name} that does not look like 2026-11-23") from None
