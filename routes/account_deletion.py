"""Deleting one's account: the plan, the confirmation, and the days in which it can be called off (P-25)."""

from __future__ import annotations

from litestar import Controller, get, post

from actions import erasures
from actions.erasures import Blocked, Waiting
from domain.access import Role
from domain.accounts import email_key
from domain.privacy.erasure import Plan, part_words
from models.queries.erasures import account_plan
from routes.deletion_sentences import ACCOUNT_CLOSING, ACCOUNT_KEPT
from routes.forms.base import Form, FormData, Reader, read_form
from routes.guards import even_leaving, signed_in
from routes.i18n import language_of
from routes.middleware.session import client_of, forget, keep
from routes.pages import Answer, AnyRequest, page, see_other
from routes.proof import is_fresh, kept, person, proven
from routes.public_page import public_page

PLACE = "/account/deletion"
LONGEST_NAME = 254


class AccountDeletionController(Controller):
    path = PLACE

    @get("/", guards=[even_leaving], name="deletion.show")
    async def show(self, request: AnyRequest) -> Answer:
        """What would be deleted, what stays and why; for who has asked already, how to call it off."""
        actor = person(request)
        if actor.closes_at is not None:
            return public_page(request, "account/leaving.html", closes_at=actor.closes_at)
        return _show(request, await account_plan(actor.person_id, actor.email), Form())

    @post("/", guards=[signed_in], status_code=200, name="deletion.ask")
    async def ask(self, request: AnyRequest) -> Answer:
        actor, data = person(request), await read_form(request)
        form = confirmation(data, language_of(request), actor.email)
        renewed, status = await proven(actor, data, form)
        if not form.ok:
            plan = await account_plan(actor.person_id, actor.email)
            return _show(request, plan, form, status=status if status != 200 else 422)
        done = await erasures.close_account(
            actor.person_id, actor.email, data.get("fingerprint")[:64], client_of(request)
        )
        if isinstance(done, Waiting):
            return forget(see_other(request, "/login", ACCOUNT_CLOSING))
        if isinstance(done, Blocked):
            return kept(_show(request, done.plan, Form(), status=409), renewed)
        return kept(_show(request, done.plan, Form(), status=409, changed=True), renewed)

    @post("/cancellation", guards=[even_leaving], status_code=200, name="deletion.cancel")
    async def cancel(self, request: AnyRequest) -> Answer:
        actor = person(request)
        started = await erasures.keep_account(actor.person_id, actor.session_hash, client_of(request))
        if started is None:
            return see_other(request, PLACE)
        return keep(see_other(request, "/account", ACCOUNT_KEPT), started)


def confirmation(data: FormData, language: str, wanted: str) -> Form:
    """What is typed by hand to confirm: the address of the account, the name of the company."""
    reader = Reader(data, language)
    typed = reader.text("typed", longest=LONGEST_NAME, required=True)
    if reader.form.ok and email_key(" ".join(typed.split())) != email_key(" ".join(wanted.split())):
        reader.form.refuse("typed", "erasure.not_the_same", wanted=wanted)
    return reader.form


def _show(request: AnyRequest, plan: Plan, form: Form, *, status: int = 200, changed: bool = False) -> Answer:
    return page(
        request,
        "account/deletion.html",
        status=status,
        plan=plan,
        form=form,
        changed=changed,
        words=part_words,
        is_fresh=is_fresh(person(request)),
        roles=Role,
    )
