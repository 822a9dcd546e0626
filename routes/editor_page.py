"""The page of the editor: what it shows for a draft, for what was typed and refused, and for two windows at odds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from actions import drafts, lookups
from actions.clock import now
from actions.issuing import sending_faults
from actions.outcomes import NotFound
from domain.dates import today_in
from domain.draft import Draft, wants_rate, with_rate
from domain.einvoice.findings import Finding
from domain.invoice import warnings
from domain.kroner import Rate
from domain.money import CURRENCIES
from domain.refusals import Invalid, Refusal, Refused
from domain.totals import Totals
from domain.units import UNITS
from domain.vat import rate_on, treatments_for
from models.ids import id_in, new_id
from models.queries.customers import CustomerOption
from models.queries.exchange_rates import rate_on as published_rate
from models.queries.invoices import StoredInvoice
from models.queries.parties import Buyer, Seller, buyer, seller
from models.unit_of_work import Work, reading
from routes import vat_notes
from routes.actor import Member
from routes.desk import Desk, Written
from routes.faults import all_placed, placed, worth_saying
from routes.forms import customer as customer_form
from routes.forms import invoice as editor_form
from routes.forms.invoice import EditorForm
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, fragments, page, wants_fragment
from routes.register_fill import Fetched

# Those that a Nordic business meets first, then all.
_NEAR = ("NOK", "EUR", "SEK", "DKK", "USD", "GBP", "CHF")
CURRENCY_CHOICES = [(code, code) for code in (*_NEAR, *(code for code in CURRENCIES if code not in _NEAR))]


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


async def open_draft(work: Work, desk: Desk, draft_id: UUID) -> tuple[Seller, Written, Buyer | None]:
    """The draft with the company and the customer. Raises NotFound."""
    own = await seller(work)
    found = await desk.stored(work, draft_id)
    if found is None or found.row["deleted_at"] is not None:
        raise NotFound
    return own, found, await buyer(work, found.row["customer_id"])


def form_of(
    request: AnyRequest,
    draft: Draft,
    own: Seller,
    customer: Buyer | None,
    version: int,
    editor: UUID | None = None,
) -> EditorForm:
    """The form for a stored draft, in a window of its own unless `editor` says which."""
    name = customer.party.name if customer else ""
    form = editor_form.show(draft, name, version, editor or new_id(), language_of(request))
    if not draft.lines:
        form.lines = [editor_form.blank_line([], vat_notes.usual(own, customer))]
    return form


async def show_editor(
    request: AnyRequest,
    sheet: Sheet,
    *,
    status: int = 200,
    focus: str = "",
    finding: Sought | None = None,
    fetched: Fetched | None = None,
    file_errors: Sequence[Refusal] = (),
) -> Answer:
    """The editor. `focus` names the field to go on with.

    `fetched`: what the register said of a customer who is made here. `file_errors`: what is wrong with files that were to
    be added.
    """
    own, form = sheet.own, sheet.form
    today = today_in(own.time_zone, now())
    context: dict[str, Any] = {
        **_written(sheet, today),
        **await _told(sheet, today),
        **choices(request, own, today),
        **(_for_newcomer(request, fetched) if form.newcomer else {}),
        "currencies": CURRENCY_CHOICES,
        "copy_id": new_id(),
        "finding": finding,
        "file_errors": file_errors,
        "focus": "" if form.errors else focus,
    }
    return page(request, sheet.desk.page, status=status, **context)


def _written(sheet: Sheet, today: date) -> dict[str, Any]:
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


async def _told(sheet: Sheet, today: date) -> dict[str, Any]:
    """What is said beside the paper: on VAT, on what is probably not meant, and on the e-invoice that it would be."""
    desk, own, customer, draft = sheet.desk, sheet.own, sheet.customer, sheet.draft
    notes = await vat_notes.notes(own, customer, draft)
    return {
        "vat_notes": notes,
        "registration_warning": await vat_notes.registration_warning(own),
        "advice": _advice(draft, own, customer, today) if desk.has_due_day else [],
        "remarks": remarks_of(desk, draft, own, customer, notes.rate),
    }


def _for_newcomer(request: AnyRequest, fetched: Fetched | None) -> dict[str, Any]:
    """What the fields of a customer who is made here ask for besides."""
    return {
        "countries": customer_form.countries(language_of(request)),
        "finds_companies": lookups.finds_companies(),
        "fetched": fetched,
    }


async def refused_form(request: AnyRequest, who: Member, desk: Desk, draft_id: UUID, form: EditorForm) -> Answer:
    """The editor again with what was typed and what is wrong; for an autosave only what is wrong."""
    if wants_fragment(request.headers):
        return fragments(request, "invoices/not_saved.changes.html", status=422, form=form)
    async with reading(who.organisation_id) as work:
        own = await seller(work)
        customer = await buyer(work, id_in(form.values.get("customer_id", "")))
        found = await desk.stored(work, draft_id)
    return await show_editor(request, Sheet(desk, draft_id, own, customer, form, None, found), status=422)


async def conflict(request: AnyRequest, who: Member, desk: Desk, form: EditorForm, theirs: Written) -> Answer:
    """Two windows: both versions side by side, nothing overwritten, nothing lost."""
    async with reading(who.organisation_id) as work:
        own = await seller(work)
    mine = replace(form, version=theirs.version)
    data = editor_form.as_data(mine)
    _, draft = editor_form.read(data, theirs.id, language_of(request))
    context: dict[str, Any] = {
        "form": mine,
        "data": data,
        "totals": totals_of(draft, own, today_in(own.time_zone, now())),
        "theirs": theirs,
        "their_totals": theirs.totals(),
        "desk": desk.name,
        "place": desk.place(theirs.id),
        "time_zone": own.time_zone,
    }
    if wants_fragment(request.headers):
        return fragments(request, "invoices/conflict.changes.html", status=409, **context)
    return page(request, "invoices/conflict.html", status=409, **context)


async def preflight_answer(
    request: AnyRequest,
    who: Member,
    desk: Desk,
    draft_id: UUID,
    refusals: tuple[Refusal, ...],
    editor: UUID | None,
    check: str,
) -> Answer:
    """The saved draft again, with every legal fault as a sentence that leads to its field."""
    async with reading(who.organisation_id) as work:
        own, found, customer = await open_draft(work, desk, draft_id)
    draft = found.draft()
    form = replace(form_of(request, draft, own, customer, found.version, editor), checked=check)
    form = with_refusals(form, refusals)
    return await show_editor(request, Sheet(desk, draft_id, own, customer, form, draft, found), status=422)


async def still_missing(who: Member, desk: Desk, draft: Draft, check: str) -> tuple[Refusal, ...]:
    """What keeps the draft from being issued, for somebody who has been told and is mending it."""
    async with reading(who.organisation_id) as work:
        own, customer = await seller(work), await buyer(work, draft.customer_id)
        today = today_in(own.time_zone, now())
        if wants_rate(draft, own.party.country):
            draft = with_rate(draft, await published_rate(work, draft.currency, today))
    party = customer.party if customer else None
    faults = desk.check(draft, own.party, party, today)
    return (*faults, *sending_faults(customer, check == "send"))


def with_refusals(form: EditorForm, refusals: Sequence[Refusal]) -> EditorForm:
    """The form with refusals of the rules beside those of reading."""
    for refusal in worth_saying(refusals):
        form.add(refusal)
    return form


def editing_of(form: EditorForm) -> drafts.Editing:
    return drafts.Editing(form.version, form.editor)


def choices(request: AnyRequest, own: Seller, today: date) -> dict[str, Any]:
    """What the selects of a line offer. A treatment without a rate in the company's country is left out."""
    treatments = []
    for treatment in treatments_for(own.party.vat_registered, own.party.country):
        try:
            treatments.append(TreatmentChoice(treatment.key, rate_on(treatment.key, own.party.country, today)))
        except Invalid:
            continue
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


def at_its_own_address(request: AnyRequest, answer: Answer, desk: Desk, draft_id: UUID) -> Answer:
    """From the first save on the page is that of the draft, so that loading it again finds the draft."""
    address = f"{desk.place(draft_id)}/edit"
    if not request.headers.get("hx-current-url", "").endswith(address) and answer.status_code == 200:
        answer.headers["HX-Replace-Url"] = address
    return answer


def _advice(draft: Draft | None, own: Seller, customer: Buyer | None, today: date) -> list[Refusal]:
    """What is lawful but probably not meant, once there is something to look at."""
    if draft is None or not draft.lines or customer is None:
        return []
    return all_placed(warnings(draft, own.party, customer.party, today, own.account))


def remarks_of(
    desk: Desk, draft: Draft | None, own: Seller | None, customer: Buyer | None, rate: Rate | None = None
) -> list[Finding]:
    """What keeps the draft from travelling as an e-invoice, once nothing else is missing."""
    if draft is None or own is None:
        return []
    # With the rate it would be issued at, so that the rules are asked about just that.
    found = desk.remarks(with_rate(draft, rate), own, customer, today_in(own.time_zone, now()))
    return [replace(one, refusal=placed(one.refusal)) for one in found]
