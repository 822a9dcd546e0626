"""The lines of a draft: added, moved, removed and filled from a product, with everything typed kept."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from actions.clock import now
from actions.outcomes import NotFound, Stale
from domain.access import Permission
from domain.dates import today_in
from domain.draft import Draft
from models.ids import id_in, new_id
from models.queries import products
from models.queries.parties import Buyer, Seller, buyer, seller
from models.unit_of_work import reading
from routes import editor_page as editor
from routes import vat_notes
from routes.actor import member_of
from routes.desk import Desk, DeskController
from routes.editor_sheet import Sheet, choices, sums_of, totals_of
from routes.forms import invoice as editor_form
from routes.forms.base import FormData, read_form
from routes.forms.invoice import EditorForm
from routes.forms.invoice_changes import moved_line, with_line, with_product, without_line
from routes.guards import may
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, fragments, wants_fragment

Change = Callable[[EditorForm, Seller, Buyer | None], EditorForm]
_WRITE = [may(Permission.WRITE)]


class DraftLinesController(DeskController):
    """The lines of a draft of one desk."""

    below = "/{draft_id:uuid}"

    @post("/draft/lines", guards=_WRITE, status_code=200)
    async def add(self, request: AnyRequest, draft_id: FromPath[UUID]) -> Answer:
        return await _reshape(
            request,
            self.desk,
            draft_id,
            lambda form, own, customer: with_line(form, vat_notes.usual(own, customer)),
        )

    @post("/draft/lines/{line_id:str}/removal", guards=_WRITE, status_code=200)
    async def remove(self, request: AnyRequest, draft_id: FromPath[UUID], line_id: FromPath[str]) -> Answer:
        return await _reshape(request, self.desk, draft_id, lambda form, own, customer: without_line(form, line_id))

    @post("/draft/lines/{line_id:str}/up", guards=_WRITE, status_code=200)
    async def move_up(self, request: AnyRequest, draft_id: FromPath[UUID], line_id: FromPath[str]) -> Answer:
        return await _reshape(request, self.desk, draft_id, lambda form, own, customer: moved_line(form, line_id, -1))

    @post("/draft/lines/{line_id:str}/down", guards=_WRITE, status_code=200)
    async def move_down(self, request: AnyRequest, draft_id: FromPath[UUID], line_id: FromPath[str]) -> Answer:
        return await _reshape(request, self.desk, draft_id, lambda form, own, customer: moved_line(form, line_id, 1))

    @post("/draft/lines/{line_id:str}/product", guards=_WRITE, status_code=200)
    async def pick_product(self, request: AnyRequest, draft_id: FromPath[UUID], line_id: FromPath[str]) -> Answer:
        """Fill a line from a product."""
        who = member_of(request)
        picked = id_in((await read_form(request)).get("picked_product"))
        found = await products.stored(who.organisation_id, picked) if picked else None
        if found is None:
            raise NotFound
        product, language = found[0], language_of(request)
        return await _reshape(
            request,
            self.desk,
            draft_id,
            lambda form, own, customer: with_product(
                form, line_id, product, language, vat_notes.of_product(own, customer, product)
            ),
        )

    @get("/products", guards=_WRITE)
    async def product_options(self, request: AnyRequest, draft_id: FromPath[UUID]) -> Answer:
        """What the description of a line offers while somebody types."""
        line, field = request.query_params.get("line", ""), request.query_params.get("field", "")
        query = request.query_params.get(field, "")[:200].strip()
        found = await products.options(member_of(request).organisation_id, query) if query else None
        return fragments(
            request,
            "invoices/_product_options.html",
            place=self.desk.place(draft_id),
            line_id=id_in(line) or new_id(),
            options=found.rows if found else (),
        )


async def _reshape(request: AnyRequest, desk: Desk, draft_id: UUID, change: Change) -> Answer:
    """Change the lines as typed, save when everything can be read, and show the lines and totals again."""
    who, language = member_of(request), language_of(request)
    data = await read_form(request)
    async with reading(who.organisation_id) as work:
        own, found = await seller(work), await desk.stored(work, draft_id)
        customer = await buyer(work, id_in(data.get("customer_id")))
    form, draft = _changed(data, draft_id, language, lambda form: change(form, own, customer))
    try:
        form = await editor.saved(who, desk, form, draft)
    except Stale as stale:
        return await editor.conflict(request, who, desk, form, stale.stored)
    sheet = Sheet(desk, draft_id, own, customer, form, draft, found)
    if not wants_fragment(request.headers):
        return await editor.show_editor(request, sheet)
    return editor.at_its_own_address(request, await _lines_of(request, sheet), desk, draft_id)


async def _lines_of(request: AnyRequest, sheet: Sheet) -> Answer:
    """The lines, and the figures that follow from them."""
    desk, own, form, draft = sheet.desk, sheet.own, sheet.form, sheet.draft
    today = today_in(own.time_zone, now())
    totals = totals_of(draft, own, today)
    return fragments(
        request,
        "invoices/lines.changes.html",
        form=form,
        desk=desk.name,
        place=desk.place(sheet.draft_id),
        copy_id=new_id(),
        totals=totals,
        sums=sums_of(draft, totals),
        time_zone=own.time_zone,
        saved_at=now() if form.ok else None,
        currency=form.values["currency"],
        vat_notes=await vat_notes.notes(own, sheet.customer, draft),
        **choices(request, own, draft, today),
    )


def _changed(
    data: FormData, draft_id: UUID, language: str, change: Callable[[EditorForm], EditorForm]
) -> tuple[EditorForm, Draft | None]:
    """What was typed with the lines changed, read again, so that faults stand beside the lines where they are now."""
    form, _ = editor_form.read(data, draft_id, language)
    return editor_form.read(editor_form.as_data(change(form)), draft_id, language)
