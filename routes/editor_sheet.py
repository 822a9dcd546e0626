"""What lies in the editor and what is shown with it: the draft as typed, its figures and choices, what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from actions import drafts, lookups
from actions.clock import now
from domain.dates import today_in
from domain.draft import Draft, with_rate
from domain.einvoice.findings import Finding
from domain.invoice import warnings
from domain.kroner import Rate
from domain.money import CURRENCIES
from domain.refusals import Refusal, Refused
from domain.totals import Totals
from domain.units import UNITS
from domain.vat import rate_of_supply, treatments_for
from models.queries.customers import CustomerOption
from models.queries.invoices import StoredInvoice
from models.queries.parties import Buyer, Seller
from routes import vat_notes
from routes.desk import Desk, Written
from routes.faults import all_placed, placed
from routes.forms import customer as customer_form
from routes.forms.invoice import EditorForm
from routes.i18n import language_of, translator
from routes.pages import AnyRequest
from routes.register_fill import Fetched

# Those that a Nordic business meets first, then all.
_NEAR = ("NOK", "EUR", "SEK", "DKK", "USD", "GBP", "CHF")
CURRENCY_CHOICES = [(code, code) for code in (*_NEAR, *(code for code in CURRENCIES if code not in _NEAR))]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What lies on a desk: a draft with its company and customer, and the form in which it is being written."""

    desk: Desk
    draft_id: UUID
    own: Seller
    customer: Buyer | None
    form: EditorForm
    draft: Draft | None  # None while something typed can not be read
    stored: Written | None = None  # None before the first save


@dataclass(frozen=True, slots=True)
class Sought:
    """The answer of the type-ahead without scripts: the customers that were found, and what was sought."""

    options: Sequence[CustomerOption] = ()
    query: str = ""


@dataclass(frozen=True, slots=True)
class TreatmentChoice:
    """A VAT treatment to choose, with its rate today."""

    key: str
    rate: Decimal


def on_the_paper(sheet: Sheet, today: date) -> dict[str, Any]:
    """What stands on the paper: what was typed, what it comes to, and what hangs on it."""
    desk, own, draft, stored = sheet.desk, sheet.own, sheet.draft, sheet.stored
    totals = totals_of(draft, own, today)
    return {
        "form": sheet.form,
        "desk": desk.name,
        "place": desk.place(sheet.draft_id),
        "own": own,
        "customer": sheet.customer,
        "draft": draft,
        "found": stored,
        "totals": totals,
        "sums": sums_of(draft, totals),
        "due_on": draft.due_date(today) if draft and desk.has_due_day else None,
        "files": stored.attachments() if isinstance(stored, StoredInvoice) else (),
        "currency": sheet.form.values.get("currency") or own.currency,
        "time_zone": own.time_zone,
    }


async def beside_the_paper(sheet: Sheet, today: date) -> dict[str, Any]:
    """What is said beside the paper: on VAT, on what is probably not meant, and on the e-invoice that it would be."""
    desk, own, customer, draft = sheet.desk, sheet.own, sheet.customer, sheet.draft
    notes = await vat_notes.notes(own, customer, draft)
    return {
        "vat_notes": notes,
        "registration_warning": await vat_notes.registration_warning(own),
        "advice": _advice(draft, own, customer, today) if desk.has_due_day else [],
        "remarks": remarks_of(desk, draft, own, customer, notes.rate),
    }


def for_newcomer(request: AnyRequest, fetched: Fetched | None) -> dict[str, Any]:
    """What the fields of a customer who is made here ask for besides."""
    return {
        "countries": customer_form.countries(language_of(request)),
        "finds_companies": lookups.finds_companies(),
        "fetched": fetched,
    }


def choices(request: AnyRequest, own: Seller, draft: Draft | None, today: date) -> dict[str, Any]:
    """What the selects of a line offer, with the rates the draft gets. A treatment without a rate in the company's
    country is left out."""
    country, supplied_on = own.party.country, draft.supplied_on if draft else None
    treatments = [
        TreatmentChoice(treatment.key, rate_of_supply(treatment.key, country, supplied_on, today))
        for treatment in treatments_for(own.party.vat_registered, country, today)
    ]
    words = translator(language_of(request)).gettext
    return {"treatments": treatments, "units": [(unit.code, words(unit.label)) for unit in UNITS.values()]}


def totals_of(draft: Draft | None, own: Seller, today: date) -> Totals | None:
    """The figures, or None while something can not be read or calculated."""
    if draft is None:
        return None
    try:
        return drafts.calculate(draft, own.party.country, today)
    except Refused:
        return None


def sums_of(draft: Draft | None, totals: Totals | None) -> dict[str, Decimal]:
    """The amount of each line by its id, as the form shows lines that the draft leaves out."""
    if draft is None or totals is None:
        return {}
    return {str(line.id): total.net_shown for line, total in zip(draft.lines, totals.lines, strict=True)}


def remarks_of(
    desk: Desk, draft: Draft | None, own: Seller | None, customer: Buyer | None, rate: Rate | None = None
) -> list[Finding]:
    """What keeps the draft from travelling as an e-invoice, once nothing else is missing."""
    if draft is None or own is None:
        return []
    # With the rate it would be issued at, so that the rules are asked about just that.
    found = desk.remarks(with_rate(draft, rate), own, customer, today_in(own.time_zone, now()))
    return [replace(one, refusal=placed(one.refusal)) for one in found]


def _advice(draft: Draft | None, own: Seller, customer: Buyer | None, today: date) -> list[Refusal]:
    """What is lawful but probably not meant, once there is something to look at."""
    if draft is None or not draft.lines or customer is None:
        return []
    return all_placed(warnings(draft, own.party, customer.party, today, own.account))
