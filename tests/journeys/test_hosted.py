"""What the customer of an invoice sees, without an account."""

from __future__ import annotations

import io
import re
from decimal import Decimal

from PIL import Image
from playwright.async_api import expect

from actions.logos import put_logo, remove_logo
from actions.payments import PaymentEntry, register
from models.ids import new_id
from tests.actions.making import TODAY, issued, line
from tests.journeys.conftest import Open
from tests.journeys.steps import hosted_page
from tests.world import World


async def test_the_customer_copies_what_a_transfer_needs(visit: Open, world: World) -> None:
    company = await world.company(kid_length=10)
    done = await issued(company, await world.customer(company), line("1000"))
    window = await visit(390)
    page = window.page
    await page.context.grant_permissions(["clipboard-write"])
    await window.goto(hosted_page(company, done.invoice_id))
    await expect(page.locator(".pay")).to_contain_text("1 250,00")
    await page.get_by_role("button", name="Kopier KID").click()
    await expect(page.get_by_text("Kopiert")).to_be_visible()
    # Kroner have no code to scan.
    await expect(page.locator("svg.qr")).to_have_count(0)
    await window.goto("/login")
    await page.locator("#f-email").press("Control+v")
    await expect(page.locator("#f-email")).to_have_value(re.compile(r"^\d{10}$"))
    entry = PaymentEntry(new_id(), Decimal("1250"), TODAY)
    await register(company.id, company.person_id, done.invoice_id, entry)
    await window.goto(hosted_page(company, done.invoice_id))
    await expect(page.get_by_text("Takk, det er ingenting igjen å betale.")).to_be_visible()
    await expect(page.get_by_role("button", name="Kopier KID")).to_have_count(0)


async def test_euros_have_a_code_to_scan(visit: Open, world: World) -> None:
    company = await world.company(iban="NO9386011117947")
    customer = await world.customer(company, currency="EUR", country="DE")
    done = await issued(company, customer, line("100", treatment="export"), currency="EUR")
    window = await visit(390)
    await window.goto(hosted_page(company, done.invoice_id))
    code = window.page.get_by_role("img", name="Kode til å skanne med bankens app")
    await expect(code).to_be_visible()
    box = await code.bounding_box()
    assert box is not None and box["width"] >= 140


async def test_the_logo_stays_as_it_was_when_the_invoice_was_issued(visit: Open, world: World) -> None:
    company = await world.company()
    drawn = io.BytesIO()
    Image.new("RGB", (120, 40), "teal").save(drawn, "PNG")
    assert await put_logo(company.id, company.person_id, drawn.getvalue()) is None
    done = await issued(company, await world.customer(company))
    await remove_logo(company.id, company.person_id)
    width = "document.querySelector('.paper img')?.naturalWidth"
    visitor = await visit()
    await visitor.goto(hosted_page(company, done.invoice_id))
    assert await visitor.page.evaluate(width) == 120
    seller = await visit(company=company)
    await seller.goto(f"/invoices/{done.invoice_id}")
    assert await seller.page.evaluate(width) == 120
