"""The real validator in the place of the official rules: killed, silent, broken, and at its daily work."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio

from actions import documents, einvoice_opinions, einvoices, files
from domain.einvoice import ubl
from domain.einvoice.findings import Verdict
from domain.einvoice.reading import document_of
from domain.settings import Settings
from models.queries.einvoices import einvoice_in
from models.unit_of_work import reading
from tasks import judge as judging
from tasks.failures import TemporaryFailure
from tasks.gateways.einvoice_validator import Broken, Checked, RefusedXml, Unavailable, Validator
from tasks.gateways.pdf import NullPdf, PdfError
from tasks.handlers.make_einvoice import MakeEInvoice
from tasks.judge import ValidatorJudge, verdict_of
from tasks.renderer import PoolRenderer
from tests.actions.judging import Scripted, judged_by
from tests.domain.einvoice.documents import issued
from tests.issuing import Shop, open_shop
from tests.tasks.gateways.test_einvoice_validator import HANGS

INVOICE = ubl.write(document_of(issued()))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def validator() -> AsyncIterator[Validator]:
    validator = Validator(seconds=60)
    yield validator
    await validator.close()


@pytest.fixture
async def shop(pool: None, settings: Settings) -> AsyncIterator[Shop]:
    files.open_store(settings)
    documents.use(PoolRenderer(NullPdf()))
    async with open_shop(settings) as opened:
        yield opened
    documents.use(None)


def payload(shop: Shop, invoice_id: object) -> dict[str, str]:
    return {"organisation_id": str(shop.id), "invoice_id": str(invoice_id)}


async def state(shop: Shop, invoice_id: object) -> tuple[str, str]:
    async with reading(shop.id) as work:
        found = await einvoice_in(work, invoice_id)  # type: ignore[arg-type]
    assert found is not None
    return found.state, found.problem


async def test_a_validator_killed_while_an_invoice_is_issued_costs_a_new_process_and_nothing_else(
    shop: Shop, validator: Validator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(einvoice_opinions, "PATIENCE", 60)
    judge = ValidatorJudge(validator)
    assert await judge.judge(INVOICE) == Verdict()
    process = validator._process
    assert process is not None
    with judged_by(judge):
        issuing = asyncio.create_task(shop.issue(send=False))
        process.kill()
        invoice_id = await issuing
        await MakeEInvoice().run(payload(shop, invoice_id))
    assert await state(shop, invoice_id) == ("made", "")
    kept = await einvoices.einvoice_of(shop.id, invoice_id)
    assert kept is not None and await judge.judge(kept) == Verdict()


async def test_a_validator_that_falls_silent_is_ended_and_the_job_says_why_it_waits(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(einvoice_opinions, "PATIENCE", 60)
    silent = Validator(seconds=0.05, command=(sys.executable, "-c", HANGS))
    handler = MakeEInvoice()
    with judged_by(ValidatorJudge(silent)):
        invoice_id = await shop.issue(send=False)
        assert await state(shop, invoice_id) == ("queued", "timeout")
        with pytest.raises(TemporaryFailure) as failed:
            await handler.run(payload(shop, invoice_id))
    await handler.put_off(payload(shop, invoice_id), failed.value)
    assert await state(shop, invoice_id) == ("queued", "timeout")
    await silent.close()
    with judged_by(Scripted()):
        await handler.run(payload(shop, invoice_id))
        await handler.run(payload(shop, invoice_id))
    assert await state(shop, invoice_id) == ("made", "")


async def test_what_is_given_up_is_refused_until_somebody_asks_again(shop: Shop) -> None:
    invoice_id = await shop.issue(send=False)
    handler = MakeEInvoice()
    with pytest.raises(TemporaryFailure) as failed:
        await handler.run(payload(shop, invoice_id))
    await handler.give_up(payload(shop, invoice_id), failed.value.problem)
    assert (await state(shop, invoice_id))[0] == "refused"
    await einvoices.make_again(shop.id, shop.company.person_id, invoice_id)
    assert (await state(shop, invoice_id))[0] == "queued"


class Drawing:
    """Fails to draw, for good or for now."""

    def __init__(self, code: str) -> None:
        self.code = code

    async def start(self) -> None: ...

    async def render(self, document: bytes) -> bytes:
        raise PdfError(self.code)


async def test_a_pdf_that_can_never_be_drawn_does_not_keep_the_e_invoice_and_one_that_can_later_does(
    shop: Shop,
) -> None:
    invoice_id = await shop.issue(send=False)
    with judged_by(Scripted()):
        documents.use(PoolRenderer(Drawing("busy")))
        with pytest.raises(TemporaryFailure):
            await MakeEInvoice().run(payload(shop, invoice_id))
        documents.use(PoolRenderer(Drawing("unprintable")))
        await MakeEInvoice().run(payload(shop, invoice_id))
    kept = await einvoices.einvoice_of(shop.id, invoice_id)
    assert kept is not None and b"EmbeddedDocumentBinaryObject" not in kept


async def test_a_company_that_is_gone_leaves_nothing_to_do(shop: Shop) -> None:
    with judged_by(Scripted()):
        await MakeEInvoice().run(payload(shop, shop.company.person_id))


def test_one_fault_on_many_lines_is_one_sentence() -> None:
    broken = tuple(Broken("BR-CO-10", True, "text", f"/Invoice/Line[{n}]") for n in range(10))
    assert [finding.rule for finding in verdict_of(Checked(broken)).findings] == ["BR-CO-10"]
    assert not verdict_of(RefusedXml("too_large")).is_valid


async def test_rules_that_can_not_be_compiled_are_told_to_whoever_reads_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(judging, "log", SimpleNamespace(error=lambda event, *, kind: said.append(f"{event}: {kind}")))
    (tmp_path / "peppol.xslt").write_text("<not-a-style-sheet/>", encoding="utf-8")
    validator = Validator(tmp_path, seconds=60)
    judge = ValidatorJudge(validator)
    judge.warm()
    assert await judge.judge(INVOICE) == Verdict(unjudged="rules")
    await judge.cool()
    assert set(said) == {"einvoice_rules_can_not_be_asked: rules peppol.xslt"}
    await validator.close()


async def test_warming_up_starts_one_process_however_often_it_is_asked(tmp_path: Path) -> None:
    class Starting:
        started = 0

        async def start(self) -> Unavailable | None:
            self.started += 1
            return None

        async def check(self, xml: bytes) -> Checked:
            return Checked()

    starting = Starting()
    judge = ValidatorJudge(starting)
    for _ in range(3):
        judge.warm()
        await asyncio.sleep(0)
    await judge.cool()
    assert starting.started == 1
