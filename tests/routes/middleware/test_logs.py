"""S-53: log lines tell what happened, and nothing about anybody."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import logs
from routes.middleware import wrap
from routes.middleware.types import Receive, Scope, Send
from tests.routes.middleware.small_app import LOOPBACK, browser, get

NAME, EMAIL, PASSWORD = "Kari Zq7canary", "zq7canary@example.test", "zq7 hemmelig canary"
TOKEN = "zq7canaryAAAA1234567890123456789012345678901"
CANARIES = ("zq7", "Zq7", "12345678901", "86011117947", "NO9386011117947")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    logs.configure()
    written: list[str] = []
    monkeypatch.setattr(logs, "write_line", written.append)
    return written


def assert_silent(lines: list[str]) -> None:
    for line in lines:
        assert not [canary for canary in CANARIES if canary in line], line


@dataclass
class Person:
    person_id: object
    organisation_id: object


async def test_s53_a_request_is_told_by_template_and_ids_only(lines: list[str]) -> None:
    person = Person(uuid4(), uuid4())

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_template"] = "/i/{token}"
        scope["state"]["actor"] = person
        await send({"type": "http.response.start", "status": 200, "headers": [(b"set-cookie", PASSWORD.encode())]})
        await send({"type": "http.response.body", "body": NAME.encode()})

    own: dict[str, Any] = {"user-agent": NAME, "cookie": f"other={TOKEN}"}
    async with browser(wrap(app, LOOPBACK), **own) as client:
        await client.post(f"/i/{TOKEN}?q={EMAIL}", data={"name": NAME, "password": PASSWORD})
    assert_silent(lines)
    said = json.loads(lines[-1])
    assert set(said) == {
        "event", "at", "level", "request_id", "route", "method", "status", "ms", "person_ref", "organisation_ref",
    }  # fmt: skip
    assert said["route"] == "/i/{token}" and said["status"] == 200 and said["method"] == "POST"
    assert said["person_ref"] == str(person.person_id)


async def test_s54_a_failure_is_told_by_kind_and_place_under_the_reference_that_the_page_shows(
    lines: list[str],
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        secret = PASSWORD
        raise ValueError(f"{NAME} {EMAIL} {secret}") from KeyError(TOKEN)

    answer = await get(wrap(app, LOOPBACK), "/")
    assert answer.status_code == 500
    reference = answer.headers["x-request-id"]
    assert reference in answer.text and "Traceback" not in answer.text and "zq7" not in answer.text
    assert_silent(lines)
    failed = next(json.loads(line) for line in lines if "last_resort" in line)
    assert failed["error"] == "ValueError" and failed["cause"] == "KeyError"
    assert failed["request_id"] == reference
    assert any("test_logs.py" in place and place.endswith(" app") for place in failed["where"])


def test_s53_the_second_net_catches_what_was_logged_by_mistake(lines: list[str]) -> None:
    logs.log.warning(f"mail to {EMAIL} failed", job=f"token {TOKEN}", name=NAME, where=["12345678901"])
    logs.log.info("account", kind="1234 56 78901 og 8601.11.17947, NO93 8601 1117 947")
    assert_silent(lines)
    assert json.loads(lines[0])["dropped"] == ["name"]


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("from ola@nordmann.no, to <kari@x.no>", "from [email], to <[email]>"),
        ("postgresql://app:hunter2@db.example/sf", "postgresql://[credentials]@db.example/sf"),
        ("konto 86011117947 kid 1234567", "konto [number] kid 1234567"),
        ("010190 12345", "[number]"),
        ("NO93 8601 1117 947", "[iban]"),
        ("DE89370400440532013000", "[iban]"),
        ("key " + "a1" * 32, "key [token]"),
        ("0195c3a0-1111-7abc-8def-0123456789ab", "0195c3a0-1111-7abc-8def-0123456789ab"),
        ("invoice_number_series_organisation_id", "invoice_number_series_organisation_id"),
        ("plain words stay", "plain words stay"),
    ],
)
def test_private_text_is_recognised(text: str, redacted: str) -> None:
    assert logs.redact(text) == redacted


def test_a_line_break_in_a_text_can_not_forge_an_entry(lines: list[str]) -> None:
    logs.log.info('x"}\r\n{"event":"forged"}\u2028')
    assert len(lines) == 1 and "\n" not in lines[0] and "\r" not in lines[0]
    assert json.loads(lines[0])["event"].startswith('x"}')


@given(st.text())
def test_any_text_becomes_one_line_of_json(text: str) -> None:
    line = logs.as_json(
        None, "info", logs.keep_known(None, "info", {"event": text.encode("utf-8", "replace").decode()})
    )
    assert "\n" not in line and json.loads(line)


def test_what_libraries_log_comes_without_its_arguments(lines: list[str]) -> None:
    logging.getLogger("asyncpg").warning("wrong %s", EMAIL)
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    try:
        raise RuntimeError(NAME)
    except RuntimeError:
        logging.getLogger("asyncio").exception(f"{NAME} was never retrieved")
    assert_silent(lines)
    first, second, third = (json.loads(line) for line in lines)
    assert first["event"] == "library_message" and first["logger"] == "asyncpg"
    assert second["event"] == "Invalid HTTP request received."
    assert third["error"] == "RuntimeError" and third["level"] == "error"


def test_the_access_log_of_the_server_is_off(lines: list[str]) -> None:
    logging.getLogger("uvicorn.access").warning(f"GET /i/{TOKEN}")
    assert lines == []


def test_a_database_error_names_the_rule_and_not_the_value() -> None:
    class UniqueViolationError(Exception):
        sqlstate, table_name, constraint_name, detail = "23505", "person", "person_email_key", EMAIL

    told = logs.describe(UniqueViolationError(f"Key (email)=({EMAIL}) already exists."))
    assert told["sqlstate"] == "23505" and told["constraint"] == "person_email_key" and told["table"] == "person"
    assert EMAIL not in str(told)


async def test_probes_are_not_logged(lines: list[str]) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_template"] = "/healthz"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    await get(wrap(app, LOOPBACK), "/healthz")
    assert lines == []
