"""The banner of an installation that asks, in a real browser (C-02 to C-09, C-15)."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, BrowserContext, Page, expect

from actions import visits
from domain import consent
from domain.consent import Purpose
from domain.cookies import Category
from domain.settings import Settings
from tests.asking import CONSENT, VISIT, asking, told
from tests.journeys.browsing import Watch
from tests.journeys.test_accessibility import RUN, faults_of
from tests.routes.middleware.small_app import served

_STORED = "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
_LOOKS = """buttons => buttons.map(one => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    return {kind: one.tagName + one.className, height: box.height, width: box.width,
        colours: [style.color, style.backgroundColor, style.borderColor, style.fontSize, style.fontWeight].join()};
})"""


@dataclass(frozen=True)
class Asking:
    """The app in this process, behind real sockets, and how to open a window on it."""

    url: str
    settings: Settings
    chromium: Browser

    async def window(self, **options: Any) -> Page:
        context = await self.chromium.new_context(locale="en-GB", reduced_motion="reduce", **options)
        return await context.new_page()


@pytest.fixture
async def site(app: Any, settings: Settings, chromium: Browser) -> AsyncIterator[Asking]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        asked, ours = asking(app, replace(settings, public_url=address))
        with told(ours):
            async with served(asked, listener):
                yield Asking(address, ours, chromium)
        await visits.flush()


async def names(context: BrowserContext) -> set[str]:
    return {cookie.get("name", "") for cookie in await context.cookies()}


async def test_c02_c03_c04_c05_c15_three_equal_answers_with_keyboard_and_mouse(site: Asking) -> None:
    page = await site.window()
    watch = Watch(site.url)
    watch.over(page.context)
    await page.goto(site.url)
    await page.mouse.wheel(0, 600)
    await page.goto(f"{site.url}/login")
    assert await names(page.context) == set() and await page.evaluate(_STORED) == [0, 0, 0]
    assert await faults_of(page, "banner") == []
    looks = await page.locator("#consent button").evaluate_all(_LOOKS)
    assert len(looks) == 3 and len({(look["kind"], look["colours"]) for look in looks}) == 1
    sizes = [[look[side] for look in looks] for side in ("height", "width")]
    assert max(sizes[0]) - min(sizes[0]) <= 2 and max(sizes[1]) <= 1.2 * min(sizes[1])
    await page.goto(f"{site.url}/terms")
    for name in ("Reject all", "Accept all", "Choose"):
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your answer is saved")).to_be_visible()
    assert await names(page.context) == {CONSENT}

    other = await site.window()
    await other.goto(f"{site.url}/privacy")
    await other.get_by_role("button", name="Accept all").click()
    await expect(other.get_by_text("Your answer is saved")).to_be_visible()
    await other.goto(f"{site.url}/terms")
    assert await names(other.context) == {CONSENT, VISIT}
    assert await other.locator("main").inner_html() == await page.locator("main").inner_html()
    await other.goto(f"{site.url}/cookies")
    await other.set_viewport_size({"width": 320, "height": 800})
    await other.evaluate(AXE_SCRIPT)
    assert await other.evaluate(RUN, {}) == []
    assert not await other.evaluate("document.documentElement.scrollWidth > innerWidth")
    await other.get_by_role("button", name="Take back my yes to cookies").click()
    await expect(other.get_by_role("checkbox", name="Usage statistics")).not_to_be_checked()
    assert await names(other.context) == {CONSENT}
    assert watch.noticed == []
    for window in (page, other):
        await window.context.close()


async def test_c06_everything_works_without_scripts(site: Asking) -> None:
    page = await site.window(java_script_enabled=False)
    for answer, left in (("Reject all", {CONSENT}), ("Accept all", {CONSENT, VISIT})):
        await page.context.clear_cookies()
        await page.goto(f"{site.url}/privacy/versions")
        await page.get_by_role("button", name=answer).click()
        await expect(page.locator("#consent")).to_have_count(0)
        assert page.url == f"{site.url}/privacy/versions" and await names(page.context) == left
    await page.context.clear_cookies()
    await page.goto(f"{site.url}/privacy")
    await page.get_by_role("button", name="Choose").click()
    box = page.get_by_role("checkbox", name="Usage statistics")
    await expect(box).not_to_be_checked()
    await box.check()
    await page.get_by_role("button", name="Save my choice").click()
    await expect(page.get_by_text("It holds from now on")).to_be_visible()
    await expect(box).to_be_checked()
    assert await names(page.context) == {CONSENT, VISIT}
    await page.get_by_role("button", name="Reject all").click()
    await expect(box).not_to_be_checked()
    assert await names(page.context) == {CONSENT}
    await page.context.close()


async def test_c07_c08_c09_a_signal_is_heard_and_nobody_is_asked_before_time(
    site: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await site.window(extra_http_headers={"Sec-GPC": "1"})
    await page.goto(f"{site.url}/privacy")
    await expect(page.get_by_text("privacy signal is respected")).to_be_visible()
    await expect(page.locator("#consent")).to_have_count(0)
    assert await names(page.context) == set()
    await page.context.close()

    page = await site.window()
    with told(replace(site.settings, test_clock=datetime(2021, 8, 31, 12, tzinfo=UTC))):
        await page.goto(f"{site.url}/privacy")
        await page.get_by_role("button", name="Reject all").click()
        await expect(page.get_by_text("Your answer is saved")).to_be_visible()
    # Each day another page: the browser itself keeps one that asks nothing for five minutes.
    for path, day, asked in (
        ("terms", datetime(2022, 2, 27, tzinfo=UTC), 0),
        ("", datetime(2022, 3, 1, tzinfo=UTC), 1),
    ):
        with told(replace(site.settings, test_clock=day)):
            await page.goto(f"{site.url}/{path}")
            await expect(page.locator("#consent")).to_have_count(asked)
    with told(replace(site.settings, test_clock=datetime(2022, 2, 27, tzinfo=UTC))):
        new = Purpose(Category.MARKETING, "statistics", "Letters", "Write to you about news.", "Nobody else.", 2)
        monkeypatch.setattr(consent, "PURPOSES", (*consent.PURPOSES, new))
        await page.goto(f"{site.url}/login")
        await expect(page.locator("#consent li")).to_have_count(1)
        await expect(page.locator("#consent")).to_contain_text("Letters")
        await expect(page.locator("#consent")).to_contain_text("New since you answered.")
    await page.context.close()
