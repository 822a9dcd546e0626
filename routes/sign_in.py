"""Signing in and out."""

from __future__ import annotations

from urllib.parse import quote

from litestar import Controller, get, post
from litestar.response import Response

from actions import sessions
from actions.limits import Wait
from actions.sessions import Started
from actions.sign_in import Unconfirmed, sign_in
from routes.actor import actor_of
from routes.forms.base import Form, Reader, read_form
from routes.guards import public
from routes.i18n import language_of
from routes.middleware.same_origin import safe_path
from routes.middleware.session import client_of, forget, keep, presented
from routes.pages import Answer, AnyRequest, fragments, see_other
from routes.public_page import public_page

# Pages that make no sense to return to.
NOT_A_PLACE = ("/login", "/logout", "/signup", "/forgot", "/reset/", "/confirm/")


class SignInController(Controller):
    @get("/login", guards=[public], name="sign_in.new")
    async def new(self, request: AnyRequest) -> Answer:
        back = place_to_return_to(request.query_params.get("next", ""))
        if actor_of(request) is not None:
            return see_other(request, back)
        is_newcomer = request.query_params.get("done") == "email-confirmed"
        return public_page(request, "sign_in/new.html", form=Form(), back=back, is_newcomer=is_newcomer)

    @post("/login", guards=[public], status_code=200, name="sign_in.create")
    async def create(self, request: AnyRequest) -> Answer:
        data = await read_form(request)
        reader = Reader(data, language_of(request))
        email = reader.text("email", longest=254)
        back = place_to_return_to(data.get("next"))
        outcome = await sign_in(email, data.get("password"), client_of(request), presented(request))
        if isinstance(outcome, Started):
            return keep(see_other(request, back), outcome)
        if isinstance(outcome, Unconfirmed):
            return public_page(request, "sign_in/unconfirmed.html", status=422, email=email, proof=outcome.proof)
        return _refused(request, reader.form, back, outcome if isinstance(outcome, Wait) else None)

    @post("/logout", guards=[public], status_code=200, name="sign_in.destroy")
    async def destroy(self, request: AnyRequest) -> Answer:
        actor = actor_of(request)
        if actor is not None:
            await sessions.sign_out(actor.person_id, actor.session_hash, client_of(request))
        return forget(see_other(request, "/login", "signed-out"))


def place_to_return_to(text: str) -> str:
    """The page that was asked for before signing in, when it is one of ours (C-06), else the home page."""
    path = safe_path(text)
    # Whatever is not ASCII can not stand in a header as it is; what is encoded already stays as it is.
    return "/" if path.startswith(NOT_A_PLACE) else quote(path, safe="/?&=%#:;,+@!$'()*~[]", errors="replace")


def _refused(request: AnyRequest, form: Form, back: str, wait: Wait | None) -> Answer:
    """Which of the two was wrong is not said; nor whether it was looked at, while the pause lasts."""
    form.errors.clear()
    if wait is None:
        form.refuse("", "sign_in.wrong")
        return public_page(request, "sign_in/new.html", status=422, form=form, back=back, is_newcomer=False)
    form.refuse("", "sign_in.wait", seconds=str(wait.seconds))
    answer = public_page(request, "sign_in/new.html", status=429, form=form, back=back, is_newcomer=False)
    answer.headers["Retry-After"] = str(wait.seconds)
    return answer


def sign_in_again(request: AnyRequest) -> Response[bytes]:
    """For a form that htmx sent after its session was over: the form stays as it is, and a message says how to save it.

    401 without a redirect, so that nothing typed is lost. The next session of the same browser and person takes over
    the secret of its forms, so pressing Save once more works.
    """
    answer = fragments(request, "sign_in/_again.html", status=401)
    answer.headers.update({"HX-Retarget": "#flash", "HX-Reswap": "innerHTML", "Cache-Control": "no-store"})
    return answer
