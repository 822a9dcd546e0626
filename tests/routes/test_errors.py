"""What goes wrong becomes a page in the reader's words, with a reference and without a stack (S-54, S-60)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar, Request, Response, get, post
from litestar.exceptions import (
    ClientException,
    HTTPException,
    NotFoundException,
    PermissionDeniedException,
    TooManyRequestsException,
)

from actions import instance, logs
from actions.limits import LimitReached
from actions.outcomes import NotFound, Stale
from domain.refusals import Refusal, Refused
from domain.settings import Settings
from models.database_away import is_database_away
from models.unit_of_work import CommitFailed
from routes import errors
from routes.bare_page import SENTENCES
from routes.errors import HANDLERS
from routes.guards import CompanyNeeded, SignInNeeded, public
from routes.middleware import wrap
from tests.routes.middleware.small_app import LOOPBACK, browser
from tests.world import World

SECRET = "Kari Zq7canary"
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Locked(HTTPException):
    status_code = 423


class OtherMethod(HTTPException):
    status_code = 405


class OtherKind(HTTPException):
    status_code = 415


class Teapot(HTTPException):
    status_code = 418


RAISED: list[tuple[Exception, int]] = [
    (ClientException(SECRET), 400),
    (PermissionDeniedException(SECRET), 403),
    (NotFoundException(SECRET), 404),
    (NotFound(SECRET), 404),
    (Stale(SECRET), 409),
    (ClientException("Request Entity Too Large"), 413),
    (Refused(Refusal("field.required", "name")), 422),
    (OtherMethod(SECRET), 405),
    (OtherKind(SECRET), 415),
    (Locked(SECRET), 423),
    (Teapot(SECRET), 418),
    (TooManyRequestsException(SECRET), 429),
    (LimitReached(17), 429),
    (ValueError(SECRET), 500),
    (AssertionError(SECRET), 500),
    (CommitFailed("ROLLBACK"), 500),
    (asyncpg.UniqueViolationError(SECRET), 500),
    (asyncpg.ConnectionDoesNotExistError(SECRET), 503),
    (asyncpg.CannotConnectNowError(SECRET), 503),
    (asyncpg.TooManyConnectionsError(SECRET), 503),
    (asyncpg.AdminShutdownError(SECRET), 503),
    (asyncpg.SerializationError(SECRET), 503),
    (asyncpg.DeadlockDetectedError(SECRET), 503),
    (asyncpg.QueryCanceledError(SECRET), 503),
    (asyncpg.LockNotAvailableError(SECRET), 503),
    (asyncpg.IdleInTransactionSessionTimeoutError(SECRET), 503),
    (asyncpg.InterfaceError("connection is closed"), 503),
    (asyncpg.InterfaceError("cannot perform operation: another operation is in progress"), 500),
    (ConnectionRefusedError(SECRET), 503),
    (FileNotFoundError(SECRET), 500),
]
each = pytest.mark.parametrize(("error", "status"), RAISED, ids=lambda value: type(value).__name__)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    logs.configure()
    written: list[str] = []
    monkeypatch.setattr(logs, "write_line", written.append)
    monkeypatch.setattr(instance, "_settings", LOOPBACK)
    return written


Ask = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def ask(lines: list[str]) -> Ask:
    """Ask an app whose only page raises `error`."""

    async def request(error: Exception, method: str = "GET", **headers: str) -> httpx.Response:
        @get("/page", guards=[public])
        async def show(request: Request[Any, Any, Any]) -> Response[str]:
            raise error

        @post("/page", guards=[public])
        async def create(request: Request[Any, Any, Any]) -> Response[str]:
            raise error

        app = Litestar([show, create], exception_handlers=HANDLERS, openapi_config=None, logging_config=None)
        async with browser(wrap(app, LOOPBACK)) as client:
            return await client.request(method, "/page", headers=headers)

    return request


@each
async def test_each_kind_of_trouble_has_its_page_without_a_word_of_the_cause(
    ask: Ask, lines: list[str], error: Exception, status: int
) -> None:
    answer = await ask(error)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>" in answer.text and "</html>" in answer.text
    for text in (answer.text, *lines):
        assert SECRET not in text and "Traceback" not in text and "asyncpg" not in answer.text


@each
async def test_each_page_speaks_the_readers_language(ask: Ask, error: Exception, status: int) -> None:
    answer = await ask(error, **{"Accept-Language": "nb"})
    assert 'lang="nb"' in answer.text
    assert "To the start page" not in answer.text


@each
async def test_htmx_gets_a_part_of_the_page_in_its_main_place(ask: Ask, error: Exception, status: int) -> None:
    answer = await ask(error, **PART)
    assert answer.status_code == status
    if status < 500:
        assert "<html" not in answer.text and "<h1>" in answer.text
        assert answer.headers["hx-retarget"] == "#main"


@pytest.mark.parametrize("status_error", [pair for pair in RAISED if pair[1] in SENTENCES], ids=str)
async def test_a_form_that_htmx_sent_stays_and_the_sentence_comes_beside_it(
    ask: Ask, status_error: tuple[Exception, int]
) -> None:
    error, status = status_error
    answer = await ask(error, "POST", **PART)
    assert answer.status_code == status
    assert answer.headers["hx-retarget"] == "#flash"
    assert "<h1>" not in answer.text and "problem" in answer.text


async def test_s54_a_failure_shows_a_reference_that_the_log_knows(ask: Ask, lines: list[str]) -> None:
    answer = await ask(ValueError(SECRET))
    reference = answer.headers["x-request-id"]
    assert reference in answer.text
    failed = next(json.loads(line) for line in lines if "request_failed" in line)
    assert failed["request_id"] == reference and failed["error"] == "ValueError"
    assert any("test_errors.py" in place for place in failed["where"])


async def test_too_many_tries_say_when_the_next_is_welcome(ask: Ask) -> None:
    assert (await ask(LimitReached(17))).headers["retry-after"] == "17"
    assert (await ask(LimitReached(17), "POST", **PART)).headers["retry-after"] == "17"


async def test_s60_without_the_database_the_page_says_so_and_when_to_come_back(ask: Ask) -> None:
    answer = await ask(ConnectionRefusedError())
    assert answer.status_code == 503 and answer.headers["retry-after"] == "10"
    assert "Back in a moment" in answer.text


async def test_t06_a_failed_commit_is_an_error_and_never_saved(ask: Ask) -> None:
    answer = await ask(CommitFailed("ROLLBACK"), "POST")
    assert answer.status_code == 500
    assert "location" not in answer.headers and "saved." not in answer.text.lower()


async def test_a_visitor_is_led_to_sign_in_and_back(ask: Ask) -> None:
    answer = await ask(SignInNeeded("/invoices%3Ftab%3Dopen"))
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/invoices%3Ftab%3Dopen"
    assert (await ask(SignInNeeded(""))).headers["location"] == "/login"


async def test_htmx_is_told_to_load_the_sign_in_page_and_not_to_put_it_in_a_cell(ask: Ask) -> None:
    answer = await ask(SignInNeeded("/x"), **PART)
    assert answer.status_code == 200 and answer.headers["hx-redirect"] == "/login?next=/x" and answer.text == ""


async def test_a_form_that_htmx_sent_after_the_session_ended_is_not_lost(ask: Ask) -> None:
    answer = await ask(SignInNeeded(""), "POST", **PART)
    assert answer.status_code == 401 and answer.headers["hx-retarget"] == "#flash"


async def test_who_has_no_company_is_led_to_make_one(ask: Ask) -> None:
    assert (await ask(CompanyNeeded())).headers["location"] == "/companies/new"


async def test_a_method_that_is_not_known_here_is_a_page_that_says_which_are(ask: Ask) -> None:
    answer = await ask(ValueError(), "PUT")
    assert answer.status_code == 405 and answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert "This address can not do that" in answer.text and ">405<" in answer.text


@pytest.mark.parametrize(
    ("method", "content", "kind", "status"),
    [
        ("PUT", b"", "", 405),
        ("DELETE", b"", "", 405),
        ("POST", b"{}", "application/json", 415),
        ("POST", b"<x/>", "application/xml", 415),
        ("POST", b"name=" + b"x" * 7_000_000, "application/x-www-form-urlencoded", 413),
    ],
)
@pytest.mark.parametrize(("language", "words"), [("en", "To the start page"), ("nb", "Til forsiden")])
async def test_what_the_app_does_not_take_is_said_in_its_own_design_in_both_languages(
    world: World, method: str, content: bytes, kind: str, status: int, language: str, words: str
) -> None:
    company = await world.company(language=language)
    headers = {"X-CSRF-Token": company.csrf, "Accept-Language": language} | ({"Content-Type": kind} if kind else {})
    answer = await company.client.request(method, "/company", content=content, headers=headers)
    assert answer.status_code == status and answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f">{status}<" in answer.text and words in answer.text and "/static/css/" in answer.text


async def test_head_is_answered_as_get_and_options_names_the_methods(world: World) -> None:
    company = await world.company()
    for path in ("/", "/customers", "/nowhere", "/static/css/base.css"):
        get, head = await company.get(path), await company.client.head(path)
        assert head.status_code == get.status_code and head.content == b""
        assert head.headers["content-length"] == get.headers["content-length"]
    options = await company.client.options("/customers")
    assert options.status_code == 204 and "content-type" not in options.headers and options.headers["allow"]


async def test_a_redirect_is_empty_and_names_no_kind_of_content(world: World) -> None:
    for client, path in ((world.visitor(), "/customers"), ((await world.company()).client, "/login")):
        answer = await client.get(path)
        assert answer.status_code == 303 and answer.content == b""
        assert "content-type" not in answer.headers and answer.headers["content-length"] == "0"


async def test_who_may_not_do_something_is_told_who_can_change_it(ask: Ask) -> None:
    for answer in (await ask(PermissionDeniedException()), await ask(PermissionDeniedException(), "POST", **PART)):
        assert answer.status_code == 403 and "Somebody who administers the company can change it" in answer.text


async def test_an_error_page_that_fails_itself_is_replaced_by_the_plain_one(
    ask: Ask, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(errors, "public_page", broken)
    answer = await ask(NotFound())
    assert answer.status_code == 404 and "</html>" in answer.text
    assert any("error_page_failed" in line for line in lines) and SECRET not in "".join(lines)


async def test_and_when_the_plain_one_fails_too_there_is_the_last_of_all(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(errors, "public_page", broken)
    monkeypatch.setattr(errors, "bare_page", broken)
    answer = await ask(NotFound())
    assert answer.status_code == 500 and SECRET not in answer.text
    assert answer.headers["x-request-id"] in answer.text


async def test_a_socket_that_is_gone_is_the_database_only_when_asyncpg_says_so() -> None:
    with pytest.raises(OSError) as gone:
        await asyncpg.connect("postgresql://nobody@/nothing?host=/nowhere-at-all")
    assert is_database_away(gone.value)
    with pytest.raises(OSError) as file:
        Path("/nowhere-at-all/file").read_bytes()
    assert not is_database_away(file.value)


async def test_the_real_app_answers_unknown_addresses_in_the_frame(client: httpx.AsyncClient) -> None:
    answer = await client.get("/no/such/page")
    assert answer.status_code == 404 and "site-foot" in answer.text
    assert 'href="/privacy"' in answer.text


async def test_the_real_app_hands_out_no_stack(app: Any, settings: Settings) -> None:
    from tests.conftest import new_client

    async with new_client(app, settings) as client:
        for odd in ("/%00", "/\ud7ff", "/i/" + "x" * 500, "/static/../app.py", "/static/%2e%2e/app.py", "/%ff"):
            answer = await client.get(odd)
            assert answer.status_code in (400, 404), odd
            assert "Traceback" not in answer.text and "import" not in answer.text
