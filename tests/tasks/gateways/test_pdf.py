"""The pool of workers: what goes in comes out, and whatever happens to a worker, the next document is drawn."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.gateways.pdf import MAX_REQUEST, NullPdf, PdfError, PdfPool
from tasks.gateways.pdf_document import Look
from tasks.gateways.pdf_render import render_document
from tasks.gateways.pdf_view import view_of
from tests.tasks.gateways.pdf_documents import invoice, opened, squeezed, text, with_descriptions
from tests.tasks.gateways.test_pdf_logo import picture

SMALL = view_of(invoice(2))
LONG = view_of(invoice(400))


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[PdfPool]:
    pool = PdfPool(2)
    await pool.start()
    yield pool
    await pool.close()


def pids(pool: PdfPool) -> set[int]:
    return {worker.process.pid for worker in pool._workers}


def kill_all(pool: PdfPool) -> None:
    for pid in pids(pool):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


async def test_a_worker_draws_what_this_process_would_draw(pool: PdfPool) -> None:
    assert await pool.render(SMALL) == render_document(SMALL)


async def test_a_document_may_come_as_bytes(pool: PdfPool) -> None:
    assert await pool.render(SMALL.to_bytes()) == await pool.render(SMALL)


async def test_more_documents_than_workers_all_come_out_right(pool: PdfPool) -> None:
    views = [view_of(invoice(lines)) for lines in range(1, 9)]
    drawn = await asyncio.gather(*map(pool.render, views))
    for view, pdf in zip(views, drawn, strict=True):
        assert f"{view.lines[-1].description[0]} " in text(pdf)


async def test_the_loop_goes_on_while_documents_are_drawn(pool: PdfPool) -> None:
    document = LONG.to_bytes()
    drawing = asyncio.create_task(pool.render(document))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert await drawing
    assert turns > 2  # a loop that waited would have come round once, however slow the machine


async def test_a_document_that_takes_too_long_is_given_up_and_the_pool_recovers(pool: PdfPool) -> None:
    with pytest.raises(PdfError) as raised:
        await pool.render(LONG, seconds=0.01)
    assert raised.value.code == "timeout"
    assert raised.value.is_temporary
    assert await pool.render(SMALL)
    assert len(pids(pool)) <= pool.size


async def test_the_worker_of_a_document_given_up_is_killed(pool: PdfPool) -> None:
    await asyncio.gather(pool.render(SMALL), pool.render(SMALL))
    before = pids(pool)
    with pytest.raises(PdfError):
        await pool.render(LONG, seconds=0.01)
    await asyncio.gather(*pool._replacing)
    (gone,) = before - pids(pool)
    with pytest.raises(ProcessLookupError):
        os.kill(gone, 0)


async def test_a_worker_killed_in_the_middle_is_replaced_and_its_document_drawn(pool: PdfPool) -> None:
    await asyncio.gather(pool.render(SMALL), pool.render(SMALL))
    drawing = asyncio.create_task(pool.render(LONG))
    await asyncio.sleep(0.1)
    kill_all(pool)
    assert await drawing == render_document(LONG)


async def test_workers_killed_while_idle_are_replaced(pool: PdfPool) -> None:
    await asyncio.gather(pool.render(SMALL), pool.render(SMALL))
    kill_all(pool)
    for _ in range(3):
        assert await pool.render(SMALL) == render_document(SMALL)


async def test_a_document_that_kills_each_worker_is_a_clear_error(pool: PdfPool) -> None:
    drawing = asyncio.create_task(pool.render(LONG))
    while not drawing.done():
        kill_all(pool)
        await asyncio.sleep(0.01)
    error = drawing.exception()
    assert isinstance(error, PdfError)
    assert error.code == "crashed"
    assert await pool.render(SMALL)


async def test_a_reader_who_goes_away_leaves_a_pool_that_works(pool: PdfPool) -> None:
    for _ in range(4):
        drawing = asyncio.create_task(pool.render(LONG))
        await asyncio.sleep(0.02)
        drawing.cancel()
        with contextlib.suppress(asyncio.CancelledError):  # unless it was drawn before
            await drawing
    assert await pool.render(SMALL) == render_document(SMALL)


async def test_a_document_too_large_is_refused_before_it_reaches_a_worker(pool: PdfPool) -> None:
    with pytest.raises(PdfError) as raised:
        await pool.render(b"x" * (MAX_REQUEST + 1))
    assert raised.value.code == "too_large"


async def test_what_is_no_document_is_an_error_and_the_worker_lives(pool: PdfPool) -> None:
    await asyncio.gather(pool.render(SMALL), pool.render(SMALL))
    before = pids(pool)
    for nonsense in (b"", b"{}", b"[1]", b"\xff\xfe", b'{"kind": "../../etc/passwd"}'):
        with pytest.raises(PdfError):
            await pool.render(nonsense)
    assert pids(pool) == before


async def test_a_character_that_can_not_be_drawn_is_named_as_the_reason(pool: PdfPool) -> None:
    with pytest.raises(PdfError) as raised:
        await pool.render(view_of(with_descriptions("🎂")))
    assert raised.value.code == "unprintable"
    assert not raised.value.is_temporary


async def test_a_queue_that_is_full_refuses_at_once(pool: PdfPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.gateways.pdf.WAITING_PER_WORKER", 3)
    drawing = [asyncio.create_task(pool.render(SMALL)) for _ in range(20)]
    done = await asyncio.gather(*drawing, return_exceptions=True)
    busy = [error for error in done if isinstance(error, PdfError)]
    assert busy
    assert {error.code for error in busy} == {"busy"}
    assert sum(isinstance(pdf, bytes) for pdf in done) >= 6


async def test_a_pool_that_is_closed_says_so_to_those_who_wait() -> None:
    pool = PdfPool(1)
    await pool.start()
    for worker in pool._workers:
        os.kill(worker.process.pid, signal.SIGSTOP)  # or it might be done with the first before we close
    drawing = [asyncio.create_task(pool.render(LONG)) for _ in range(3)]
    await asyncio.sleep(0.05)
    await pool.close()
    for error in await asyncio.gather(*drawing, return_exceptions=True):
        assert isinstance(error, PdfError)
        assert error.code == "closed"
    with pytest.raises(PdfError):
        await pool.render(SMALL)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")
async def test_a_worker_has_no_settings_and_no_secrets(pool: PdfPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTFAKTURA_SECRET_KEY", "planted-canary")
    other = PdfPool(1)
    await other.start()
    try:
        (worker,) = other._workers
        assert b"planted-canary" not in Path(f"/proc/{worker.process.pid}/environ").read_bytes()
    finally:
        await other.close()


async def test_s21_what_strangers_type_is_printed_as_text_and_reaches_nothing(pool: PdfPool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        port = listener.getsockname()[1]
        typed = (
            '<img src="/etc/passwd">',
            f'<img src="http://127.0.0.1:{port}/x">',
            '<font color="[[[7*7]]]">x</font>',
            "<link rel=attachment href=file:///etc/passwd>",
            '<pdf:include src="/etc/passwd">',
            f"@import url(http://127.0.0.1:{port}/y);",
            f"<style>@font-face {{font-family: inter; src: url(http://127.0.0.1:{port}/z)}}</style>",
            "data:application/pdf;base64,JVBERi0xLjQ=",
            "</td></tr></table></body><pdf:nextpage>",
            "{{ 7*7 }}{% include '/etc/passwd' %}",
            "&lt;img src=x&gt; &#60;",
        )
        issued = with_descriptions(*typed, note="\n".join(typed), your_reference=typed[0], order_number=typed[2])
        issued = replace(
            issued,
            buyer=replace(issued.buyer, name=typed[1], address_lines=typed[:3], city=typed[3]),
            seller=replace(issued.seller, name=typed[2], email=typed[4], phone=typed[5]),
            delivery_place=typed[6],
        )
        pdf = await pool.render(view_of(issued))
        found = squeezed(text(pdf))
        for words in typed:
            assert found.count(squeezed(words)) >= 2
        assert "root:x:" not in found
        assert list(opened(pdf).attachments) == ["factur-x.xml"]
        assert len(opened(pdf).pages) <= 3
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize("typed", ["<b>" * 5000, "x" * 20_000, "\u202e" * 20_000 + "a"])
async def test_s21_a_very_long_text_is_drawn_in_time_or_refused(pool: PdfPool, typed: str) -> None:
    begun = time.monotonic()
    try:
        pdf = await pool.render(view_of(with_descriptions(typed)))
    except PdfError as error:
        assert error.code == "timeout"
    else:
        assert opened(pdf).pages
    assert time.monotonic() - begun < 60


async def test_s22_documents_of_two_companies_drawn_side_by_side_are_what_they_are_alone(pool: PdfPool) -> None:
    ours = view_of(with_descriptions("東京 مرحبا", "Ærlig"), Look("#7a1f4b", picture((300, 100))))
    theirs = view_of(with_descriptions("北京 שלום", "Ремонт"), Look("#0a0a0a", picture((100, 300), "JPEG")))
    alone = [await pool.render(ours), await pool.render(theirs)]
    together = await asyncio.gather(*(pool.render(view) for _ in range(4) for view in (ours, theirs)))
    assert together == alone * 4


async def test_the_stand_in_draws_nothing_and_says_what_it_was_asked_for() -> None:
    pdf = await NullPdf().render(SMALL.to_bytes())
    assert pdf.startswith(b"%PDF-")
    assert SMALL.number.encode() in pdf
