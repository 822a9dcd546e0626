"""The consent gate stops every cookie that is not registered (R4, C-11)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from actions import logs
from domain.cookies import LANGUAGE, SESSION, VISIT, Category, forget_cookie, set_cookie
from routes.middleware.consent_gate import ConsentGate
from tests.routes.middleware.cookie_watch import assert_cookies_are_registered
from tests.routes.middleware.small_app import LOOPBACK, PUBLIC, answering, get

GOOD = set_cookie(SESSION, "abc", https=False)
TYPE = ("content-type", "text/html")


def setting(*cookies: str, name: str = "set-cookie", status: int = 200) -> ConsentGate:
    headers = [TYPE, *((name, cookie) for cookie in cookies)]
    return ConsentGate(answering(headers=headers, status=status), LOOPBACK)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    logs.configure()
    written: list[str] = []
    monkeypatch.setattr(logs, "write_line", written.append)
    return written


async def test_c11_a_rogue_cookie_is_stripped_and_logged_without_its_value(lines: list[str]) -> None:
    answer = await get(setting("x=secret-value; Path=/"))
    assert "set-cookie" not in answer.headers
    assert answer.text == "hello"
    assert len(lines) == 1 and '"cookie_stopped"' in lines[0] and '"error"' in lines[0]
    assert "secret-value" not in lines[0]


async def test_a_registered_cookie_passes(lines: list[str]) -> None:
    answer = await get(setting(GOOD))
    assert answer.headers.get_list("set-cookie") == [GOOD]
    assert lines == []


async def test_a_registered_cookie_with_another_attribute_is_stopped(lines: list[str]) -> None:
    answer = await get(setting(GOOD.replace("; HttpOnly", "")))
    assert "set-cookie" not in answer.headers
    assert "httponly" in lines[0]


async def test_of_two_with_one_name_the_last_wins() -> None:
    second = set_cookie(SESSION, "second", https=False)
    language = set_cookie(LANGUAGE, "nb", https=False)
    answer = await get(setting(GOOD, language, second))
    assert answer.headers.get_list("set-cookie") == [second, language]


async def test_a_cookie_that_is_deleted_passes_whatever_its_name(lines: list[str]) -> None:
    forgotten = forget_cookie(SESSION, https=False)
    answer = await get(setting(forgotten, "stray=; Max-Age=0; Path=/"))
    assert len(answer.headers.get_list("set-cookie")) == 2
    assert lines == []


async def test_a_header_name_in_capitals_hides_nothing() -> None:
    answer = await get(setting("x=1", name="Set-Cookie"))
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("status", [303, 404, 500])
async def test_redirects_and_error_pages_are_sifted_too(status: int) -> None:
    assert "set-cookie" not in (await get(setting("x=1", status=status))).headers


async def test_on_https_only_the_prefixed_name_passes() -> None:
    secure = set_cookie(SESSION, "abc", https=True)
    app = ConsentGate(answering(headers=[TYPE, ("set-cookie", GOOD), ("set-cookie", secure)]), PUBLIC)
    answer = await get(app, settings=PUBLIC)
    assert answer.headers.get_list("set-cookie") == [secure]
    assert_cookies_are_registered(answer, https=True)


async def test_an_answer_without_cookies_is_not_touched() -> None:
    seen = []

    async def send(message: object) -> None:
        seen.append(message)

    headers = [(b"content-type", b"text/html")]
    start = {"type": "http.response.start", "status": 200, "headers": headers}

    async def app(scope: object, receive: object, send: object) -> None:
        await send(start)  # type: ignore[operator]

    await ConsentGate(app, LOOPBACK)({"type": "http"}, None, send)  # type: ignore[arg-type]
    assert seen == [start] and start["headers"] is headers


@pytest.mark.parametrize(("agreed", "passes"), [(frozenset(), False), (frozenset({Category.STATISTICS}), True)])
async def test_r4_c11_an_optional_cookie_passes_only_with_consent(
    lines: list[str], agreed: frozenset[Category], passes: bool
) -> None:
    visit = set_cookie(VISIT, "2026-11-23", https=False)
    inner = answering(headers=[TYPE, ("set-cookie", visit), ("set-cookie", GOOD)])

    async def agreeing(scope: Any, receive: Any, send: Any) -> None:
        scope["state"]["consented"] = agreed
        await inner(scope, receive, send)

    answer = await get(ConsentGate(agreeing, replace(LOOPBACK, statistics=True)))
    assert answer.headers.get_list("set-cookie") == ([visit, GOOD] if passes else [GOOD])
    assert bool(lines) is not passes


async def test_r20_where_nothing_is_optional_no_optional_cookie_is_known(lines: list[str]) -> None:
    answer = await get(setting(set_cookie(VISIT, "2026-11-23", https=False)))
    assert "set-cookie" not in answer.headers and "unknown" in lines[0]
