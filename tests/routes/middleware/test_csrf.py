from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from models.ids import new_id
from tests.people import browser
from tests.world import World

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def unsafe_routes(app: Any) -> Iterator[tuple[str, str]]:
    """Every method and path of the app that can change something, with made-up values for its parameters."""
    while not isinstance(app, Litestar):
        app = app.app
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            path = re.sub(r"\{\w+:uuid\}", str(new_id()), route.path)
            path = re.sub(r"\{\w+:\w+\}", "a" * 43, path)
            yield from ((method, path) for method in sorted(route.methods) if method in UNSAFE)


async def test_no_route_takes_a_form_without_a_token_of_this_session(world: World) -> None:
    """S-07."""
    # Whoever runs the installation comes past every guard.
    company, other = await world.operator(), await world.company("Elv AS")
    routes = list(unsafe_routes(world.app))
    assert ("POST", "/logout") in routes and len(routes) > 10
    for method, path in routes:
        for token in ({}, {"_csrf_token": ""}, {"_csrf_token": other.csrf}, {"_csrf_token": "a" * 86}):
            answer = await company.client.request(method, path, data={"name": "x", **token})
            assert answer.status_code == 403, (method, path, token)
        answer = await company.client.request(method, path, data={"name": "x"}, headers={"X-CSRF-Token": other.csrf})
        assert answer.status_code == 403, (method, path)
    assert (await company.get("/account")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {},
    ],
    ids=str,
)
async def test_no_route_takes_a_form_from_another_site(world: World, headers: dict[str, str]) -> None:
    """S-07: with the right token and without a session, for every route of the app."""
    company, visitor = await world.operator(), browser(world)
    for client in (company.client, visitor):
        del client.headers["Sec-Fetch-Site"]
    for method, path in unsafe_routes(world.app):
        form = {"_csrf_token": company.csrf}
        # A mail program comes from no page; the secret in the address is its proof (RFC 8058), and this one is made up.
        from_mail = not headers and path.startswith(("/i/", "/q/")) and path.endswith("/objection")
        refused = {404} if from_mail else {403}
        answer = await company.client.request(method, path, data=form, headers=headers)
        assert answer.status_code in refused, (method, path)
        answer = await visitor.request(method, path, data=form, headers=headers)
        assert answer.status_code in refused | {303}, (method, path)
        assert "set-cookie" not in answer.headers


async def test_no_route_takes_json_dressed_as_text(world: World) -> None:
    """S-07."""
    company = await world.company()
    for method, path in unsafe_routes(world.app):
        answer = await company.client.request(
            method,
            path,
            content=b'{"name": "x"}',
            headers={"Content-Type": "text/plain", "X-CSRF-Token": company.csrf},
        )
        assert answer.status_code == 415, (method, path)


async def test_the_token_may_come_in_a_header_or_in_the_form(world: World) -> None:
    company = await world.company()
    form = {"name": "Kari", "language": "en"}
    by_field = await company.client.post("/account/profile", data={**form, "_csrf_token": company.csrf})
    by_header = await company.client.post("/account/profile", data=form, headers={"X-CSRF-Token": company.csrf})
    assert by_field.status_code == by_header.status_code == 303


async def test_every_token_that_a_page_holds_works(world: World) -> None:
    company = await world.company()
    for _ in range(3):
        page = (await company.get("/account")).text
        tokens = set(re.findall(r'name="_csrf_token" value="([^"]+)"', page))
        assert len(tokens) == 1 and tokens != {company.csrf}
        form = {"name": "Kari", "language": "en", "_csrf_token": tokens.pop()}
        assert (await company.client.post("/account/profile", data=form)).status_code == 303


async def test_a_page_for_another_company_says_that_it_is_out_of_date(world: World) -> None:
    company, other = await world.company(), await world.company("Elv AS")
    form = {"name": "x", "_csrf_token": other.csrf}
    page = await company.client.post("/account/profile", data=form)
    assert page.status_code == 403 and "This page is out of date" in page.text
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = await company.client.post("/account/profile", data=form, headers=headers)
    assert part.status_code == 403 and part.headers["hx-retarget"] == "#flash"
    assert "<html" not in part.text and "Nothing was saved" in part.text
