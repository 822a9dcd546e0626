"""The outermost door: no cookie leaves that is not registered, agreed to where it must be, and exactly as declared.

A new dependency can not leak a cookie (privacy rule R4, C-11). What is stopped is an error in the log; the request
goes on without it.
"""

from __future__ import annotations

from actions.logs import log
from domain.consent import offered
from domain.cookies import Category, cookies_of, name_of, objection
from domain.settings import Settings
from routes.middleware.types import ASGIApp, Headers, Message, Receive, Scope, Send

NOTHING: frozenset[Category] = frozenset()


class ConsentGate:
    """Looks at every Set-Cookie of every answer, error pages included."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.registered = cookies_of(settings.uses_https, {purpose.category for purpose in offered(settings)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Whoever copies the scope on the way in shares the state with us.
        state = scope.setdefault("state", {})

        async def send_sifted(message: Message) -> None:
            headers = message.get("headers")
            if headers and any(_is_cookie(name) for name, _ in headers):
                message["headers"] = self._sift(headers, state.get("consented", NOTHING))
            await send(message)

        await self.app(scope, receive, send_sifted)

    def _sift(self, headers: Headers, consented: frozenset[Category]) -> Headers:
        """Without the cookies that may not go; of several with one name only the last, as a browser would keep it."""
        kept: dict[str, tuple[bytes, bytes]] = {}
        for name, value in headers:
            if _is_cookie(name):
                text = value.decode("latin-1")
                if reason := objection(text, self.registered, consented):
                    log.error("cookie_stopped", cookie=name_of(text)[:60], objection=reason)
                else:
                    kept[name_of(text)] = (b"set-cookie", value)
        return [pair for pair in headers if not _is_cookie(pair[0])] + list(kept.values())


def _is_cookie(name: bytes) -> bool:
    return len(name) == 10 and name.lower() == b"set-cookie"
