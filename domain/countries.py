"""Countries: codes, names in the reader's language, and the areas that VAT law draws."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import lru_cache

from babel import Locale

from domain.facts.territories import BRITISH_TRANSITION_ENDED, EU, ISO_3166, OUTSIDE_EU_VAT, VAT_OF_ANOTHER

COUNTRIES: tuple[str, ...] = tuple(ISO_3166.split())
EU_MEMBERSHIP: dict[str, tuple[date, date | None]] = {
    country: (date.fromisoformat(first), None if last is None else date.fromisoformat(last))
    for country, (first, last) in EU.items()
}

# Svalbard and Jan Mayen are in ISO 3166 as SJ, but most people write NO with one of these postcodes (Posten).
_OUTSIDE_VAT_AREA = frozenset({"8099", *(str(postcode) for postcode in range(9170, 9180))})
# The last letters of the Norwegian alphabet, which plain sorting puts elsewhere.
_NORWEGIAN_ORDER = str.maketrans({"Æ": "Z{", "Ø": "Z|", "Å": "Z}", "æ": "z{", "ø": "z|", "å": "z}"})


def country_name(code: str, language: str) -> str:
    """The name of a country in nb, nn or en; the code itself when nobody knows it."""
    return _names(language).get(code, code)


@lru_cache
def country_choices(language: str) -> tuple[tuple[str, str], ...]:
    """Every country as (code, name), in the alphabet's order."""
    names = _names(language)
    choices = [(code, names[code]) for code in COUNTRIES]
    return tuple(sorted(choices, key=lambda choice: _sort_key(choice[1], language)))


@lru_cache
def _names(language: str) -> dict[str, str]:
    territories = Locale.parse(language).territories
    return {code: territories[code] for code in COUNTRIES}


def _sort_key(name: str, language: str) -> str:
    if language in ("nb", "nn"):
        name = name.translate(_NORWEGIAN_ORDER)
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", name) if not unicodedata.combining(mark))
    return plain.casefold()


def in_eu(country: str, day: date) -> bool:
    """Was `country` a member of the European Union on `day`?"""
    first, last = EU_MEMBERSHIP.get(country, (date.max, None))
    return first <= day and (last is None or day <= last)


def is_northern_ireland(country: str, postcode: str) -> bool:
    """Northern Ireland: its postcodes begin with BT; VAT numbers there begin with XI."""
    return country == "GB" and postcode.strip().upper().startswith("BT")


def vat_country(country: str) -> str:
    """The country whose VAT holds there: France's in Monaco. Most countries have their own."""
    return VAT_OF_ANOTHER.get(country, country)


def in_eu_vat_area(country: str, postcode: str, day: date) -> bool:
    """Does EU VAT law hold for goods delivered there on `day`? In Monaco it does, on the Canary Islands it does not.
    Northern Ireland counts, and all of Great Britain did until 2020-12-31."""
    country = vat_country(country)
    if country == "GB":
        return day <= date.fromisoformat(BRITISH_TRANSITION_ENDED) or is_northern_ireland(country, postcode)
    return in_eu(country, day) and not postcode.strip().startswith(OUTSIDE_EU_VAT.get(country, ()))


def in_norwegian_vat_area(country: str, postcode: str) -> bool:
    """The mainland: sales to Svalbard and Jan Mayen are export (merverdiavgiftsloven § 1-2)."""
    return country == "NO" and postcode.strip() not in _OUTSIDE_VAT_AREA
