"""The steps of the main job as a newcomer takes them, in Bokmål; each works with and without scripts."""

from __future__ import annotations

import re
import uuid
from uuid import UUID

from playwright.async_api import Page, expect

from actions.instance import secret_for
from domain.links import token_for
from tests.journeys.browsing import Visitor
from tests.world import PASSWORD, Company

CUSTOMER = {
    "name": "Nordlys Kaffe AS",
    "email": "post@nordlys.example",
    "organisation-number": "974760673",
    "address-line1": "Storgata 2",
    "postcode": "9008",
    "city": "Tromsø",
}


async def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        await page.get_by_role("main").locator(f"#f-{name}").fill(value)


async def press(page: Page, name: str) -> None:
    await page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


async def sign_up(window: Visitor) -> str:
    """From the first page to an account, the letter read in the mailbox; returns the e-mail address."""
    page, address = window.page, f"kari-{uuid.uuid4().hex[:8]}@example.test"
    await window.goto("/")
    await page.get_by_role("main").get_by_role("link", name="Kom i gang").click()
    await fill(page, {"name": "Kari Nordmann", "email": address, "password": PASSWORD})
    await press(page, "Opprett kontoen")
    await open_letter(window, address)
    await page.get_by_role("link", name="Bekreft adressen min").click()
    await press(page, "Ja, bekreft den")
    await sign_in(page, address)
    return address


async def sign_in(page: Page, address: str) -> None:
    await fill(page, {"email": address, "password": PASSWORD})
    await press(page, "Logg inn")


async def open_letter(window: Visitor, text: str) -> None:
    """The newest letter that has `text` in its line. Without scripts the page does not look again by itself."""
    letter = window.page.locator("#letters a").filter(has_text=text).first
    for _ in range(150):
        await window.goto("/mailbox")
        if await letter.count():
            break
        await window.page.wait_for_timeout(100)
    await letter.click()


async def describe_company(page: Page) -> None:
    await expect(page).to_have_url(re.compile("/companies/new"))
    await fill(
        page,
        {
            "name": "Fjordlys Design",
            "organisation-number": "923609016",
            "address-line1": "Strandgaten 1",
            "postcode": "5013",
            "city": "Bergen",
            "bank-account": "8601 11 17947",
        },
    )
    await page.get_by_label("Registrert for merverdiavgift").check()
    await press(page, "Lagre og gå videre")
    await expect(page.get_by_role("heading", name=re.compile("Kari"))).to_be_visible()


async def write_line(page: Page, row: int, what: str, quantity: str, price: str) -> None:
    await fill(
        page,
        {
            f"lines-{row}-description": what,
            f"lines-{row}-quantity": quantity,
            f"lines-{row}-unit-price": price,
        },
    )


async def until_sent(page: Page, invoice: str) -> None:
    """Look at the invoice again until its letter has gone: without scripts the page does not look by itself."""
    for _ in range(150):
        await page.goto(invoice)
        if await page.locator("#delivery-state").filter(has_text="Sendt").count():
            return
        await page.wait_for_timeout(100)
    raise AssertionError("the letter never went")


async def read_as_customer(window: Visitor, invoice_name: str) -> None:
    """Open the letter with the invoice, follow its link, and look at the page and the PDF."""
    page = window.page
    await open_letter(window, invoice_name)
    await page.get_by_role("article").get_by_role("link").first.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Fjordlys Design")
    await expect(page.locator(".pay")).to_contain_text("25 531,25")
    document = await page.context.request.get(f"{page.url}/pdf")
    assert document.headers["content-type"] == "application/pdf"
    assert (await document.body()).startswith(b"%PDF-")


async def register_payment(page: Page) -> None:
    await expect(page.locator("#f-amount")).to_have_value(re.compile(r"^25\s531,25$"))
    await press(page, "Registrer betalingen")
    await expect(page.get_by_text("Betalingen er registrert.")).to_be_visible()
    await expect(page.locator(".page-head")).to_contain_text("Betalt")


def hosted_page(company: Company, invoice_id: UUID) -> str:
    """Where the customer of an issued invoice sees it."""
    return f"/i/{token_for(secret_for('invoice-link'), company.id, invoice_id, 0)}"
