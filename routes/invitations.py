"""The link in an invitation: looked at by anybody who has it, accepted with the account that it is for."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import invitations
from actions.invitations import Over
from actions.sessions import Started
from domain.accounts import email_key
from domain.members import MEANINGS, NAMES
from domain.refusals import Refused
from models.queries.invitations import InvitationView
from routes.actor import actor_of
from routes.forms.base import Form, read_form
from routes.forms.member import parse_newcomer
from routes.guards import public
from routes.i18n import language_of
from routes.member_sentences import JOINED
from routes.middleware.session import client_of, keep
from routes.pages import Answer, AnyRequest, see_other
from routes.public_page import public_page


class InvitationController(Controller):
    path = "/invitation/{token:str}"

    @get("/", guards=[public], name="invitation.show")
    async def show(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """What it is about, and the way in that fits who looks: sign in, make an account, or accept."""
        return _show(request, await invitations.look_at(token), Form())

    @post("/", guards=[public], status_code=200, name="invitation.accept")
    async def accept(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        actor = actor_of(request)
        if actor is None or actor.closes_at is not None:
            return _show(request, await invitations.look_at(token), Form())
        done = await invitations.accept(token, actor.person_id, actor.session_hash, client_of(request))
        if isinstance(done, Started):
            return keep(see_other(request, "/", JOINED), done)
        found = await invitations.look_at(token)
        return _show(request, found, Form(), 404 if isinstance(done, Over) else 409)

    @post("/account", guards=[public], status_code=200, name="invitation.sign_up")
    async def sign_up(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """An account for the address that the letter went to: who holds its link need not confirm it again."""
        found = await invitations.look_at(token)
        if found is None or found.over or found.has_account or actor_of(request) is not None:
            return _show(request, found, Form())
        form, wanted = parse_newcomer(await read_form(request), language_of(request), found.email)
        if wanted is None:
            return _show(request, found, form, 422)
        try:
            done = await invitations.accept_with_new_account(token, wanted, client_of(request))
        except Refused:
            done = Over()  # somebody confirmed the address meanwhile: the page knows it now
        if isinstance(done, Started):
            return keep(see_other(request, "/", JOINED), done)
        return _show(request, await invitations.look_at(token), Form(), 409)


def _show(request: AnyRequest, found: InvitationView | None, form: Form, status: int = 200) -> Answer:
    if found is None or found.over:
        over = found.over if found else ""
        return public_page(request, "invitations/over.html", status=404, over=over, found=found)
    actor = actor_of(request)
    if actor is not None and actor.closes_at is not None:
        return see_other(request, "/account/deletion")
    is_other = actor is not None and email_key(actor.email) != email_key(found.email)
    return public_page(
        request,
        "invitations/other_account.html" if is_other else "invitations/show.html",
        status=status,
        found=found,
        form=form,
        role=NAMES[found.role],
        meaning=MEANINGS[found.role],
    )
