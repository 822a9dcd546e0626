"""The e-invoice of an issued invoice: looked at before, made after, kept byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from lxml import etree

from actions import documents, einvoice_opinions, einvoices, files
from actions.clock import now
from actions.einvoice_opinions import About
from actions.outcomes import NotFound
from domain.dates import today_in
from domain.einvoice.document import EN_16931, PEPPOL
from domain.einvoice.findings import Verdict
from domain.settings import Settings
from models.ids import new_id
from models.queries.einvoices import EInvoiceView, einvoice_in
from models.queries.invoices import stored
from models.queries.parties import parties
from models.unit_of_work import reading, unit_of_work
from tasks.gateways.pdf import NullPdf
from tasks.renderer import PoolRenderer
from tests.actions.judging import Scripted, breaking, judged_by
from tests.actions.making import issued, line, saved
from tests.world import Company, World

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"


@pytest.fixture
async def printing(world: World, settings: Settings) -> AsyncIterator[None]:
    files.open_store(settings)
    documents.use(PoolRenderer(NullPdf()))
    yield
    documents.use(None)


async def state_of(company: Company, invoice_id: UUID) -> EInvoiceView:
    async with reading(company.id) as work:
        found = await einvoice_in(work, invoice_id)
    assert found is not None
    return found


async def made(company: Company, invoice_id: UUID) -> tuple[EInvoiceView, Any]:
    """What became of it, and the document that was kept."""
    await einvoices.make(company.id, invoice_id)
    kept = await einvoices.einvoice_of(company.id, invoice_id)
    return await state_of(company, invoice_id), None if kept is None else etree.fromstring(kept)


def text(document: Any, name: str) -> str | None:
    found: str | None = document.findtext(f".//{CBC}{name}")
    return found


async def test_an_invoice_to_a_business_becomes_ehf_with_its_pdf_inside(world: World, printing: None) -> None:
    company = await world.company()
    customer = await world.customer(company, reference="Ola")
    with judged_by(Scripted()):
        done = await issued(company, customer, line("1000"))
        assert (await state_of(company, done.invoice_id)).state == "queued"
        view, document = await made(company, done.invoice_id)
    assert (view.state, view.is_peppol, view.obstacles) == ("made", True, ())
    assert text(document, "CustomizationID") == PEPPOL
    assert text(document, "ID") == done.number and text(document, "PayableAmount") == "1250.00"
    embedded = document.find(f".//{CBC}EmbeddedDocumentBinaryObject")
    assert (
        embedded.get("filename") == f"Faktura-{done.number}-Fjord-Design-ENK.pdf"
        and embedded.get("mimeCode") == "application/pdf"
    )


async def test_what_is_kept_is_the_same_for_ever(world: World, printing: None) -> None:
    company = await world.company()
    customer = await world.customer(company, reference="Ola")
    with judged_by(Scripted()):
        done = await issued(company, customer, line("1000"))
        await asyncio.gather(*(einvoices.make(company.id, done.invoice_id) for _ in range(4)))
        first = await einvoices.einvoice_of(company.id, done.invoice_id)
        async with unit_of_work(company.id) as work:
            await work.connection.execute("update customer set name = 'Annet navn', reference = 'Kari'")
            await work.connection.execute("update organisation set name = 'Nytt navn'")
        await einvoices.make(company.id, done.invoice_id)
        assert await einvoices.einvoice_of(company.id, done.invoice_id) == first
    assert first is not None and b"Nordlys AS" in first and b"Fjord Design ENK" in first


async def test_the_buyer_s_reference_is_the_invoice_s_else_the_order_number_else_the_customer_s(
    world: World, printing: None
) -> None:
    company = await world.company()
    customer = await world.customer(company, reference="Kundens egen")
    with judged_by(Scripted()):
        cases: tuple[tuple[dict[str, Any], str], ...] = (
            ({"your_reference": "Ola", "order_number": "PO-1"}, "Ola"),
            ({"order_number": "PO-1"}, "PO-1"),
            ({}, "Kundens egen"),
        )
        for given, wanted in cases:
            done = await issued(company, customer, line("10"), **given)
            async with unit_of_work(company.id) as work:
                # What it was that day counts, not what it is when the document is made.
                await work.connection.execute("update customer set reference = 'En annen'")
            _, document = await made(company, done.invoice_id)
            assert text(document, "BuyerReference") == wanted
            async with unit_of_work(company.id) as work:
                await work.connection.execute("update customer set reference = 'Kundens egen'")


async def test_a_business_without_a_reference_gets_ehf_that_says_that_none_was_given(
    world: World, printing: None
) -> None:
    """PEPPOL-EN16931-R003 wants a reference; the writer hears that large buyers do too."""
    company = await world.company()
    with judged_by(Scripted()):
        for language, words in (("nb", "Ikke oppgitt"), ("en", "Not given")):
            customer = await world.customer(company, language=language)
            done = await issued(company, customer, line("1000"), language=language)
            view, document = await made(company, done.invoice_id)
            assert done.number is not None and done.refusals == ()
            assert (view.state, view.is_peppol, view.obstacles) == ("made", True, ())
            assert text(document, "BuyerReference") == words
            assert view.hint is not None and view.hint.refusal.code == "einvoice.reference_was_missing"
            assert words not in (await company.get(f"/invoices/{done.invoice_id}")).text


async def test_a_customer_without_an_organisation_number_gets_a_plain_e_invoice_that_says_why(
    world: World, printing: None
) -> None:
    company = await world.company()
    with judged_by(Scripted()):
        done = await issued(company, await world.customer(company, organisation_number=""), line("1000"))
        view, document = await made(company, done.invoice_id)
    assert (view.state, view.is_peppol) == ("made", False)
    assert [finding.rule for finding in view.obstacles] == ["PEPPOL-EN16931-R010"]
    assert text(document, "CustomizationID") == EN_16931 and text(document, "BuyerReference") is None


async def test_a_consumer_gets_plain_en_16931_and_nobody_is_told_of_peppol(world: World, printing: None) -> None:
    company = await world.company()
    customer = await world.customer(company, "Kari Nordmann", kind="consumer", organisation_number="")
    with judged_by(Scripted()):
        done = await issued(company, customer, line("1000"))
        view, document = await made(company, done.invoice_id)
    assert (view.state, view.is_peppol, view.findings) == ("made", False, ())
    assert text(document, "CustomizationID") == EN_16931 and text(document, "ProfileID") is None


async def test_what_breaks_en_16931_is_not_issued_and_the_draft_is_kept(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    judge = Scripted(lambda _: breaking("BR-CO-15"))
    with judged_by(judge):
        done = await issued(company, customer, line("1000"))
    assert done.number is None
    (refusal,) = done.refusals
    assert (refusal.code, refusal.params["rule"]) == ("einvoice.sums", "BR-CO-15")
    async with reading(company.id) as work:
        assert await einvoice_in(work, done.invoice_id) is None
    assert len(judge.seen) == 1


async def test_a_rule_of_peppol_alone_stops_no_invoice_and_only_keeps_it_from_being_ehf(
    world: World, printing: None
) -> None:
    company = await world.company()
    customer = await world.customer(company, reference="Ola")
    judge = Scripted(lambda xml: breaking("PEPPOL-EN16931-R999") if PEPPOL.encode() in xml else Verdict())
    with judged_by(judge):
        done = await issued(company, customer, line("1000"))
        view, document = await made(company, done.invoice_id)
    assert done.number is not None
    assert (view.state, view.is_peppol) == ("made", False)
    assert [finding.rule for finding in view.obstacles] == ["PEPPOL-EN16931-R999"]
    assert text(document, "CustomizationID") == EN_16931


async def test_what_no_rule_lets_pass_is_refused_with_its_finding_and_can_be_asked_for_again(
    world: World, printing: None
) -> None:
    company = await world.company()
    customer = await world.customer(company, reference="Ola")
    with judged_by(Scripted()):
        done = await issued(company, customer, line("1000"))
    with judged_by(Scripted(lambda _: breaking("BR-CO-15"))):
        view, document = await made(company, done.invoice_id)
    assert (view.state, document) == ("refused", None)
    assert [finding.rule for finding in view.obstacles] == ["BR-CO-15"]
    await einvoices.make_again(company.id, company.person_id, done.invoice_id)
    with judged_by(Scripted()):
        view, document = await made(company, done.invoice_id)
    assert view.state == "made" and document is not None
    await einvoices.make_again(company.id, company.person_id, done.invoice_id)
    assert (await state_of(company, done.invoice_id)).state == "made"


async def test_without_the_rules_the_invoice_is_issued_and_the_e_invoice_waits_for_them(
    world: World, printing: None
) -> None:
    company = await world.company()
    customer = await world.customer(company, reference="Ola")
    with judged_by(Scripted(lambda _: Verdict(unjudged="crashed"))):
        done = await issued(company, customer, line("1000"))
        waiting = await state_of(company, done.invoice_id)
        with pytest.raises(einvoices.NotJudged):
            await einvoices.make(company.id, done.invoice_id)
    assert done.number is not None and done.refusals == ()
    assert (waiting.state, waiting.problem) == ("queued", "crashed")
    assert await einvoices.einvoice_of(company.id, done.invoice_id) is None
    with judged_by(Scripted()):
        view, document = await made(company, done.invoice_id)
    assert (view.state, view.problem) == ("made", "") and document is not None


async def test_rules_that_do_not_answer_in_time_hold_no_invoice_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = asyncio.Event()

    class Silent(Scripted):
        async def judge(self, xml: bytes) -> Verdict:
            await answered.wait()
            return Verdict()

    monkeypatch.setattr(einvoice_opinions, "PATIENCE", 0.01)
    company = await world.company()
    with judged_by(Silent()):
        done = await issued(company, await world.customer(company), line("1000"))
    assert done.number is not None
    assert (await state_of(company, done.invoice_id)).problem == "slow"
    answered.set()


async def test_who_comes_while_the_rules_are_busy_is_issued_at_once_and_checked_by_the_job(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(einvoice_opinions, "PATIENCE", 60)

    class Slow(Scripted):
        def __init__(self) -> None:
            super().__init__()
            self.go_on = asyncio.Event()

        async def judge(self, xml: bytes) -> Verdict:
            self.seen.append(xml)
            await self.go_on.wait()
            return Verdict()

    company = await world.company()
    customer = await world.customer(company)
    slow = Slow()
    with judged_by(slow):
        waiting = [
            asyncio.create_task(issued(company, customer, line("1000"))) for _ in range(einvoice_opinions.MOST_ASKED)
        ]
        while len(slow.seen) < einvoice_opinions.MOST_ASKED:
            done_early, _ = await asyncio.wait(waiting, timeout=0.01, return_when=asyncio.FIRST_COMPLETED)
            assert not done_early, done_early
        done = await issued(company, customer, line("1000"))
        slow.go_on.set()
        numbers = {one.number for one in await asyncio.gather(*waiting)}
    assert done.number is not None and done.number not in numbers and len(slow.seen) == einvoice_opinions.MOST_ASKED
    assert (await state_of(company, done.invoice_id)).problem == ""


async def about(company: Company, draft_id: UUID) -> About:
    async with reading(company.id) as work:
        found = await stored(work, draft_id)
        assert found is not None
        own, customer = await parties(work, found.row["customer_id"])
    assert customer is not None
    return About(found.draft(), own, customer, today_in(own.time_zone, now()))


async def test_an_opinion_counts_only_for_what_it_was_asked_about(world: World) -> None:
    """Somebody saves the draft between the look and the issue: the official rules then look in the job."""
    company = await world.company()
    draft = await saved(company, await world.customer(company), line("1000"))
    asked = await about(company, draft.id)
    with judged_by(Scripted(lambda _: breaking("BR-CO-15"))):
        opinion = await einvoice_opinions.look_at(asked)
    assert [one.rule for one in opinion.stops(asked)] == ["BR-CO-15"]
    assert opinion.stops(replace(asked, draft=replace(asked.draft, note="Ny"))) == []


async def test_what_was_clean_a_moment_ago_is_issued_without_asking_again(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    judge = Scripted()
    with judged_by(judge):
        for _ in range(3):
            assert (await issued(company, customer, line("1000"))).number is not None
        assert len(judge.seen) == 1
        assert (await issued(company, customer, line("1000"), line("2"))).number is not None
    assert len(judge.seen) == 2


async def test_a_long_invoice_is_judged_while_it_is_written_or_by_the_job_and_never_waited_for(
    world: World, printing: None
) -> None:
    """Its check takes longer than an issue may wait."""
    company = await world.company()
    customer = await world.customer(company, reference="Ola")
    lines = [line("10") for _ in range(einvoice_opinions.MOST_LINES + 1)]
    judge = Scripted(lambda _: breaking("BR-CO-15"))
    with judged_by(judge):
        done = await issued(company, customer, *lines)
        assert done.number is not None and judge.seen == []
        view, document = await made(company, done.invoice_id)
    assert (view.state, document) == ("refused", None)
    draft = await saved(company, customer, *lines)
    written = await about(company, draft.id)
    judge = Scripted()
    with judged_by(judge):
        einvoice_opinions.remarks(written.draft, written.own, written.customer, written.today)
        while einvoice_opinions._asking:
            await asyncio.sleep(0)
        assert einvoice_opinions.is_clean(written) and len(judge.seen) == 1


async def test_what_was_at_fault_is_asked_about_each_time(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    judge = Scripted(lambda _: breaking("BR-CO-15"))
    with judged_by(judge):
        for _ in range(2):
            assert (await issued(company, customer, line("1000"))).number is None
    assert len(judge.seen) == 2


async def test_the_rules_are_asked_while_an_invoice_is_written(world: World) -> None:
    """So that issuing it need not wait for them."""
    company = await world.company()
    customer = await world.customer(company)
    draft = await saved(company, customer, line("1000"))
    written = await about(company, draft.id)
    judge = Scripted()
    with judged_by(judge):
        for _ in range(2):
            einvoice_opinions.remarks(written.draft, written.own, written.customer, written.today)
            while einvoice_opinions._asking:
                await asyncio.sleep(0)
        assert einvoice_opinions.is_clean(written)
        assert (await issued(company, customer, line("1000"))).number is not None
    assert len(judge.seen) == 1 and judge.warmed == 2


async def test_a_draft_and_what_belongs_to_others_have_no_e_invoice(world: World) -> None:
    company, other = await world.company(), await world.company()
    customer = await world.customer(company)
    draft = await saved(company, customer)
    done = await issued(company, customer)
    for organisation, invoice_id in ((company, draft.id), (company, new_id()), (other, done.invoice_id)):
        with pytest.raises(NotFound):
            await einvoices.make(organisation.id, invoice_id)
        with pytest.raises(NotFound):
            await einvoices.make_again(organisation.id, organisation.person_id, invoice_id)
        assert await einvoices.einvoice_of(organisation.id, invoice_id) is None
