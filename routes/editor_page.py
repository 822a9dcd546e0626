"""The answers of the editor: a draft, what was typed and refused, and two windows at odds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from actions import drafts
from actions.clock import now
from actions.issuing import sending_faults
from actions.outcomes import NotFound
from domain.dates import today_in
from domain.draft import Draft, wants_rate, with_rate
from domain.refusals import Refusal, Refused
from models.ids import id_in, new_id
from models.queries.customers import options
from models.queries.exchange_rates import rate_on as published_rate
from models.queries.parties import Buyer, Seller, buyer, seller
from models.unit_of_work import Work, reading
from routes import vat_notes
from routes.actor import Member
from routes.desk import Desk, Written
from routes.editor_sheet import (
    CURRENCY_CHOICES,
    Sheet,
    Sought,
    beside_the_paper,
    choices,
    for_newcomer,
    on_the_paper,
    totals_of,
)
from routes.faults import worth_saying
from routes.forms import invoice as editor_form
from routes.forms.invoice import EditorForm
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, fragments, page, wants_fragment
from routes.register_fill import Fetched


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
        **on_the_paper(sheet, today),
        **await beside_the_paper(sheet, today),
        **choices(request, own, sheet.draft, today),
        **(for_newcomer(request, fetched) if form.newcomer else {}),
        "currencies": CURRENCY_CHOICES,
        "copy_id": new_id(),
        "finding": finding,
        "file_errors": file_errors,
        "focus": "" if form.errors else focus,
    }
    return page(request, sheet.desk.page, status=status, **context)


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
    typed: EditorForm | None,
    check: str,
) -> Answer:
    """The saved draft again, with every legal fault as a sentence that leads to its field.

    A customer's name that was `typed` and not chosen is no part of the draft: it is kept, with who it may be.
    """
    async with reading(who.organisation_id) as work:
        own, found, customer = await open_draft(work, desk, draft_id)
    draft = found.draft()
    form = form_of(request, draft, own, customer, found.version, typed.editor if typed else None)
    form = with_refusals(replace(form, checked=check), refusals)
    name = typed.values.get("customer", "").strip() if typed and customer is None else ""
    form.values["customer"] = name or form.values.get("customer", "")
    finding = Sought(await options(who.organisation_id, name), name) if name else None
    sheet = Sheet(desk, draft_id, own, customer, form, draft, found)
    return await show_editor(request, sheet, status=422, finding=finding)


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


async def saved(who: Member, desk: Desk, form: EditorForm, draft: Draft | None) -> EditorForm:
    """The form after a save: with its new version, or with what refused it. While something typed can not be read
    (`draft` is None) nothing is saved. Raises Stale."""
    if draft is None:
        return form
    try:
        done = await desk.save(who.organisation_id, who.person_id, draft, editing_of(form))
    except Refused as refused:
        return with_refusals(form, refused.refusals)
    return replace(form, version=done.version)


def with_refusals(form: EditorForm, refusals: Sequence[Refusal]) -> EditorForm:
    """The form with refusals of the rules beside those of reading."""
    for refusal in worth_saying(refusals):
        form.add(refusal)
    return form


def editing_of(form: EditorForm) -> drafts.Editing:
    return drafts.Editing(form.version, form.editor)


def at_its_own_address(request: AnyRequest, answer: Answer, desk: Desk, draft_id: UUID) -> Answer:
    """From the first save on the page is that of the draft, so that loading it again finds the draft."""
    address = f"{desk.place(draft_id)}/edit"
    if not request.headers.get("hx-current-url", "").endswith(address) and answer.status_code == 200:
        answer.headers["HX-Replace-Url"] = address
    return answer
