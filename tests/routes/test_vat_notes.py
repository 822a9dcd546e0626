"""The editor proposes a VAT treatment with its reason, takes the user's own choice, and says when it is unusual."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest

from actions.clock import now
from actions.exchange_rates import keep
from models.ids import new_id
from models.queries.home import home
from models.queries.invoices import stored
from models.queries.vat_sums import turnover
from models.unit_of_work import reading
from tests.actions.making import TODAY, issued, line
from tests.actions.registering import product
from tests.actions.test_exchange_rates import published
from tests.people import at
from tests.routes.test_invoice_routes import PART, form_of
from tests.world import Company, World

GERMAN = {"country": "DE", "vat_number": "DE136695976", "organisation_number": "", "city": "Berlin"}
SERVICE = "EU business, service: no VAT from you, because the buyer accounts for it (reverse charge, article 196)."


def said(answer: httpx.Response) -> str:
    """What stands in the notes about VAT."""
    found = re.search(r'<div class="vat-notes" id="vat-notes">(.*?)</div>', answer.text, re.DOTALL)
    assert found, answer.text[:500]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).replace("\N{NO-BREAK SPACE}", " ").split())


async def treatments(company: Company, draft_id: UUID) -> list[str]:
    async with reading(company.id) as work:
        found = await stored(work, draft_id)
    assert found is not None
    return [line["vat_treatment"] for line in found.lines]


async def pick(company: Company, customer: UUID, draft_id: UUID | None = None, **typed: Any) -> httpx.Response:
    address = f"/invoices/{draft_id or new_id()}/draft/customer"
    return await company.post(address, form_of(picked_customer=str(customer), **typed))


async def test_a_german_business_makes_the_line_an_export_and_the_editor_says_why(world: World) -> None:
    company, draft_id = await world.company(), new_id()
    answer = await pick(company, await world.customer(company, **GERMAN, vat_status="valid"), draft_id)
    assert said(answer) == SERVICE
    assert await treatments(company, draft_id) == ["eu_service"]


async def test_a_vat_number_that_nobody_has_checked_is_to_be_checked(world: World) -> None:
    company = await world.company()
    answer = await pick(company, await world.customer(company, **GERMAN))
    assert said(answer).endswith("Check the buyer's VAT number first.")


async def test_the_user_may_choose_otherwise_and_is_told_once(world: World) -> None:
    company, draft_id = await world.company(), new_id()
    customer = await world.customer(company, **GERMAN, vat_status="valid")
    form = form_of(customer_id=str(customer), **{"lines.0.treatment": "standard"})
    answer = await company.post(f"/invoices/{draft_id}/draft", form, headers=PART)
    assert answer.status_code == 200
    assert said(answer).endswith("Line 1: You chose to charge VAT, but this sale usually has none.")
    assert await treatments(company, draft_id) == ["standard"]


async def test_another_customer_at_home_brings_the_usual_rate_back(world: World) -> None:
    company, draft_id = await world.company(), new_id()
    window = {"editor": str(new_id()), "lines.0.id": str(new_id())}
    await pick(company, await world.customer(company, **GERMAN), draft_id, **window)
    home = await world.customer(company)
    answer = await pick(company, home, draft_id, **window, **{"lines.0.treatment": "eu_service"})
    assert said(answer) == ""
    assert await treatments(company, draft_id) == ["standard"]


async def test_goods_and_services_in_one_invoice_have_each_their_reason(world: World) -> None:
    company, draft_id = await world.company(), new_id()
    coffee = await product(company, "Kaffe", "100", supply="goods")
    customer = await world.customer(company, **GERMAN, vat_status="valid")
    form = form_of(customer_id=str(customer), picked_product=str(coffee))
    answer = await company.post(f"/invoices/{draft_id}/draft/lines/{form['lines.0.id']}/product", form)
    assert said(answer) == "Export without VAT, because the goods leave the country. Keep the customs declaration."
    assert await treatments(company, draft_id) == ["export"]


async def test_a_new_line_for_svalbard_is_an_export_from_the_start(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, postcode="9170", city="Longyearbyen")
    answer = await company.get(f"/invoices/new?customer={customer}")
    assert "Svalbard and Jan Mayen are outside the Norwegian VAT area" in said(answer)
    assert '<option value="export" selected>' in answer.text


async def test_a_sale_at_home_needs_no_word_and_no_question(world: World, statements: list[str]) -> None:
    company = await world.company()
    coffee = await product(company, "Kaffe", "100", supply="goods")
    form = form_of(customer_id=str(await world.customer(company)), **{"lines.0.product_id": str(coffee)})
    statements.clear()
    answer = await company.post(f"/invoices/{new_id()}/draft", form, headers=PART)
    assert answer.status_code == 200 and said(answer) == ""
    assert not [one for one in statements if "supply" in one or "exchange_rate where" in one]


async def test_who_is_not_registered_charges_no_vat(world: World) -> None:
    company = await world.company(vat_registered=False)
    answer = await company.get(f"/invoices/new?customer={await world.customer(company)}")
    assert '<option value="outside" selected>' in answer.text


@pytest.mark.parametrize(("typed", "words"), [("", "Norges Bank"), ("2.5", "1 BRL = 2.5000 NOK, typed by you.")])
async def test_another_currency_shows_its_rate_and_where_it_is_from(world: World, typed: str, words: str) -> None:
    await keep(published("Norges Bank", TODAY - timedelta(days=1), "BRL", "1.85"))
    company, draft_id = await world.company(), new_id()
    customer = await world.customer(company)
    form = form_of(customer_id=str(customer), currency="BRL", exchange_rate=typed)
    answer = await company.post(f"/invoices/{draft_id}/draft", form, headers=PART)
    assert words in said(answer)
    shown = await company.get(f"/invoices/{draft_id}")
    assert "how many kroner is one" not in shown.text
    issued = await company.post(f"/invoices/{draft_id}/issuance", {**form, "version": "1"})
    assert issued.status_code == 303
    page = (await company.get(f"/invoices/{draft_id}")).text
    assert ("set by the seller" in page) == bool(typed) and ("Norges Bank" in page) != bool(typed)


async def test_changing_the_currency_keeps_the_lines(world: World) -> None:
    company, draft_id = await world.company(), new_id()
    form = form_of(customer_id=str(await world.customer(company)))
    await company.post(f"/invoices/{draft_id}/draft", form, headers=PART)
    answer = await company.post(f"/invoices/{draft_id}/draft", {**form, "currency": "JPY"}, headers=PART)
    async with reading(company.id) as work:
        found = await stored(work, draft_id)
    assert found is not None and answer.status_code == 200
    assert (found.row["currency"], found.lines[0]["unit_price"]) == ("JPY", Decimal(1000))
    assert "No published exchange rate for JPY is known here" in said(answer)


async def test_a_currency_with_three_decimals_is_refused_with_its_reason(world: World) -> None:
    company, draft_id = await world.company(), new_id()
    answer = await company.post(f"/invoices/{draft_id}/draft", form_of(currency="KWD"))
    assert answer.status_code == 422
    assert "KWD has three decimals, and e-invoices have room for two" in answer.text


@pytest.mark.parametrize(
    ("sold", "currency", "words"),
    [
        ("39999.99", "NOK", ""),
        ("40000", "NOK", "You are close to NOK 50,000"),
        ("50000", "NOK", "You are close to NOK 50,000"),
        ("50000.01", "NOK", "You must register for VAT, unless what you sell is exempt"),
        ("5000", "SEK", "You must register for VAT, unless what you sell is exempt"),
    ],
)
async def test_who_is_not_registered_hears_of_the_limit_in_time(
    world: World, sold: str, currency: str, words: str
) -> None:
    """merverdiavgiftsloven § 2-1; sales in other currencies count at the rate of their documents."""
    company = await world.company(vat_registered=False)
    rate = None if currency == "NOK" else Decimal("10.5")
    customer = await world.customer(company)
    done = await issued(company, customer, line(sold, treatment="outside"), currency=currency, exchange_rate=rate)
    assert done.number is not None
    for address in ("/", "/invoices/new"):
        text = (await company.get(address)).text
        assert ("NOK 50,000" in text) == bool(words) and words in text, address


@pytest.mark.parametrize(("later", "counts"), [("2027-11-22", True), ("2027-11-23", False)])
async def test_the_limit_is_about_the_twelve_months_that_end_today(
    world: World, monkeypatch: pytest.MonkeyPatch, later: str, counts: bool
) -> None:
    """merverdiavgiftsloven § 2-1: a period of twelve months, not of calendar months."""
    company = await world.company(vat_registered=False)
    at(monkeypatch, datetime(2026, 11, 23, 12, tzinfo=UTC))
    day = date(2026, 11, 23)
    await issued(company, await world.customer(company), line("50001", treatment="outside"), delivery_from=day)
    at(monkeypatch, datetime.fromisoformat(f"{later}T12:00:00+00:00"))
    async with reading(company.id) as work:
        assert (await turnover(work, date.fromisoformat(later)) > 50000) == counts
    found = await home(company.id, now())
    assert bool(found.registration_warning) == counts


async def test_exempt_sales_do_not_count_towards_registration(world: World) -> None:
    """They are outside the law (merverdiavgiftsloven chapter 3), so § 2-1 does not see them."""
    company = await world.company()
    customer = await world.customer(company)
    await issued(company, customer, line("60000", treatment="exempt_health"), line("100"))
    async with reading(company.id) as work:
        assert await turnover(work, TODAY) == 100


async def test_who_is_registered_hears_nothing_of_the_limit(world: World) -> None:
    company = await world.company()
    await issued(company, await world.customer(company), line("90000"))
    assert "NOK 50,000" not in (await company.get("/")).text
