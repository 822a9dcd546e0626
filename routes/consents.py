"""Saying yes or no to what is optional, taking it back, and the proof of it for whoever gave it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from actions import consents, limits
from actions.consents import Given
from actions.instance import settings
from actions.limits import client_ip
from actions.outcomes import NotFound
from domain.consent import Consent, Purpose
from domain.cookies import CONSENT, DECLARED, forget_cookie, set_cookie
from models.queries.consents import Proof, proofs, text_shown
from routes import consent_texts
from routes.actor import actor_of
from routes.consent_texts import BANNER, SETTINGS
from routes.consent_view import CHOOSING, standing_of
from routes.errors import error_page
from routes.forms.base import FormData, read_form
from routes.guards import public
from routes.middleware.same_origin import safe_path
from routes.middleware.session import client_of, cookie_in
from routes.pages import Answer, AnyRequest, fragments, see_other

# Each answer is a row that is kept for years; nobody changes their mind more often.
MOST_AN_HOUR = 600
ACTIONS = ("accept_all", "reject_all", "save")
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class ConsentController(Controller):
    path = "/consent"
    guards = (public,)

    @post("/", status_code=200, name="consents.create")
    async def create(self, request: AnyRequest) -> Answer:
        """One of the three buttons of the banner, or of the panel behind `Choose`."""
        purposes = consents.purposes()
        if not purposes:
            raise NotFound
        form = await read_form(request)
        action = form.get("choice")
        if action == "choose":
            return see_other(request, CHOOSING)
        if action not in ACTIONS:
            return error_page(request, 400)
        given = _given(request, form, purposes)
        if given is None:
            return see_other(request, CHOOSING, "consent-again")
        await limits.require("consent", limits.ip_prefix(client_ip(request.scope)), MOST_AN_HOUR, timedelta(hours=1))
        actor = actor_of(request)
        new = await consents.answer(given, *_known(request), actor.person_id if actor else None)
        return _kept(request, _next(request, form, given), new)

    @get("/receipt", name="consents.receipt")
    async def receipt(self, request: AnyRequest) -> Answer:
        """All that was answered from this browser, and by whoever is signed in: known by its own cookie only."""
        cookie, _ = _known(request)
        actor = actor_of(request)
        if cookie is None and actor is None:
            raise NotFound
        rows = await proofs(cookie.id if cookie else None, actor.person_id if actor else None)
        if not rows:
            raise NotFound
        body = msgspec.json.format(msgspec.json.encode({"answers": [_in_receipt(row) for row in rows]}), indent=2)
        headers = {
            "Content-Disposition": 'attachment; filename="smartfaktura-consent.json"',
            "Cache-Control": "private, no-store",
        }
        return Response(body, media_type="application/json", headers=headers)

    @get("/texts/{sha256:str}", name="consents.text")
    async def text(self, request: AnyRequest, sha256: FromPath[str]) -> Answer:
        """What was asked, byte for byte, so that its hash can be checked by anybody."""
        html = await text_shown(bytes.fromhex(sha256)) if SHA256.fullmatch(sha256) else None
        if html is None:
            raise NotFound
        headers = {"Cache-Control": "public, max-age=86400"}
        return Response(html.encode(), media_type="text/plain", headers=headers)


def _known(request: AnyRequest) -> tuple[Consent | None, Consent | None]:
    """The answers of the browser and of the account."""
    state = request.scope.get("state", {})
    if "answers" in state:
        found: tuple[Consent | None, Consent | None] = state["answers"]
        return found
    # Nothing is optional any more; what was answered before is still theirs to see.
    names = ("__Host-" + CONSENT, CONSENT)
    read = (consents.read_cookie(cookie_in(request.scope, name)) for name in names)  # type: ignore[arg-type]
    return next((cookie for cookie in read if cookie), None), None


def _given(request: AnyRequest, form: FormData, purposes: tuple[Purpose, ...]) -> Given | None:
    """None for a yes to a text that is not the one shown now. A no needs no text: it is always taken."""
    asked = consent_texts.read(form.get("layer"), form.get("shown"))
    action, browser = form.get("choice"), client_of(request).browser
    back = _back(form)
    found = standing_of(request)
    signal = found is not None and found.signal
    if asked is None:
        if action != "reject_all":
            return None
        every = tuple(purpose.category for purpose in purposes)
        return Given(action, every, frozenset(), SETTINGS, None, browser, back, signal)
    wanted = set(asked.layer.asked) if action == "accept_all" else set(form.all("purpose"))
    # Against the signal of the browser only a yes to a purpose by its name counts.
    nothing = action == "reject_all" or (action == "accept_all" and signal)
    granted = frozenset() if nothing else frozenset(each for each in asked.layer.asked if each in wanted)
    return Given(
        "reject_all" if nothing else action, asked.layer.asked, granted, asked.layer.surface, asked.shown, browser,
        back, signal,
    )  # fmt: skip


def _next(request: AnyRequest, form: FormData, given: Given) -> Answer:
    """Back to the same page; htmx only takes the banner away, so that nothing typed below it is lost."""
    if given.surface == BANNER and request.headers.get("hx-request") == "true":
        return fragments(request, "consent/_answered.html")
    back = _back(form)
    return see_other(request, back, "consent-saved" if back == CHOOSING else None)


def _back(form: FormData) -> str:
    """The page with the banner; whatever is not ASCII can not stand in a header as it is."""
    return quote(safe_path(form.get("next")), safe="/?&=%#:;,+@!$'()*~[]", errors="replace")


def _kept(request: AnyRequest, answer: Answer, new: Consent) -> Answer:
    """The browser keeps the answers, and drops in the same moment what they do not allow (R8)."""
    refused = {each for each, choice in new.choices.items() if not choice.answer}
    https = settings().uses_https
    value, lifetime = consents.written_cookie(new)
    leaving = [cookie.name for cookie in DECLARED if cookie.category in refused]
    # An answer of Litestar has one cookie; the middleware sends several.
    request.scope["state"]["cookies"] = [
        set_cookie(CONSENT, value, https, lifetime),
        *(forget_cookie(name, https) for name in leaving),
    ]
    if any(purpose.uses_storage for purpose in consents.purposes() if purpose.category in refused):
        answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def _in_receipt(row: Proof) -> dict[str, Any]:
    return {
        "number": row.seq,
        "at": row.at,
        "consent_id": row.consent_id,
        "action": row.action,
        "where": row.surface,
        "revision": row.revision,
        "before": row.answers_before,
        "after": row.answers_after,
        "text_sha256": row.shown and row.shown.hex(),
        "text": row.shown and f"/consent/texts/{row.shown.hex()}",
        "language": row.language,
        "browser": row.browser,
        "page": row.path,
        "chain_previous": row.previous.hex(),
        "chain_hash": row.hash.hex(),
        "chain_holds": row.holds,
    }
