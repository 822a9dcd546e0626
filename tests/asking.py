"""The app of an installation that asks: the same routes, behind the middleware that the setting adds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar

from actions import instance
from domain.cookies import Category, cookies_of, name_of, objection
from domain.settings import Settings
from routes.middleware import wrap
from routes.middleware.choices import Choices
from routes.middleware.session import Sessions

OPTIONAL = frozenset({Category.STATISTICS})
CONSENT, VISIT = "sf_consent", "sf_visit"


def asking(app: Any, settings: Settings) -> tuple[Any, Settings]:
    """`app` as it is with usage statistics switched on. The routes are not built a second time."""
    while not isinstance(app, Litestar):
        app = app.app
    ours = replace(settings, statistics=True)
    return wrap(Sessions(Choices(app, ours), ours), ours), ours


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """This process has these settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(instance, "_settings", settings)
        yield


async def begin_again(owner: asyncpg.Connection) -> None:
    """A proof of consent without an answer: other tests wrote into theirs past its chain, or let them go early."""
    async with owner.transaction():
        await owner.execute("set local session_replication_role = replica")
        await owner.execute("delete from consent_event")
        await owner.execute(
            "update consent_head set seq = 0, hash = '', base_seq = 0, base_hash = '', base_at = null"
        )
        await owner.execute("set local session_replication_role = origin")


def hidden(page: str, form: str = 'id="consent"') -> dict[str, str]:
    """The hidden fields of the banner, or of the form after `form`."""
    part = page[page.index(form) :]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', part[: part.index("</form>")])
    return {name: unescape(value) for name, value in fields}


def cookies_set(answer: httpx.Response) -> dict[str, str]:
    """The headers by the names of their cookies; each is as registered (C-14)."""
    found = {name_of(header): header for header in answer.headers.get_list("set-cookie")}
    for header in found.values():
        assert objection(header, cookies_of(https=False, optional=OPTIONAL), OPTIONAL) is None, header
    return found


async def choose(client: httpx.AsyncClient, choice: str, back: str = "/privacy", **fields: Any) -> httpx.Response:
    """Open a page as this visitor and press a button of its banner."""
    page = (await client.get(back)).text
    return await client.post("/consent", data={**hidden(page), "choice": choice, **fields})


async def save(client: httpx.AsyncClient, *granted: str, token: str = "") -> httpx.Response:
    """Tick these in the panel and save."""
    page = (await client.get("/cookies")).text
    fields = hidden(page, 'class="consent-panel"')
    return await client.post(
        "/consent", data={"_csrf_token": token, **fields, "choice": "save", "purpose": list(granted)}
    )
