"""Deleting a customer's personal data, by the company that holds it: first what goes and what stays, then the deed."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions.customer_erasure import CustomerPlan, customer_plan, erase
from domain.access import Permission
from domain.privacy.erasure import part_words
from domain.refusals import Refused
from routes.actor import member_of
from routes.deletion_sentences import CUSTOMER_ERASED
from routes.forms.base import read_form
from routes.guards import may
from routes.pages import Answer, AnyRequest, page, see_other


class CustomerErasureController(Controller):
    path = "/customers/{customer_id:uuid}/erasure"

    @get("/", guards=[may(Permission.SETTINGS)], name="customers.erasure")
    async def show(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        return _show(request, await customer_plan(member_of(request).organisation_id, customer_id))

    @post("/", guards=[may(Permission.SETTINGS)], status_code=200, name="customers.erase")
    async def erase(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        who, data = member_of(request), await read_form(request)
        try:
            plan = await erase(who.organisation_id, who.person_id, customer_id, data.get("fingerprint")[:64])
        except Refused:
            return _show(request, await customer_plan(who.organisation_id, customer_id), status=422)
        if isinstance(plan, CustomerPlan):
            return _show(request, plan, status=409)
        return see_other(request, "/customers", CUSTOMER_ERASED)


def _show(request: AnyRequest, plan: CustomerPlan, status: int = 200) -> Answer:
    return page(request, "customers/erasure.html", status=status, plan=plan, words=part_words, changed=status == 409)
