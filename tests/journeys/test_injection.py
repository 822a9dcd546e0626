"""Text that would like to be code stays text, wherever it is shown (S-02)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from playwright.async_api import expect

from actions.customers import CustomerDetails
from actions.customers import add as add_customer
from actions.payments import PaymentEntry, register
from actions.products import ProductDetails
from actions.products import add as add_product
from domain.draft import DraftLine
from models.ids import new_id
from models.unit_of_work import unit_of_work
from tests.actions.making import TODAY, issued, saved
from tests.journeys.conftest import Open
from tests.journeys.pages import public_pages, signed_in_pages
from tests.routes.furnished import Furnished, plan_of, quotes_of, received
from tests.world import World

CODE = "<img src=x onerror=alert(1)>"
TRICKS = f"{CODE}\"'`{{{{7*7}}}}</script><hx-partial hx-target=body>%(x)s"


async def _shop(world: World) -> Furnished:
    """A company with the text in every field that takes it."""
    texts: dict[str, Any] = dict.fromkeys(("address_line1", "address_line2", "city"), CODE)
    company = await world.company(name=TRICKS, postcode="<u>1", phone="<u>1", **texts)
    async with unit_of_work(None) as work:
        await work.connection.execute("update person set name = $2 where id = $1", company.person_id, TRICKS)
    customer_id, product_id = new_id(), new_id()
    details = CustomerDetails(
        "business", TRICKS, "974760673", address_line1=CODE, address_line2=CODE, postcode="<u>1", city=CODE,
        delivery_line1=CODE, delivery_city=CODE, email="post@nordlys.example", phone=CODE, reference=CODE, notes=CODE,
    )  # fmt: skip
    await add_customer(company.id, company.person_id, customer_id, details)
    product = ProductDetails(TRICKS, "HUR", Decimal(10), "NOK", "standard")
    await add_product(company.id, company.person_id, product_id, product)
    line = DraftLine(new_id(), TRICKS, Decimal(1), "HUR", Decimal(100), Decimal(0), "standard")
    values = dict.fromkeys(
        (
            "your_reference",
            "our_reference",
            "order_number",
            "project_reference",
            "contract_reference",
            "accounting_reference",
            "note",
            "delivery_place",
        ),
        CODE,
    )
    draft = await saved(company, customer_id, line, **values)
    done = await issued(company, customer_id, DraftLine(new_id(), *_rest(line)), send=True, **values)
    entry = PaymentEntry(new_id(), Decimal(10), TODAY, CODE)
    await register(company.id, company.person_id, done.invoice_id, entry)
    received_here = await received(company, CODE)
    quotes = await quotes_of(company, customer_id, line, **values)
    plan = await plan_of(company, customer_id, line, **values)
    return Furnished(
        company, customer_id, product_id, draft.id, line.id, done.invoice_id, entry.id, *received_here, *quotes, plan
    )


def _rest(line: DraftLine) -> tuple[str, Decimal, str, Decimal, Decimal, str]:
    return line.description, line.quantity, line.unit, line.unit_price, line.discount_percent, line.treatment


async def test_code_in_a_text_is_shown_and_never_run(visit: Open, world: World) -> None:
    shop = await _shop(world)
    window = await visit(company=shop.company, language="en-GB")
    shown = 0
    for path in [*signed_in_pages(shop), *public_pages(shop), f"/search?q={CODE}", f"/invoices?q={CODE}"]:
        await window.goto(path)
        assert await window.page.locator("img[src='x'], hx-partial, u").count() == 0, path
        shown += CODE in await window.page.locator("body").inner_text()
    assert shown > 10
    # Window.noticed holds dialogs, violations of the policy and requests for the picture: the fixture asks it.


async def test_code_in_a_text_stays_text_when_htmx_brings_it(visit: Open, world: World) -> None:
    shop = await _shop(world)
    window = await visit(company=shop.company, language="en-GB")
    page = window.page
    await window.goto("/invoices/new")
    await page.get_by_role("combobox", name="Customer").press_sequentially("img")
    await page.get_by_role("option").filter(has_text=CODE).first.click()
    await expect(page.locator(".chosen")).to_contain_text(TRICKS)
    await page.locator("#f-lines-0-description").press_sequentially("img")
    await page.get_by_role("option").filter(has_text=CODE).first.click()
    await expect(page.locator("#f-lines-0-description")).to_have_value(TRICKS)
    await page.locator("#f-lines-0-unit-price").fill(CODE)
    await expect(page.locator("#f-lines-0-unit-price-error")).to_be_visible()
    await page.locator("#f-lines-0-unit-price").fill("5")
    await page.get_by_role("button", name="Add a line").click()
    await expect(page.locator("[data-line]")).to_have_count(2)
    other = await page.context.new_page()
    await expect(page.locator("#saved")).to_contain_text("Saved")
    await other.goto(page.url)
    await other.locator("#f-lines-0-unit-price").fill("6")
    await expect(other.locator("#amount-due")).to_contain_text("7.50")
    await page.locator("#f-lines-0-unit-price").fill("7")
    await expect(page.locator("#two-windows")).to_contain_text(CODE)
    await window.goto("/invoices")
    await page.get_by_role("searchbox", name="Search in invoices").fill(CODE)
    await expect(page.locator("#rows")).to_contain_text(CODE)
    await page.get_by_role("searchbox", name="Search in invoices").fill(f"zzz{CODE}")
    await expect(page.get_by_role("heading", name="Nothing found")).to_contain_text(CODE)
    assert await page.locator("img[src='x'], hx-partial").count() == 0
