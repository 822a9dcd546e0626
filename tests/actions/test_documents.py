"""The PDF of an invoice: one file, whoever asks and however many at once."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator

import pytest

from actions import documents, files
from actions.documents import NotReady
from actions.outcomes import NotFound
from domain.invoice import Issued
from domain.settings import Settings
from models.queries.documents import pdf_of
from models.unit_of_work import unit_of_work
from tests.issuing import Shop, open_shop


class Counting:
    """A renderer that never gives the same bytes twice, so that a second document would show."""

    def __init__(self) -> None:
        self.drawn: list[Issued] = []

    async def render(self, issued: Issued, accent: str, logo: bytes, reference: str = "") -> bytes:
        self.drawn.append(issued)
        await asyncio.sleep(0.01)
        return f"%PDF {issued.number} {accent} {logo.hex()} {uuid.uuid4()}".encode()


@pytest.fixture
async def shop(pool: None, settings: Settings) -> AsyncIterator[Shop]:
    files.open_store(settings)
    async with open_shop(settings) as opened:
        yield opened
    documents.use(None)


@pytest.fixture
def renderer() -> Counting:
    counting = Counting()
    documents.use(counting)
    return counting


async def test_a_document_is_made_once_and_is_the_same_ever_after(shop: Shop, renderer: Counting) -> None:
    invoice_id = await shop.issue(send=False)
    first = await documents.rendered(shop.id, invoice_id)
    content = await files.get(shop.id, first.sha256)
    again = await documents.rendered(shop.id, invoice_id)
    assert again == first
    assert await files.get(shop.id, again.sha256) == content
    assert hashlib.sha256(content).digest() == first.sha256
    assert len(content) == first.size
    assert len(renderer.drawn) == 1


async def test_many_who_ask_at_once_in_one_process_wait_for_one_drawing(shop: Shop, renderer: Counting) -> None:
    invoice_id = await shop.issue(send=False)
    found = await asyncio.gather(*(documents.rendered(shop.id, invoice_id) for _ in range(8)))
    assert len(set(found)) == 1
    assert len(renderer.drawn) == 1


async def test_two_processes_that_draw_at_once_give_one_document(shop: Shop) -> None:
    invoice_id = await shop.issue(send=False)
    # What another process does is the same function without this process's memory of what is under way.
    found = await asyncio.gather(*(documents._make(shop.id, invoice_id, Counting()) for _ in range(4)))
    assert len({file.sha256 for file in found}) == 1
    assert found[0] == await pdf_of(shop.id, invoice_id)


async def test_a_reader_who_goes_away_does_not_stop_the_others_document(shop: Shop, renderer: Counting) -> None:
    invoice_id = await shop.issue(send=False)
    impatient = asyncio.create_task(documents.rendered(shop.id, invoice_id))
    await asyncio.sleep(0)
    patient = asyncio.create_task(documents.rendered(shop.id, invoice_id))
    await asyncio.sleep(0.002)
    impatient.cancel()
    assert (await patient).size > 0
    assert len(renderer.drawn) == 1


async def test_a_failed_drawing_may_be_tried_again(shop: Shop, renderer: Counting) -> None:
    class Broken:
        async def render(self, issued: Issued, accent: str, logo: bytes, reference: str = "") -> bytes:
            raise RuntimeError("no ink")

    invoice_id = await shop.issue(send=False)
    documents.use(Broken())
    with pytest.raises(RuntimeError):
        await documents.rendered(shop.id, invoice_id)
    documents.use(renderer)
    assert (await documents.rendered(shop.id, invoice_id)).size > 0


async def test_the_document_has_the_colour_and_logo_of_the_day_it_was_issued(shop: Shop, renderer: Counting) -> None:
    logo = await files.put(shop.id, b"\x89PNG")
    async with unit_of_work(shop.id) as work:
        change = "update organisation set accent = $2, logo_sha256 = $3 where id = $1"
        await work.connection.execute(change, shop.id, "#112233", logo)
    invoice_id = await shop.issue(send=False)
    async with unit_of_work(shop.id) as work:
        await work.connection.execute(change, shop.id, "#445566", None)
    document = await documents.rendered(shop.id, invoice_id)
    assert (await files.get(shop.id, document.sha256)).startswith(b"%PDF 1 #112233 89504e47 ")


async def test_a_draft_and_a_foreign_invoice_have_no_document(shop: Shop, settings: Settings) -> None:
    draft_id, invoice_id = await shop.saved_draft(), await shop.issue(send=False)
    async with open_shop(settings) as other:
        for renderer in (Counting(), None):
            documents.use(renderer)
            for owner, found in ((shop, draft_id), (other, invoice_id), (shop, uuid.uuid4())):
                with pytest.raises(NotFound):
                    await documents.rendered(owner.id, found)


async def test_a_process_that_draws_nothing_asks_the_worker_and_waits_for_it(shop: Shop) -> None:
    invoice_id = await shop.issue(send=False)
    waiting = asyncio.create_task(documents.rendered(shop.id, invoice_id))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    payload = {"organisation_id": str(shop.id), "invoice_id": str(invoice_id)}
    assert ("render_invoice", payload) in await shop.jobs()
    made = await documents._make(shop.id, invoice_id, Counting())
    assert await waiting == made


async def test_asking_twice_queues_one_more_job(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "pauses", lambda: [0.01])
    invoice_id = await shop.issue(send=False)
    before = len(await shop.jobs())
    for _ in range(3):
        with pytest.raises(NotReady):
            await documents.rendered(shop.id, invoice_id)
    assert len(await shop.jobs()) == before + 1


async def test_the_row_of_a_document_can_neither_change_nor_go(shop: Shop, renderer: Counting) -> None:
    import asyncpg

    invoice_id = await shop.issue(send=False)
    await documents.rendered(shop.id, invoice_id)
    for statement in ("update invoice_file set size = 1", "delete from invoice_file"):
        with pytest.raises(asyncpg.PostgresError):
            async with unit_of_work(shop.id) as work:
                await work.connection.execute(statement)
