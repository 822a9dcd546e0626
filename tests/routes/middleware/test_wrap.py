"""The whole stack in its order, around small apps."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import REGISTRY

from actions import logs
from routes.middleware import wrap
from routes.middleware.consent_gate import ConsentGate
from routes.middleware.last_resort import AnswerCutOff
from routes.middleware.types import Receive, Scope, Send
from tests.routes.middleware.cookie_watch import assert_no_cookies
from tests.routes.middleware.small_app import LOOPBACK, PUBLIC, answering, browser, get, served

HEADERS = (
    "content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy", "permissions-policy",
    "cross-origin-opener-policy", "cross-origin-resource-policy", "cache-control",
)  # fmt: skip


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "write_line", lambda line: None)


async def failing(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("no")


def test_r4_the_consent_gate_is_the_outermost() -> None:
    assert isinstance(wrap(answering(), LOOPBACK), ConsentGate)


async def test_s01_the_last_page_of_all_carries_every_header_too() -> None:
    answer = await get(wrap(failing, PUBLIC), "/", PUBLIC)
    assert answer.status_code == 500
    assert_no_cookies(answer)
    for name in (*HEADERS, "strict-transport-security", "x-request-id"):
        assert name in answer.headers, name


async def test_s01_a_refusal_at_the_door_carries_every_header_too() -> None:
    answer = await get(wrap(answering(), LOOPBACK), "/", host="evil.test")
    assert answer.status_code == 400
    assert_no_cookies(answer)
    for name in (*HEADERS, "x-request-id"):
        assert name in answer.headers, name


async def test_an_answer_that_began_and_failed_is_cut_off_and_never_looks_whole() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("no")

    with pytest.raises(AnswerCutOff):
        await get(wrap(app, LOOPBACK), "/")
    async with served(wrap(app, LOOPBACK)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n")
        assert (await reader.read()).endswith(b"half")
        writer.close()


async def test_head_has_the_status_and_headers_of_get_and_no_body() -> None:
    async with browser(wrap(answering(b"hello", headers=[("content-length", "5")]), LOOPBACK)) as client:
        got, head = await client.get("/"), await client.head("/")
    assert head.status_code == 200 and head.content == b"" and got.content == b"hello"
    assert {n: v for n, v in head.headers.items() if n != "x-request-id"} == {
        n: v for n, v in got.headers.items() if n != "x-request-id"
    }


async def test_head_is_right_over_a_real_socket_and_the_connection_lives_on() -> None:
    async with served(wrap(answering(b"hello", headers=[("content-length", "5")]), LOOPBACK)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        ask = b"%s / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n%s\r\n"
        writer.write(ask % (b"HEAD", b"") + ask % (b"GET", b"Connection: close\r\n"))
        both = await reader.read()
        writer.close()
    assert both.count(b"HTTP/1.1 200 OK") == 2 and both.count(b"hello") == 1


async def test_each_request_has_a_name_of_its_own() -> None:
    app = wrap(answering(), LOOPBACK)
    names = {(await get(app, "/")).headers["x-request-id"] for _ in range(20)}
    assert len(names) == 20
    assert (await get(app, "/", x_request_id="mine")).headers["x-request-id"] not in names | {"mine"}


async def test_requests_are_counted_by_template_and_a_strange_method_makes_no_new_series() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_template"] = "/counted/{id}"
        await answering()(scope, receive, send)

    async with browser(wrap(app, LOOPBACK)) as client:
        await client.get("/counted/1")
        await client.get("/counted/2")
        await client.request("BREW", "/counted/3")

    def count(method: str) -> float | None:
        labels = {"method": method, "route": "/counted/{id}", "status": "200"}
        return REGISTRY.get_sample_value("smartfaktura_requests_total", labels)

    assert count("GET") == 2 and count("other") == 1 and count("BREW") is None


async def test_the_start_and_end_of_the_process_pass_untouched() -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    await wrap(app, LOOPBACK)({"type": "lifespan"}, None, None)
    assert seen == ["lifespan"]
