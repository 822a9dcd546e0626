"""The edge as a real browser sees it (C-02, C-06, S-02, S-18, P-41)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from domain.cookies import cookies_of
from domain.settings import Settings

CHROMIUM = shutil.which("chromium")
ROOT = Path(__file__).resolve().parents[3]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PAGES = ("/", "/privacy", "/privacy/versions", "/cookies", "/login", "/signup", "/no/such/page")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]


@pytest.fixture(scope="module")
def address(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as it is served in earnest, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = os.environ | {
        "SMARTFAKTURA_DATA_DIR": str(tmp_path_factory.mktemp("served")),
        "SMARTFAKTURA_PORT": str(port),
        "SMARTFAKTURA_DATABASE_URL": settings.database_url or "",
        "SMARTFAKTURA_MIGRATION_DATABASE_URL": settings.migration_database_url or "",
    }
    log = (tmp_path_factory.getbasetemp() / "served.log").open("wb")
    process = subprocess.Popen([sys.executable, "-m", "tasks.web"], cwd=ROOT, env=env, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urlopen(url, timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the app does not answer")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A fresh browser that notes which hosts it asks and what its console complains about."""

    def __init__(self, browser: Browser, **options: object) -> None:
        self.context = browser.new_context(locale="en-GB", **options)  # type: ignore[arg-type]  # Playwright's own words
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.context.on("console", lambda message: self.complaints.append(message.text))
        self.page: Page = self.context.new_page()


def test_c02_a_visitor_leaves_no_trace_and_meets_no_other_host(chromium: Browser, address: str) -> None:
    watched = Watched(chromium)
    for path in PAGES:
        watched.page.goto(address + path, wait_until="networkidle")
        watched.page.mouse.wheel(0, 2000)
        assert watched.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
        assert watched.page.evaluate("indexedDB.databases()") == []
    assert watched.context.cookies() == []
    assert watched.hosts == {urlsplit(address).netloc}
    watched.context.close()


def test_s02_no_page_breaks_the_content_policy_and_every_header_is_understood(
    chromium: Browser, address: str
) -> None:
    watched = Watched(chromium)
    for path in PAGES:
        watched.page.goto(address + path, wait_until="networkidle")
    expected = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    assert [text for text in watched.complaints if text != expected] == []
    watched.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_c06_the_language_is_chosen_with_and_without_scripts(chromium: Browser, address: str, scripts: bool) -> None:
    watched = Watched(chromium, java_script_enabled=scripts)
    watched.page.goto(f"{address}/cookies")
    watched.page.get_by_role("button", name="Norsk").click()
    watched.page.wait_for_url(f"{address}/cookies")
    assert watched.page.locator("html").get_attribute("lang") == "nb"
    (cookie,) = watched.context.cookies()
    assert cookie["name"] in cookies_of(https=False)
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and cookie["path"] == "/"
    watched.context.close()


def test_s18_a_browser_that_sends_twelve_megabytes_can_read_why_they_are_refused(
    chromium: Browser, address: str, tmp_path: Path
) -> None:
    watched = Watched(chromium)
    watched.page.goto(f"{address}/login")
    watched.page.evaluate(
        """() => {
            const form = Object.assign(document.createElement("form"), {method: "post", enctype: "multipart/form-data"});
            form.action = "/company/logo"; form.id = "big";
            form.append(Object.assign(document.createElement("input"), {type: "file", name: "logo"}));
            document.body.append(form);
        }"""
    )
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"a" * 12 * 1024 * 1024)
    watched.page.set_input_files("#big input", logo)
    watched.page.evaluate("document.getElementById('big').submit()")
    watched.page.wait_for_selector("h1")
    watched.page.wait_for_function("document.body.innerText.includes('413')", timeout=10_000)
    watched.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
@pytest.mark.parametrize("path", ["/privacy", "/privacy/versions", "/cookies", "/no/such/page"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    chromium: Browser, address: str, path: str, width: int, scheme: str
) -> None:
    watched = Watched(chromium, viewport={"width": width, "height": 800}, color_scheme=scheme)
    watched.page.goto(address + path)
    assert Axe().run(watched.page).response["violations"] == []
    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    watched.context.close()
