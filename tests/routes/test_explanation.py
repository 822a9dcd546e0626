"""How the figures came about, for the company and for its customer, as they were stored."""

from __future__ import annotations

import re
from decimal import Decimal

from domain.totals import Charge, Discount
from tests.actions.making import issued, line, saved
from tests.actions.test_credits import credit
from tests.actions.test_quotes import saved_quote
from tests.world import World


async def test_company_and_customer_read_the_same_calculation(world: World) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company), line("333.33"), line("10"), language="en")
    page = (await company.get(f"/invoices/{done.invoice_id}")).text
    assert f'href="/invoices/{done.invoice_id}/explanation"' in page
    link = re.search(r"/i/[\w-]{43}", page)
    assert link
    own = await company.get(f"/invoices/{done.invoice_id}/explanation")
    visitor = world.visitor()
    assert f'href="{link[0]}/explanation"' in (await visitor.get(link[0])).text
    hosted = await visitor.get(f"{link[0]}/explanation")
    for answer in (own, hosted):
        assert answer.status_code == 200
        assert "25% of 343.33 is 85.8325, rounded once to 85.83." in answer.text
        assert "429.16" in answer.text
    assert hosted.headers["cache-control"] == "no-store" and hosted.headers["referrer-policy"] == "no-referrer"


async def test_a_draft_is_explained_with_its_charge(world: World) -> None:
    company = await world.company()
    freight = Charge(amount=Decimal(100), text="Freight")
    draft = await saved(company, None, line("333.33"), line("666.67"), charge=freight)
    answer = await company.get(f"/invoices/{draft.id}/explanation")
    assert answer.status_code == 200
    assert "25% of 1,100.00 is 275, rounded once to 275.00." in answer.text
    edit = await company.get(f"/invoices/{draft.id}/edit")
    assert "1,000.00 from the lines, plus 100.00 in charges." in edit.text
    assert f'href="/invoices/{draft.id}/explanation"' in edit.text


async def test_vat_within_the_price_is_explained_as_such(world: World) -> None:
    company = await world.company()
    draft = await saved(company, None, line("99.99"), prices_include_vat=True)
    answer = await company.get(f"/invoices/{draft.id}/explanation")
    assert "99.99 includes VAT: of every 125, 25 are VAT. That is 19.998, rounded once to 20.00." in answer.text
    assert "without VAT 79.99" in answer.text


async def test_vat_in_kroner_and_the_base_of_each_rate_are_explained_as_stored(world: World) -> None:
    company = await world.company()
    done = await issued(
        company, await world.customer(company), line("1000"), line("300.55", treatment="middle"), language="en",
        currency="EUR", exchange_rate=Decimal("11.5"), discount=Discount(percent=Decimal("12.5")),
    )  # fmt: skip
    link = re.search(r"/i/[\w-]{43}", (await company.get(f"/invoices/{done.invoice_id}")).text)
    assert link
    for address in (f"/invoices/{done.invoice_id}", link[0]):
        text = (await company.get(f"{address}/explanation")).text
        assert "300.55 from the lines, less 37.57 discount. 15% of 262.98 is 39.447, rounded once to 39.45." in text
        assert "258.20 EUR at 11.5000 (set by the seller), rounded once." in text
        assert "<dd>2,969.30</dd>" in text


async def test_a_credit_note_says_what_each_rate_is_of(world: World) -> None:
    """Its form says whether amounts are with VAT, as the page of figures does."""
    company = await world.company()
    done = await issued(company, await world.customer(company), line("100"), line("100", treatment="low"))
    form = (await company.get(f"/invoices/{done.invoice_id}/credit")).text
    assert "Amounts are without VAT, as the prices are." in form
    note = await credit(company, done.invoice_id)
    text = (await company.get(f"/invoices/{note.invoice_id}/explanation")).text
    assert "100.00 without VAT, plus 12.00 VAT. 12% of all that is credited by now" in text


async def test_nothing_is_to_pay_of_a_quote(world: World) -> None:
    company = await world.company()
    quote = await saved_quote(company, None, line("100"))
    text = (await company.get(f"/quotes/{quote.id}/explanation")).text
    assert "125.00" in text and "To pay" not in text


async def test_the_figures_of_the_page_stand_in_the_explanation_when_prices_include_vat(world: World) -> None:
    company = await world.company()
    off, freight = Discount(percent=Decimal(10)), Charge(amount=Decimal(50), text="Freight")
    lines = (line("33.33"), line("33.33", treatment="middle"))
    draft = await saved(company, None, *lines, prices_include_vat=True, discount=off, charge=freight)
    edit = (await company.get(f"/invoices/{draft.id}/edit")).text
    text = (await company.get(f"/invoices/{draft.id}/explanation")).text
    for amount in ("66.66", "−6.67", "50.00"):
        assert f"<dd>{amount}</dd>" in edit and f"With VAT {amount}." in text


async def test_an_amount_just_under_a_half_is_not_shown_as_one(world: World) -> None:
    """11.11 % of 50.09 is 5.564999: with four decimals it would read 5.565, and rounded to 5.56 that looks wrong."""
    company = await world.company()
    draft = await saved(company, None, line("50.09", treatment="raw_fish"))
    assert "is 5.564999, rounded once to 5.56." in (await company.get(f"/invoices/{draft.id}/explanation")).text
