"""Filling a form from the register of companies: what was found, and the form with it."""

from __future__ import annotations

from dataclasses import dataclass

from actions import lookups
from domain.company import FORMS
from domain.countries import COUNTRIES
from domain.identifiers import format_orgnr, organisation_number
from domain.refusals import Invalid
from domain.register_entry import Lookup, RegisterEntry
from routes.forms import customer as customer_form
from routes.forms.base import Form, FormData


@dataclass(frozen=True, slots=True)
class Fetched:
    """What to say of a look-up: `answer` is filled, missing (no such number) or silent (the register did not answer)."""

    answer: str
    entry: RegisterEntry | None = None


async def fetch(form: Form, data: FormData) -> Fetched | None:
    """Look up the typed organisation number; None when it is no Norwegian one, which the form then says."""
    typed = data.get("organisation_number").strip()
    try:
        number = organisation_number(typed, "NO")
    except Invalid as refused:
        form.errors = {}
        form.refuse("organisation_number", refused.code)
        return None
    return _said(await lookups.find_company(number))


async def customer_filled(data: FormData, language: str) -> tuple[Form, Fetched | None]:
    """A customer as typed, with what the register knows in its place; what is wrong is said when it is saved."""
    form, _ = customer_form.parse(data, language)
    form.errors = {}
    fetched = await fetch(form, data)
    if fetched is not None and fetched.entry is not None:
        for_customer(form, fetched.entry)
    return form, fetched


def for_customer(form: Form, entry: RegisterEntry) -> None:
    """Write what the register knows into the form of a customer; an e-mail address that was typed stays."""
    number = entry.organisation_number
    _fill(form, entry)
    form.values["kind"] = "business"
    form.values["vat_number"] = f"NO{number}MVA" if entry.vat_registered else ""
    form.values["fetched_form"] = customer_form.fetched_form(number, entry.form)


def for_company(form: Form, entry: RegisterEntry) -> None:
    """The same for one's own company."""
    _fill(form, entry)
    form.values["form"] = entry.form if entry.form in FORMS else "OTHER"
    form.values["vat_registered"] = "on" if entry.vat_registered else ""


def _said(found: Lookup) -> Fetched:
    if not found.known:
        return Fetched("silent")
    return Fetched("filled", found.entry) if found.entry else Fetched("missing")


def _fill(form: Form, entry: RegisterEntry) -> None:
    first, rest = entry.address_lines[:1], entry.address_lines[1:]
    form.errors = {}
    form.values |= {
        "name": entry.name,
        "organisation_number": format_orgnr(entry.organisation_number),
        "address_line1": "".join(first),
        "address_line2": ", ".join(rest)[:200],
        "postcode": entry.postcode[:20],
        "city": entry.city[:100],
        "country": entry.country if entry.country in COUNTRIES else "NO",
    }
    form.values["email"] = form.values.get("email") or entry.email
