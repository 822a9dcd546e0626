"""Making an account, and confirming its address with the link from the letter."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import accounts
from domain.accounts import Purpose
from routes.account_sentences import EMAIL_CHANGED
from routes.actor import actor_of
from routes.forms.account import parse_sign_up
from routes.forms.base import Form, read_form
from routes.guards import public
from routes.i18n import language_of
from routes.middleware.session import client_of, forget
from routes.pages import Answer, AnyRequest, see_other
from routes.public_page import public_page


class SignUpController(Controller):
    path = "/signup"

    @get(guards=[public], name="sign_up.new")
    async def new(self, request: AnyRequest) -> Answer:
        if actor_of(request) is not None:
            return see_other(request, "/")
        return public_page(request, "sign_up/new.html", form=Form())

    @post(guards=[public], status_code=200, name="sign_up.create")
    async def create(self, request: AnyRequest) -> Answer:
        """The same page for an address that has an account already: only its mailbox is told."""
        form, wanted = parse_sign_up(await read_form(request), language_of(request))
        if wanted is None:
            return public_page(request, "sign_up/new.html", status=422, form=form)
        await accounts.sign_up(wanted, client_of(request))
        return public_page(request, "sign_up/check_mail.html", email=wanted.email, again="/signup")

    @post("/confirmation", guards=[public], status_code=200, name="sign_up.send_again")
    async def send_again(self, request: AnyRequest) -> Answer:
        """Another letter, for somebody who just gave the right password."""
        data = await read_form(request)
        await accounts.ask_for_confirmation(data.get("proof"), language_of(request))
        return public_page(request, "sign_up/check_mail.html", email=data.get("email")[:254], again="/login")


class ConfirmationController(Controller):
    """A link in a letter: opening it does nothing, for mail scanners open it too; pressing the button does."""

    path = "/confirm/{token:str}"

    @get(guards=[public], name="confirmation.show")
    async def show(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        found = await accounts.link_to_confirm(token)
        if found is None:
            return dead_link(request, "/login")
        return public_page(request, "sign_up/confirm.html", found=found)

    @post(guards=[public], status_code=200, name="confirmation.create")
    async def create(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        done = await accounts.confirm(token, client_of(request))
        if done is None:
            return dead_link(request, "/login")
        if done is Purpose.CHANGE_EMAIL:
            # A new address ends all sessions, this browser's as well.
            return forget(see_other(request, "/login", EMAIL_CHANGED))
        return see_other(request, "/login", "email-confirmed")


def dead_link(request: AnyRequest, instead: str) -> Answer:
    """A mailed link that is used, too old or replaced by a newer one: all the same from outside."""
    return public_page(request, "sign_up/dead_link.html", status=404, instead=instead)
