"""The editor of a draft: write, save while writing, add and move lines, choose customer and products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import drafts
from actions.clock import now
from actions.outcomes import NotFound, Stale
from domain.access import Permission
from domain.dates import today_in
from domain.draft import Draft
from domain.invoice import warnings
from domain.money import CURRENCIES
from domain.refusals import Invalid, Refusal, Refused
from domain.totals import Totals
from domain.units import UNITS
from domain.vat import rate_on, treatments_for
from models.ids import new_id
from models.queries import customers, products
from models.queries.customers import CustomerOption
from models.queries.invoices import StoredInvoice, stored
from models.queries.parties import Buyer, Seller, buyer, seller
from models.unit_of_work import Work, reading
from routes.actor import Member, member_of
from routes.forms import invoice as editor_form
from routes.forms.base import read_form
from routes.forms.invoice import EditorForm
from routes.guards import may
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, fragments, page, see_other, wants_fragment

# Those that a Nordic business meets first, then all.
_NEAR = ("NOK", "EUR", "SEK", "DKK", "USD", "GBP", "CHF")
CURRENCY_CHOICES = [(code, code) for code in (*_NEAR, *(code for code in CURRENCIES if code not in _NEAR))]


class InvoiceEditorController(Controller):
    path = "/invoices"

    @get("/new", guards=[may(Permission.WRITE)], name="invoices.new")
    async def new(self, request: AnyRequest) -> Answer:
        """An empty editor. Nothing is stored before the first save, whose id comes with the form."""
        who = member_of(request)
        async with reading(who.organisation_id) as work:
            own = await seller(work)
            customer = await buyer(work, _query_id(request, "customer"))
        draft = for_customer(_fresh(own), own, customer)
        return _editor(request, own, customer, draft, _form(request, draft, customer, 0), None)

    @get("/{invoice_id:uuid}/edit", guards=[may(Permission.WRITE)], name="invoices.edit")
    async def edit(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        async with reading(member_of(request).organisation_id) as work:
            own, found, customer = await _open(work, invoice_id)
            chosen = await buyer(work, _query_id(request, "customer"))
        if not found.is_draft:
            return see_other(request, f"/invoices/{invoice_id}")
        draft = found.draft()
        if chosen is not None and chosen.id != draft.customer_id:
            draft, customer = for_customer(draft, own, chosen), chosen
        return _editor(request, own, customer, draft, _form(request, draft, customer, found.version), found)

    @post("/{invoice_id:uuid}/draft", guards=[may(Permission.WRITE)], status_code=200, name="invoices.save")
    async def save(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """Save: by itself while the user types (htmx), or by the button."""
        who = member_of(request)
        form, draft = editor_form.read(await read_form(request), invoice_id, language_of(request))
        if draft is None:
            return await refused_form(request, who, invoice_id, form)
        try:
            saved = await drafts.save(who.organisation_id, who.person_id, draft, _editing(form))
        except Refused as refused:
            return await refused_form(request, who, invoice_id, with_refusals(form, refused.refusals))
        except Stale as stale:
            return await conflict(request, who, form, stale.stored)
        if saved.is_issued:
            return see_other(request, f"/invoices/{invoice_id}", "already-issued")
        if not wants_fragment(request.headers):
            return see_other(request, f"/invoices/{invoice_id}/edit", "draft-saved")
        return fragments(
            request, "invoices/saved.changes.html", form=replace(form, version=saved.version), totals=saved.totals,
            sums=_sums(draft, saved.totals), saved_at=saved.saved_at, currency=draft.currency, time_zone=saved.time_zone,
        )  # fmt: skip

    @post("/{invoice_id:uuid}/draft/lines", guards=[may(Permission.WRITE)], status_code=200, name="invoices.add_line")
    async def add_line(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        return await _reshape(request, invoice_id, lambda form, own: editor_form.with_line(form, _usual(own)))

    @post(
        "/{invoice_id:uuid}/draft/lines/{line_id:str}/removal",
        guards=[may(Permission.WRITE)],
        status_code=200,
        name="invoices.remove_line",
    )
    async def remove_line(self, request: AnyRequest, invoice_id: FromPath[UUID], line_id: FromPath[str]) -> Answer:
        return await _reshape(request, invoice_id, lambda form, own: editor_form.without_line(form, line_id))

    @post(
        "/{invoice_id:uuid}/draft/lines/{line_id:str}/up",
        guards=[may(Permission.WRITE)],
        status_code=200,
        name="invoices.move_line_up",
    )
    async def move_up(self, request: AnyRequest, invoice_id: FromPath[UUID], line_id: FromPath[str]) -> Answer:
        return await _reshape(request, invoice_id, lambda form, own: editor_form.moved_line(form, line_id, -1))

    @post(
        "/{invoice_id:uuid}/draft/lines/{line_id:str}/down",
        guards=[may(Permission.WRITE)],
        status_code=200,
        name="invoices.move_line_down",
    )
    async def move_down(self, request: AnyRequest, invoice_id: FromPath[UUID], line_id: FromPath[str]) -> Answer:
        return await _reshape(request, invoice_id, lambda form, own: editor_form.moved_line(form, line_id, 1))

    @post(
        "/{invoice_id:uuid}/draft/lines/{line_id:str}/product",
        guards=[may(Permission.WRITE)],
        status_code=200,
        name="invoices.pick_product",
    )
    async def pick_product(self, request: AnyRequest, invoice_id: FromPath[UUID], line_id: FromPath[str]) -> Answer:
        """Fill a line from a product."""
        who = member_of(request)
        data = await read_form(request)
        picked = _uuid(data.get("picked_product"))
        found = await products.stored(who.organisation_id, picked) if picked else None
        if found is None:
            raise NotFound
        product, language = found[0], language_of(request)
        return await _reshape(
            request, invoice_id, lambda form, own: editor_form.with_product(form, line_id, product, language)
        )

    @get("/{invoice_id:uuid}/customers", guards=[may(Permission.WRITE)], name="invoices.customer_options")
    async def customer_options(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """What the customer field offers while somebody types."""
        query = request.query_params.get("customer", "")[:200]
        found = await customers.options(member_of(request).organisation_id, query)
        return fragments(
            request, "invoices/_customer_options.html", invoice_id=invoice_id, options=found, query=query.strip()
        )

    @get("/{invoice_id:uuid}/products", guards=[may(Permission.WRITE)], name="invoices.product_options")
    async def product_options(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """What the description of a line offers while somebody types."""
        line, field = request.query_params.get("line", ""), request.query_params.get("field", "")
        query = request.query_params.get(field, "")[:200].strip()
        found = await products.options(member_of(request).organisation_id, query) if query else None
        return fragments(
            request,
            "invoices/_product_options.html",
            invoice_id=invoice_id,
            line_id=_uuid(line) or new_id(),
            options=found.rows if found else (),
        )

    @post(
        "/{invoice_id:uuid}/draft/customers",
        guards=[may(Permission.WRITE)],
        status_code=200,
        name="invoices.find_customer",
    )
    async def find_customer(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """The type-ahead without scripts: the matches as buttons, everything typed kept."""
        who = member_of(request)
        data = await read_form(request)
        form, draft = editor_form.read(data, invoice_id, language_of(request))
        query = data.get("customer")[:200]
        async with reading(who.organisation_id) as work:
            own = await seller(work)
            found = await stored(work, invoice_id)
        options = await customers.options(who.organisation_id, query)
        return _editor(request, own, None, draft, form, found, invoice_id, options=options, query=query.strip())

    @post(
        "/{invoice_id:uuid}/draft/customer/new",
        guards=[may(Permission.WRITE)],
        status_code=200,
        name="invoices.new_customer",
    )
    async def new_customer(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """Save the draft and go to the form for a new customer, which leads back here with the customer chosen."""
        who = member_of(request)
        form, draft = editor_form.read(await read_form(request), invoice_id, language_of(request))
        if draft is None:
            return await refused_form(request, who, invoice_id, form)
        try:
            await drafts.save(who.organisation_id, who.person_id, draft, _editing(form))
        except Refused as refused:
            return await refused_form(request, who, invoice_id, with_refusals(form, refused.refusals))
        except Stale as stale:
            return await conflict(request, who, form, stale.stored)
        name = quote(form.values.get("customer", ""))
        return see_other(request, f"/customers/new?name={name}&invoice={invoice_id}")

    @post(
        "/{invoice_id:uuid}/draft/customer", guards=[may(Permission.WRITE)], status_code=200, name="invoices.customer"
    )
    async def pick_customer(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """Choose who it is for; language, currency and terms follow the customer."""
        who = member_of(request)
        data = await read_form(request)
        async with reading(who.organisation_id) as work:
            own = await seller(work)
            customer = await buyer(work, _uuid(data.get("picked_customer")))
            found = await stored(work, invoice_id)
        if customer is None:
            raise NotFound
        form, _ = editor_form.read(data, invoice_id, language_of(request))
        form = editor_form.for_customer(form, own, customer)
        form, draft = editor_form.read(editor_form.as_data(form), invoice_id, language_of(request))
        if draft is not None:
            saved = await drafts.save(who.organisation_id, who.person_id, draft, _editing(form))
            form = replace(form, version=saved.version)
        return _editor(request, own, customer, draft, form, found)


# --- shared with issuing


async def refused_form(request: AnyRequest, who: Member, invoice_id: UUID, form: EditorForm) -> Answer:
    """The editor again with what was typed and what is wrong; for an autosave only the list of faults."""
    if wants_fragment(request.headers):
        return fragments(request, "invoices/not_saved.changes.html", status=422, form=form)
    async with reading(who.organisation_id) as work:
        own = await seller(work)
        customer = await buyer(work, _uuid(form.values.get("customer_id", "")))
        found = await stored(work, invoice_id)
    return _editor(request, own, customer, None, form, found, invoice_id, status=422)


async def conflict(request: AnyRequest, who: Member, form: EditorForm, theirs: StoredInvoice) -> Answer:
    """Two tabs: both versions side by side, nothing overwritten, nothing lost."""
    template = "invoices/conflict.changes.html" if wants_fragment(request.headers) else "invoices/conflict.html"
    context: dict[str, Any] = {
        "form": replace(form, version=theirs.version),
        "data": editor_form.as_data(replace(form, version=theirs.version)),
        "theirs": theirs,
        "their_totals": theirs.totals(),
        "invoice_id": theirs.id,
    }
    if wants_fragment(request.headers):
        return fragments(request, template, status=409, **context)
    return page(request, template, status=409, **context)


def with_refusals(form: EditorForm, refusals: tuple[Refusal, ...]) -> EditorForm:
    """The form with refusals of the rules beside those of reading."""
    for refusal in refusals:
        form.add(refusal)
    return form


def editing_of(form: EditorForm) -> drafts.Editing:
    return _editing(form)


async def preflight_answer(
    request: AnyRequest, who: Member, invoice_id: UUID, refusals: tuple[Refusal, ...], form: EditorForm | None
) -> Answer:
    """The saved draft again, with every legal fault as a sentence that leads to its field."""
    async with reading(who.organisation_id) as work:
        own, found, customer = await _open(work, invoice_id)
    draft = found.draft()
    shown = _form(request, draft, customer, found.version, form.editor if form else None)
    return _editor(request, own, customer, draft, with_refusals(shown, refusals), found, status=422)


# --- parts


def _editor(
    request: AnyRequest,
    own: Seller,
    customer: Buyer | None,
    draft: Draft | None,
    form: EditorForm,
    found: StoredInvoice | None,
    invoice_id: UUID | None = None,
    status: int = 200,
    options: Sequence[CustomerOption] = (),
    query: str = "",
) -> Answer:
    today = today_in(own.time_zone, now())
    totals = _totals(draft, own, today)
    context: dict[str, Any] = {
        "form": form,
        "options": options,
        "query": query,
        "invoice_id": draft.id if draft else invoice_id,
        "own": own,
        "customer": customer,
        "draft": draft,
        "totals": totals,
        "sums": _sums(draft, totals),
        "today": today,
        "found": found,
        "currency": form.values.get("currency") or own.currency,
        "time_zone": own.time_zone,
        **_choices(own, today),
        "advice": warnings(draft, own.party, customer.party if customer else None, today, own.account)
        if draft and draft.lines and customer
        else (),
    }
    return page(request, "invoices/edit.html", status=status, **context)


async def _reshape(request: AnyRequest, invoice_id: UUID, change: Any) -> Answer:
    """Change the lines as typed, save when everything can be read, and show the lines and totals again."""
    who = member_of(request)
    language = language_of(request)
    async with reading(who.organisation_id) as work:
        own = await seller(work)
        found = await stored(work, invoice_id)
        form, _ = editor_form.read(await read_form(request), invoice_id, language)
        customer = await buyer(work, _uuid(form.values.get("customer_id", "")))
    changed = change(form, own)
    form, draft = editor_form.read(editor_form.as_data(changed), invoice_id, language)
    if draft is not None:
        try:
            saved = await drafts.save(who.organisation_id, who.person_id, draft, _editing(form))
            form = replace(form, version=saved.version)
        except Refused as refused:
            form = with_refusals(form, refused.refusals)
        except Stale as stale:
            return await conflict(request, who, form, stale.stored)
    if not wants_fragment(request.headers):
        return _editor(request, own, customer, draft, form, found, invoice_id)
    today = today_in(own.time_zone, now())
    totals = _totals(draft, own, today)
    return fragments(
        request, "invoices/lines.changes.html", form=form, invoice_id=invoice_id, totals=totals,
        sums=_sums(draft, totals), time_zone=own.time_zone, saved_at=now() if totals else None,
        currency=form.values["currency"], **_choices(own, today),
    )  # fmt: skip


async def _open(work: Work, invoice_id: UUID) -> tuple[Seller, StoredInvoice, Buyer | None]:
    own = await seller(work)
    found = await stored(work, invoice_id)
    if found is None or found.row["deleted_at"] is not None:
        raise NotFound
    return own, found, await buyer(work, found.row["customer_id"])


def _form(
    request: AnyRequest, draft: Draft, customer: Buyer | None, version: int, editor: UUID | None = None
) -> EditorForm:
    name = customer.party.name if customer else ""
    return editor_form.show(draft, name, version, editor or new_id(), language_of(request))


def _fresh(own: Seller) -> Draft:
    today = today_in(own.time_zone, now())
    return Draft(
        id=new_id(), currency=own.currency, language=own.language, delivery_from=today, due_days=own.due_days
    )


def for_customer(draft: Draft, own: Seller, customer: Buyer | None) -> Draft:
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


@dataclass(frozen=True, slots=True)
class TreatmentChoice:
    """A VAT treatment to choose, with its rate today."""

    key: str
    rate: Decimal


def _choices(own: Seller, today: date) -> dict[str, Any]:
    """What the selects of the editor offer. A treatment without a rate in the company's country is left out."""
    treatments = []
    for treatment in treatments_for(own.party.vat_registered):
        try:
            treatments.append(TreatmentChoice(treatment.key, rate_on(treatment.key, own.party.country, today)))
        except Invalid:
            continue
    return {"treatments": treatments, "units": tuple(UNITS.values()), "currencies": CURRENCY_CHOICES}


def _usual(own: Seller) -> str:
    return treatments_for(own.party.vat_registered)[0].key


def _totals(draft: Draft | None, own: Seller, today: Any) -> Totals | None:
    if draft is None:
        return None
    try:
        return drafts.calculate(draft, own.party.country, today)
    except Refused:
        return None


def _sums(draft: Draft | None, totals: Totals | None) -> dict[str, Decimal]:
    """The amount of each line by its id, as the form shows lines that the draft leaves out."""
    if draft is None or totals is None:
        return {}
    return {str(line.id): total.net_shown for line, total in zip(draft.lines, totals.lines, strict=True)}


def _editing(form: EditorForm) -> drafts.Editing:
    return drafts.Editing(form.version, form.editor)


def _query_id(request: AnyRequest, name: str) -> UUID | None:
    return _uuid(request.query_params.get(name, ""))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
