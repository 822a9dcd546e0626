"""The main job, by somebody who has never seen the app, on a phone, in Bokmål: with scripts and without."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.journeys.conftest import Open
from tests.journeys.steps import (
    CUSTOMER,
    describe_company,
    fill,
    press,
    read_as_customer,
    register_payment,
    sign_up,
    until_sent,
    write_line,
)

PHONE = 390


async def test_a_newcomer_sends_an_invoice_and_is_paid(visit: Open) -> None:
    window = await visit(PHONE)
    page = window.page
    await sign_up(window)
    await describe_company(page)
    await page.get_by_role("main").get_by_role("link", name="Ny faktura").click()
    await page.get_by_role("combobox", name="Kunde").press_sequentially("Nordlys")
    await page.get_by_role("option", name="Opprett «Nordlys»").click()
    await fill(page, CUSTOMER)
    await press(page, "Lagre kunden")
    await write_line(page, 0, "Nettside, design", "12,5", "1250")
    await press(page, "Legg til linje")
    await write_line(page, 1, "Fotografering", "1", "4 800,00")
    await expect(page.locator("#amount-due")).to_contain_text("25 531,25")
    await expect(page.locator("#saved")).to_contain_text("Lagret")
    await press(page, "Utsted og send")
    await expect(page.get_by_text("Fakturaen er utstedt og på vei på e-post.")).to_be_visible()
    # The page tells by itself when the letter has gone.
    await expect(page.locator("#delivery-state")).to_contain_text("Sendt")
    await expect(page.locator("#timeline")).to_contain_text("Sendt til post@nordlys.example")
    invoice = page.url.partition("?")[0]
    await read_as_customer(window, "Faktura 1")
    await page.goto(invoice)
    await register_payment(page)
    await _find_again(page, invoice)


async def _find_again(page: Page, invoice: str) -> None:
    """By the beginning of the customer's name, by the amount, and by the number."""
    await page.get_by_role("navigation", name="Snarveier").get_by_role("link", name="Fakturaer").click()
    box = page.get_by_role("searchbox", name="Søk i fakturaene")
    for words in ("nordl", "25 531,25", "1"):
        await box.fill(words)
        await expect(page).to_have_url(re.compile("q="))
        await expect(page.locator("#rows tr")).to_have_count(1)
        await expect(box).to_be_focused()
    await page.get_by_role("link", name="1", exact=True).click()
    await expect(page).to_have_url(invoice)
    await expect(page.get_by_role("heading", name="Faktura 1", exact=True)).to_be_visible()


async def test_the_same_without_scripts(visit: Open) -> None:
    window = await visit(PHONE, scripts=False)
    page = window.page
    await sign_up(window)
    await describe_company(page)
    await page.get_by_role("main").get_by_role("link", name="Ny faktura").click()
    await page.locator("#f-customer").fill("Nordlys")
    await write_line(page, 0, "Nettside, design", "12,5", "1250")
    await press(page, "Finn")
    await expect(page.locator("#f-lines-0-description")).to_have_value("Nettside, design")
    await page.get_by_role("option", name="Opprett «Nordlys»").click()
    await fill(page, CUSTOMER)
    await press(page, "Lagre kunden")
    await press(page, "Legg til linje")
    await write_line(page, 1, "Fotografering", "1", "4 800,00")
    await page.get_by_role("group", name="Linje 2").locator("[data-menu] > summary").click()
    await page.get_by_role("group", name="Linje 2").get_by_role("button", name="Flytt opp").click()
    await expect(page.locator("#f-lines-0-description")).to_have_value("Fotografering")
    await press(page, "Utsted og send")
    await expect(page.get_by_text("Fakturaen er utstedt og på vei på e-post.")).to_be_visible()
    invoice = page.url.partition("?")[0]
    await until_sent(page, invoice)
    await read_as_customer(window, "Faktura 1")
    await page.goto(invoice)
    await expect(page.locator("#delivery-state")).to_contain_text("Sendt")
    await register_payment(page)
    await page.goto(f"{window.home}/invoices")
    await page.get_by_role("searchbox", name="Søk i fakturaene").fill("nordl")
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="1", exact=True).click()
    await expect(page.get_by_role("heading", name="Faktura 1", exact=True)).to_be_visible()
