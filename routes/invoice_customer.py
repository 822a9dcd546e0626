"""Who a draft is for: the field that offers customers while somebody types, with scripts and without."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from actions import customers
from actions.outcomes import NotFound, Stale
from domain.access import Permission
from domain.draft import Draft
from models.ids import id_in, id_in_or_new
from models.queries import customers as customer_queries
from models.queries.parties import Buyer, Seller, buyer, seller
from models.unit_of_work import reading
from routes import editor_page as editor
from routes import vat_notes
from routes.actor import Member, member_of
from routes.desk import Desk, DeskController
from routes.editor_sheet import Sheet, Sought
from routes.forms import invoice as editor_form
from routes.forms import new_customer
from routes.forms.base import Form, FormData, read_form
from routes.forms.invoice import EditorForm
from routes.forms.invoice_changes import for_customer, without_customer
from routes.guards import may
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, fragments
from routes.register_fill import Fetched, customer_filled

FIRST_LINE = "lines.0.description"
_WRITE = [may(Permission.WRITE)]


class DraftCustomerController(DeskController):
    """Who a draft of one desk is for."""

    below = "/{draft_id:uuid}"

    @get("/customers", guards=_WRITE)
    async def customer_options(self, request: AnyRequest, draft_id: FromPath[UUID]) -> Answer:
        """What the customer field offers while somebody types."""
        query = request.query_params.get("customer", "")[:200]
        found = await customer_queries.options(member_of(request).organisation_id, query)
        finding = Sought(found, query.strip())
        return fragments(request, "invoices/_customer_options.html", place=self.desk.place(draft_id), finding=finding)

    @post("/draft/customers", guards=_WRITE, status_code=200)
    async def find_customer(self, request: AnyRequest, draft_id: FromPath[UUID]) -> Answer:
        """The type-ahead without scripts: the matches as buttons, everything typed kept. `another` asks for all."""
        who = member_of(request)
        data = await read_form(request)
        form, draft = editor_form.read(data, draft_id, language_of(request))
        query = "" if "another" in data else data.get("customer")[:200].strip()
        if "another" in data:
            form = without_customer(form)
            draft = replace(draft, customer_id=None) if draft else None
        finding = Sought(await customer_queries.options(who.organisation_id, query), query)
        return await _chosen(request, who, self.desk, draft_id, form, draft, None, finding)

    @post("/draft/customer/new", guards=_WRITE, status_code=200)
    async def begin_customer(self, request: AnyRequest, draft_id: FromPath[UUID]) -> Answer:
        """Open the fields of a new customer where the draft says who it is for."""
        who = member_of(request)
        form, draft = editor_form.read(await read_form(request), draft_id, language_of(request))
        own = await _own(who)
        form.newcomer = new_customer.begun(form.values.get("customer", ""), own)
        return await _chosen(request, who, self.desk, draft_id, form, draft, None)

    @post("/draft/customer/lookup", guards=_WRITE, status_code=200)
    async def fetch_customer(self, request: AnyRequest, draft_id: FromPath[UUID]) -> Answer:
        """Fill the new customer from the register of companies by the number that was typed."""
        who, data = member_of(request), await read_form(request)
        filled, fetched = await customer_filled(data, language_of(request))
        newcomer = new_customer.shown(filled, data)
        status = 422 if fetched is None else 200
        return await _with_newcomer(request, who, self.desk, draft_id, data, newcomer, fetched, status)

    @post("/draft/customer/creation", guards=_WRITE, status_code=200)
    async def add_customer(self, request: AnyRequest, draft_id: FromPath[UUID]) -> Answer:
        """Make the customer and choose it; what is wrong is said beside its field."""
        who, data = member_of(request), await read_form(request)
        newcomer, details = new_customer.parse(data, await _own(who), language_of(request))
        if details is None:
            return await _with_newcomer(request, who, self.desk, draft_id, data, newcomer, None, 422)
        key = id_in_or_new(data.get(new_customer.KEY))
        await customers.add(who.organisation_id, who.person_id, key, details)
        return await _pick(request, who, self.desk, draft_id, data, key)

    @post("/draft/customer", guards=_WRITE, status_code=200)
    async def pick_customer(self, request: AnyRequest, draft_id: FromPath[UUID]) -> Answer:
        """Choose who it is for; language, currency and terms follow the customer."""
        data = await read_form(request)
        picked = id_in(data.get("picked_customer"))
        return await _pick(request, member_of(request), self.desk, draft_id, data, picked)


async def _own(who: Member) -> Seller:
    async with reading(who.organisation_id) as work:
        return await seller(work)


async def _pick(
    request: AnyRequest, who: Member, desk: Desk, draft_id: UUID, data: FormData, customer_id: UUID | None
) -> Answer:
    async with reading(who.organisation_id) as work:
        own = await seller(work)
        customer = await buyer(work, customer_id)
    if customer is None:
        raise NotFound
    form, draft = await _with_customer(data, draft_id, own, customer, language_of(request))
    return await _chosen(request, who, desk, draft_id, form, draft, customer)


async def _with_newcomer(
    request: AnyRequest,
    who: Member,
    desk: Desk,
    draft_id: UUID,
    data: FormData,
    newcomer: Form,
    fetched: Fetched | None,
    status: int,
) -> Answer:
    """The editor as it was typed, with the fields of the new customer."""
    form, draft = editor_form.read(data, draft_id, language_of(request))
    form.newcomer = newcomer
    async with reading(who.organisation_id) as work:
        own, found = await seller(work), await desk.stored(work, draft_id)
    sheet = Sheet(desk, draft_id, own, None, form, draft, found)
    return await editor.show_editor(request, sheet, status=status, focus="name", fetched=fetched)


async def _chosen(
    request: AnyRequest,
    who: Member,
    desk: Desk,
    draft_id: UUID,
    form: EditorForm,
    draft: Draft | None,
    customer: Buyer | None,
    finding: Sought | None = None,
) -> Answer:
    """Save with another customer, or none, when everything can be read, and show the editor again."""
    try:
        form = await editor.saved(who, desk, form, draft)
    except Stale as stale:
        return await editor.conflict(request, who, desk, form, stale.stored)
    async with reading(who.organisation_id) as work:
        own, found = await seller(work), await desk.stored(work, draft_id)
    focus = FIRST_LINE if customer else "name" if form.newcomer else "customer"
    sheet = Sheet(desk, draft_id, own, customer, form, draft, found)
    answer = await editor.show_editor(request, sheet, focus=focus, finding=finding)
    return editor.at_its_own_address(request, answer, desk, draft_id)


async def _with_customer(
    data: FormData, draft_id: UUID, own: Seller, customer: Buyer, language: str
) -> tuple[EditorForm, Draft | None]:
    form, _ = editor_form.read(data, draft_id, language)
    form = await vat_notes.following(for_customer(form, own, customer), own, customer)
    return editor_form.read(editor_form.as_data(form), draft_id, language)
