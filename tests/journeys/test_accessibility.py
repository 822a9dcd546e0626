"""Nothing for axe to find on any page: by day and by night, on the smallest phone and on a desk.

The windows go to every page of the app, and each notices a request to anybody else (P-07).
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, expect

from actions import breaches, requests
from actions.clock import now
from domain.privacy.breaches import Breach
from domain.privacy.requests import Kind
from models.ids import new_id
from tests.actions.making import issued, line, saved
from tests.journeys.browsing import Visitor
from tests.journeys.conftest import Open
from tests.journeys.pages import operator_pages, public_pages, signed_in_pages
from tests.journeys.steps import hosted_page, press
from tests.people import link_to
from tests.routes.furnished import furnish, invited
from tests.world import World

PHONE, DESK = {"width": 320, "height": 800}, {"width": 1280, "height": 900}
# What depends on the theme; everything else is the same by night.
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = """options => axe.run(document, options).then(
    (found) => found.violations.map((fault) => [fault.id, fault.nodes.map((node) => node.target)]))"""


async def faults_of(page: Page, name: str) -> list[object]:
    """Everything by day in both widths, what colours decide by night."""
    found: list[object] = []
    await page.evaluate(AXE_SCRIPT)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        for size in (DESK, PHONE):
            await page.set_viewport_size(size)  # type: ignore[arg-type]
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((name, size["width"], "scrolls sideways"))
            colours_only = {"runOnly": {"type": "rule", "values": COLOURS}} if scheme == "dark" else {}
            faults = await page.evaluate(RUN, {"resultTypes": ["violations"], **colours_only})
            found += [(name, size["width"], scheme, *fault) for fault in faults]
    return found


async def faults_on(window: Visitor, paths: list[str]) -> list[object]:
    found: list[object] = []
    for path in paths:
        await window.goto(path)
        found += await faults_of(window.page, path)
    return found


async def test_axe_finds_nothing_on_public_pages(visit: Open, world: World) -> None:
    shop = await furnish(world)
    customer = await world.customer(shop.company)
    abroad = await issued(shop.company, customer, line(), currency="EUR", exchange_rate=Decimal("11.5"))
    pages = [*public_pages(shop), hosted_page(shop.company, abroad.invoice_id), "/nothing-here"]
    assert await faults_on(await visit(), pages) == []


@pytest.mark.parametrize("half", [0, 1])
async def test_axe_finds_nothing_on_pages_of_a_company(visit: Open, world: World, half: int) -> None:
    shop = await furnish(world)
    window = await visit(company=shop.company)
    assert await faults_on(window, signed_in_pages(shop)[half::2]) == []


async def test_axe_finds_nothing_on_invitations_and_where_the_last_owner_stays(visit: Open, world: World) -> None:
    """Before an account is made, with another account, a link that opens nothing, and the page that says who is first to
    hand over."""
    company = await world.company()
    await invited(company, f"{company.id.hex}@ny.example")
    invitation = await link_to(f"{company.id.hex}@ny.example")
    assert await faults_on(await visit(), [invitation, "/invitation/nothing"]) == []
    paths = [invitation, "/company/leaving", "/company/handover"]
    assert await faults_on(await visit(company=company), paths) == []


async def test_axe_finds_nothing_on_the_operator_s_desks(visit: Open, world: World) -> None:
    window = await visit(company=await world.operator())
    assert await faults_on(window, operator_pages()) == []


async def test_axe_finds_nothing_on_a_breach_its_letters_and_a_request(visit: Open, world: World) -> None:
    operator = await world.operator()
    breach_id, aware = new_id(), now() - timedelta(hours=1)
    await breaches.register(operator.person_id, breach_id, Breach(aware, "A laptop was lost."))
    filed = await requests.ask(operator.person_id, Kind.DELETION, "Please")
    window, place = await visit(company=operator), f"/operator/breaches/{breach_id}"
    found = await faults_on(window, [place, f"{place}/letters", f"/operator/requests/{filed.id}"])
    page = window.page
    await page.get_by_label("Partly").check()
    await page.get_by_label("Your words in the letter").fill("Because")
    await press(page, "See the letter")
    await expect(page.get_by_role("button", name="Send the letter")).to_be_visible()
    found += await faults_of(page, "letter of a request")
    await window.goto(f"{place}/letters")
    for field in ("Text, in Norwegian", "Text, in English"):
        await page.get_by_label(field).fill("It happened.")
    await press(page, "See the letter")
    await expect(page.get_by_role("heading", name="This goes to")).to_be_visible()
    assert [*found, *await faults_of(page, "letter to people")] == []


async def test_axe_finds_nothing_before_the_first_invoice(visit: Open, world: World) -> None:
    company = await world.company(bank_account="")
    window = await visit(company=company)
    found = await faults_on(window, ["/", "/invoices", "/payments", "/customers", "/products", "/search"])
    assert [*found, *await _of_a_new_customer(window)] == []


async def _of_a_new_customer(window: Visitor) -> list[object]:
    """The editor while a customer is made in it and something about it is wrong."""
    page = window.page
    await window.goto("/invoices/new")
    await page.get_by_role("combobox", name="Customer").press_sequentially("Nord")
    await page.get_by_role("option", name="Create “Nord”").click()
    await page.locator("#f-email").fill("nobody")
    await press(page, "Save the customer")
    await expect(page.locator("#f-email-error")).to_be_visible()
    return await faults_of(page, "a new customer in the editor")


async def test_axe_finds_nothing_when_something_is_wrong_or_open(visit: Open, world: World) -> None:
    """Faults after issuing too early, a list of options, an open menu, two windows, a refused payment."""
    shop = await furnish(world)
    window = await visit(company=shop.company)
    page = window.page
    await window.goto("/invoices/new")
    await page.get_by_role("button", name="Issue and send").click()
    found = await faults_of(page, "faults")
    await page.get_by_role("combobox", name="Customer").press_sequentially("zq")
    await expect(page.get_by_role("option").first).to_be_visible()
    await page.locator(".line-tools summary").first.click()
    found += await faults_of(page, "options")
    draft = await saved(shop.company, shop.customer_id)
    await window.goto(f"/invoices/{draft.id}/edit")
    other = await page.context.new_page()
    await other.goto(page.url)
    await other.locator("#f-lines-0-unit-price").fill("1")
    await expect(other.locator("#saved")).to_contain_text("Saved")
    await expect(other.locator("#amount-due")).to_contain_text("1.25")
    await page.locator("#f-lines-0-unit-price").fill("2")
    await expect(page.locator("#two-windows")).to_be_visible()
    found += await faults_of(page, "two windows")
    await window.goto(f"/invoices/{shop.issued_id}")
    await page.locator("#f-amount").fill("nothing")
    await press(page, "Register the payment")
    await expect(page.locator("#f-amount")).to_be_focused()
    found += await faults_of(page, "payment")
    assert found == []
