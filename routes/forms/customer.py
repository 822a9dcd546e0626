"""The form of a customer: from what is typed to CustomerDetails, and from a stored customer back to what is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from babel import Locale

from actions.customers import CustomerDetails
from domain.countries import COUNTRIES, country_choices, country_name
from domain.identifiers import format_orgnr, numbers_in, organisation_number, vat_number
from domain.ladder import WISHES
from domain.languages import LANGUAGES
from domain.mail import one_address
from domain.marking import N_
from domain.money import CURRENCIES
from routes.forms.base import Form, FormData, Reader
from routes.i18n import Translator

MOST_DUE_DAYS = 365
KINDS = ("business", "consumer")
LABELS = {
    "kind": N_("Who is the customer?"),
    "name": N_("Name"),
    "organisation_number": N_("Organisation number"),
    "vat_number": N_("VAT number"),
    "email": N_("E-mail"),
    "phone": N_("Phone"),
    "address_line1": N_("Address"),
    "address_line2": N_("Address, second line"),
    "postcode": N_("Postcode"),
    "city": N_("City"),
    "country": N_("Country"),
    "delivery_line1": N_("Delivery address"),
    "delivery_postcode": N_("Postcode of delivery"),
    "delivery_city": N_("City of delivery"),
    "delivery_country": N_("Country of delivery"),
    "delivery": N_("How invoices are sent"),
    "language": N_("Language"),
    "currency": N_("Currency"),
    "due_days": N_("Payment terms"),
    "reference": N_("Your reference"),
    "notes": N_("Notes"),
}
KIND_WORDS = {"business": N_("A business"), "consumer": N_("A private person")}
_FORM = re.compile(r"[A-ZÆØÅ]{1,10}")
_DELIVERY = ("delivery_line1", "delivery_postcode", "delivery_city")
_NEAR_COUNTRIES = ("NO", "SE", "DK", "FI")
_NEAR_CURRENCIES = ("NOK", "SEK", "DKK", "EUR", "USD", "GBP", "CHF")


def parse(data: FormData, language: str) -> tuple[Form, CustomerDetails | None]:
    """What was typed, and the customer it makes; None when something must be mended. All faults at once."""
    reader = Reader(data, language)
    kind = reader.choice("kind", KINDS, "business")
    name = reader.text("name", longest=200, required=True)
    country = reader.choice("country", COUNTRIES, "NO")
    delivery = {
        field: reader.text(field, longest=longest) for field, longest in zip(_DELIVERY, (200, 20, 100), strict=True)
    }
    delivery_country = reader.choice("delivery_country", ("", *COUNTRIES))
    number, vat = _numbers(reader, country)
    details = CustomerDetails(
        kind=kind,
        name=name,
        organisation_number=number,
        vat_number=vat,
        organisation_form=_fetched_form(reader, number),
        email=_email(reader),
        phone=reader.text("phone", longest=40),
        address_line1=reader.text("address_line1", longest=200),
        address_line2=reader.text("address_line2", longest=200),
        postcode=reader.text("postcode", longest=20),
        city=reader.text("city", longest=100),
        country=country,
        **delivery,
        delivery_country=(delivery_country or country) if any(delivery.values()) else "",
        delivery=reader.choice("delivery", WISHES, "best"),
        language=reader.choice("language", LANGUAGES, "nb"),
        currency=reader.choice("currency", CURRENCIES, "NOK"),
        due_days=reader.integer("due_days", low=0, high=MOST_DUE_DAYS),
        reference=reader.text("reference", longest=100),
        notes=reader.text("notes", longest=4000, lines=True),
    )
    return reader.form, details if reader.form.ok else None


def show(customer: Mapping[str, Any]) -> Form:
    """The form for a stored customer."""
    values = {name: str(customer[name]) for name in LABELS if customer[name] is not None}
    values["organisation_number"] = format_orgnr(customer["organisation_number"])
    values["fetched_form"] = fetched_form(customer["organisation_number"], customer["organisation_form"])
    if customer["delivery_country"] == customer["country"]:
        values["delivery_country"] = ""
    return Form({"due_days": "", **values})


def differences(typed: Form, stored: Form, words: Translator) -> list[tuple[str, str, str]]:
    """(label, as typed, as stored) of each field where two people wrote different things."""
    pairs = ((name, typed.values.get(name, ""), stored.values.get(name, "")) for name in LABELS)
    return [
        (words.gettext(LABELS[name]), _spoken(name, mine, words), _spoken(name, theirs, words))
        for name, mine, theirs in pairs
        if _comparable(mine) != _comparable(theirs)
    ]


def countries(language: str) -> list[tuple[str, Any]]:
    """Countries to choose from, the nearest first."""
    near = [(code, country_name(code, language)) for code in _NEAR_COUNTRIES]
    return [*near, *(choice for choice in country_choices(language) if choice[0] not in _NEAR_COUNTRIES)]


def currencies(language: str) -> list[tuple[str, str]]:
    """Currencies to choose from with their names, the nearest first."""
    names = Locale.parse(language).currencies
    others = (code for code in CURRENCIES if code not in _NEAR_CURRENCIES)
    return [(code, f"{code} – {names.get(code, code)}") for code in (*_NEAR_CURRENCIES, *others)]


def version_in(data: FormData) -> int:
    """The version that the form was opened with; 0, which no row has, when it can not be read."""
    text = data.get("version").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _numbers(reader: Reader, country: str) -> tuple[str, str]:
    """Organisation number and VAT number. A VAT number from abroad may stand in the field of either."""
    typed = reader.text("organisation_number", longest=40)
    both = None if reader.text("vat_number", longest=40) else numbers_in(typed, country)
    return both or (_number(reader, "organisation_number", country), _number(reader, "vat_number", country))


def _number(reader: Reader, name: str, country: str) -> str:
    """An organisation or VAT number, checked as its country does; "" when none is given."""
    check = organisation_number if name == "organisation_number" else vat_number
    text = reader.text(name, longest=40)
    if not text or name in reader.form.errors or country not in COUNTRIES:
        return ""
    return reader.checked(name, text, lambda typed: check(typed, country)) or ""


def fetched_form(number: str, form: str) -> str:
    """What the register said the number belongs to, as the page carries it until the customer is saved."""
    return f"{number}:{form}" if form else ""


def _fetched_form(reader: Reader, number: str) -> str:
    """The form that was fetched, while the number is the one it was fetched for."""
    fetched, _, form = reader.text("fetched_form", longest=40).partition(":")
    return form if number and fetched == number and _FORM.fullmatch(form) else ""


def _email(reader: Reader) -> str:
    text = reader.text("email", longest=254)
    if not text or "email" in reader.form.errors:
        return ""
    return reader.checked("email", text, one_address) or ""


def _comparable(text: str) -> str:
    return "".join(text.split())


def _spoken(name: str, value: str, words: Translator) -> str:
    """A value in words, as the form's choices show it."""
    if name in ("country", "delivery_country"):
        return country_name(value, words.language) if value else ""
    if name == "kind":
        return words.gettext(KIND_WORDS[value]) if value in KIND_WORDS else value
    if name == "language":
        return words.gettext(LANGUAGES[value].name) if value in LANGUAGES else value
    return value
