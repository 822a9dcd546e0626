"""Who may come in. Every handler declares exactly one of these, so that the whole access table can be listed.

They are async although they wait for nothing: Litestar runs a plain function in another thread, which costs each
request more than its query does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from domain.access import Permission
from domain.access import may as role_may
from routes.actor import Connection, actor_of

Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]


class SignInNeeded(Exception):
    """A visitor asked for a page of an account; `back` is where to go after signing in."""

    def __init__(self, back: str) -> None:
        self.back = back


class Leaving(Exception):
    """The account is about to be deleted: there is one page for its owner."""


class CompanyNeeded(Exception):
    """Signed in, but without a company to act for."""


async def public(connection: Connection, handler: BaseRouteHandler) -> None:
    """Everybody, signed in or not."""


async def signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """A person with an account that is not about to be deleted."""
    await even_leaving(connection, handler)
    actor = actor_of(connection)
    if actor is not None and actor.closes_at is not None:
        raise Leaving


async def even_leaving(connection: Connection, handler: BaseRouteHandler) -> None:
    """A person with an account, also while its deletion can still be called off (P-25)."""
    if actor_of(connection) is None:
        raise SignInNeeded(_where(connection))


async def member(connection: Connection, handler: BaseRouteHandler) -> None:
    """A person acting for a company, in any role."""
    await signed_in(connection, handler)
    actor = actor_of(connection)
    if actor is None or actor.organisation_id is None:
        raise CompanyNeeded


async def operator(connection: Connection, handler: BaseRouteHandler) -> None:
    """Who runs the installation, by the setting OPERATORS. For everybody else with an account nothing is there."""
    await signed_in(connection, handler)
    actor = actor_of(connection)
    if actor is None or not actor.is_operator:
        raise NotFoundException


def may(permission: Permission) -> Guard:
    """A member whose role has the permission."""

    async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
        await member(connection, handler)
        actor = actor_of(connection)
        if actor is None or actor.role is None or not role_may(actor.role, permission):
            raise PermissionDeniedException

    guard.__name__ = f"may_{permission.value}"
    return guard


def _where(connection: Connection) -> str:
    """The page to return to: only for pages that are fetched, never for the target of a form."""
    if connection.scope.get("method") not in ("GET", "HEAD"):
        return ""
    query = connection.scope.get("query_string", b"").decode("latin-1")
    return quote(connection.scope["path"] + (f"?{query}" if query else ""), safe="/")
