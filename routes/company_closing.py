"""Closing one company and keeping the account: the plan, the confirmation, and calling it off."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import erasures
from actions.erasures import Blocked, Waiting
from actions.outcomes import NotFound
from domain.access import Permission
from domain.privacy.erasure import Plan, part_words
from models.queries.erasures import company_plan
from routes.account_deletion import confirmation
from routes.actor import member_of
from routes.deletion_sentences import COMPANY_CLOSING, COMPANY_KEPT
from routes.forms.base import Form, read_form
from routes.guards import may, signed_in
from routes.i18n import language_of
from routes.middleware.session import client_of
from routes.pages import Answer, AnyRequest, page, see_other
from routes.proof import is_fresh, kept, person, proven


class CompanyClosingController(Controller):
    @get("/company/closing", guards=[may(Permission.OWN)], name="company.closing")
    async def show(self, request: AnyRequest) -> Answer:
        who = member_of(request)
        return _show(request, await company_plan(who.organisation_id, who.person_id), Form())

    @post("/company/closing", guards=[may(Permission.OWN)], status_code=200, name="company.close")
    async def close(self, request: AnyRequest) -> Answer:
        who, data = member_of(request), await read_form(request)
        plan = await company_plan(who.organisation_id, who.person_id)
        form = confirmation(data, language_of(request), plan.name)
        renewed, status = await proven(person(request), data, form)
        if not form.ok:
            return _show(request, plan, form, status=status if status != 200 else 422)
        done = await erasures.close_company(
            who.organisation_id, who.person_id, data.get("fingerprint")[:64], client_of(request)
        )
        if isinstance(done, Waiting):
            return kept(see_other(request, "/companies", COMPANY_CLOSING), renewed)
        changed = not isinstance(done, Blocked)
        return kept(_show(request, done.plan, Form(), status=409, changed=changed), renewed)

    @post("/companies/{organisation_id:uuid}/reopening", guards=[signed_in], status_code=200, name="companies.keep")
    async def keep(self, request: AnyRequest, organisation_id: FromPath[UUID]) -> Answer:
        if not await erasures.keep_company(organisation_id, person(request).person_id, client_of(request)):
            raise NotFound
        return see_other(request, "/companies", COMPANY_KEPT)


def _show(request: AnyRequest, plan: Plan, form: Form, *, status: int = 200, changed: bool = False) -> Answer:
    return page(
        request,
        "companies/closing.html",
        status=status,
        plan=plan,
        form=form,
        changed=changed,
        words=part_words,
        is_fresh=is_fresh(person(request)),
    )
