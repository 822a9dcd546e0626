"""What is restricted, in a browser: readable by day and night, and lifted without a script."""

from __future__ import annotations

from playwright.async_api import expect

from actions import account_rights
from domain.privacy.restriction import Scope
from tests.actions.restraining import excepted, restricted
from tests.journeys.conftest import Open
from tests.journeys.steps import press
from tests.journeys.test_accessibility import faults_on
from tests.routes.furnished import furnish
from tests.world import Company, World


async def furnished_and_restricted(world: World) -> tuple[Company, list[str]]:
    shop = await furnish(world)
    await restricted(shop.company, shop.issued_id, Scope.INVOICE)
    await restricted(shop.company, shop.customer_id)
    await excepted(shop.company, shop.customer_id, "send")
    await account_rights.object_to(shop.company.person_id, "security", "")
    await account_rights.object_to(shop.company.person_id, "improvement", "")
    await account_rights.restrict_company(shop.company.id, shop.company.person_id, "c", "")
    customer = f"/customers/{shop.customer_id}"
    return shop.company, [f"{customer}/restriction", "/account/privacy"]


async def test_axe_finds_nothing_on_what_is_restricted(visit: Open, world: World) -> None:
    company, paths = await furnished_and_restricted(world)
    window = await visit(company=company)
    assert await faults_on(window, paths) == []


async def test_a_restriction_begins_and_ends_without_scripts(visit: Open, world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, "Nordlys AS", email="kari@kunde.example")
    window = await visit(390, company=company, scripts=False)
    page = window.page
    await window.goto(f"/customers/{customer}/restriction")
    await press(page, "Restrict")
    await expect(page.locator("#error-summary, .error").first).to_contain_text("Choose why")
    await page.get_by_label("The data may be wrong").check()
    await press(page, "Restrict")
    await expect(page.get_by_text("Restricted", exact=True)).to_be_visible()
    await press(page, "Tell the customer and lift it")
    await expect(page.get_by_text("The customer is told")).to_be_visible()
