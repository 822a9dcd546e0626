"""The settings of the company: everybody in it sees them, owners and administrators change them."""

from __future__ import annotations

from litestar import Controller, get, post

from actions import companies
from actions.companies import ChangedElsewhere
from domain.access import Permission
from domain.access import may as role_may
from domain.company import Company
from models.queries.companies import CompanySettings, company_settings
from routes.actor import member_of
from routes.forms.base import Form, FormData, read_form
from routes.forms.company import company_choices, parse_settings, settings_form
from routes.guards import may
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, page, see_other


class CompanySettingsController(Controller):
    path = "/company"

    @get(guards=[may(Permission.READ)], name="company.edit")
    async def edit(self, request: AnyRequest) -> Answer:
        stored = await company_settings(member_of(request).organisation_id)
        return show_settings(request, stored, settings_form(stored.company))

    @post(guards=[may(Permission.SETTINGS)], status_code=200, name="company.update")
    async def update(self, request: AnyRequest) -> Answer:
        who = member_of(request)
        data = await read_form(request)
        stored = await company_settings(who.organisation_id)
        form, company = parse_settings(data, language_of(request), stored.company, stored.numbers_in_use)
        if company is None:
            return show_settings(request, stored, form, status=422, version=_version(data))
        done = await companies.change(who.organisation_id, who.person_id, _version(data), company)
        if isinstance(done, ChangedElsewhere):
            return _changed_elsewhere(request, done.stored, form, company)
        return see_other(request, "/company", "saved")


def show_settings(
    request: AnyRequest,
    stored: CompanySettings,
    form: Form,
    *,
    status: int = 200,
    version: int | None = None,
    logo_form: Form | None = None,
) -> Answer:
    """The page of the settings, with whatever form was filled in on it."""
    return page(
        request,
        "companies/settings.html",
        status=status,
        form=form,
        stored=stored,
        version=stored.version if version is None else version,
        may_change=role_may(member_of(request).role, Permission.SETTINGS),
        choices=company_choices(language_of(request)),
        logo_form=logo_form or Form(),
    )


def _changed_elsewhere(request: AnyRequest, stored: CompanySettings, form: Form, company: Company) -> Answer:
    """What was typed stays, what is saved now stands beside it, and saving once more is a decision."""
    form.refuse("", "company.changed_elsewhere")
    typed, now = settings_form(company).values, settings_form(stored.company).values
    for name, value in now.items():
        if value != typed[name]:
            form.refuse(name, "field.stored_now", value=value or "–")
    return show_settings(request, stored, form, status=409)


def _version(data: FormData) -> int:
    """The version that the form was opened with; 0, which never is, for anything else."""
    text = data.get("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
