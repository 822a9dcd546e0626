"""The VAT report says what the documents state, whatever they are of and whatever currency they are in."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from actions import instance
from domain.money import ZERO
from domain.settings import Settings
from domain.vat import saft_code
from domain.vat_terms import Term, term_of
from models.queries.invoices import StoredInvoice, stored
from models.queries.vat_sums import vat_period
from models.unit_of_work import reading
from routes.vat_report import read_term
from tests.actions.making import TODAY, issued, line, saved
from tests.actions.test_credits import credit, off
from tests.people import at
from tests.world import Company, World

TERM = term_of(TODAY)
ADDRESS = f"/reports/vat?year={TERM.year}&term={TERM.number}"


async def document(company: Company, invoice_id: Any) -> StoredInvoice:
    async with reading(company.id) as work:
        found = await stored(work, invoice_id)
    assert found is not None
    return found


async def three_currencies(world: World) -> Company:
    """Documents in kroner, euro and yen, with several rates each, and one export without a rate."""
    company = await world.company()
    customer = await world.customer(company)
    await issued(company, customer, line("100"), line("33.33", treatment="middle"), line("12", treatment="low"))
    await issued(company, customer, line("19.99"), line("7", treatment="zero"), line("5", treatment="exempt_health"))
    euro: Any = {"currency": "EUR", "exchange_rate": Decimal("11.43215")}
    await issued(company, customer, line("33.33"), line("66.67", treatment="middle"), **euro)
    await issued(company, customer, line("80", treatment="export"), **euro)
    await issued(company, customer, line("9000"), currency="JPY", exchange_rate=Decimal("0.0678"))
    await issued(company, customer, line("50", treatment="export"), currency="USD")
    return company


async def test_the_sums_are_those_of_the_documents(world: World) -> None:
    company = await three_currencies(world)
    async with reading(company.id) as work:
        rows = await work.connection.fetch("select id from invoice where organisation_id = $1", company.id)
    stated = [(await document(company, row["id"])).issued() for row in rows]
    found = await vat_period(company.id, TERM.first, TERM.last)
    assert sum(one.vat_nok for one in found.sums) == sum(
        one.totals.vat if one.currency == "NOK" else one.vat_nok or ZERO for one in stated
    )
    for currency in ("NOK", "EUR", "JPY", "USD"):
        same = [one for one in stated if one.currency == currency]
        sums = [one for one in found.sums if one.currency == currency]
        assert sum(one.base for one in sums) == sum(one.totals.net for one in same)
        assert sum(one.vat for one in sums) == sum(one.totals.vat for one in same)


async def test_the_page_shows_each_code_in_kroner_and_says_what_it_can_not_convert(world: World) -> None:
    company = await three_currencies(world)
    answer = await company.get(ADDRESS)
    text = re.sub(r"<[^>]+>", " ", answer.text).replace("\N{NO-BREAK SPACE}", " ")
    assert answer.status_code == 200
    for code in ("3", "31", "33", "5", "6", "52"):
        assert re.search(rf"\b{code}\s+(VAT|Zero|Exempt|Export)", text), code
    # 80 euro of export at 11.43215; the 50 dollars have no rate.
    assert "914.57" in text and "50.00 USD (1 document)" in text


async def test_a_credit_note_is_taken_off(world: World) -> None:
    company = await world.company()
    first = await issued(company, await world.customer(company), line("1000"))
    before = await vat_period(company.id, TERM.first, TERM.last)
    await off(company, first.invoice_id, "400")
    after = await vat_period(company.id, TERM.first, TERM.last)
    assert [(one.base, one.vat, one.vat_nok) for one in before.sums] == [(Decimal(1000), Decimal(250), Decimal(250))]
    assert [(one.base, one.vat, one.vat_nok) for one in after.sums] == [(Decimal(600), Decimal(150), Decimal(150))]


async def test_what_is_credited_to_the_last_øre_leaves_no_vat_behind_in_any_currency(world: World) -> None:
    """Traps 4 and 5: three partial credit notes of an invoice in euro give back what it stated in kroner."""
    company = await world.company()
    euro: Any = {"currency": "EUR", "exchange_rate": Decimal("11.43215")}
    first = await issued(company, await world.customer(company), line("10"), line("3.33", treatment="low"), **euro)
    await off(company, first.invoice_id, "3.33")
    await off(company, first.invoice_id, "3.33")
    await credit(company, first.invoice_id)
    found = await vat_period(company.id, TERM.first, TERM.last)
    assert {one.currency for one in found.sums} == {"EUR"}
    assert (sum(one.vat for one in found.sums), sum(one.base for one in found.sums)) == (0, 0)
    assert sum(one.vat_nok for one in found.sums) == 0


async def test_drafts_and_other_companies_and_other_terms_are_not_in_it(world: World) -> None:
    other, company = await three_currencies(world), await world.company()
    await saved(company, await world.customer(company))
    assert "Nothing was issued in this period" in (await company.get(ADDRESS)).text
    assert "Nothing was issued in this period" in (await other.get("/reports/vat?year=2001&term=1")).text
    for odd in ("?year=x&term=9", "?year=99999", "?term=1", "?year=2026&term=-1"):
        assert (await company.get(f"/reports/vat{odd}")).status_code == 200


async def test_the_file_has_the_figures_of_the_page(world: World) -> None:
    company = await three_currencies(world)
    answer = await company.get(ADDRESS.replace("/vat?", "/vat/download/csv?"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    found = await vat_period(company.id, TERM.first, TERM.last)
    lines = [row for row in rows if row["Currency"] == "NOK"]
    assert sum(Decimal(row["VAT in NOK"]) for row in lines) == sum(one.vat_nok for one in found.sums)
    assert {row["VAT code"] for row in lines} == {saft_code(one.category, one.rate, TODAY) for one in found.sums}
    assert [row["Without a rate to NOK"] for row in rows if row["Currency"] == "USD"] == ["50.00"]
    book = await company.get(ADDRESS.replace("/vat?", "/vat/download/xlsx?"))
    assert "xl/workbook.xml" in ZipFile(io.BytesIO(book.content)).namelist()


async def test_a_seller_elsewhere_sees_each_currency_by_itself_and_no_norwegian_codes(world: World) -> None:
    company = await world.company(country="SE", organisation_number="SE556703748501", currency="SEK")
    await issued(company, await world.customer(company), line("100"), currency="SEK")
    text = (await company.get(ADDRESS)).text
    assert "SEK" in text and "Base in NOK" not in text


def test_the_new_term_begins_at_midnight_in_norway(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "_settings", settings)
    request: Any = SimpleNamespace(query_params={})
    for moment, term in (("22:59", Term(2026, 6)), ("23:00", Term(2027, 1))):
        at(monkeypatch, datetime.fromisoformat(f"2026-12-31T{moment}:00+00:00"))
        assert read_term(request) == term


async def test_the_report_costs_one_question_however_much_was_issued(world: World, statements: list[str]) -> None:
    company = await three_currencies(world)
    statements.clear()
    await company.get(ADDRESS)
    assert len([one for one in statements if "vat_sum" in one]) == 1
    assert not [one for one in statements if "from invoice" in one]
