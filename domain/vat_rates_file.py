"""The administrator's own VAT rates: what a law changes after this version was made.

A JSON file, country -> kind -> rows, each row with the day, the percent and where it was read:

    {"NO": {"standard": [{"from": "2027-01-01", "percent": "24", "source": "Stortingets vedtak 2026-12-12"}]}}

Kinds are standard, middle, low and raw_fish. A row joins those that are known; on the same day it takes their place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.countries import COUNTRIES
from domain.facts.vat_rates import Row

KINDS = ("standard", "middle", "low", "raw_fish")
LONGEST = 100_000
_PERCENT = re.compile(r"\d{1,2}(\.\d{1,2})?")
_FIELDS = {"from", "percent", "source"}

# (country, kind) -> rows
Rates = dict[tuple[str, str], tuple[Row, ...]]


class Unreadable(ValueError):
    """The file can not be used; the text is a sentence that says what to mend, and where."""


def read(text: str) -> Rates:
    """The rows of the file. Raises Unreadable for the first mistake: nothing of a file with mistakes is used."""
    if len(text) > LONGEST:
        raise Unreadable(f"it is longer than {LONGEST} characters")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("it is not JSON") from None
    return {
        (country, kind): _rows(rows, f"{country} {kind}")
        for country, kinds in _object(content, "the file").items()
        for kind, rows in _object(kinds, _country(country)).items()
        if _kind(kind, country)
    }


def merge(known: Mapping[str, Mapping[str, tuple[Row, ...]]], own: Rates) -> dict[str, dict[str, tuple[Row, ...]]]:
    """`known` with the rows of `own`, oldest first. Changes neither."""
    merged = {country: dict(kinds) for country, kinds in known.items()}
    for (country, kind), rows in own.items():
        kinds = merged.setdefault(country, {})
        kinds[kind] = tuple(sorted({**dict(kinds.get(kind, ())), **dict(rows)}.items()))
    return merged


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(f"{where} must be an object in braces")
    return value


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise Unreadable(f"{code!r:.40} is not a country of ISO 3166-1, such as NO")
    return code


def _kind(kind: str, country: str) -> bool:
    if kind not in KINDS:
        raise Unreadable(f"{country}: {kind!r:.40} is none of {', '.join(KINDS)}")
    return True


def _rows(value: Any, where: str) -> tuple[Row, ...]:
    if not isinstance(value, list) or not value:
        raise Unreadable(f"{where} must be a list of rows")
    rows = tuple(_row(row, f"{where}, row {number}") for number, row in enumerate(value, 1))
    if len(dict(rows)) < len(rows):
        raise Unreadable(f"{where} has the same day twice")
    return rows


def _row(value: Any, where: str) -> Row:
    row = _object(value, where)
    if set(row) != _FIELDS or not all(isinstance(each, str) for each in row.values()):
        raise Unreadable(f"{where} must have the texts from, percent and source, and nothing else")
    if not row["source"].strip():
        raise Unreadable(f"{where} must name its source")
    if not _PERCENT.fullmatch(row["percent"]):
        raise Unreadable(f"{where}: percent must look like 25 or 11.11")
    return _day(row["from"], where), row["percent"]


def _day(text: str, where: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Unreadable(f"{where}: from must be a day such as 2027-01-01") from None
