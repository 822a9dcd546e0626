"""Handing a company over to another owner, and leaving one (privacy.md 2.6: whoever owns it alone hands over first)."""

from __future__ import annotations

from litestar import Controller, get, post

from actions import members
from actions.account_tokens import hash_of
from domain.access import Permission, Role
from domain.members import MEANINGS, NAMES, Place, Team
from domain.refusals import Refused
from models.queries.members import MemberLine, members_of
from routes.actor import Member, member_of
from routes.forms.base import Form, read_form
from routes.forms.member import GONE, STAYS_AS, parse_handover
from routes.guards import may
from routes.i18n import language_of
from routes.member_sentences import HANDED_OVER, LEFT
from routes.middleware.session import client_of, keep
from routes.pages import Answer, AnyRequest, page, see_other
from routes.proof import is_fresh, kept, person, proven


class HandoverController(Controller):
    path = "/company/handover"

    @get("/", guards=[may(Permission.OWN)], name="handover.show")
    async def show(self, request: AnyRequest) -> Answer:
        form = Form({"member": request.query_params.get("to", "")[:36], "stays_as": Role.ADMIN.value})
        return await _show(request, form)

    @post("/", guards=[may(Permission.OWN)], status_code=200, name="handover.create")
    async def create(self, request: AnyRequest) -> Answer:
        who, actor, data = member_of(request), person(request), await read_form(request)
        form, wanted = parse_handover(data, language_of(request))
        renewed, status = await proven(actor, data, form)
        if wanted is None or not form.ok:
            return kept(await _show(request, form, status if status != 200 else 422), renewed)
        session = (hash_of(renewed.cookie_value) if renewed else None) or actor.session_hash
        try:
            started = await members.hand_over(
                who.organisation_id, who.person_id, session, wanted.to, wanted.stays_as, client_of(request)
            )
        except Refused as no:
            for refusal in no.refusals:
                form.add(refusal)
            return kept(await _show(request, form, 422), renewed)
        place = "/company/members" if wanted.stays_as else "/companies"
        return keep(see_other(request, place, HANDED_OVER), started)


class LeavingController(Controller):
    path = "/company/leaving"

    @get("/", guards=[may(Permission.READ)], name="leaving.show")
    async def show(self, request: AnyRequest) -> Answer:
        return await _show_leaving(request)

    @post("/", guards=[may(Permission.READ)], status_code=200, name="leaving.create")
    async def create(self, request: AnyRequest) -> Answer:
        who = member_of(request)
        try:
            started = await members.leave(
                who.organisation_id, who.person_id, person(request).session_hash, client_of(request)
            )
        except Refused:
            return await _show_leaving(request, 409)
        return keep(see_other(request, "/companies", LEFT), started)


async def _show(request: AnyRequest, form: Form, status: int = 200) -> Answer:
    who = member_of(request)
    lines = await members_of(who.organisation_id)
    return page(
        request,
        "members/handover.html",
        status=status,
        form=form,
        candidates=[line for line in lines if line.stays and line.role is not Role.OWNER],
        names=NAMES,
        stays_as=[role for role in STAYS_AS.values() if role],
        meanings=MEANINGS,
        gone=GONE,
        is_fresh=is_fresh(person(request)),
    )


async def _show_leaving(request: AnyRequest, status: int = 200) -> Answer:
    """What leaving means, or why it is not possible and what is."""
    who = member_of(request)
    team = _team(await members_of(who.organisation_id))
    refusal = team.refusal_to_let_go(who.person_id) if who.person_id in team.places else None
    return page(request, "members/leaving.html", status=status, refusal=refusal, is_owner=_owns(who))


def _team(lines: list[MemberLine]) -> Team:
    return Team({line.person_id: Place(line.role, line.stays) for line in lines})


def _owns(who: Member) -> bool:
    return who.role is Role.OWNER
