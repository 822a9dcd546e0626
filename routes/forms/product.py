"""The form of a product: from what is typed to ProductDetails, and from a stored product back to what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from actions.products import ProductDetails
from domain.marking import N_
from domain.money import CURRENCIES, decimals
from domain.reading import show_decimal, show_percent
from domain.refusals import Invalid
from domain.units import DEFAULT_UNIT, UNITS
from domain.vat import TREATMENTS, rate_on, treatments_for
from routes.forms.base import Form, FormData, Reader
from routes.i18n import Translator

LABELS = {
    "name": N_("Name"),
    "unit_price": N_("Price without VAT"),
    "currency": N_("Currency"),
    "unit": N_("Unit"),
    "vat_treatment": N_("VAT"),
    "supply": N_("What is it?"),
}
SUPPLIES = {"service": N_("A service"), "goods": N_("Goods")}
_MOST = Decimal(10) ** 10 - 1
# What each treatment is for, in the words of those who are not accountants. A reduced rate is for other things in other
# countries, so only Norway's are named.
_WORDS = {
    "standard": N_("%(rate)s VAT – the usual rate"),
    "middle": N_("%(rate)s VAT – food and drink"),
    "low": N_("%(rate)s VAT – transport, hotels, cinema"),
    "raw_fish": N_("%(rate)s VAT – raw fish"),
    "zero": N_("%(rate)s VAT – zero-rated, such as books and newspapers"),
    "exempt": N_("No VAT – exempt, such as health care, teaching and insurance"),
    "exempt_health": N_("No VAT – exempt: health care"),
    "exempt_social": N_("No VAT – exempt: social services"),
    "exempt_education": N_("No VAT – exempt: teaching"),
    "exempt_finance": N_("No VAT – exempt: finance and insurance"),
    "exempt_culture": N_("No VAT – exempt: art and culture"),
    "exempt_sport": N_("No VAT – exempt: sport"),
    "exempt_property": N_("No VAT – exempt: sale and letting of real property"),
    "export": N_("No VAT – sold to customers abroad"),
    "eu_service": N_("No VAT – service to a business in the EU (the buyer accounts for the VAT)"),
    "intra_community": N_("No VAT – goods to a business in another EU country"),
    "reverse_charge": N_("No VAT – the buyer pays it (reverse charge)"),
    "outside": N_("No VAT – your company is not registered for VAT"),
}
_REDUCED = N_("%(rate)s VAT – reduced rate")


@dataclass(frozen=True, slots=True)
class VatChoice:
    """A VAT treatment to choose: its key and its words, such as "25% VAT – the usual rate"."""

    key: str
    words: str


def parse(data: FormData, language: str) -> tuple[Form, ProductDetails | None]:
    """What was typed, and the product it makes; None when something must be mended. All faults at once."""
    reader = Reader(data, language)
    name = reader.text("name", longest=200, required=True)
    price = reader.decimal("unit_price", places=4, required=True, low=Decimal(0), high=_MOST)
    currency = reader.choice("currency", CURRENCIES, "NOK")
    unit = reader.choice("unit", UNITS, DEFAULT_UNIT)
    treatment = reader.choice("vat_treatment", TREATMENTS, "standard")
    supply = reader.choice("supply", SUPPLIES, "service")
    if not reader.form.ok or price is None:
        return reader.form, None
    return reader.form, ProductDetails(name, unit, price, currency, treatment, supply)


def show(product: Mapping[str, Any], language: str) -> Form:
    """The form for a stored product, its price as the reader writes numbers."""
    price = show_decimal(product["unit_price"], language, decimals(product["currency"]), 4)
    return Form({**{name: str(product[name]) for name in LABELS}, "unit_price": price})


def differences(typed: Form, stored: Form, words: Translator, choices: list[VatChoice]) -> list[tuple[str, str, str]]:
    """(label, as typed, as stored) of each field where two people wrote different things."""
    spoken = {choice.key: choice.words for choice in choices}
    spoken |= {unit.code: words.gettext(unit.label) for unit in UNITS.values()}
    spoken |= {supply: words.gettext(label) for supply, label in SUPPLIES.items()}
    pairs = ((name, typed.values.get(name, ""), stored.values.get(name, "")) for name in LABELS)
    return [
        (words.gettext(LABELS[name]), spoken.get(mine, mine), spoken.get(theirs, theirs))
        for name, mine, theirs in pairs
        if "".join(mine.split()) != "".join(theirs.split())
    ]


def vat_choices(vat_registered: bool, country: str, day: date, words: Translator) -> list[VatChoice]:
    """The treatments that a company may choose from on `day`. One without a known rate in its country is left out."""
    return [
        VatChoice(treatment.key, spoken)
        for treatment in treatments_for(vat_registered, country)
        if (spoken := vat_words(treatment.key, country, day, words))
    ]


def vat_words(treatment: str, country: str, day: date, words: Translator) -> str:
    """A treatment in plain words; "" when the country has no such rate."""
    try:
        rate = rate_on(treatment, country, day)
    except Invalid:
        return ""
    is_special = treatment in ("middle", "low") and country != "NO"
    return words.gettext(_REDUCED if is_special else _WORDS[treatment]) % {"rate": show_percent(rate, words.language)}


def offered(treatment: str, vat_registered: bool) -> str:
    """The treatment of a new line with this product: who is not registered charges none, and who has become registered
    since the product was made charges the usual rate."""
    if not vat_registered:
        return "outside"
    return "standard" if treatment == "outside" else treatment
