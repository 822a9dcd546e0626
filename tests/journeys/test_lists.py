"""Lists that search while somebody types, and grow without losing the place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.async_api import expect

from actions.payments import PaymentEntry, register
from models.ids import new_id
from tests.actions.making import TODAY, issued, line, saved
from tests.journeys.conftest import Open
from tests.world import World


async def test_the_search_of_the_invoices_keeps_focus_and_caret_while_the_results_change(
    visit: Open, world: World
) -> None:
    company = await world.company(language="nb")
    await issued(company, await world.customer(company, name="Nordlys AS"))
    await issued(company, await world.customer(company, name="Sørlys AS"))
    window = await visit(company=company)
    page = window.page
    await window.goto("/invoices")
    box = page.get_by_role("searchbox", name="Søk i fakturaene")
    await box.press_sequentially("ordlys")
    await expect(page.get_by_role("heading", name="Fant ingenting for «ordlys»")).to_be_visible()
    await box.press("Home")
    await box.press("n")
    await expect(page.locator("#rows tr")).to_have_count(1)
    await expect(box).to_be_focused()
    assert await box.evaluate("(box) => box.selectionStart") == 1
    await expect(page).to_have_url(f"{window.home}/invoices?q=nordlys")
    # What is shown is what is downloaded, and Back leaves the list at once.
    await page.locator("#download summary").click()
    await expect(page.get_by_role("link", name="CSV")).to_have_attribute("href", "/invoices/download/csv?q=nordlys")


@pytest.mark.parametrize("scripts", [True, False])
async def test_show_more_goes_on_where_the_list_ended(visit: Open, world: World, scripts: bool) -> None:
    company = await world.company(language="nb")
    for _ in range(53):
        await saved(company, None)
    window = await visit(company=company, scripts=scripts)
    page = window.page
    await window.goto("/invoices")
    await expect(page.locator("#rows tr")).to_have_count(50)
    await page.get_by_role("link", name="Vis flere").click()
    await expect(page.locator("#rows tr")).to_have_count(53 if scripts else 3)
    await expect(page.get_by_role("link", name="Vis flere")).to_have_count(0)
    if scripts:
        await expect(page.locator("#rows tr").nth(50).get_by_role("link")).to_be_focused()


async def test_more_payments_are_added_to_the_list(visit: Open, world: World) -> None:
    company = await world.company(language="nb")
    invoice = await issued(company, await world.customer(company), line("10000"))
    for _ in range(52):
        entry = PaymentEntry(new_id(), Decimal(1), TODAY)
        await register(company.id, company.person_id, invoice.invoice_id, entry)
    window = await visit(company=company)
    await window.goto("/payments")
    await window.page.get_by_role("link", name="Vis flere").click()
    await expect(window.page.locator("#rows tr")).to_have_count(52)


async def test_the_one_box_finds_while_somebody_types(visit: Open, world: World) -> None:
    company = await world.company(language="nb")
    await issued(company, await world.customer(company, name="Nordlys AS"), line("100"))
    window = await visit(company=company)
    page = window.page
    await window.goto("/")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("bet")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main").get_by_role("link", name="Betalinger")).to_be_visible()
    box = page.get_by_role("main").get_by_role("searchbox")
    await box.fill("125")
    await expect(page.locator("#found")).to_contain_text("Nordlys AS")
    await expect(box).to_be_focused()


async def test_news_is_told_once(visit: Open, world: World) -> None:
    window = await visit(company=await world.company(language="nb"))
    page = window.page
    await window.goto("/customers?q=nord&done=customer-saved")
    news = page.get_by_text("Kunden er lagret.")
    await expect(news).to_be_visible()
    await expect(page).to_have_url(f"{window.home}/customers?q=nord")
    await page.reload()
    await expect(page.get_by_role("heading", name="Kunder")).to_be_visible()
    await expect(news).to_have_count(0)


async def test_on_a_phone_a_card_says_what_it_shows_and_a_menu_stays_on_the_screen(visit: Open, world: World) -> None:
    company = await world.company(language="nb")
    invoice = await issued(company, await world.customer(company), line("10000"))
    await register(company.id, company.person_id, invoice.invoice_id, PaymentEntry(new_id(), Decimal(1), TODAY))
    window = await visit(320, company=company)
    page = window.page
    await window.goto("/invoices")
    words = "[...document.querySelectorAll('#rows td')].map((e) => getComputedStyle(e, '::before').content)"
    assert [word for word in await page.evaluate(words) if word != "none"] == ['"Nr. "', '"Forfall "']
    await page.get_by_role("link", name="1", exact=True).click()
    await page.locator(".page-head .menu > summary").click()
    edges = (
        "((box) => [box.left, box.right])(document.querySelector('.page-head .menu > ul').getBoundingClientRect())"
    )
    left, right = await page.evaluate(edges)
    assert left >= 0 and right <= 320
