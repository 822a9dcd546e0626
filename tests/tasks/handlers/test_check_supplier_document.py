from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from actions import files, inbox
from actions.clock import now
from domain.delivery import Problem
from domain.einvoice.findings import Verdict, foreign_finding
from domain.settings import Settings
from models.ids import new_id
from models.queries.inbox import DocumentPage, document_page
from tasks.failures import TemporaryFailure
from tasks.handlers.check_supplier_document import CheckSupplierDocument
from tests.actions.judging import Scripted, breaking, judged_by
from tests.receiving import read_inside
from tests.world import Company, World

SAMPLE = Path(__file__).parents[2] / "domain/einvoice/samples/ehf-ok-NO-4rates.xml"


@pytest.fixture
async def company(pool: None, settings: Settings) -> AsyncIterator[Company]:
    files.open_store(settings)
    world = World(None, settings)
    with read_inside():
        yield await world.company()
    await world.close()


async def taken(company: Company) -> dict[str, str]:
    document_id = new_id()
    sent = inbox.Sent(document_id, "a.xml", SAMPLE.read_bytes())
    assert await inbox.receive(company.id, company.person_id, sent) is None
    return {"organisation_id": str(company.id), "document_id": str(document_id)}


async def shown(company: Company, payload: dict[str, str]) -> DocumentPage:
    found = await document_page(company.id, UUID(payload["document_id"]), now())
    assert found is not None
    return found


async def test_the_rules_are_asked_about_the_file_as_it_came_and_once(company: Company) -> None:
    payload, judge = await taken(company), Scripted()
    assert (await shown(company, payload)).row["check_state"] == "waiting"
    with judged_by(judge):
        await CheckSupplierDocument().run(payload)
        await CheckSupplierDocument().run(payload)
    assert judge.seen == [SAMPLE.read_bytes()]
    assert (await shown(company, payload)).row["check_state"] == "valid"


async def test_a_broken_rule_is_kept_with_its_id_and_the_document_stays(company: Company) -> None:
    payload = await taken(company)
    with judged_by(Scripted(lambda _: breaking("BR-CO-16"))):
        await CheckSupplierDocument().run(payload)
    found = await shown(company, payload)
    assert (found.row["check_state"], found.findings) == ("invalid", [["BR-CO-16", "fatal", ""]])


async def test_a_rule_without_a_sentence_of_ours_is_kept_with_its_own_words(company: Company) -> None:
    payload = await taken(company)
    found = foreign_finding("DK-R-016", True, "[DK-R-016]-For Danish Suppliers, a Credit note cannot be negative")
    with judged_by(Scripted(lambda _: Verdict((found,)))):
        await CheckSupplierDocument().run(payload)
    words = "For Danish Suppliers, a Credit note cannot be negative"
    assert (await shown(company, payload)).findings == [["DK-R-016", "fatal", words]]


async def test_rules_that_can_not_be_asked_are_never_taken_for_content(company: Company) -> None:
    payload, handler = await taken(company), CheckSupplierDocument()
    with judged_by(Scripted(lambda _: Verdict(unjudged="timeout"))), pytest.raises(TemporaryFailure):
        await handler.run(payload)
    assert (await shown(company, payload)).row["check_state"] == "waiting"
    await handler.give_up(payload, Problem("einvoice_not_judged"))
    assert (await shown(company, payload)).row["check_state"] == "unavailable"
