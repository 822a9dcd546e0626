"""Customers: the list, one customer, the form, the archive, and what the type-ahead offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import customers, lookups
from actions.clock import now
from actions.outcomes import Locked, NotFound, Stale
from domain.access import Permission
from domain.dates import today_in
from domain.privacy.objection import CUSTOMER_PURPOSES
from domain.privacy.restriction import LONGEST_REASON
from domain.vat_check import can_be_checked
from models.ids import id_in_or_new, new_id
from models.queries import customers as queries
from models.queries.customers import CompanyDefaults
from routes.actor import member_of
from routes.forms import customer as customer_form
from routes.forms.base import Form, FormData, read_form
from routes.guards import may
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, page, see_other
from routes.register_fill import customer_filled
from routes.registers import LONGEST_QUERY, can_write, flash_with_undo, list_answer, listing


class CustomerController(Controller):
    path = "/customers"

    @get("/", guards=[may(Permission.READ)], name="customers.list")
    async def index(self, request: AnyRequest) -> Answer:
        """Customers by name; for htmx only what changes while somebody searches."""
        asked = listing(request, "/customers")
        found = await queries.listed(
            member_of(request).organisation_id,
            asked.query,
            archived=asked.archived,
            after=asked.after,
            limit=asked.rows,
        )
        return list_answer(request, "customers", asked, found=found)

    @get("/new", guards=[may(Permission.WRITE)], name="customers.new")
    async def new(self, request: AnyRequest) -> Answer:
        """An empty form."""
        company = await queries.defaults(member_of(request).organisation_id)
        return _form_page(request, _fresh(request, company), company, key=new_id())

    @post("/", guards=[may(Permission.WRITE)], status_code=200, name="customers.add")
    async def add(self, request: AnyRequest) -> Answer:
        who, data = member_of(request), await read_form(request)
        form, details = customer_form.parse(data, language_of(request))
        key = id_in_or_new(data.get("key"))
        if details is None:
            company = await queries.defaults(who.organisation_id)
            return _form_page(request, form, company, status=422, key=key)
        await customers.add(who.organisation_id, who.person_id, key, details)
        return see_other(request, f"/customers/{key}", "customer-saved")

    @post("/lookup", guards=[may(Permission.WRITE)], status_code=200, name="customers.fetch_new")
    async def fetch_new(self, request: AnyRequest) -> Answer:
        """The form again, filled from the register of companies by the number that was typed."""
        data = await read_form(request)
        company = await queries.defaults(member_of(request).organisation_id)
        form, fetched = await customer_filled(data, language_of(request))
        key, status = id_in_or_new(data.get("key")), 422 if fetched is None else 200
        return _form_page(request, form, company, status=status, key=key, fetched=fetched)

    @get("/{customer_id:uuid}", guards=[may(Permission.READ)], name="customers.show")
    async def show(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        found = await queries.page(member_of(request).organisation_id, customer_id, now())
        if found is None:
            raise NotFound
        today = today_in(found.company.time_zone, now())
        undo = flash_with_undo(request, "customer-archived", f"/customers/{customer_id}/restoration")
        return page(
            request,
            "customers/show.html",
            flash=undo if found.is_archived else None,
            found=found,
            can_write=can_write(request),
            purposes=CUSTOMER_PURPOSES,
            countries=dict(customer_form.countries(language_of(request))),
            time_zone=found.company.time_zone,
            can_check_vat=lookups.checks_vat_numbers() and can_be_checked(found.customer["vat_number"], today),
            today=today,
        )

    @get("/{customer_id:uuid}/edit", guards=[may(Permission.WRITE)], name="customers.edit")
    async def edit(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        customer, company = await _found(request, customer_id)
        return _form_page(request, customer_form.show(customer), company, customer=customer)

    @post("/{customer_id:uuid}/lookup", guards=[may(Permission.WRITE)], status_code=200, name="customers.fetch")
    async def fetch(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        """The same for a customer that is there already; nothing is saved yet."""
        data = await read_form(request)
        customer, company = await _found(request, customer_id)
        form, fetched = await customer_filled(data, language_of(request))
        opened = {**customer, "version": customer_form.version_in(data)}
        status = 422 if fetched is None else 200
        return _form_page(request, form, company, status=status, customer=opened, fetched=fetched)

    @post(
        "/{customer_id:uuid}/vat-check", guards=[may(Permission.WRITE)], status_code=200, name="customers.check_vat"
    )
    async def check_vat(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        """Ask the EU's register whether the VAT number is in use."""
        who = member_of(request)
        status = await lookups.check_vat_number(who.organisation_id, who.person_id, customer_id)
        return see_other(request, f"/customers/{customer_id}", f"vat-{status.value}")

    @post("/{customer_id:uuid}", guards=[may(Permission.WRITE)], status_code=200, name="customers.change")
    async def change(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        who, data = member_of(request), await read_form(request)
        form, details = customer_form.parse(data, language_of(request))
        if details is None:
            return await _again(request, customer_id, form, data)
        version, mending = customer_form.version_in(data), data.get("mending")[:LONGEST_REASON]
        form.values["mending"] = mending
        try:
            await customers.change(who.organisation_id, who.person_id, customer_id, version, details, mending)
        except Locked:
            if "mending" not in data:
                raise
            form.refuse("mending", "restriction.reason_missing")
            return await _again(request, customer_id, form, data, status=423)
        except Stale:
            return await _conflict(request, customer_id, form)
        return see_other(request, f"/customers/{customer_id}", "customer-saved")

    @post("/{customer_id:uuid}/archival", guards=[may(Permission.WRITE)], status_code=200, name="customers.archive")
    async def archive(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await customers.archive(who.organisation_id, who.person_id, customer_id)
        return see_other(request, f"/customers/{customer_id}", "customer-archived")

    @post(
        "/{customer_id:uuid}/restoration", guards=[may(Permission.WRITE)], status_code=200, name="customers.restore"
    )
    async def restore(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await customers.restore(who.organisation_id, who.person_id, customer_id)
        return see_other(request, f"/customers/{customer_id}", "customer-restored")


async def _again(request: AnyRequest, customer_id: UUID, form: Form, data: FormData, status: int = 422) -> Answer:
    """The form with what was typed and what is wrong, still on the version it was opened with."""
    customer, company = await _found(request, customer_id)
    opened = {**customer, "version": customer_form.version_in(data)}
    return _form_page(request, form, company, status=status, customer=opened)


async def _conflict(request: AnyRequest, customer_id: UUID, form: Form) -> Answer:
    """Somebody saved in between: both versions, and saving again keeps what was typed here."""
    customer, company = await _found(request, customer_id)
    words = translator(language_of(request))
    differences = customer_form.differences(form, customer_form.show(customer), words)
    return _form_page(request, form, company, status=409, customer=customer, differences=differences)


async def _found(request: AnyRequest, customer_id: UUID) -> tuple[Mapping[str, Any], CompanyDefaults]:
    found = await queries.stored(member_of(request).organisation_id, customer_id)
    if found is None:
        raise NotFound
    return found


def _form_page(
    request: AnyRequest, form: Form, company: CompanyDefaults, *, status: int = 200, **context: Any
) -> Answer:
    language = language_of(request)
    context = {"customer": None, "key": None, "differences": (), "fetched": None, **context}
    return page(
        request,
        "customers/edit.html",
        status=status,
        form=form,
        own=company,
        finds_companies=lookups.finds_companies(),
        labels=customer_form.LABELS,
        countries=customer_form.countries(language),
        currencies=customer_form.currencies(language),
        **context,
    )


def _fresh(request: AnyRequest, company: CompanyDefaults) -> Form:
    """A form that starts from what the company is used to; the name may have been typed elsewhere already."""
    name = request.query_params.get("name", "").replace("\0", "").strip()[:LONGEST_QUERY]
    return Form(
        {
            "kind": "business",
            "name": name,
            "country": company.country,
            "language": company.language,
            "currency": company.currency,
        }
    )
