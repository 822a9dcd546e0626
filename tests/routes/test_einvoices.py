"""The e-invoice on the pages: what is said before and after issuing, and the file itself."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from actions import documents, einvoice_opinions, einvoices, files, instance
from actions.exchange_rates import keep
from domain import preflight
from domain.einvoice import ubl_reading
from domain.einvoice.document import Address
from domain.einvoice.findings import _AFTERWARDS, RULES, WRITTEN
from domain.settings import Settings
from routes.filters import field_address
from tasks.gateways.einvoice_parsing import parse
from tasks.gateways.pdf import NullPdf
from tasks.renderer import PoolRenderer
from tests.actions.judging import Scripted, breaking, judged_by
from tests.actions.making import TODAY, issued, line, saved
from tests.actions.test_credits import credit
from tests.actions.test_exchange_rates import published
from tests.routes.test_invoice_routes import PART, form_of
from tests.world import Company, World

HINT = "The customer&#39;s reference is not filled in."


@pytest.fixture
async def printing(world: World, settings: Settings) -> AsyncIterator[None]:
    files.open_store(settings)
    documents.use(PoolRenderer(NullPdf()))
    with judged_by(Scripted()):
        yield
    documents.use(None)


async def made(world: World, **columns: str) -> tuple[Company, str, str]:
    """A company with an invoice whose e-invoice is made, the invoice's address, and its number."""
    company = await world.company()
    done = await issued(company, await world.customer(company, **columns), line("1000"))
    await einvoices.make(company.id, done.invoice_id)
    return company, f"/invoices/{done.invoice_id}", done.number or ""


async def test_the_invoice_page_leads_to_the_file_byte_for_byte(world: World, printing: None) -> None:
    company, address, number = await made(world, reference="Ola")
    page = (await company.get(address)).text
    assert "Peppol BIS Billing 3.0" in page and "E-invoice made" in page
    assert f'href="{address}/einvoice/{number}.xml"' in page
    answer = await company.get(f"{address}/einvoice/{number}.xml")
    assert answer.status_code == 200 and answer.content.startswith(b"<?xml")
    assert answer.headers["content-type"].startswith("application/xml")
    name = f"Faktura-{number}-Fjord-Design-ENK.xml"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    again = await company.get(f"{address}/einvoice/{number}.xml", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await company.get(f"{address}/einvoice/other.xml")).status_code == 404


async def test_another_address_of_delivery_is_said_on_the_page_and_in_the_file(world: World, printing: None) -> None:
    where = {"delivery_line1": "Vei 500", "delivery_postcode": "9170", "delivery_city": "Longyearbyen"}
    company, address, number = await made(world, **where, delivery_country="SJ")
    page = (await company.get(address)).text
    assert "<dd>Vei 500, 9170 Longyearbyen, Svalbard" in page
    xml = (await company.get(f"{address}/einvoice/{number}.xml")).content
    place = ubl_reading.read(parse(xml)).document.deliver_to
    assert place == Address(street="Vei 500", city="Longyearbyen", postcode="9170", country="SJ")


async def test_the_customer_gets_the_same_file_by_the_secret_link_and_another_company_does_not(
    world: World, printing: None
) -> None:
    company, address, number = await made(world, reference="Ola")
    link = re.search(r"/i/[\w-]{43}", (await company.get(address)).text)
    assert link
    visitor = world.visitor()
    assert f'href="{link[0]}/einvoice/{number}.xml"' in (await visitor.get(link[0])).text
    answer = await visitor.get(f"{link[0]}/einvoice/{number}.xml")
    mine = await company.get(f"{address}/einvoice/{number}.xml")
    assert answer.content == mine.content
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
    other = await world.company()
    assert (await other.get(f"{address}/einvoice/{number}.xml")).status_code == 404
    assert (await visitor.get(f"/i/{'A' * 43}/einvoice/{number}.xml")).status_code == 404


async def test_the_page_says_why_it_is_not_ehf_with_the_rule_beside_it_and_what_to_do_next_time(
    world: World, printing: None
) -> None:
    company, address, number = await made(world, organisation_number="", reference="Ola")
    page = (await company.get(address)).text
    assert "It can not travel as EHF, because:" in page and "PEPPOL-EN16931-R010" in page
    assert "Add the customer&#39;s organisation number for the next one." in page
    assert re.search(r'href="/customers/[0-9a-f-]{36}/edit#f-organisation-number"', page)
    assert "What is issued does not change." in page and f"{number}.xml" in page


async def test_an_issued_invoice_without_a_reference_says_what_to_do_the_next_time(
    world: World, printing: None
) -> None:
    company, address, _ = await made(world)
    page = (await company.get(address)).text
    assert "EHF, that is Peppol BIS Billing 3.0." in page and "It can not travel" not in page
    assert "It went without the customer&#39;s reference" in page and "add it to the customer" in page
    assert re.search(r'href="/customers/[0-9a-f-]{36}/edit#f-reference"', page)


async def test_the_e_invoice_of_a_credit_note_is_spoken_of_as_one_and_named_like_its_pdf(
    world: World, printing: None
) -> None:
    company = await world.company()
    customer = await world.customer(company, reference="Ola")
    note = await credit(company, (await issued(company, customer, line("1000"))).invoice_id)
    address = f"/invoices/{note.invoice_id}"
    with judged_by(Scripted(lambda _: breaking("BR-CO-15"))):
        await einvoices.make(company.id, note.invoice_id)
    page = (await company.get(address)).text
    assert "Electronic credit note</h2>" in page and "Make the electronic credit note" in page
    assert "The credit note is valid, but" in page and "No electronic credit note could be made" in page
    await company.post(f"{address}/einvoice")
    with judged_by(Scripted()):
        await einvoices.make(company.id, note.invoice_id)
    page = (await company.get(address)).text
    about_it = page[page.index('id="einvoice"') : page.index('id="history"')]
    assert "Electronic credit note made" in page and "e-invoice" not in about_it.lower()
    answer = await company.get(f"{address}/einvoice/{note.number}.xml")
    name = f"Kreditnota-{note.number}-Fjord-Design-ENK"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.xml"'
    assert f'filename="{name}.pdf"'.encode() in answer.content
    link = re.search(r"/i/[\w-]{43}", page)
    assert link and "elektronisk kreditnota (XML)" in (await world.visitor().get(link[0])).text


async def test_a_refused_one_says_why_and_is_made_when_asked_again(world: World, printing: None) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company, reference="Ola"), line("1000"))
    with judged_by(Scripted(lambda _: breaking("BR-CO-15"))):
        await einvoices.make(company.id, done.invoice_id)
    address = f"/invoices/{done.invoice_id}"
    page = (await company.get(address)).text
    assert "BR-CO-15" in page and "No e-invoice could be made" in page and "Make the e-invoice" in page
    assert 'The e-invoice could not be made. <a href="#einvoice">See why</a>' in page
    home = (await company.get("/")).text
    assert f'href="{address}#einvoice"' in home and "1 e-invoice could not be made" in home
    answer = await company.post(f"{address}/einvoice")
    assert answer.headers["location"] == f"{address}?done=einvoice-queued"
    assert "could not be made" not in (await company.get("/")).text
    assert "It is being made and checked." in (await company.get(address)).text


async def test_the_editor_says_what_keeps_a_finished_draft_from_travelling_and_where_to_mend_it(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, organisation_number="")
    draft = await saved(company, customer, line("1000"), your_reference="Ola")
    page = (await company.get(f"/invoices/{draft.id}/edit")).text
    assert "it can not travel as an e-invoice (EHF)" in page and "PEPPOL-EN16931-R010" in page
    assert "Add the customer&#39;s organisation number." in page
    assert f'href="/customers/{customer}/edit#f-organisation-number"' in page


async def test_every_rule_leads_to_a_field_that_is_there(world: World) -> None:
    """What the law asks before the issue (domain/preflight.py) too."""
    company = await world.company()
    customer = await world.customer(company)
    draft = await saved(company, customer, line("1000"))
    pages = {
        path: (await company.get(path or f"/invoices/{draft.id}/edit")).text
        for path in ("", "/company", f"/customers/{customer}/edit")
    }
    pages[""] += (await company.get("/invoices/new")).text  # where no customer is chosen yet
    asked = re.findall(r'Refusal\("[a-z_.]+", f?"([a-z_.]+)"', Path(preflight.__file__).read_text(encoding="utf-8"))
    rules = [rule.field.replace("%d", "0") for rule in (*RULES.values(), *WRITTEN.values())]
    assert len(asked) > 10
    fields = {*rules, *asked, *(field for _, field in _AFTERWARDS.values())}
    where = {field: field_address(field, str(customer)).partition("#") for field in fields}
    assert {field for field, (path, _, place) in where.items() if f'id="{place}"' not in pages[path]} == set()


async def test_the_notice_goes_as_soon_as_the_reference_is_typed(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    draft = await saved(company, customer, line("1000"))
    form = form_of(version="1", customer_id=str(customer))
    without = await company.post(f"/invoices/{draft.id}/draft", form, headers=PART)
    assert f'href="#f-your-reference">{HINT}' in without.text
    assert "it can not travel as an e-invoice" not in without.text
    typed = await company.post(f"/invoices/{draft.id}/draft", {**form, "your_reference": "Ola"}, headers=PART)
    assert 'id="einvoice-notice"' in typed.text and HINT not in typed.text


async def test_a_public_body_without_a_reference_is_warned_of(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, "Bergen kommune", organisation_form="KOMM")
    draft = await saved(company, customer, line("1000"))
    page = (await company.get(f"/invoices/{draft.id}/edit")).text
    assert HINT not in page
    notice = page[page.index('id="einvoice-notice"') :]
    assert 'class="notice waiting"' in notice and "This customer is a public body" in notice


async def test_a_draft_for_a_consumer_hears_nothing_of_peppol(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, "Kari Nordmann", kind="consumer", organisation_number="")
    draft = await saved(company, customer, line("1000"))
    page = (await company.get(f"/invoices/{draft.id}/edit")).text
    assert "PEPPOL" not in page and HINT not in page


async def test_what_breaks_a_rule_for_any_invoice_is_told_in_the_editor_with_its_rule(world: World) -> None:
    company = await world.company()
    draft = await saved(company, await world.customer(company), line("1000"))
    with judged_by(Scripted(lambda _: breaking("BR-CO-15"))):
        answer = await company.post(f"/invoices/{draft.id}/issuance", {"send": "0"})
    assert answer.status_code == 422
    assert "The sums of the e-invoice do not add up" in answer.text and "BR-CO-15" in answer.text


async def test_somebody_who_opens_the_editor_has_the_rules_ready(world: World) -> None:
    company = await world.company()
    draft = await saved(company, await world.customer(company), line("1000"))
    judge = Scripted()
    with judged_by(judge):
        await company.get(f"/invoices/{draft.id}/edit")
    assert judge.warmed


async def test_a_draft_that_is_issued_from_its_own_page_says_the_same_and_leads_to_the_editor(world: World) -> None:
    company = await world.company()
    draft = await saved(company, await world.customer(company), line("1000"))
    page = (await company.get(f"/invoices/{draft.id}")).text
    assert f'href="/invoices/{draft.id}/edit#f-your-reference">{HINT}' in page


async def test_a_draft_in_another_currency_says_it_too_before_the_rate_of_the_day_is_known(world: World) -> None:
    company = await world.company()
    draft = await saved(company, await world.customer(company), line("1000"), currency="EUR")
    assert HINT in (await company.get(f"/invoices/{draft.id}/edit")).text


@pytest.mark.parametrize("currency", ["NOK", "THB"])
async def test_the_rules_are_asked_by_the_autosave_and_not_again_when_it_is_issued(
    world: World, currency: str
) -> None:
    """So that issuing waits for no rules, however long the invoice is; in another currency at the rate of its day."""
    await keep(published("Norges Bank", TODAY - timedelta(days=1), "THB", "0.3142"))
    company = await world.company()
    customer = await world.customer(company, reference="Ola")
    draft = await saved(company, customer, line("1000"))
    judge = Scripted()
    with judged_by(judge):
        form = form_of(version="1", customer_id=str(customer), currency=currency)
        written = await company.post(f"/invoices/{draft.id}/draft", form, headers=PART)
        while einvoice_opinions._asking:
            await asyncio.sleep(0)
        assert len(judge.seen) == 1
        version = re.search(r'name="version" value="(\d+)"', written.text)
        assert version is not None
        form |= {"version": version[1], "send": "0"}
        assert (await company.post(f"/invoices/{draft.id}/issuance", form)).status_code == 303
    assert len(judge.seen) == 1


async def test_an_issued_invoice_is_sent_over_the_network_by_hand_where_there_is_one(
    world: World, settings: Settings, printing: None
) -> None:
    company, address, _ = await made(world, reference="Ola")
    assert "Send as an e-invoice" not in (await company.get(address)).text
    stays = await company.post(f"{address}/einvoice/transmissions")
    assert stays.headers["location"] == f"{address}?done=einvoice-stays"
    instance.begin(replace(settings, access_point_url="https://access.example", access_point_key="key"))
    try:
        page = (await company.get(address)).text
        key = re.search(r'name="transmission_id" value="([0-9a-f-]+)"', page)
        assert key is not None and "Send as an e-invoice" in page
        for _ in range(2):
            sent = await company.post(f"{address}/einvoice/transmissions", {"transmission_id": key[1]})
            assert sent.headers["location"] == f"{address}?done=einvoice-sent"
        page = (await company.get(address)).text
        assert page.count("Waiting to be sent as an e-invoice") == 2  # what is so, and once in what has happened
        assert "Send again as an e-invoice" not in page, "one is under way"
    finally:
        instance.begin(settings)
