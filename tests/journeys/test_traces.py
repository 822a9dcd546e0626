"""What the app leaves in a browser (C-01, C-02, C-14, C-16).

Nothing before signing in, one cookie while signed in, nothing after.
"""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect

from domain.cookies import LANGUAGE, SESSION, name_of
from models.unit_of_work import unit_of_work
from tests.actions.making import issued
from tests.journeys.conftest import Open
from tests.journeys.steps import hosted_page, sign_in
from tests.world import World

PUBLIC = ("/", "/signup", "/login", "/forgot", "/privacy", "/privacy/versions", "/cookies", "/nothing-here")
_STORED = """async () => ({
    cookies: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
_NOTHING: dict[str, Any] = {"cookies": "", "local": 0, "session": 0, "databases": 0, "caches": 0, "workers": 0}


async def _left_behind(page: Page) -> tuple[list[str], dict[str, Any]]:
    """The names of all cookies, those hidden from scripts too, and what else is stored."""
    return [cookie["name"] for cookie in await page.context.cookies()], await page.evaluate(_STORED)


async def test_a_visitor_is_left_without_any_trace(visit: Open, world: World) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company))
    window = await visit()
    for path in (*PUBLIC, hosted_page(company, done.invoice_id)):
        await window.goto(path)
        await window.page.mouse.wheel(0, 600)
        assert await _left_behind(window.page) == ([], _NOTHING), path
    await window.watch.settle()
    assert window.watch.cookies == []


async def test_signing_in_leaves_one_cookie_and_signing_out_nothing(visit: Open, world: World) -> None:
    person_id, email = await world.person(language="nb")
    company = await world.company(language="nb")
    async with unit_of_work(company.id, company.person_id) as work:
        await work.connection.execute(
            "insert into membership (organisation_id, person_id, role, created_at) values ($1, $2, 'owner', now())",
            company.id, person_id,
        )  # fmt: skip
    window = await visit()
    page = window.page
    await window.goto("/login")
    await sign_in(page, email)
    await expect(page.get_by_role("heading", name="Kari")).to_be_visible()
    assert await _left_behind(page) == ([SESSION], _NOTHING)
    await window.goto("/invoices/new")
    await page.locator("#f-lines-0-description").fill("Noe")
    await expect(page.locator("#saved")).to_contain_text("Lagret")
    await window.goto("/invoices")
    assert await _left_behind(page) == ([SESSION], _NOTHING)
    await page.get_by_role("button", name="Logg ut").click()
    await expect(page.get_by_text("Du er logget ut.")).to_be_visible()
    assert await _left_behind(page) == ([], _NOTHING)
    # Back shows nothing of the account.
    await page.go_back()
    await expect(page.get_by_role("button", name="Logg inn")).to_be_visible()
    await window.watch.settle()
    assert {name_of(header) for header in window.watch.cookies} == {SESSION}


async def test_only_the_click_on_a_language_is_remembered(visit: Open) -> None:
    window = await visit()
    await window.goto("/privacy")
    await window.page.get_by_role("button", name="English").click()
    await expect(window.page.locator("html")).to_have_attribute("lang", "en")
    assert await _left_behind(window.page) == ([LANGUAGE], _NOTHING)
