"""Who is asking, found out once for each request: one query when there is a cookie, none when there is not.

Unlike Litestar's own session this sets no cookie for a visitor, writes no row for one, and never adopts an id that the
browser made up (S-03). The cookie is set by the routes that sign in, and only by them.
"""

from __future__ import annotations

from typing import cast

from litestar import Response

from actions.instance import settings
from actions.limits import client_ip
from actions.logs import log
from actions.security_log import Client
from actions.sessions import Started, csrf_token, resume
from domain.access import Role
from domain.cookies import SESSION, cookie_name, forget_cookie, set_cookie
from domain.sessions import browser_family
from domain.settings import Settings
from models.database_away import is_database_away
from models.queries.accounts import OpenSession
from routes.actor import Actor, Connection
from routes.middleware.refusal import refuse
from routes.middleware.types import ASGIApp, Receive, Scope, Send

# Nobody needs to be known for these.
WITHOUT_ACTOR = ("/static/", "/healthz", "/readyz", "/metrics")


class Sessions:
    """Puts the Actor of a living session into `scope["state"]["actor"]`; None for everybody else."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.cookie = cookie_name(SESSION, settings.uses_https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            actor = await self._actor(scope)
        except Exception as error:
            if not is_database_away(error):
                raise
            log.warning("database_away", exc_info=error)
            await refuse(scope, receive, send, 503)
            return
        scope.setdefault("state", {})["actor"] = actor
        await self.app(scope, receive, send)

    async def _actor(self, scope: Scope) -> Actor | None:
        value = cookie_in(scope, self.cookie)
        if value is None or scope["path"].startswith(WITHOUT_ACTOR):
            return None
        found = await resume(value)
        if found is None:
            return None
        scope.setdefault("state", {})["csrf_secret"] = found[1].csrf_secret
        return _as_actor(*found)


def _as_actor(id_hash: bytes, found: OpenSession) -> Actor:
    return Actor(
        person_id=found.person_id,
        name=found.name,
        email=found.email,
        language=found.language,
        session_hash=id_hash,
        csrf_token=csrf_token(found.csrf_secret),
        organisation_id=found.organisation_id,
        organisation_name=found.organisation_name,
        role=None if found.role is None else Role(found.role),
        authenticated_at=found.authenticated_at,
        policies_read_until=found.policies_read_until,
        is_operator=settings().is_operated_by(found.email),
        consents=found.consents,
        objects=found.objects,
        closes_at=found.closes_at,
    )


def cookie_in(scope: Scope, name: str) -> str | None:
    """The value of the cookie; None when there is none or, which is somebody's trick, more than one."""
    pairs = (
        part.strip().partition("=")
        for header, value in scope["headers"]
        if header == b"cookie"
        for part in value.decode("latin-1").split(";")
    )
    values = [value for found, _, value in pairs if found == name]
    return values[0] if len(values) == 1 else None


def presented(connection: Connection) -> str | None:
    """The session cookie that the browser came with, alive or not."""
    return cookie_in(cast(Scope, connection.scope), cookie_name(SESSION, settings().uses_https))


def client_of(connection: Connection) -> Client:
    """Where the request comes from, as far as it is kept."""
    return Client(client_ip(connection.scope), browser_family(connection.headers.get("user-agent", "")))


def keep(answer: Response[bytes], started: Started) -> Response[bytes]:
    """Let the browser keep the session that was just opened or moved to a new id."""
    return _with_cookie(answer, set_cookie(SESSION, started.cookie_value, settings().uses_https))


def forget(answer: Response[bytes]) -> Response[bytes]:
    """Make the browser forget the session, its cache and whatever a page stored (S-04, C-16)."""
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return _with_cookie(answer, forget_cookie(SESSION, settings().uses_https))


def _with_cookie(answer: Response[bytes], header: str) -> Response[bytes]:
    answer.headers["Set-Cookie"] = header
    answer.headers["Cache-Control"] = "no-store"
    return answer
