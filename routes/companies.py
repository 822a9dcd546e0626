"""The companies of a person: the list, a new one, and which of them this browser works for."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from actions import companies, lookups, sessions
from models.queries.companies import companies_of
from routes.actor import actor_of
from routes.forms.base import Form, read_form
from routes.forms.company import company_choices, new_form, parse_new_company
from routes.guards import signed_in
from routes.i18n import language_of
from routes.middleware.session import keep
from routes.pages import Answer, AnyRequest, page, see_other
from routes.register_fill import Fetched, fetch, for_company

# Where the page of an account's deletion leads on to in a company that must be settled first.
NEXT = ("/company/handover", "/company/closing")


class CompaniesController(Controller):
    path = "/companies"

    @get(guards=[signed_in], name="companies.index")
    async def index(self, request: AnyRequest) -> Answer:
        actor = actor_of(request)
        assert actor is not None
        found = await companies_of(actor.person_id)
        return page(
            request,
            "companies/index.html",
            companies=[company for company in found if company.closes_at is None],
            closing=[company for company in found if company.closes_at is not None],
        )

    @get("/new", guards=[signed_in], name="companies.new")
    async def new(self, request: AnyRequest) -> Answer:
        actor = actor_of(request)
        assert actor is not None
        return await _show_new(request, new_form(actor.email))

    @post(guards=[signed_in], status_code=200, name="companies.create")
    async def create(self, request: AnyRequest) -> Answer:
        actor = actor_of(request)
        assert actor is not None
        form, company = parse_new_company(await read_form(request), language_of(request))
        if company is None:
            return await _show_new(request, form, status=422)
        _, started = await companies.found(actor.person_id, actor.session_hash, company)
        return keep(see_other(request, "/", "company-created"), started)

    @post("/lookup", guards=[signed_in], status_code=200, name="companies.fetch")
    async def fetch(self, request: AnyRequest) -> Answer:
        """The form again, filled from the register of companies by the number that was typed."""
        data = await read_form(request)
        form, _ = parse_new_company(data, language_of(request))
        form.errors = {}
        fetched = await fetch(form, data)
        if fetched is not None and fetched.entry is not None:
            for_company(form, fetched.entry)
        return await _show_new(request, form, 422 if fetched is None else 200, fetched)

    @post("/{organisation_id:uuid}/selection", guards=[signed_in], status_code=200, name="companies.select")
    async def select(self, request: AnyRequest, organisation_id: FromPath[UUID]) -> Answer:
        """Work for another company. The session gets a new id, so a form opened for the old one can not be saved."""
        actor = actor_of(request)
        assert actor is not None
        started = await sessions.select_company(actor.person_id, actor.session_hash, organisation_id)
        if started is None:
            raise NotFoundException
        wanted = (await read_form(request)).get("next")
        if wanted in NEXT:
            return keep(see_other(request, wanted), started)
        return keep(see_other(request, "/", "company-selected"), started)


async def _show_new(request: AnyRequest, form: Form, status: int = 200, fetched: Fetched | None = None) -> Answer:
    actor = actor_of(request)
    assert actor is not None
    others = [company for company in await companies_of(actor.person_id) if company.closes_at is None]
    choices = company_choices(language_of(request))
    return page(
        request,
        "companies/new.html",
        status=status,
        form=form,
        others=others,
        choices=choices,
        fetched=fetched,
        finds_companies=lookups.finds_companies(),
    )
