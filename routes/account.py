"""A person's own account: name, address, password, the browsers that are signed in, and what happened lately."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from actions import profile, sessions
from actions.clock import now
from actions.limits import Wait
from actions.sessions import Started
from actions.sign_in import Wrong
from domain.marking import N_
from models.queries.accounts import events_of, sessions_of
from routes.account_sentences import CHECK_NEW_EMAIL, PASSWORD_RENEWED, SESSIONS_ENDED
from routes.actor import Actor, actor_of
from routes.forms.account import parse_email_change, parse_password_change, parse_profile
from routes.forms.base import Form, read_form
from routes.guards import signed_in
from routes.i18n import language_of
from routes.middleware.session import client_of, keep
from routes.pages import Answer, AnyRequest, page, see_other

# What the security log holds, in words.
EVENTS: dict[str, str] = {
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "wrong_password": N_("Somebody tried a wrong password"),
    "email_confirmed": N_("E-mail address confirmed"),
    "email_change_asked": N_("A new e-mail address was asked for"),
    "email_changed": N_("E-mail address changed"),
    "password_changed": N_("Password changed"),
    "password_reset": N_("New password chosen with a link from an e-mail"),
    "export_asked": N_("A copy of your data was asked for"),
    "export_downloaded": N_("A copy of your data was downloaded"),
    "deletion_asked": N_("The deletion of your account was asked for"),
    "deletion_cancelled": N_("The deletion of your account was called off"),
    "company_closing": N_("The closing of a company was asked for"),
    "company_kept": N_("The closing of a company was called off"),
    "member_invited": N_("You invited somebody to a company"),
    "company_joined": N_("You joined a company"),
    "company_left": N_("You left a company"),
    "company_removed": N_("You were taken out of a company"),
    "company_handed_over": N_("You made somebody else an owner of a company"),
    "company_received": N_("You became an owner of a company"),
    "role_changed": N_("Your role in a company was changed"),
    "session_ended": N_("A browser was signed out from here"),
    "sessions_ended": N_("All other browsers were signed out from here"),
}


class AccountController(Controller):
    path = "/account"

    @get(guards=[signed_in], name="account.show")
    async def show(self, request: AnyRequest) -> Answer:
        return await _show(request)

    @post("/profile", guards=[signed_in], status_code=200, name="account.profile")
    async def rename(self, request: AnyRequest) -> Answer:
        form, wanted = parse_profile(await read_form(request), language_of(request))
        if wanted is None:
            return await _show(request, status=422, profile=form)
        await profile.rename(_actor(request).person_id, wanted.name, wanted.language)
        return see_other(request, "/account", "saved")

    @post("/email", guards=[signed_in], status_code=200, name="account.email")
    async def change_email(self, request: AnyRequest) -> Answer:
        actor = _actor(request)
        form, wanted = parse_email_change(await read_form(request), language_of(request), actor.email)
        if wanted is None:
            return await _show(request, status=422, email=form)
        done = await profile.ask_for_email_change(
            actor.person_id, actor.session_hash, wanted.password, wanted.email, actor.language, client_of(request)
        )
        if isinstance(done, Started):
            return keep(see_other(request, "/account", CHECK_NEW_EMAIL), done)
        return await _show(request, status=refuse_password(form, "email_password", done), email=form)

    @post("/password", guards=[signed_in], status_code=200, name="account.password")
    async def change_password(self, request: AnyRequest) -> Answer:
        actor = _actor(request)
        context = (actor.name, actor.email)
        form, wanted = parse_password_change(await read_form(request), language_of(request), context)
        if wanted is None:
            return await _show(request, status=422, password=form)
        done = await profile.change_password(
            actor.person_id, actor.session_hash, wanted.current, wanted.wanted, client_of(request)
        )
        if isinstance(done, Started):
            return keep(see_other(request, "/account", PASSWORD_RENEWED), done)
        return await _show(request, status=refuse_password(form, "current_password", done), password=form)

    @post("/sessions/{handle:str}/ending", guards=[signed_in], status_code=200, name="account.end_session")
    async def end_session(self, request: AnyRequest, handle: FromPath[str]) -> Answer:
        if not await sessions.end_one(_actor(request).person_id, handle, client_of(request)):
            raise NotFoundException
        return see_other(request, "/account", "session-ended")

    @post("/sessions/others/ending", guards=[signed_in], status_code=200, name="account.end_others")
    async def end_others(self, request: AnyRequest) -> Answer:
        actor = _actor(request)
        await sessions.end_others(actor.person_id, actor.session_hash, client_of(request))
        return see_other(request, "/account", SESSIONS_ENDED)


def _actor(request: AnyRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None, "behind the guard signed_in"
    return actor


def refuse_password(form: Form, field: str, outcome: Wait | Wrong) -> int:
    """Note beside the password why it was not taken; the status of the answer."""
    if isinstance(outcome, Wait):
        form.refuse(field, "sign_in.wait", seconds=str(outcome.seconds))
        return 429
    form.refuse(field, "password.wrong")
    return 422


async def _show(request: AnyRequest, *, status: int = 200, **forms: Form) -> Answer:
    """The page; a form that was refused stands on it as it was filled in."""
    actor = _actor(request)
    return page(
        request,
        "account/page.html",
        status=status,
        profile=forms.get("profile") or Form({"name": actor.name, "language": actor.language}),
        email=forms.get("email") or Form(),
        password=forms.get("password") or Form(),
        sessions=await sessions_of(actor.person_id, actor.session_hash, now()),
        events=await events_of(actor.person_id),
        words=EVENTS,
    )
