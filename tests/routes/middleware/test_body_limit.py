"""How much may be sent, counted as it comes in (S-18)."""

from __future__ import annotations

import asyncio
import resource
import time
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from domain.attachments import MOST_TOGETHER
from routes.forms.invoice import LINE_FIELDS, MOST_LINES
from routes.middleware import wrap
from routes.middleware.body_limit import DEFAULT, MOST_FIELDS, MOST_IN_FILES, BodyLimit, limit_of
from tests.routes.middleware.small_app import FORM, LOOPBACK, answering, browser, served

MIB = 1024 * 1024
STEP = 64 * 1024
READS = BodyLimit(answering(reads=True))


async def send(content: Any, path: str = "/", **headers: str) -> httpx.Response:
    async with browser(wrap(answering(reads=True), LOOPBACK)) as client:
        return await client.post(path, content=content, headers={**FORM, **headers})


async def test_an_ordinary_form_passes() -> None:
    assert (await send(b"name=Kari&email=kari%40example.test")).status_code == 200


async def test_the_bytes_of_a_file_are_not_taken_for_fields() -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert (await send(b"&" * (MOST_FIELDS + 2), path="/inbox", **kind)).status_code == 200


async def test_a_form_of_exactly_the_limit_passes_and_one_byte_more_does_not() -> None:
    assert (await send(b"a" * DEFAULT)).status_code == 200
    assert (await send(b"a" * (DEFAULT + 1))).status_code == 413


@pytest.mark.parametrize("editor", ["invoices", "quotes", "plans"])
async def test_every_line_that_an_editor_takes_passes_and_one_more_comes_as_far_as_the_form(editor: str) -> None:
    lines = {f"lines.{n}.{field}": "å" * 30 for n in range(MOST_LINES + 1) for field in LINE_FIELDS}
    content = urlencode({**lines, **{f"field{n}": "x" for n in range(40)}}).encode()
    assert (await send(content, f"/{editor}/01a2/draft")).status_code == 200


def test_only_the_files_of_an_invoice_may_be_as_large_as_files() -> None:
    assert limit_of("/invoices/01a2/files") == MOST_IN_FILES > MOST_TOGETHER
    for path in (
        "/invoices/01a2/files/01a3/removal",
        "/invoices/01a2/draft",
        "/quotes/01a2/files",
        "/x/invoices/1/files",
    ):
        assert limit_of(path) <= MIB


async def test_a_length_that_was_declared_too_large_is_refused_before_the_app_is_asked() -> None:
    async def never(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("the app was asked")

    async with browser(BodyLimit(never)) as client:
        answer = await client.post("/", content=b"a" * (DEFAULT + 1), headers=FORM)
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


async def test_the_page_says_it_in_the_readers_language() -> None:
    answer = await send(b"a" * (DEFAULT + 1), **{"accept-language": "nb"})
    assert 'lang="nb"' in answer.text and "413" in answer.text


async def test_a_form_that_htmx_sent_stays_and_the_sentence_comes_beside_it() -> None:
    answer = await send(b"a" * (DEFAULT + 1), **{"hx-request": "true", "hx-request-type": "partial"})
    assert answer.status_code == 413 and answer.headers["hx-retarget"] == "#flash"
    assert "<html" not in answer.text and "too much to send" in answer.text


def test_the_logo_and_the_editor_may_send_more_and_a_path_that_only_begins_alike_may_not() -> None:
    assert limit_of("/company/logo") > 5 * MIB
    assert limit_of("/invoices/0195/draft") == limit_of("/invoices") == MIB
    assert limit_of("/company/logos") == limit_of("/invoicesx") == limit_of("/") == DEFAULT


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "GZIP, identity"])
async def test_s18_a_compressed_body_is_refused(encoding: str) -> None:
    assert (await send(b"x", **{"content-encoding": encoding})).status_code == 415


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/xml", "text/html", ""])
async def test_s07_what_is_not_a_form_is_refused(kind: str) -> None:
    assert (await send(b'{"a":1}', **{"content-type": kind})).status_code == 415


async def test_a_form_with_files_passes() -> None:
    assert (await send(b"--x--", **{"content-type": "multipart/form-data; boundary=x"})).status_code == 200


async def test_a_request_without_a_body_needs_no_content_type() -> None:
    async with browser(READS) as client:
        assert (await client.post("/")).status_code == 200
        assert (await client.get("/")).status_code == 200


async def test_s18_too_many_fields_are_refused_though_they_are_short() -> None:
    async with served(wrap(_litestar(), LOOPBACK)) as port:
        assert (await _posted(port, b"a=&" * MOST_FIELDS)).startswith(b"HTTP/1.1 201")
        assert (await _posted(port, b"a=&" * (MOST_FIELDS + 1))).startswith(b"HTTP/1.1 413")


def _litestar() -> Any:
    from litestar import Litestar, Request, post

    from routes.errors import HANDLERS

    @post("/")
    async def read(request: Request[Any, Any, Any]) -> str:
        return str(len(await request.form()))

    return Litestar([read], exception_handlers=HANDLERS, openapi_config=None, logging_config=None)


async def _posted(port: int, body: bytes, chunked: bool = False) -> bytes:
    """The whole answer as it comes over a real socket, read while the body is still being sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    size = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
    head = (
        "POST / HTTP/1.1",
        "Host: 127.0.0.1:8000",
        f"Content-Type: {FORM['content-type']}",
        "Connection: close",
        size,
    )
    writer.write("\r\n".join([*head, "", ""]).encode())
    reading = asyncio.create_task(reader.read())
    for at in range(0, len(body), STEP):
        part = body[at : at + STEP]
        writer.write(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
        await writer.drain()
    if chunked:
        writer.write(b"0\r\n\r\n")
    try:
        return await asyncio.wait_for(reading, 30)
    finally:
        writer.close()


@pytest.mark.parametrize("chunked", [False, True])
async def test_s18_eleven_megabytes_are_answered_at_once_and_the_browser_can_read_it(chunked: bool) -> None:
    async with served(wrap(_litestar(), LOOPBACK)) as port:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.process_time()  # both ends are in this process
        answer = await _posted(port, b"a" * (11 * MIB), chunked=chunked)
        assert answer.startswith(b"HTTP/1.1 413"), answer[:100]
        assert b"connection: close" in answer and b"</html>" in answer
        assert time.process_time() - began < 1
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


async def test_the_server_goes_on_after_a_refusal() -> None:
    async with served(wrap(_litestar(), LOOPBACK)) as port:
        for _ in range(3):
            assert b"413" in (await _posted(port, b"a" * MIB))[:20]
        assert (await _posted(port, b"a=1")).startswith(b"HTTP/1.1 201")


async def test_a_browser_that_waits_for_permission_is_refused_without_sending() -> None:
    async with served(wrap(_litestar(), LOOPBACK)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"
        )
        assert (await reader.readline()).startswith(b"HTTP/1.1 413")
        writer.close()
