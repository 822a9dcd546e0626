"""The gallery in a real browser, under the content security policy of the app."""

from __future__ import annotations

import mimetypes
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect, sync_playwright

from actions import data_export_pages as export_pages
from domain.settings import from_env
from tests.templates.gallery.rendering import PAGES, ROOT, render

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
HOME = "http://localhost:8123"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
OPTION = '<button type="button" role="option" tabindex="-1">{}</button>'


@dataclass
class Gallery:
    """The gallery as a web site: pages, files, and answers that a test lays down beforehand."""

    answers: dict[str, str] = field(default_factory=dict)
    posts: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def serve(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if route.request.method == "POST":
            self.posts.append(path)
        if path.startswith("/static/"):
            kind = mimetypes.guess_type(path)[0] or "font/woff2"
            route.fulfill(body=(ROOT / path[1:]).read_bytes(), content_type=kind)
        elif path in self.answers:
            route.fulfill(body=self.answers[path], content_type="text/html; charset=utf-8")
        elif path.strip("/") in PAGES:
            headers = {"content-security-policy": POLICY}
            route.fulfill(body=render(path.strip("/")), content_type="text/html; charset=utf-8", headers=headers)
        else:
            route.fulfill(status=500, body="<p>Broken</p>", content_type="text/html")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def gallery() -> Gallery:
    return Gallery()


def opened(browser: Browser, gallery: Gallery, width: int, scheme: str, scripts: bool = True) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.route(f"{HOME}/**", gallery.serve)
    context.on("console", lambda message: gallery.complaints.append(message.text))
    return context


@pytest.fixture
def desk(chromium: Browser, gallery: Gallery) -> Iterator[Page]:
    context = opened(chromium, gallery, 1280, "light")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    chromium: Browser, gallery: Gallery, width: int, scheme: str
) -> None:
    context = opened(chromium, gallery, width, scheme)
    page, axe = context.new_page(), Axe()
    found: list[object] = []
    for name in PAGES:
        page.goto(f"{HOME}/{name}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((name, "scrolls sideways"))
        faults = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        found += [(name, fault["id"], [node["target"] for node in fault["nodes"]]) for fault in faults]
    context.close()
    assert found == []
    assert gallery.complaints == []


def test_p17_a_copy_is_read_without_network_and_without_scripts(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_pages, "settings", lambda: from_env({}, tmp_path))
    about = export_pages.About("Fjord =1+1 <b>ENK", "post@fjord.example")
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    note = {
        "number": "1",
        "issued_on": "2026-11-23",
        "customer_name": "<img src=//x>",
        "gross": "1",
        "currency": "NOK",
    }
    pages = {
        "index.html": export_pages.index(moment, {"invoices": 1}, [], True, about).decode(),
        "invoices.html": export_pages.invoices_head()
        + export_pages.invoice_row(note, "invoices/1.pdf")
        + export_pages.invoices_foot(),
        "processing-info.html": export_pages.processing_page(about),
        "style.css": export_pages.STYLE,
    }
    for name, text in pages.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    context, asked = chromium.new_context(java_script_enabled=False, offline=True), []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{tmp_path}/index.html")
    page.get_by_role("link", name="Fakturaene").click()
    page.get_by_role("link", name="Tilbake").click()
    page.get_by_role("link", name="Formål").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Behandlingen")
    context.close()
    assert asked and not [address for address in asked if not address.startswith("file:")]


def test_targets_on_a_phone_are_at_least_44_pixels_high(chromium: Browser, gallery: Gallery) -> None:
    context = opened(chromium, gallery, 390, "light")
    page = context.new_page()
    page.goto(f"{HOME}/home")
    assert page.locator(".quickbar > *").count() == 5
    for target in page.locator(".quickbar > *").all():
        box = target.bounding_box()
        assert box is not None and box["height"] >= 44 and box["width"] >= 44
    context.close()


def test_the_menu_of_a_phone_opens_without_scripts(chromium: Browser, gallery: Gallery) -> None:
    context = opened(chromium, gallery, 390, "light", scripts=False)
    page = context.new_page()
    page.goto(f"{HOME}/home")
    expect(page.get_by_role("link", name="Betalinger", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Mer").click()
    expect(page.get_by_role("link", name="Betalinger", exact=True)).to_be_visible()
    context.close()


def test_a_double_click_sends_a_form_once(desk: Page, gallery: Gallery) -> None:
    desk.goto(f"{HOME}/payment")
    desk.route("**/payments", lambda route: gallery.posts.append("/payments"))
    desk.get_by_role("button", name="Registrer betaling").dblclick(no_wait_after=True)
    for _ in range(500):
        if gallery.posts:
            break
        desk.wait_for_timeout(20)
    desk.wait_for_timeout(100)  # time for a second one
    assert gallery.posts == ["/payments"]


def test_slash_and_ctrl_k_go_to_the_search_box_but_not_while_writing(desk: Page) -> None:
    desk.goto(f"{HOME}/payment")
    box = desk.locator("[data-search]")
    desk.locator("#f-date").focus()
    desk.keyboard.press("/")
    expect(box).not_to_be_focused()
    desk.keyboard.press("Control+k")
    expect(box).to_be_focused()
    desk.locator("h1").click()
    desk.keyboard.press("Tab")
    desk.locator(".page-head a").focus()
    desk.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")


def test_a_value_is_copied_and_it_is_said(desk: Page) -> None:
    desk.goto(f"{HOME}/hosted")
    desk.get_by_role("button", name="Kopier KID").click()
    expect(desk.get_by_text("Kopiert")).to_be_visible()
    assert desk.evaluate("navigator.clipboard.readText()") == "0010422"


def test_a_menu_closes_on_escape_and_gives_the_focus_back(desk: Page) -> None:
    desk.goto(f"{HOME}/invoice")
    handle = desk.locator("details.menu > summary")
    handle.click()
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_role("link", name="Se det kunden ser")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("link", name="Se det kunden ser")).to_be_hidden()
    expect(handle).to_be_focused()


def test_a_message_can_be_closed(desk: Page) -> None:
    desk.goto(f"{HOME}/invoice")
    desk.get_by_role("button", name="Lukk beskjeden").click()
    expect(desk.locator(".flash")).to_have_count(0)


def sought(desk: Page, gallery: Gallery, *found: str) -> Locator:
    """The field of the customer after typing, with these options below it and no answer still under way."""
    gallery.answers["/customers/options"] = OPTION.format("Alle")
    desk.goto(f"{HOME}/editor_new")
    box = desk.get_by_role("combobox", name="Kunde")
    box.focus()
    expect(box).to_have_attribute("aria-expanded", "true")
    gallery.answers["/customers/options"] = "".join(map(OPTION.format, found))
    box.fill("fje")  # at once: on a slow machine each letter would be sought by itself
    expect(desk.locator("[role=option]")).to_have_text(list(found))
    expect(box).to_have_attribute("aria-expanded", "true")
    return box


def test_the_type_ahead_is_driven_with_arrows_enter_and_escape(desk: Page, gallery: Gallery) -> None:
    box = sought(desk, gallery, "Fjellheim", "Fjelltun")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_role("option", name="Fjelltun")).to_have_attribute("aria-selected", "true")
    desk.evaluate("document.addEventListener('click', (e) => { document.title = e.target.textContent })")
    desk.keyboard.press("Enter")
    expect(desk).to_have_title("Fjelltun")
    desk.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_be_focused()


def test_options_that_come_late_leave_a_list_closed_until_more_is_typed(desk: Page, gallery: Gallery) -> None:
    box = sought(desk, gallery, "Fjellheim")
    late: list[Route] = []
    desk.route("**/customers/options*", lambda route: late.append(route))
    with desk.expect_request("**/customers/options*"):
        box.fill("fjel")
    desk.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    late.pop().fulfill(body=OPTION.format("Fjelltopp"), content_type="text/html; charset=utf-8")
    expect(desk.locator("[role=option]")).to_have_text(["Fjelltopp"])
    expect(box).to_have_attribute("aria-expanded", "false")
    desk.unroute("**/customers/options*")
    box.fill("fje")
    expect(box).to_have_attribute("aria-expanded", "true")


def test_an_option_stays_marked_when_the_options_come_anew(desk: Page, gallery: Gallery) -> None:
    box = sought(desk, gallery, "Fjellheim", "Fjelltun")
    desk.keyboard.press("ArrowUp")
    gallery.answers["/customers/options"] = OPTION.format("Fjelltun") + OPTION.format("Fjelltopp")
    box.press_sequentially("l")
    expect(desk.get_by_role("option", name="Fjelltopp")).to_be_visible()
    expect(desk.get_by_role("option", name="Fjelltun")).to_have_attribute("aria-selected", "true")
    desk.evaluate("document.addEventListener('click', (e) => { document.title = e.target.textContent })")
    desk.keyboard.press("Enter")
    expect(desk).to_have_title("Fjelltun")


def test_enter_in_the_last_line_adds_a_line_and_goes_there(desk: Page, gallery: Gallery) -> None:
    desk.goto(f"{HOME}/editor")
    lines = desk.locator("#lines")
    gallery.answers["/invoices/7/lines"] = lines.inner_html() + _line("new")
    _over_htmx(desk)
    desk.locator("#l1-price").press("Enter")
    expect(desk.locator("#l2-price")).to_be_focused()
    desk.locator("#l3-price").press("Enter")
    expect(desk.locator("#new-text")).to_be_focused()


def test_alt_and_an_arrow_moves_a_line_and_keeps_the_focus(desk: Page, gallery: Gallery) -> None:
    desk.goto(f"{HOME}/editor")
    gallery.answers["/invoices/7/lines/l2/down"] = _line("l1") + _line("l3") + _line("l2")
    _over_htmx(desk)
    desk.locator("#l2-text").press("Alt+ArrowDown")
    expect(desk.locator("#lines > :nth-child(3) #l2-text")).to_be_focused()


def test_a_failed_request_is_told_and_leaves_the_page_as_it_is(desk: Page) -> None:
    desk.goto(f"{HOME}/editor")
    _over_htmx(desk)
    desk.get_by_role("button", name="Legg til linje").click()
    expect(desk.get_by_text("Det gikk ikke gjennom.")).to_be_visible()
    expect(desk.locator("[data-line]")).to_have_count(3)


def test_a_script_in_an_answer_never_reaches_the_page(desk: Page, gallery: Gallery) -> None:
    gallery.answers["/invoices/7/lines"] = '<p id="came">Here</p><script src="/static/js/once.js"></script>'
    desk.goto(f"{HOME}/editor")
    _over_htmx(desk)
    desk.get_by_role("button", name="Legg til linje").click()
    expect(desk.locator("#came")).to_be_visible()
    expect(desk.locator("#lines script")).to_have_count(0)


def _line(name: str) -> str:
    return f'<div data-line><input id="{name}-text" name="{name}.text" aria-label="Hva"></div>'


def _over_htmx(page: Page) -> None:
    """The buttons of the editor as the real page has them: they post by htmx and get the lines back."""
    page.evaluate(
        """() => {
            for (const button of document.querySelectorAll("#editor [formaction]")) {
                button.setAttribute("hx-post", button.getAttribute("formaction"));
                button.setAttribute("hx-target", "#lines");
            }
            htmx.process(document.body);
        }"""
    )
