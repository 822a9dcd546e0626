"""Is the process alive, is it ready, how is it doing: for machines. The public learns nothing but yes or no."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import Any

import asyncpg
from litestar import Controller, Response, get
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from actions.erasure_ledger import is_behind
from actions.logs import log
from actions.outcomes import NotFound
from models.engine import pool
from models.migrate import expected_ids
from routes.guards import public
from routes.pages import Answer, AnyRequest

SECONDS_TO_ANSWER = 1.0
NEEDED = frozenset(expected_ids())
# Whoever passes a request on says so in one of these.
PROXY_HEADERS = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "via")

# The app's role must be bound by row-level security, and own nothing that could loosen it (S-40).
_STATE = """
select
    me.rolsuper or me.rolbypassrls as is_above_the_rules,
    exists (
        select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname = 'public' and pg_has_role(me.oid, c.relowner, 'member')
    ) as owns_tables,
    array(select name::text from migration) as migrations
from pg_roles me where me.rolname = current_user
"""


class HealthController(Controller):
    """Answers without a session and without a log line."""

    guards = (public,)

    @get("/healthz")
    async def alive(self, request: AnyRequest) -> Answer:
        """The process answers. The database may be away."""
        return _word("ok", 200)

    @get("/readyz")
    async def ready(self, request: AnyRequest) -> Answer:
        """Requests may be sent here: the database is there, up to date, and holds this role to its rules."""
        problem = await _problem()
        if problem is None:
            return _word("ready", 200)
        log.warning("not_ready", state=problem)
        return _word("not ready", 503)

    @get("/metrics")
    async def metrics(self, request: AnyRequest) -> Answer:
        """Figures of this process, for a collector on this very machine."""
        if not _is_local(request):
            raise NotFound
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _problem() -> str | None:
    """What is wrong, in a word for the log; None when all is well. Never takes longer than a second."""
    question = asyncio.create_task(_ask())
    # Not awaited to its end: giving a connection back to a pool whose server hangs would wait in its turn.
    done, _ = await asyncio.wait({question}, timeout=SECONDS_TO_ANSWER)
    if not done:
        question.cancel()
        return "database_silent"
    if (error := question.exception()) is not None:
        return f"database_away {type(error).__name__}"
    return _fault(question.result()) or await _restored()


async def _restored() -> str | None:
    """A backup that was restored brings back what was deleted since: first that has to go again (P-26)."""
    return "erasures_not_replayed" if await is_behind() else None


async def _ask() -> Any:
    async with pool().acquire() as connection:
        try:
            return await connection.fetchrow(_STATE)
        except asyncpg.UndefinedTableError:
            return None


def _fault(state: Any) -> str | None:
    if state is None:
        return "not_migrated"
    if state["is_above_the_rules"] or state["owns_tables"]:
        return "role_above_the_rules"
    return None if set(state["migrations"]) >= NEEDED else "not_migrated"


def _is_local(request: AnyRequest) -> bool:
    """Asked on this machine, by somebody here and not through a proxy that only stands here."""
    peer = request.scope.get("client")
    try:
        is_here = peer is not None and ip_address(peer[0]).is_loopback
    except ValueError:
        is_here = False
    return is_here and not any(header in request.headers for header in PROXY_HEADERS)


def _word(text: str, status: int) -> Answer:
    return Response(f"{text}\n".encode(), status_code=status, media_type="text/plain")
