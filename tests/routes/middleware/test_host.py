"""S-01: no other host is answered."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from domain.settings import Settings
from routes.middleware.host import HostCheck, accepted_hosts
from tests.routes.middleware.small_app import LOOPBACK, PUBLIC, answering, browser, scope


async def ask(settings: Settings, path: str = "/", **headers: str) -> httpx.Response:
    async with browser(HostCheck(answering(), settings), settings) as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize(
    "host", ["evil.test", "127.0.0.1:9000", "127.0.0.1", "faktura.example.no", "", "127.0.0.1:8000.evil.test"]
)
async def test_s01_another_host_is_refused(host: str) -> None:
    answer = await ask(LOOPBACK, host=host)
    assert answer.status_code == 400
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "LocalHost:8000"])
async def test_on_this_machine_each_of_its_names_is_answered(host: str) -> None:
    assert (await ask(LOOPBACK, host=host)).status_code == 200


async def test_a_public_installation_answers_to_its_own_name_only() -> None:
    assert (await ask(PUBLIC, host="faktura.example.no")).status_code == 200
    assert (await ask(PUBLIC, host="localhost:8000")).status_code == 400


async def test_s01_a_forwarded_host_counts_for_nothing() -> None:
    headers = {"x-forwarded-host": "faktura.example.no", "forwarded": "host=faktura.example.no"}
    assert (await ask(PUBLIC, host="evil.test", **headers)).status_code == 400
    assert (await ask(PUBLIC, **{"x-forwarded-host": "evil.test"})).status_code == 200


@pytest.mark.parametrize("hosts", [[], [b"127.0.0.1:8000", b"127.0.0.1:8000"], [b"127.0.0.1:8000", b"evil.test"]])
async def test_s01_a_missing_or_doubled_host_is_refused(hosts: list[bytes]) -> None:
    sent = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    asked = scope() | {"headers": [(b"host", host) for host in hosts]}
    await HostCheck(answering(), LOOPBACK)(asked, receive, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_a_probe_may_ask_by_number(path: str) -> None:
    assert (await ask(PUBLIC, path, host="10.1.2.3:8000")).status_code == 200


async def test_a_websocket_to_another_host_is_closed() -> None:
    sent = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await HostCheck(answering(), LOOPBACK)(scope() | {"type": "websocket"}, None, send)  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_an_address_without_a_port_has_names_without_one() -> None:
    settings = replace(LOOPBACK, public_url="http://localhost")
    assert accepted_hosts(settings) == {"localhost", "127.0.0.1", "[::1]"}
