from __future__ import annotations

import asyncpg
import pytest

from domain.cookies import SESSION, cookie_name, set_cookie
from tests.people import browser
from tests.world import PASSWORD, World

NAME = cookie_name(SESSION, https=False)


@pytest.mark.parametrize("path", ["/", "/login", "/signup", "/forgot", "/privacy", "/company", "/nowhere"])
async def test_a_visitor_gets_no_cookie_and_costs_no_query(world: World, statements: list[str], path: str) -> None:
    """C-01: nothing is set and nothing is written for somebody who only looks."""
    client = browser(world)
    statements.clear()
    answer = await client.get(path)
    assert answer.headers.get_list("set-cookie") == []
    assert statements == []


async def test_a_made_up_cookie_is_nobody_and_is_not_written_down(world: World, owner: asyncpg.Connection) -> None:
    """S-03."""
    client = browser(world)
    before = await owner.fetchval("select count(*) from session")
    client.cookies.set(NAME, "a" * 43, domain="127.0.0.1")
    answer = await client.get("/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/account")
    assert answer.headers.get_list("set-cookie") == []
    assert await owner.fetchval("select count(*) from session") == before


@pytest.mark.parametrize("value", ["", "x", "=" * 50, "\x01", "a" * 43 + "; x", "%00", "a" * 7000])
async def test_a_cookie_of_nonsense_is_no_error(world: World, statements: list[str], value: str) -> None:
    client = browser(world)
    statements.clear()
    answer = await client.get("/login", headers={"Cookie": f"{NAME}={value}"})
    assert answer.status_code == 200
    assert statements == [] or "a" * 43 in value


async def test_two_session_cookies_are_one_too_many(world: World) -> None:
    company = await world.company()
    real = company.client.cookies[NAME]
    client = browser(world)
    answer = await client.get("/account", headers={"Cookie": f"{NAME}={real}; {NAME}={'a' * 43}"})
    assert answer.status_code == 303


async def test_a_signed_in_request_asks_once_who_it_is(world: World, statements: list[str]) -> None:
    company = await world.company()
    statements.clear()
    assert (await company.get("/nowhere")).status_code == 404
    assert len(statements) == 1


async def test_a_static_file_asks_nobody(world: World, statements: list[str]) -> None:
    company = await world.company()
    statements.clear()
    assert (await company.get("/static/css/base.css")).status_code == 200
    assert statements == []


async def test_signing_in_sets_the_one_registered_cookie(world: World) -> None:
    company = await world.company()
    client = browser(world)
    answer = await client.post("/login", data={"email": company.email, "password": PASSWORD})
    (header,) = answer.headers.get_list("set-cookie")
    assert header == set_cookie(SESSION, client.cookies[NAME], https=False)
    assert "HttpOnly" in header and "SameSite=Lax" in header and "Path=/" in header and "Max-Age" not in header


def test_on_https_the_cookie_belongs_to_this_host_alone() -> None:
    header = set_cookie(SESSION, "x", https=True)
    assert header.startswith("__Host-sf_session=x;") and "; Secure" in header and "Domain" not in header


async def test_a_page_of_an_account_is_kept_by_no_cache(world: World) -> None:
    company = await world.company()
    assert (await company.get("/account")).headers["cache-control"] == "no-store"
