"""Products: the list, the form, the archive, and what the type-ahead offers for a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import products
from actions.clock import now
from actions.outcomes import NotFound, Stale
from domain.access import Permission
from domain.dates import today_in
from domain.units import DEFAULT_UNIT, UNITS
from models.ids import id_in_or_new, new_id
from models.queries import products as queries
from models.queries.customers import CompanyDefaults, defaults
from routes.actor import member_of
from routes.forms import product as product_form
from routes.forms.base import Form, FormData, read_form
from routes.forms.customer import currencies, version_in
from routes.forms.product import VatChoice, offered, vat_choices, vat_words
from routes.guards import may
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, page, see_other
from routes.registers import LONGEST_QUERY, can_write, flash_with_undo, list_answer, listing


class ProductController(Controller):
    path = "/products"

    @get("/", guards=[may(Permission.READ)], name="products.list")
    async def index(self, request: AnyRequest) -> Answer:
        """Products by name; for htmx only what changes while somebody searches."""
        asked = listing(request, "/products")
        found = await queries.listed(
            member_of(request).organisation_id,
            asked.query,
            archived=asked.archived,
            after=asked.after,
            limit=asked.rows,
        )
        return list_answer(request, "products", asked, found=found, vat=_Vat(request, found.company), units=UNITS)

    @get("/new", guards=[may(Permission.WRITE)], name="products.new")
    async def new(self, request: AnyRequest) -> Answer:
        company = await defaults(member_of(request).organisation_id)
        name = request.query_params.get("name", "").replace("\0", "").strip()[:LONGEST_QUERY]
        values = {
            "name": name,
            "unit": DEFAULT_UNIT,
            "supply": "service",
            "currency": company.currency,
            "unit_price": "",
        }
        return _form_page(request, Form(values), company, key=new_id())

    @post("/", guards=[may(Permission.WRITE)], status_code=200, name="products.add")
    async def add(self, request: AnyRequest) -> Answer:
        who, data = member_of(request), await read_form(request)
        form, details = product_form.parse(data, language_of(request))
        key = id_in_or_new(data.get("key"))
        if details is None:
            return _form_page(request, form, await defaults(who.organisation_id), status=422, key=key)
        await products.add(who.organisation_id, who.person_id, key, details)
        return see_other(request, "/products", "product-saved")

    @get("/{product_id:uuid}/edit", guards=[may(Permission.READ)], name="products.edit")
    async def edit(self, request: AnyRequest, product_id: FromPath[UUID]) -> Answer:
        """The form; whoever may only read sees it without a way to save."""
        product, company = await _found(request, product_id)
        undo = flash_with_undo(request, "product-archived", f"/products/{product_id}/restoration")
        form = product_form.show(product, language_of(request))
        return _form_page(request, form, company, product=product, flash=undo if product["archived_at"] else None)

    @post("/{product_id:uuid}", guards=[may(Permission.WRITE)], status_code=200, name="products.change")
    async def change(self, request: AnyRequest, product_id: FromPath[UUID]) -> Answer:
        who, data = member_of(request), await read_form(request)
        form, details = product_form.parse(data, language_of(request))
        if details is None:
            return await _again(request, product_id, form, data)
        try:
            await products.change(who.organisation_id, who.person_id, product_id, version_in(data), details)
        except Stale:
            return await _conflict(request, product_id, form)
        return see_other(request, "/products", "product-saved")

    @post("/{product_id:uuid}/archival", guards=[may(Permission.WRITE)], status_code=200, name="products.archive")
    async def archive(self, request: AnyRequest, product_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await products.archive(who.organisation_id, who.person_id, product_id)
        return see_other(request, f"/products/{product_id}/edit", "product-archived")

    @post("/{product_id:uuid}/restoration", guards=[may(Permission.WRITE)], status_code=200, name="products.restore")
    async def restore(self, request: AnyRequest, product_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await products.restore(who.organisation_id, who.person_id, product_id)
        return see_other(request, f"/products/{product_id}/edit", "product-restored")


class _Vat:
    """Says a VAT treatment in plain words, with the rate of today in the company's country."""

    def __init__(self, request: AnyRequest, company: CompanyDefaults) -> None:
        self._words = translator(language_of(request))
        self._company = company
        self._today = today_in(company.time_zone, now())

    def __call__(self, treatment: str) -> str:
        return vat_words(treatment, self._company.country, self._today, self._words)

    def choices(self) -> list[VatChoice]:
        return vat_choices(self._company.vat_registered, self._company.country, self._today, self._words)


async def _again(request: AnyRequest, product_id: UUID, form: Form, data: FormData) -> Answer:
    """The form with what was typed and what is wrong, still on the version it was opened with."""
    product, company = await _found(request, product_id)
    opened = {**product, "version": version_in(data)}
    return _form_page(request, form, company, status=422, product=opened)


async def _conflict(request: AnyRequest, product_id: UUID, form: Form) -> Answer:
    """Somebody saved in between: both versions, and saving again keeps what was typed here."""
    product, company = await _found(request, product_id)
    language = language_of(request)
    stored = product_form.show(product, language)
    differences = product_form.differences(form, stored, translator(language), _Vat(request, company).choices())
    return _form_page(request, form, company, status=409, product=product, differences=differences)


async def _found(request: AnyRequest, product_id: UUID) -> tuple[Mapping[str, Any], CompanyDefaults]:
    found = await queries.stored(member_of(request).organisation_id, product_id)
    if found is None:
        raise NotFound
    return found


def _form_page(
    request: AnyRequest, form: Form, company: CompanyDefaults, *, status: int = 200, **context: Any
) -> Answer:
    context = {"product": None, "key": None, "differences": (), "flash": None, **context}
    words, vat = translator(language_of(request)), _Vat(request, company).choices()
    form.values.setdefault("vat_treatment", vat[0].key)
    form.values["vat_treatment"] = offered(form.values["vat_treatment"], company.vat_registered)
    return page(
        request,
        "products/edit.html",
        status=status,
        form=form,
        own=company,
        currencies=currencies(language_of(request)),
        units=[(unit.code, words.gettext(unit.label)) for unit in UNITS.values()],
        vat_choices=[(choice.key, choice.words) for choice in vat],
        can_write=can_write(request),
        **context,
    )
