"""The editor against slow answers: whatever is typed meanwhile stays, where it was typed."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Open
from tests.journeys.drafting import field_of, hold_back, new_company, new_draft, values_of
from tests.journeys.steps import press
from tests.world import World


async def test_what_is_typed_while_an_answer_is_under_way_is_kept_and_saved(visit: Open, world: World) -> None:
    window, _, path = await new_draft(visit, world, "100", "200")
    page = window.page

    held = await hold_back(page, "**/draft/lines")
    await press(page, "Legg til linje")
    await page.locator("#f-due-days").fill("21")
    await page.locator(field_of(page, 0, "description")).fill("Skrevet i mellomtiden")
    await page.locator(field_of(page, 1, "unit-price")).fill("250")
    held.set()
    await expect(page.locator("[data-line]")).to_have_count(3)
    await expect(page.locator(field_of(page, 0, "description"))).to_have_value("Skrevet i mellomtiden")
    await expect(page.locator(field_of(page, 1, "unit-price"))).to_have_value("250")
    await expect(page.locator("#amount-due")).to_contain_text("437,50")
    await window.goto(path)
    assert await values_of(page, "unit_price") == ["100,00", "250,00"]
    await expect(page.locator("#f-due-days")).to_have_value("21")
    await expect(page.locator(field_of(page, 0, "description"))).to_have_value("Skrevet i mellomtiden")


@pytest.mark.parametrize("place", ["draft/customer/new", "draft/lines"])
async def test_whoever_writes_in_another_field_meanwhile_goes_on_there(visit: Open, world: World, place: str) -> None:
    """The answer leads on to a field of its own: to the name of the new customer, to the new line."""
    company, _ = await new_company(world)
    window = await visit(company=company)
    page = window.page

    held = await hold_back(page, f"**/{place}")
    await window.goto("/invoices/new")
    if place == "draft/lines":
        await press(page, "Legg til linje")
    else:
        await page.get_by_role("combobox", name="Kunde").press_sequentially("Nytt")
        await page.get_by_role("option", name="Opprett «Nytt»").click()
    quantity = page.locator(field_of(page, 0, "quantity"))
    await quantity.click()
    await quantity.press("End")
    await page.keyboard.type("2")
    held.set()
    came = page.locator(field_of(page, 1, "description")) if place == "draft/lines" else page.locator("#f-email")
    await expect(came).to_be_visible()
    await expect(quantity).to_be_focused()
    await page.keyboard.type(",5")
    await expect(quantity).to_have_value("12,5")


async def test_what_is_typed_beside_the_lines_while_they_come_is_saved_too(visit: Open, world: World) -> None:
    window, _, path = await new_draft(visit, world, "100")
    page = window.page

    held = await hold_back(page, "**/draft/lines")
    await press(page, "Legg til linje")
    await page.locator("#f-due-days").fill("21")
    async with page.expect_response(re.compile(r"/draft$")) as saved_again:
        held.set()
    assert (await saved_again.value).status == 200
    await window.goto(path)
    await expect(page.locator("#f-due-days")).to_have_value("21")


async def test_whoever_writes_in_a_line_that_moves_goes_on_in_that_line(visit: Open, world: World) -> None:
    window, _, _ = await new_draft(visit, world, "100", "200")
    page = window.page

    held = await hold_back(page, "**/up")
    await page.get_by_role("group", name="Linje 2").locator("[data-menu] > summary").click()
    await page.get_by_role("group", name="Linje 2").get_by_role("button", name="Flytt opp").click()
    quantity = page.locator(field_of(page, 1, "quantity"))
    await quantity.click()
    await quantity.press("End")
    await page.keyboard.type("2")
    held.set()
    await expect(page.locator(field_of(page, 0, "quantity"))).to_have_value("12")
    await expect(page.locator(field_of(page, 0, "quantity"))).to_be_focused()
    await page.keyboard.type("5")
    assert await values_of(page, "quantity") == ["125", "1"]


async def test_what_is_typed_after_a_choice_that_waits_for_a_save_is_kept(visit: Open, world: World) -> None:
    """The list of customers comes anew meanwhile, and the pressed choice is gone from it: it is made all the same, from
    the form as it is then."""
    company, _ = await new_company(world)
    window = await visit(company=company)
    page = window.page

    held = await hold_back(page, re.compile("/draft$"))
    await window.goto("/invoices/new")
    async with page.expect_request(re.compile("/draft$")):
        await page.locator(field_of(page, 0, "description")).fill("Rådgivning")
    box = page.get_by_role("combobox", name="Kunde")
    await box.press_sequentially("nord")
    choice = page.get_by_role("option", name="Nordlys Kaffe AS")
    await expect(choice).to_be_visible()
    listed = await hold_back(page, re.compile("/customers"))
    async with page.expect_request(re.compile("/customers")):
        await box.press("l")
    pressed = await choice.element_handle()
    await choice.click()
    listed.set()
    await page.wait_for_function("(one) => !one.isConnected", arg=pressed)
    quantity = page.locator(field_of(page, 0, "quantity"))
    await quantity.click()
    await quantity.press("End")
    await page.keyboard.type("2")
    held.set()
    await expect(page.locator("#customer-field.chosen")).to_contain_text("Nordlys Kaffe AS")
    await expect(quantity).to_have_value("12")
    await page.keyboard.type("5")
    await expect(quantity).to_have_value("125")


async def test_leaving_at_once_keeps_the_last_words(visit: Open, world: World) -> None:
    window, _, path = await new_draft(visit, world, "100")
    page = window.page
    await page.locator(field_of(page, 0, "description")).fill("De siste ordene")
    await window.goto("/invoices")
    await expect(page.locator("#rows")).to_be_visible()
    # The browser sends them beside the next pages, when it has time.
    for _ in range(150):
        await window.goto(path)
        if await page.locator(field_of(page, 0, "description")).input_value() == "De siste ordene":
            return
        await page.wait_for_timeout(100)
    raise AssertionError("the last words never came")
