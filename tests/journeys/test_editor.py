"""The editor of a draft: by keyboard alone, with slow answers, with faults, and in two windows at once."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.async_api import Page, expect

from actions.products import ProductDetails
from actions.products import add as add_product
from models.ids import new_id
from models.unit_of_work import unit_of_work
from tests.journeys.conftest import Open
from tests.journeys.drafting import field_of, new_company, new_draft, values_of
from tests.journeys.steps import press, sign_in
from tests.world import World


async def test_an_invoice_is_written_and_issued_with_the_keyboard_alone(visit: Open, world: World) -> None:
    company, _ = await new_company(world)
    advice = ProductDetails("Rådgivning", "HUR", Decimal("1450"), "NOK", "standard")
    await add_product(company.id, company.person_id, new_id(), advice)
    window = await visit(company=company)
    page, keys = window.page, window.page.keyboard
    await window.goto("/invoices/new")
    await expect(page.get_by_role("combobox", name="Kunde")).to_be_focused()
    await keys.type("nordl")
    await expect(page.get_by_role("option", name="Nordlys Kaffe AS")).to_be_visible()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.locator(field_of(page, 0, "description"))).to_be_focused()
    await keys.type("råd")
    await expect(page.get_by_role("option", name="Rådgivning")).to_be_visible()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.locator(field_of(page, 0, "quantity"))).to_be_focused()
    await keys.type("2,5")
    await keys.press("Enter")
    await keys.type("Reise")  # before the new line is there
    await expect(page.locator(field_of(page, 1, "description"))).to_be_focused()
    await expect(page.locator(field_of(page, 1, "description"))).to_have_value("Reise")
    for _ in range(3):
        await keys.press("Tab")
    await keys.type("300")
    await keys.press("Alt+ArrowUp")
    await expect(page.locator(field_of(page, 0, "unit-price"))).to_be_focused()
    assert await values_of(page, "description") == ["Reise", "Rådgivning"]
    await expect(page.locator("#amount-due")).to_contain_text("4 906,25")
    await _tab_to(page, "Utsted og send")
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="Faktura 1", exact=True)).to_be_visible()


async def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the button has the focus, which is never lost on the way."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        told = await page.evaluate("[document.activeElement.tagName, document.activeElement.textContent.trim()]")
        assert told[0] != "BODY"
        if told[1] == name:
            return
    raise AssertionError(f"Tab never reaches {name}")


async def test_enter_goes_down_the_lines_and_removing_one_keeps_the_focus_among_them(
    visit: Open, world: World
) -> None:
    window, _, _ = await new_draft(visit, world, "100", "200", "300")
    page = window.page
    await page.locator(field_of(page, 0, "unit-price")).press("Enter")
    await expect(page.locator(field_of(page, 1, "unit-price"))).to_be_focused()
    second = page.get_by_role("group", name="Linje 2")
    await second.locator("[data-menu] > summary").click()
    await second.get_by_role("button", name="Fjern").click()
    await expect(page.locator("[data-line]")).to_have_count(2)
    await expect(page.locator(field_of(page, 1, "description"))).to_be_focused()
    assert await values_of(page, "unit_price") == ["100,00", "300,00"]


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_charge_on_a_line_is_asked_for_in_its_menu_and_seen_from_then_on(
    visit: Open, world: World, scripts: bool
) -> None:
    window, _, path = await new_draft(visit, world, "100", scripts=scripts)
    page, first = window.page, window.page.get_by_role("group", name="Linje 1")
    what, charge = page.locator(field_of(page, 0, "charge-text")), page.locator(field_of(page, 0, "charge"))
    await expect(what).to_be_hidden()
    await first.locator("[data-menu] > summary").press("Enter")
    box = first.get_by_role("checkbox", name="Tillegg på linjen")
    await box.press("Enter" if scripts else "Space")
    await expect(what).to_be_visible()
    if scripts:
        await expect(what).to_be_focused()
        await expect(box).to_be_hidden()
    await what.fill("Ilgebyr")
    await charge.fill("15")
    if not scripts:
        await box.uncheck()
        await expect(charge).to_be_visible()
        await page.locator("#total-bar").get_by_role("button", name="Lagre utkastet").click()
    await expect(page.locator("#amount-due")).to_contain_text("143,75")
    await window.goto(path)
    await expect(charge).to_have_value("15,00")
    await expect(charge).to_be_visible()
    await expect(box).to_have_count(0)


async def test_a_session_that_ends_while_writing_loses_no_word(visit: Open, world: World) -> None:
    window, company, path = await new_draft(visit, world, "100")
    page = window.page
    async with unit_of_work(None) as work:
        await work.connection.execute(
            "update session set last_seen_at = last_seen_at - interval '3 months', "
            "created_at = created_at - interval '3 months' where person_id = $1",
            company.person_id,
        )
    # A type-ahead asks first, and must not lead away.
    await page.locator(field_of(page, 0, "description")).fill("Ett ord")
    await expect(page.locator("#flash")).to_contain_text("Logg inn igjen i en annen fane")
    await expect(page.locator("#saved")).to_have_text("")
    again = await page.context.new_page()
    await again.goto(f"{window.home}/login")
    await sign_in(again, company.email)
    await expect(again.get_by_role("heading", name="Kari")).to_be_visible()
    await page.locator(field_of(page, 0, "description")).fill("Ett ord til")
    await expect(page.locator("#saved")).to_contain_text("Lagret")
    await window.goto(path)
    await expect(page.locator(field_of(page, 0, "description"))).to_have_value("Ett ord til")


async def test_a_new_draft_gets_its_own_address_with_the_first_save(visit: Open, world: World) -> None:
    company, _ = await new_company(world)
    window = await visit(company=company)
    page = window.page
    await window.goto("/invoices/new")
    await page.locator(field_of(page, 0, "description")).fill("Noe nytt")
    await expect(page.locator("#saved")).to_contain_text("Lagret")
    await expect(page).to_have_url(re.compile(r"/invoices/[0-9a-f-]{36}/edit$"))
    await page.reload()
    await expect(page.locator(field_of(page, 0, "description"))).to_have_value("Noe nytt")


async def test_what_can_not_be_read_is_said_beside_its_field_and_taken_back_when_mended(
    visit: Open, world: World
) -> None:
    window, _, _ = await new_draft(visit, world, "100")
    page = window.page
    price = page.locator(field_of(page, 0, "unit-price"))
    await price.fill("hundre")
    await expect(page.locator("#f-lines-0-unit-price-error")).to_contain_text("1 234,50")
    await expect(price).to_have_attribute("aria-invalid", "true")
    await expect(price).to_have_attribute("aria-describedby", "f-lines-0-unit-price-error")
    await expect(price).to_be_focused()
    await expect(page.locator("#saved")).to_contain_text("Ikke lagret ennå")
    await expect(page.locator("#faults")).to_be_hidden()
    await price.fill("120")
    await expect(page.locator("#saved")).to_contain_text("Lagret")
    await expect(page.locator(".editor .error")).to_have_count(0)
    assert await price.get_attribute("aria-invalid") is None


async def test_issuing_too_early_leads_to_the_first_fault_and_the_list_shrinks_as_it_is_mended(
    visit: Open, world: World
) -> None:
    company, _ = await new_company(world)
    window = await visit(390, company=company)
    page = window.page
    await window.goto("/invoices/new")
    await press(page, "Utsted og send")
    faults = page.locator("#faults li")
    await expect(faults).to_have_count(2)
    customer = page.get_by_role("combobox", name="Kunde")
    await expect(customer).to_be_focused()
    await expect(customer).to_be_in_viewport()
    await expect(page.locator("#f-customer-error")).to_be_visible()
    await page.locator(field_of(page, 0, "description")).fill("Rådgivning")
    await page.locator(field_of(page, 0, "unit-price")).fill("100")
    await expect(faults).to_have_count(1)
    await customer.press_sequentially("nord")
    await page.get_by_role("option", name="Nordlys Kaffe AS").click()
    await expect(page.locator("#faults")).to_be_hidden()
    await press(page, "Utsted og send")
    await expect(page.get_by_role("heading", name="Faktura 1", exact=True)).to_be_visible()


async def test_two_windows_see_both_versions_and_nothing_is_overwritten(visit: Open, world: World) -> None:
    window, _, path = await new_draft(visit, world, "100")
    page = window.page
    other = await page.context.new_page()
    await other.goto(window.home + path)
    await other.locator(field_of(other, 0, "unit-price")).fill("200")
    await expect(other.locator("#amount-due")).to_contain_text("250,00")
    await page.locator(field_of(page, 0, "unit-price")).fill("300")
    both = page.locator("#two-windows")
    await expect(both).to_be_focused()
    await expect(both).to_contain_text("375,00")
    await expect(both).to_contain_text("250,00")
    await press(page, "Behold mitt")
    await expect(page.get_by_text("Utkastet er lagret.")).to_be_visible()
    assert await values_of(page, "unit_price") == ["300,00"]
    # Now the other window is the one behind.
    await other.locator(field_of(other, 0, "unit-price")).fill("201")
    await expect(other.locator("#two-windows")).to_contain_text("375,00")
    await other.get_by_role("link", name="Bruk det andre").click()
    await expect(other.locator(field_of(other, 0, "unit-price"))).to_have_value("300,00")


async def test_two_windows_without_scripts(visit: Open, world: World) -> None:
    window, _, path = await new_draft(visit, world, "100", scripts=False)
    page = window.page
    other = await page.context.new_page()
    await other.goto(window.home + path)
    await other.locator(field_of(other, 0, "unit-price")).fill("200")
    await other.locator("#total-bar").get_by_role("button", name="Lagre utkastet").click()
    await expect(other.get_by_text("Utkastet er lagret.")).to_be_visible()
    await page.locator(field_of(page, 0, "unit-price")).fill("300")
    await page.locator("details.fold > summary").first.click()
    await page.locator("#f-note").fill("Min merknad")
    await press(page, "Utsted og send")
    await expect(page.get_by_role("heading", name="Endret i et annet vindu")).to_be_visible()
    await expect(page.get_by_role("main")).to_contain_text("375,00")
    await press(page, "Behold mitt")
    await expect(page.get_by_text("Utkastet er lagret.")).to_be_visible()
    assert await values_of(page, "unit_price") == ["300,00"]
    await expect(page.locator("#f-note")).to_have_value("Min merknad")


async def test_nothing_scrolls_sideways_on_the_smallest_phone(visit: Open, world: World) -> None:
    window, _, _ = await new_draft(visit, world, "1234567890.99", "200")
    page = window.page
    await page.set_viewport_size({"width": 320, "height": 640})
    for fold in await page.locator("details.fold > summary").all():
        await fold.click()
    await page.locator("#choices > summary").click()
    # What a closed menu holds is nowhere, whatever its place would be.
    seen = "[...document.querySelectorAll('main *')].filter((e) => e.checkVisibility())"
    wide = f"{seen}.filter((e) => e.getBoundingClientRect().right > 320.5)"
    assert await page.evaluate(f"{wide}.map((e) => e.outerHTML.slice(0, 90))") == []
    assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_a_file_comes_and_goes_beside_what_is_being_written(visit: Open, world: World) -> None:
    """Its form stands in the editor and is none of it: no field goes along, and no window is at odds with itself."""
    window, _, path = await new_draft(visit, world, "100")
    page, files = window.page, window.page.locator("#files")
    await files.locator("summary").click()
    await page.locator("#f-lines-0-description").fill("Skisser")
    sheet = {"name": "Timer uke 47.csv", "mimeType": "text/csv", "buffer": b"Dag;Timer\n23.11;7,5\n"}
    await page.set_input_files("#f-file", sheet)  # type: ignore[arg-type]
    await press(page, "Legg ved fakturaen")
    await expect(files.get_by_role("link", name="Timer-uke-47.csv")).to_be_visible()
    await page.locator("#f-lines-0-quantity").fill("3")
    await expect(page.locator("#sum-total, #amount-due").first).to_contain_text("375,00")
    await page.set_input_files("#f-file", {**sheet, "name": "x.exe", "buffer": b"MZ"})  # type: ignore[arg-type]
    await press(page, "Legg ved fakturaen")
    await expect(page.locator("#f-file-error")).to_contain_text("«x.exe»")
    await press(page, "Fjern Timer-uke-47.csv")
    await expect(files.get_by_role("link")).to_have_count(0)
    await expect(page.locator("#two-windows")).to_have_count(0)
    await window.goto(path)
    assert await values_of(page, "description") == ["Skisser"] and await values_of(page, "quantity") == ["3"]
