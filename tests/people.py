"""Browsers, letters and clocks for tests of accounts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import httpx
import pytest

from actions import instance
from actions.account_letters import prepare_account_message
from actions.security_log import Client
from domain.letter import Letter
from models.engine import pool
from tests.world import World

GOOD_PASSWORD = "blå hest på taket"


def somewhere() -> Client:
    """A client in a network that no other test tries anything from."""
    return Client(_address(), "Firefox, Linux")


def browser(world: World) -> httpx.AsyncClient:
    """A visitor's browser in a network of its own."""
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=world.app, client=(_address(), 50000)),
        base_url=world.settings.public_url,
        headers={
            "Sec-Fetch-Site": "same-origin",
            "Accept-Language": "en",
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        },
    )
    world._clients.append(client)
    return client


def _address() -> str:
    return ".".join(str(random.randint(1, 254)) for _ in range(4))


async def letters_asked(email: str) -> list[str]:
    """The kinds of letters that were asked for with this address, oldest first."""
    rows = await pool().fetch("select kind from account_message where lower(email) = lower($1) order by id", email)
    return [row["kind"] for row in rows]


async def newest_letter(email: str) -> Letter | None:
    """What the job makes of the newest message to this address."""
    message_id = await pool().fetchval(
        "select id from account_message where lower(email) = lower($1) order by id desc limit 1", email
    )
    return None if message_id is None else await prepare_account_message(message_id)


async def link_to(email: str) -> str:
    """The path of the link in the newest letter."""
    letter = await newest_letter(email)
    assert letter is not None and "link" in letter.context
    return urlsplit(letter.context["link"]).path


def token_in(path: str) -> str:
    return path.rpartition("/")[2]


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """It is `moment` from now on."""
    monkeypatch.setattr(instance, "_settings", replace(instance.settings(), test_clock=moment))
