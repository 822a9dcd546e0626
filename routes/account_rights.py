"""Restricting one's own data or company, and objecting, from the privacy centre."""

from __future__ import annotations

from typing import Any

from litestar import Controller, post

from actions import account_rights
from domain import restriction_refusals
from domain.access import Permission
from domain.marking import N_
from domain.privacy.restriction import LONGEST_REASON
from domain.refusals import Refused
from routes.actor import actor_of, member_of
from routes.flash import SENTENCES, Flash
from routes.forms.base import Form, Reader, read_form
from routes.guards import may, signed_in
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, see_other
from routes.privacy_centre import PLACE, RefusedForm, show_centre

__all__ = ["AccountRightsController", "CompanyRestrictionController", "restriction_refusals"]
SENTENCES.update(
    {
        "objected": Flash("done", N_("Your objection counts from now on. Below you see how it stands.")),
        "objection-taken-back": Flash("done", N_("You do not object any more.")),
        "account-restricted": Flash("done", N_("From now on your data is only kept.")),
        "account-lifted": Flash("done", N_("The restriction has ended. A letter tells you so.")),
    }
)


class AccountRightsController(Controller):
    path = PLACE

    @post("/objections", guards=[signed_in], status_code=200, name="rights.object")
    async def object(self, request: AnyRequest) -> Answer:
        reader = Reader(await read_form(request), language_of(request))
        reason = reader.text("objection_reason", longest=LONGEST_REASON, lines=True)
        if not reader.form.ok:
            return await show_centre(request, status=422, refused=RefusedForm(f"{PLACE}/objections", reader.form))
        await account_rights.object_to(_person(request), reader.data.get("purpose"), reason)
        return see_other(request, PLACE, "objected")

    @post("/objections/ending", guards=[signed_in], status_code=200, name="rights.take_back")
    async def take_back(self, request: AnyRequest) -> Answer:
        await account_rights.take_back(_person(request), (await read_form(request)).get("purpose"))
        return see_other(request, PLACE, "objection-taken-back")

    @post("/restriction", guards=[signed_in], status_code=200, name="rights.restrict")
    async def restrict(self, request: AnyRequest) -> Answer:
        form, ground, reason = await _wish(request)
        if form.ok:
            try:
                await account_rights.restrict_account(_person(request), ground, reason)
                return see_other(request, PLACE, "account-restricted")
            except Refused as refused:
                form.add(refused.refusals[0])
        return await show_centre(request, status=422, refused=RefusedForm("/company/restriction", form))

    @post("/restriction/ending", guards=[signed_in], status_code=200, name="rights.lift")
    async def lift(self, request: AnyRequest) -> Answer:
        await account_rights.lift_account(_person(request))
        return see_other(request, PLACE, "account-lifted")


class CompanyRestrictionController(Controller):
    path = "/company/restriction"

    @post("/", guards=[may(Permission.SETTINGS)], status_code=200, name="company.restrict")
    async def restrict(self, request: AnyRequest) -> Answer:
        who = member_of(request)
        form, ground, reason = await _wish(request)
        if form.ok:
            try:
                await account_rights.restrict_company(who.organisation_id, who.person_id, ground, reason)
                return see_other(request, PLACE, "account-restricted")
            except Refused as refused:
                form.add(refused.refusals[0])
        return await show_centre(request, status=422, refused=RefusedForm("/company/restriction", form))

    @post("/ending", guards=[may(Permission.SETTINGS)], status_code=200, name="company.lift")
    async def lift(self, request: AnyRequest) -> Answer:
        who = member_of(request)
        await account_rights.lift_company(who.organisation_id, who.person_id)
        return see_other(request, PLACE, "account-lifted")


async def _wish(request: AnyRequest) -> tuple[Form, str, str]:
    reader = Reader(await read_form(request), language_of(request))
    ground = reader.text("ground", longest=20)
    reason = reader.text("restriction_reason", longest=LONGEST_REASON, lines=True)
    return reader.form, ground, reason


def _person(request: AnyRequest) -> Any:
    actor = actor_of(request)
    assert actor is not None, "behind the guard signed_in"
    return actor.person_id
