"""The app as it is served, with one address more: the yardstick."""

from __future__ import annotations

import os
from typing import cast
from uuid import UUID

import asyncpg
from jinja2 import Environment
from litestar import Litestar, Response, get
from litestar.enums import MediaType

from app import ROOT, build
from bench.client import YARDSTICK
from domain.settings import from_env
from routes.middleware.types import ASGIApp, Receive, Scope, Send

OWNER_URL, COMPANY = "BENCH_OWNER_URL", "BENCH_COMPANY"
ROWS = """
select id, number, state, customer_name, issued_on, due_on, gross, open_amount, currency, listed_at from invoice
where organisation_id = $1 and deleted_at is null order by listed_at desc, id desc limit 50
"""
TABLE = """<!doctype html><title>Yardstick</title><table>
{% for row in rows %}<tr>{% for value in row.values() %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</table>"""


class Bench:
    """Sends the yardstick's address past everything that belongs to the app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.yardstick = _yardstick()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_yardstick = scope["type"] == "http" and scope["path"] == YARDSTICK
        await (self.yardstick if is_yardstick else self.app)(scope, receive, send)


def _yardstick() -> ASGIApp:
    """One query of 50 rows of 10 columns and one plain table, behind Litestar and nothing else."""
    template = Environment(autoescape=True).from_string(TABLE)
    pools: list[asyncpg.Pool] = []

    async def no_reset(connection: asyncpg.Connection) -> None:
        """As the app's own pool: nothing to clean up."""

    @get(YARDSTICK, media_type=MediaType.HTML)
    async def measure() -> Response[bytes]:
        if not pools:
            pools.append(await asyncpg.create_pool(os.environ[OWNER_URL], min_size=4, max_size=16, reset=no_reset))
        rows = await pools[0].fetch(ROWS, UUID(os.environ[COMPANY]))
        return Response(template.render(rows=rows).encode(), media_type=MediaType.HTML)

    return cast(ASGIApp, Litestar([measure], openapi_config=None, logging_config=None))


def __getattr__(name: str) -> ASGIApp:
    """`bench.server:app`, built from the environment as `app:app` is."""
    if name == "app":
        return Bench(build(from_env(os.environ, ROOT)))
    raise AttributeError(name)
