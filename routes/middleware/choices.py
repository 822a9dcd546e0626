"""What the visitor said yes and no to, found out once for each request; in front of the app only where something is
optional.

It tells the gate which cookies may go, takes back those that may not be there any more, and counts the visit of who
agreed to that.
"""

from __future__ import annotations

from uuid import UUID

from actions import consents, visits
from actions.clock import now
from domain.consent import Answer, Consent, Standing, from_body, overtaken, standing
from domain.cookies import CONSENT, DECLARED, VISIT, Category, cookie_name, forget_cookie, set_cookie
from domain.privacy.objection import Interest
from domain.sessions import browser_family
from domain.settings import Settings
from routes.actor import Actor
from routes.middleware.headers import SECRET_PATHS
from routes.middleware.session import cookie_in
from routes.middleware.types import ASGIApp, Headers, Message, Receive, Scope, Send

# Who opens a customer's page, or a link from a letter, never chose to be here: nothing is asked or counted (R21).
NOT_ASKED = ("/static/", "/healthz", "/readyz", "/metrics", "/.well-known/", *SECRET_PATHS)
FORM = "/consent"
SIGNALS = ((b"sec-gpc", b"1"), (b"dnt", b"1"))
VARY = b"Sec-GPC, DNT"
OPTIONAL = tuple(cookie.name for cookie in DECLARED if cookie.category is not Category.ESSENTIAL)


class Choices:
    """Puts the Standing into `scope["state"]["consent"]` and what is agreed to into `scope["state"]["consented"]`."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.https = settings.uses_https
        self.consent = cookie_name(CONSENT, self.https)
        self.visit = cookie_name(VISIT, self.https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(NOT_ASKED):
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        actor: Actor | None = state.get("actor")
        cookie = consents.read_cookie(cookie_in(scope, self.consent))
        account = from_body(actor.consents) if actor else None
        objected = _objected() if actor is not None and actor.objects else frozenset()
        found = standing(
            consents.purposes(), (cookie, account), now(), signal=_signals(scope), objected=objected
        )  # fmt: skip
        state["consent"], state["consented"] = found, found.consented
        state["answers"] = (cookie, account)
        if actor is not None and cookie is not None and consents.is_to_adopt(cookie, account):
            visits.adopt(actor.person_id, cookie, _browser(scope))
        if found.asked:
            for each in consents.lapsed(cookie, account):
                visits.lapse(each, _person(actor), _browser(scope))
        # The form itself says what is taken back.
        changed = [] if scope["path"] == FORM else self._taken_back(scope, found, cookie, account)

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookies = [(b"set-cookie", cookie.encode()) for cookie in (*changed, *state.get("cookies", ()))]
                headers: Headers = [*message.get("headers", ()), *cookies]
                message["headers"] = self._complete(scope, message["status"], headers, found)
            await send(message)

        await self.app(scope, receive, send_counted)

    def _taken_back(
        self, scope: Scope, found: Standing, cookie: Consent | None, account: Consent | None
    ) -> list[str]:
        """The browser drops what was not agreed to, or is not any more, and keeps a later no from another device: at
        once, whatever it asked for (R8, R15)."""
        allowed = {each.name for each in DECLARED if each.category in found.consented}
        leaving = [
            name for name in OPTIONAL
            if name not in allowed and cookie_in(scope, cookie_name(name, self.https)) is not None
        ]  # fmt: skip
        if found.signal:
            visits.hear_signal()
            granted = next((each for each in (account, cookie) if each and _was_granted(each)), None)
            if granted is not None:
                visits.refuse_by_signal(granted, _person(scope["state"].get("actor")), _browser(scope))
            if cookie is not None and _was_granted(cookie):
                leaving.append(CONSENT)
        changed = [forget_cookie(name, self.https) for name in leaving]
        known = overtaken(cookie, account) if cookie is not None and account is not None else None
        if known is not None and CONSENT not in leaving:
            value, lifetime = consents.written_cookie(known)
            changed.append(set_cookie(CONSENT, value, self.https, lifetime))
        return changed

    def _complete(self, scope: Scope, status: int, headers: Headers, found: Standing) -> Headers:
        if not _is_page(headers):
            return headers
        headers.append((b"vary", VARY))
        if found.asked or found.consented:
            headers = [pair for pair in headers if pair[0] != b"cache-control"]
            headers.append((b"cache-control", b"private, no-store"))
        if Category.STATISTICS in found.consented and status == 200 and _is_opened(scope):
            day = visits.today()
            visit = visits.visit_of(cookie_in(scope, self.visit), day)
            visits.count(scope.get("path_template") or "unmatched", visit, day)
            if visit != "more":
                headers.append((b"set-cookie", set_cookie(VISIT, day.isoformat(), self.https).encode()))
        return headers


def _objected() -> frozenset[Category]:
    purposes = consents.purposes()
    return frozenset(each.category for each in purposes if each.interest is Interest.IMPROVEMENT)


def _person(actor: Actor | None) -> UUID | None:
    return actor.person_id if actor else None


def _was_granted(consent: Consent) -> bool:
    """A yes that the signal takes back; whoever said yes in spite of it has answered that already."""
    answers = {choice.answer for choice in consent.choices.values()}
    return Answer.GRANTED in answers and Answer.OVERRIDING not in answers


def _signals(scope: Scope) -> bool:
    return any(pair in SIGNALS for pair in scope["headers"])


def _is_page(headers: Headers) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers)


def _is_opened(scope: Scope) -> bool:
    """A page that somebody opened: no form, no question for the headers alone, and no part that htmx asks for."""
    if scope["method"] != "GET" or "is_head" in scope["state"]:
        return False
    return not any(name == b"hx-request" for name, _ in scope["headers"])


def _browser(scope: Scope) -> str:
    return browser_family(dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1"))
