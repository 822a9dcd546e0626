"""Who works in the company: the list, invitations, roles. Everybody in it sees who is; who may, changes it."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import invitations, members
from actions.clock import now
from actions.outcomes import NotFound
from domain.access import Permission, Role, may_change_member
from domain.access import may as role_may
from domain.members import INVITABLE, MEANINGS, NAMES
from domain.refusals import Refused
from models.queries.members import MemberLine, members_and_invited, members_of
from routes.actor import member_of
from routes.forms.base import Form, read_form
from routes.forms.member import parse_invitation, parse_role
from routes.guards import may
from routes.i18n import language_of
from routes.member_sentences import INVITED, REMOVED, ROLE_CHANGED, WITHDRAWN
from routes.middleware.session import client_of
from routes.pages import Answer, AnyRequest, page, see_other
from routes.proof import is_fresh, kept, person, proven

PLACE = "/company/members"


class MemberController(Controller):
    path = PLACE

    @get("/", guards=[may(Permission.READ)], name="members.index")
    async def index(self, request: AnyRequest) -> Answer:
        return await _show_all(request, Form())

    @post("/invitations", guards=[may(Permission.MEMBERS)], status_code=200, name="members.invite")
    async def invite(self, request: AnyRequest) -> Answer:
        """The same answer whether or not the address has an account."""
        who = member_of(request)
        form, wanted = parse_invitation(await read_form(request), language_of(request))
        if wanted is None:
            return await _show_all(request, form, 422)
        try:
            await invitations.invite(
                who.organisation_id, who.person_id, wanted.email, wanted.role, client_of(request)
            )
        except Refused as no:
            return await _show_all(request, _refused(form, no), 422)
        return see_other(request, PLACE, INVITED)

    @post(
        "/invitations/{invitation_id:uuid}/sending",
        guards=[may(Permission.MEMBERS)],
        status_code=200,
        name="members.invite_again",
    )
    async def send_again(self, request: AnyRequest, invitation_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        try:
            await invitations.send_again(who.organisation_id, who.person_id, invitation_id)
        except Refused as no:
            return await _show_all(request, _refused(Form(), no), 422)
        return see_other(request, PLACE, INVITED)

    @post(
        "/invitations/{invitation_id:uuid}/withdrawal",
        guards=[may(Permission.MEMBERS)],
        status_code=200,
        name="members.withdraw",
    )
    async def withdraw(self, request: AnyRequest, invitation_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await invitations.withdraw(who.organisation_id, who.person_id, invitation_id)
        return see_other(request, PLACE, WITHDRAWN)

    @get("/{member_id:uuid}", guards=[may(Permission.MEMBERS)], name="members.show")
    async def show(self, request: AnyRequest, member_id: FromPath[UUID]) -> Answer:
        member = await _one(request, member_id)
        return _show_one(request, member, Form({"role": member.role.value}))

    @post("/{member_id:uuid}/role", guards=[may(Permission.MEMBERS)], status_code=200, name="members.change")
    async def change(self, request: AnyRequest, member_id: FromPath[UUID]) -> Answer:
        who, member = member_of(request), await _one(request, member_id)
        data = await read_form(request)
        form, role = parse_role(data, language_of(request))
        if role is None:
            return _show_one(request, member, form, 422)
        # To take an owner's rights away asks for the password, like handing them over.
        renewed, status = await proven(person(request), data, form) if member.role is Role.OWNER else (None, 200)
        if not form.ok:
            return _show_one(request, member, form, status)
        try:
            await members.change_role(who.organisation_id, who.person_id, member_id, role)
        except Refused as no:
            return kept(_show_one(request, member, _refused(form, no), 422), renewed)
        return kept(see_other(request, PLACE, ROLE_CHANGED), renewed)

    @post("/{member_id:uuid}/removal", guards=[may(Permission.MEMBERS)], status_code=200, name="members.remove")
    async def remove(self, request: AnyRequest, member_id: FromPath[UUID]) -> Answer:
        who, member = member_of(request), await _one(request, member_id)
        try:
            await members.remove(who.organisation_id, who.person_id, member_id)
        except Refused as no:
            return _show_one(request, member, _refused(Form({"role": member.role.value}), no), 422)
        return see_other(request, PLACE, REMOVED)


def _refused(form: Form, no: Refused) -> Form:
    for refusal in no.refusals:
        form.add(refusal)
    return form


async def _one(request: AnyRequest, member_id: UUID) -> MemberLine:
    """Raises NotFound for somebody who is not in this company."""
    for line in await members_of(member_of(request).organisation_id):
        if line.person_id == member_id:
            return line
    raise NotFound


async def _show_all(request: AnyRequest, form: Form, status: int = 200) -> Answer:
    """Addresses, and who was asked, are shown to those who invite."""
    who = member_of(request)
    may_invite = role_may(who.role, Permission.MEMBERS)
    lines, invited = await members_and_invited(who.organisation_id)
    return page(
        request,
        "members/index.html",
        status=status,
        form=form,
        members=lines,
        invited=invited if may_invite else [],
        may_invite=may_invite,
        names=NAMES,
        meanings=MEANINGS,
        invitable=INVITABLE,
        now=now(),
    )


def _show_one(request: AnyRequest, member: MemberLine, form: Form, status: int = 200) -> Answer:
    who = member_of(request)
    return page(
        request,
        "members/show.html",
        status=status,
        form=form,
        member=member,
        may_change=may_change_member(who.role, member.role, None),
        names=NAMES,
        meanings=MEANINGS,
        invitable=INVITABLE,
        is_fresh=is_fresh(person(request)),
    )
