"""One site and one Chromium for all journeys of a test process; a window of its own for each test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import replace
from typing import Protocol

import pytest
from playwright.async_api import Browser, async_playwright, expect

from actions import files, instance
from domain.settings import Settings
from models import engine
from tests.databases import fresh_database
from tests.journeys.browsing import FLAGS, Visitor, Watch
from tests.journeys.site import Site, running_site
from tests.world import Company, World

CHROMIUM = shutil.which("chromium")
PATIENCE = 15_000  # milliseconds: what is fast on a quiet machine may take its time beside other tests
expect.set_options(timeout=PATIENCE)


class Open(Protocol):
    """Open a window: on a phone or a desk, by day or night, with or without scripts, signed in or not."""

    def __call__(
        self,
        width: int = 1280,
        *,
        dark: bool = False,
        language: str = "nb-NO",
        scripts: bool = True,
        company: Company | None = None,
    ) -> Awaitable[Visitor]: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def standing(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Site]]:
    """A site with a database and a data folder of its own, up for as long as the test process.

    In the tests' database its worker would do what other tests have queued.
    """
    with fresh_database("site") as (owner_url, app_url):
        ours = replace(
            settings,
            data_dir=tmp_path_factory.mktemp("site"),
            database_url=app_url,
            migration_database_url=owner_url,
        )
        with running_site(ours) as site:
            yield ours, site


@pytest.fixture(scope="module")
async def site_settings(settings: Settings, pool: None, standing: tuple[Settings, Site]) -> AsyncIterator[Settings]:
    """While these tests run, this process makes its companies in the site's database."""
    ours, _ = standing
    others_pool, engine.DB.pool = engine.DB.pool, None
    await engine.open_pool(ours.database_url or "", 4)
    instance.begin(ours)
    files.open_store(ours)
    yield ours
    await engine.close_pool()
    engine.DB.pool = others_pool
    instance.begin(settings)
    files.open_store(settings)


@pytest.fixture
def site(standing: tuple[Settings, Site], site_settings: Settings) -> Site:
    return standing[1]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def world(site_settings: Settings) -> AsyncIterator[World]:
    """Makes people and companies in the site's database; nothing of it goes through this process's own app."""
    made = World(None, site_settings)
    yield made
    await made.close()


@pytest.fixture
async def visit(chromium: Browser, site: Site) -> AsyncIterator[Open]:
    """Opens windows, and at the end asks each what it noticed."""
    windows: list[Visitor] = []

    async def open_window(
        width: int = 1280,
        *,
        dark: bool = False,
        language: str = "nb-NO",
        scripts: bool = True,
        company: Company | None = None,
    ) -> Visitor:
        context = await chromium.new_context(
            viewport={"width": width, "height": 844 if width < 500 else 900},
            color_scheme="dark" if dark else "light",
            locale=language,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch(site.url)
        watch.over(context)
        if company is not None:
            session = {cookie.name: cookie.value or "" for cookie in company.client.cookies.jar}
            await context.add_cookies([{"name": n, "value": v, "url": site.url} for n, v in session.items()])
        window = Visitor(await context.new_page(), watch, site.url)
        windows.append(window)
        return window

    yield open_window
    noticed: list[str] = []
    for window in windows:
        await window.watch.settle()
        await window.page.context.close()
        noticed += window.watch.noticed
    assert noticed == []
