"""What the law and the policy promise to show: cookies, language, and the well-known addresses.

Everything here works signed out, without scripts and without cookies (P-41).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
from litestar import Controller, Response, get, post

from actions.clock import now
from actions.consents import purposes
from actions.instance import settings
from actions.profile import rename
from domain.cookies import LANGUAGE, cookies_of, set_cookie
from domain.policy import SHELVES
from routes.actor import actor_of
from routes.consent_texts import panel
from routes.consent_view import standing_of, words_of
from routes.errors import error_page
from routes.forms.base import read_form
from routes.guards import public
from routes.i18n import LANGUAGES, language_of
from routes.middleware.same_origin import is_same_origin, safe_path
from routes.pages import Answer, AnyRequest, see_other
from routes.public_page import cacheable, public_page

SECURITY_TXT_DAYS = 180


class CookiesController(Controller):
    """Which cookies there can be."""

    @get("/cookies", guards=[public], name="cookies.show")
    async def show(self, request: AnyRequest) -> Answer:
        optional = {purpose.category for purpose in purposes()}
        registered = list(cookies_of(settings().uses_https, optional).values())
        found = standing_of(request)
        if found is None:
            return cacheable(request, public_page(request, "legal/cookies.html", cookies=registered))
        asked = panel(found, language_of(request))
        return public_page(
            request, "consent/page.html", cookies=registered, asked=asked, words=words_of(asked)
        )  # fmt: skip


class LanguageController(Controller):
    """The reader's choice of language: kept in a cookie only after the click, and with the account of who has one."""

    path = "/language"
    guards = (public,)

    @post("/")
    async def choose(self, request: AnyRequest) -> Answer:
        if not is_same_origin(request.scope, settings()):
            return error_page(request, 403)
        form = await read_form(request)
        language = form.get("language")
        if language not in LANGUAGES:
            return error_page(request, 400)
        if (actor := actor_of(request)) is not None:
            await rename(actor.person_id, actor.name, language)
        answer = see_other(request, safe_path(form.get("next")))
        answer.headers["Set-Cookie"] = set_cookie(LANGUAGE, language, settings().uses_https)
        return answer


class WellKnownController(Controller):
    """Addresses that programs look for (RFC 8615)."""

    path = "/.well-known"
    guards = (public,)

    @get("/security.txt")
    async def security_txt(self, request: AnyRequest) -> Answer:
        """RFC 9116: where to report a weakness. It must not claim to be valid for long."""
        expires = (now() + timedelta(days=SECURITY_TXT_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
        lines = (
            f"Contact: mailto:{settings().operator.privacy_email}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: nb, en",
            f"Canonical: {settings().public_url}/.well-known/security.txt",
        )
        return Response("".join(f"{line}\n" for line in lines).encode(), media_type="text/plain")

    @get("/change-password")
    async def change_password(self, request: AnyRequest) -> Answer:
        """Where password managers send people to choose a new password."""
        return see_other(request, "/account")

    @get("/gpc.json")
    async def privacy_signal(self, request: AnyRequest) -> Answer:
        """Global Privacy Control is respected: there is nothing optional that it would have to stop."""
        support = {"gpc": True, "lastUpdate": SHELVES["privacy"].in_force(now().date()).effective_from}
        return Response(msgspec.json.encode(support), media_type="application/json")
