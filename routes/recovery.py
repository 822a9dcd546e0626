"""Back into an account without the password, by a link to its mailbox."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import accounts
from routes.forms.account import parse_email, parse_new_password
from routes.forms.base import Form, read_form
from routes.guards import public
from routes.i18n import language_of
from routes.middleware.session import client_of, forget
from routes.pages import Answer, AnyRequest, see_other
from routes.public_page import public_page
from routes.sign_up import dead_link


class RecoveryController(Controller):
    path = "/forgot"

    @get(guards=[public], name="recovery.new")
    async def new(self, request: AnyRequest) -> Answer:
        return public_page(request, "recovery/new.html", form=Form())

    @post(guards=[public], status_code=200, name="recovery.create")
    async def create(self, request: AnyRequest) -> Answer:
        """The same answer whether or not the address has an account (S-14)."""
        form, email = parse_email(await read_form(request), language_of(request))
        if email is None:
            return public_page(request, "recovery/new.html", status=422, form=form)
        await accounts.ask_for_reset(email, language_of(request), client_of(request))
        return public_page(request, "recovery/check_mail.html", email=email)


class ResetController(Controller):
    path = "/reset/{token:str}"

    @get(guards=[public], name="reset.edit")
    async def edit(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        found = await accounts.link_to_reset(token)
        if found is None:
            return dead_link(request, "/forgot")
        return public_page(request, "recovery/edit.html", form=Form(), found=found)

    @post(guards=[public], status_code=200, name="reset.update")
    async def update(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """Every session of the account ends, this browser's too: the new password is what signs in."""
        found = await accounts.link_to_reset(token)
        if found is None:
            return dead_link(request, "/forgot")
        context = (found.name, found.person_email)
        form, password = parse_new_password(await read_form(request), language_of(request), context)
        if password is None:
            return public_page(request, "recovery/edit.html", status=422, form=form, found=found)
        if not await accounts.reset_password(token, password, client_of(request)):
            return dead_link(request, "/forgot")
        return forget(see_other(request, "/login", "password-changed"))
