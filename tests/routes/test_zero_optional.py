"""Nothing optional is stored in a browser, so nobody is asked for anything (R20).

This is how an installation begins. Those of one that asks are in tests/routes/test_consent.py and
tests/journeys/test_consent.py (C-02 to C-15); those on cookies in
tests/journeys/test_traces.py (C-02, C-14), tests/routes/test_legal.py (C-06, C-07, C-12),
tests/routes/middleware/ (C-01, C-11) and tests/routes/test_sign_in.py (C-16).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar

from actions.clock import now
from domain.cookies import Category, cookies_of
from routes.middleware.choices import Choices
from routes.middleware.session import Sessions
from tests.people import at
from tests.routes.middleware.cookie_watch import assert_no_cookies
from tests.routes.test_access import MATRIX
from tests.world import World

PAGES = ("/", "/login", "/signup", "/forgot", "/privacy", "/terms", "/cookies", "/nothing-here")


@pytest.mark.parametrize("path", PAGES)
async def test_r20_c03_c15_no_page_asks_for_consent_as_nothing_is_optional(
    client: httpx.AsyncClient, path: str
) -> None:
    page = (await client.get(path)).text
    assert "/consent" not in page and not re.search(r"accept all|reject all|godta alle|avvis alle", page.lower())
    assert {cookie.category for cookie in cookies_of(https=True).values()} == {Category.ESSENTIAL}


async def test_r20_c08_nobody_is_asked_behind_the_door_nor_a_year_later(
    world: World, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    assert "/consent" not in (await company.get("/invoices")).text
    at(monkeypatch, now() + timedelta(days=366))
    answer = await client.get("/")
    assert answer.status_code == 200 and "/consent" not in answer.text
    assert_no_cookies(answer)


async def test_r20_c01_no_public_page_at_all_asks_or_sets_a_cookie(client: httpx.AsyncClient) -> None:
    """Every one that the table of access calls public, so that a new page is among them."""
    routes = [route.removeprefix("GET ") for route, rule in MATRIX.items() if rule == "public" and "GET " in route]
    assert len(routes) > 40
    for path in (re.sub(r"{\w+:\w+}", "nothing", route) for route in routes):
        answer = await client.get(path)
        assert 'action="/consent"' not in answer.text, path
        assert_no_cookies(answer)


@pytest.mark.parametrize("value", ["v1.1.x.statistics.0.bad", "1" * 5000, "statistics", ""])
async def test_c10_a_made_up_consent_cookie_changes_nothing(client: httpx.AsyncClient, value: str) -> None:
    plain = await client.get("/cookies")
    for name in ("__Host-sf_consent", "sf_consent"):
        answer = await client.get("/cookies", headers={"Cookie": f"{name}={value}"})
        assert answer.status_code == 200 and answer.text == plain.text
        assert_no_cookies(answer)


async def test_c04_c05_the_pages_are_the_same_with_and_without_the_signal_to_reject(
    client: httpx.AsyncClient,
) -> None:
    for path in PAGES[:-1]:
        plain = await client.get(path)
        rejecting = await client.get(path, headers={"Sec-GPC": "1", "DNT": "1"})
        assert rejecting.text == plain.text
        assert_no_cookies(plain, rejecting)


async def test_r20_nothing_stands_in_front_of_the_app_that_would_ask(app: Any) -> None:
    layers = []
    while not isinstance(app, Litestar):
        layers.append(type(app))
        app = app.app
    assert Sessions in layers and Choices not in layers
