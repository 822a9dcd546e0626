"""The form for visitors: whoever has no account asks here about their own data, and proves the address by a link."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import visitor_requests
from domain.mail import one_address
from domain.privacy import request_words
from domain.privacy.requests import LONGEST_TEXT, Kind
from routes.forms.base import Form, Reader, read_form
from routes.guards import public
from routes.i18n import language_of, translator
from routes.middleware.session import client_of
from routes.pages import Answer, AnyRequest
from routes.public_page import public_page

PLACE = "/privacy/requests"


class VisitorRequestController(Controller):
    path = PLACE
    guards = (public,)

    @get("/", name="visitor_requests.new")
    async def new(self, request: AnyRequest) -> Answer:
        return public_page(request, "requests/visitor.html", form=Form(), kinds=_kinds(request))

    @post("/", status_code=200, name="visitor_requests.create")
    async def create(self, request: AnyRequest) -> Answer:
        """The same answer, letter by letter, whether or not we know the address (P-16)."""
        reader = Reader(await read_form(request), language_of(request))
        email = reader.checked("email", reader.text("email", longest=254, required=True), one_address)
        kind = reader.choice("kind", tuple(kind.value for kind in Kind))
        text = reader.text("text", longest=LONGEST_TEXT, required=kind == Kind.OTHER, lines=True)
        if not reader.form.ok or email is None:
            return public_page(request, "requests/visitor.html", status=422, form=reader.form, kinds=_kinds(request))
        await visitor_requests.ask(email, Kind(kind), text, language_of(request), client_of(request))
        return public_page(request, "requests/check_mail.html", email=email)

    @get("/{token:str}", name="visitor_requests.look")
    async def look(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """What the link is about. Mail scanners open links too, so looking confirms nothing."""
        found = await visitor_requests.look_at(token)
        if found is None:
            return _dead_link(request)
        return public_page(request, "requests/confirm.html", one=found, words=request_words, place=f"{PLACE}/{token}")

    @post("/{token:str}", status_code=200, name="visitor_requests.confirm")
    async def confirm(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        found = await visitor_requests.confirm(token)
        if found is None:
            return _dead_link(request)
        return public_page(request, "requests/confirmed.html", one=found)


def _kinds(request: AnyRequest) -> list[tuple[str, str]]:
    words = translator(language_of(request)).gettext
    return [(kind.value, words(text)) for kind, text in request_words.KINDS.items()]


def _dead_link(request: AnyRequest) -> Answer:
    """Used, forged or too old: they look the same."""
    return public_page(request, "requests/dead_link.html", status=404)
