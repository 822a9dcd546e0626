"""A company as its owner describes it: which answers go together, and what is sensible before anybody has answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from babel.core import get_global
from babel.numbers import get_territory_currencies

from domain import kid
from domain.marking import N_
from domain.money import CURRENCIES
from domain.refusals import Invalid, Refusal

# Organisation forms of the Norwegian register that invoice, and one for all others.
FORMS: dict[str, str] = {
    "ENK": N_("Sole proprietorship (ENK)"),
    "AS": N_("Limited company (AS)"),
    "ASA": N_("Public limited company (ASA)"),
    "NUF": N_("Norwegian branch of a foreign company (NUF)"),
    "DA": N_("Partnership with shared liability (DA)"),
    "ANS": N_("General partnership (ANS)"),
    "SA": N_("Co-operative (SA)"),
    "FLI": N_("Association (FLI)"),
    "OTHER": N_("Another form"),
}
# The register's name must be printed on their invoices (bokføringsforskriften § 5-1-2).
MUST_SHOW_REGISTER = frozenset({"AS", "ASA", "NUF"})

# Quiet enough for paper, dark enough to read, apart enough to be told from one another.
ACCENTS: dict[str, str] = {
    "#1f5c66": N_("Fjord"),
    "#2f5d3a": N_("Spruce"),
    "#31548c": N_("Sea"),
    "#6b3f63": N_("Heather"),
    "#9a3f2b": N_("Barn red"),
    "#3d4248": N_("Slate"),
}
# WCAG 1.4.11 and large text: below this a heading in the colour can not be read on white paper.
LEAST_CONTRAST = 3.0
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")

# Where a country has several zones: the one most of its companies keep.
_ZONES = {
    "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CL": "America/Santiago",
    "CN": "Asia/Shanghai", "DE": "Europe/Berlin", "ES": "Europe/Madrid", "ID": "Asia/Jakarta",
    "MX": "America/Mexico_City", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon", "RU": "Europe/Moscow",
    "SJ": "Europe/Oslo", "UA": "Europe/Kyiv", "US": "America/New_York",
}  # fmt: skip
HOME_ZONE = "Europe/Oslo"
LONGEST_COUNTER = 9


@dataclass(frozen=True, slots=True)
class Company:
    """Everything about a company that its people decide. Numbers are in the bare form that is stored.

    `bank_account` is a Norwegian account (eleven digits), `iban` the same or a foreign one; both may be empty.
    `first_number` is the first of a series that never restarts; `kid_length` 0 means no KID; the accounting year ends
    with the month `accounting_year_ends`.
    """

    name: str
    form: str
    organisation_number: str
    vat_registered: bool
    foretaksregisteret: bool
    address_line1: str
    address_line2: str
    postcode: str
    city: str
    country: str
    email: str
    phone: str
    bank_account: str
    iban: str
    bic: str
    due_days: int
    language: str
    currency: str
    accent: str
    kid_length: int
    yearly_numbers: bool
    first_number: int
    accounting_year_ends: int = 12
    own_credit_numbers: bool = False
    legal_addition: str = ""


def faults_of(company: Company) -> Iterator[Refusal]:
    """What does not go together. Single values are checked where they are read."""
    if company.vat_registered and not company.organisation_number:
        yield Refusal("organisation_number.needed_for_vat", "organisation_number")
    if company.bic and not company.iban:
        yield Refusal("bic.without_iban", "bic")
    least = shortest_kid(company.yearly_numbers, company.first_number)
    if 0 < company.kid_length < least:
        yield Refusal("kid.too_short", "kid_length", {"least": str(least)})


def shortest_kid(yearly: bool, first_number: int) -> int:
    """The fewest characters a KID of this company can have: its digits and the check."""
    return max(kid.CHOSEN_LENGTHS[0], len(kid.base_for(2100 if yearly else 0, 1 if yearly else first_number)) + 1)


def shows_register(form: str, country: str) -> bool:
    """Should «Foretaksregisteret» be ticked for a new company? Law for AS, ASA and NUF."""
    return country == "NO" and form in MUST_SHOW_REGISTER


def accent(text: str) -> str:
    """A colour as `#1f5c66`. Refuses `accent.invalid`, and `accent.too_light` for what can not be read on white."""
    match = _COLOUR.fullmatch(text.strip())
    if match is None:
        raise Invalid("accent.invalid")
    colour = f"#{match[1].lower()}"
    if contrast_with_white(colour) < LEAST_CONTRAST:
        raise Invalid("accent.too_light")
    return colour


def contrast_with_white(colour: str) -> float:
    """The contrast of `#rrggbb` on white, 1 to 21 (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def time_zone(country: str) -> str:
    """The zone a company of `country` keeps its days in."""
    zones = sorted(zone for zone, where in get_global("zone_territories").items() if where == country)
    return _ZONES.get(country) or (zones[0] if zones else HOME_ZONE)


def usual_currency(country: str) -> str:
    """The currency a company of `country` probably invoices in."""
    return next((code for code in get_territory_currencies(country) if code in CURRENCIES), "EUR")
