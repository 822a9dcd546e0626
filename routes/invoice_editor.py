"""The editor of a draft: write it, save it while it is written, and choose who it is for."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from actions.clock import now
from actions.drafts import SavedDraft
from actions.outcomes import Stale
from actions.restrained import permit
from domain.access import Permission
from domain.dates import today_in
from domain.draft import Draft
from domain.refusals import Refused
from models.ids import id_in, new_id
from models.queries.parties import Buyer, Seller, buyer, seller
from models.unit_of_work import reading
from routes import editor_page as editor
from routes import vat_notes
from routes.actor import Member, member_of
from routes.desk import Desk, DeskController
from routes.editor_sheet import Sheet, remarks_of, sums_of
from routes.forms import invoice as editor_form
from routes.forms.base import read_form
from routes.forms.invoice import EditorForm
from routes.guards import may
from routes.i18n import language_of
from routes.invoice_customer import FIRST_LINE
from routes.pages import Answer, AnyRequest, fragments, see_other, wants_fragment

_WRITE = [may(Permission.WRITE)]


class DraftEditorController(DeskController):
    """The editor of one desk's drafts."""

    @get("/new", guards=_WRITE)
    async def new(self, request: AnyRequest) -> Answer:
        """An empty editor. Nothing is stored before the first save, whose id comes with the form. 423 for a customer
        whose data is restricted."""
        async with reading(member_of(request).organisation_id) as work:
            own = await seller(work)
            customer = await buyer(work, _query_id(request, "customer"))
            await permit(work, customer, self.desk.writing)
        draft = self.desk.begin(_for_customer(_fresh(own), own, customer), today_in(own.time_zone, now()))
        form = editor.form_of(request, draft, own, customer, 0)
        focus = FIRST_LINE if draft.customer_id else "customer"
        sheet = Sheet(self.desk, draft.id, own, customer, form, draft)
        return await editor.show_editor(request, sheet, focus=focus)

    @get("/{draft_id:uuid}/edit", guards=_WRITE)
    async def edit(self, request: AnyRequest, draft_id: FromPath[UUID]) -> Answer:
        """The editor of a stored draft; 423 while the customer's data is restricted, as nothing of it could be saved."""
        async with reading(member_of(request).organisation_id) as work:
            own, found, customer = await editor.open_draft(work, self.desk, draft_id)
            if not found.is_draft:
                return see_other(request, self.desk.place(draft_id))
            await permit(work, customer, self.desk.writing)
        draft = found.draft()
        form = editor.form_of(request, draft, own, customer, found.version)
        sheet = Sheet(self.desk, draft_id, own, customer, form, draft, found)
        return await editor.show_editor(request, sheet)

    @post("/{draft_id:uuid}/draft", guards=_WRITE, status_code=200)
    async def save(self, request: AnyRequest, draft_id: FromPath[UUID]) -> Answer:
        """Save: by itself while the user types (htmx), or by the button."""
        who = member_of(request)
        form, draft = editor_form.read(await read_form(request), draft_id, language_of(request))
        if draft is None:
            return await editor.refused_form(request, who, self.desk, draft_id, form)
        try:
            saved = await self.desk.save(who.organisation_id, who.person_id, draft, editor.editing_of(form))
        except Refused as refused:
            return await editor.refused_form(
                request, who, self.desk, draft_id, editor.with_refusals(form, refused.refusals)
            )
        except Stale as stale:
            return await editor.conflict(request, who, self.desk, form, stale.stored)
        if saved.is_issued and wants_fragment(request.headers) and saved.last_editor == form.editor:
            # A save that was still on its way when this very editor issued: the next page is loading already.
            return Response(b"", status_code=204)
        if saved.is_issued:
            return see_other(request, self.desk.place(draft_id), "already-issued")
        if not wants_fragment(request.headers):
            return see_other(request, f"{self.desk.place(draft_id)}{self.desk.saved_at}", "draft-saved")
        return await _saved(request, who, self.desk, form, draft, saved)


async def _saved(
    request: AnyRequest, who: Member, desk: Desk, form: EditorForm, draft: Draft, saved: SavedDraft
) -> Answer:
    """The figures that changed; to somebody who was told what is missing, also what still is."""
    if form.checked:
        editor.with_refusals(form, await editor.still_missing(who, desk, draft, form.checked))
    notes = await vat_notes.notes(saved.own, saved.customer, draft) if saved.own else vat_notes.NONE
    answer = fragments(
        request,
        "invoices/saved.changes.html",
        form=replace(form, version=saved.version),
        desk=desk.name,
        place=desk.place(draft.id),
        copy_id=new_id(),
        totals=saved.totals,
        sums=sums_of(draft, saved.totals),
        due_on=draft.due_date(today_in(saved.time_zone, now())) if desk.has_due_day else None,
        saved_at=saved.saved_at,
        currency=draft.currency,
        remarks=remarks_of(desk, draft, saved.own, saved.customer, notes.rate),
        vat_notes=notes,
        time_zone=saved.time_zone,
    )
    return editor.at_its_own_address(request, answer, desk, draft.id)


def _fresh(own: Seller) -> Draft:
    today = today_in(own.time_zone, now())
    return Draft(
        id=new_id(), currency=own.currency, language=own.language, delivery_from=today, due_days=own.due_days
    )


def _for_customer(draft: Draft, own: Seller, customer: Buyer | None) -> Draft:
    """The draft with the language, currency, terms and reference of the customer."""
    if customer is None or customer.is_archived:
        return draft
    return replace(
        draft,
        customer_id=customer.id,
        language=customer.language,
        currency=customer.currency,
        due_days=own.due_days if customer.due_days is None else customer.due_days,
        your_reference=customer.reference,
    )


def _query_id(request: AnyRequest, name: str) -> UUID | None:
    return id_in(request.query_params.get(name, ""))
