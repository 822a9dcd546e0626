"""S-01: every answer carries the headers, whatever it is."""

from __future__ import annotations

from typing import Any

import pytest

from domain.cookies import SESSION, set_cookie
from domain.settings import Settings
from routes.middleware.headers import FOR_EVER, PERMISSIONS_POLICY, SecurityHeaders, common_headers
from tests.routes.middleware.small_app import LOOPBACK, PUBLIC, answering, get

KINDS = [
    ("/", 200, "text/html; charset=utf-8"),
    ("/nowhere", 404, "text/html; charset=utf-8"),
    ("/boom", 500, "text/html; charset=utf-8"),
    ("/back", 303, None),
    ("/x.pdf", 200, "application/pdf"),
    ("/x.csv", 200, "text/csv"),
    ("/x.zip", 200, "application/zip"),
    ("/static/css/base.css", 200, "text/css"),
    ("/.well-known/gpc.json", 200, "application/json"),
    ("/i/token", 200, "text/html; charset=utf-8"),
    ("/empty", 304, None),
]


async def fetch(
    path: str, status: int, kind: str | None, settings: Settings = PUBLIC, **headers: Any
) -> dict[str, str]:
    own = [("content-type", kind)] if kind else []
    app = SecurityHeaders(answering(b"", status=status, headers=[*own, *headers.items()]), settings)
    return dict((await get(app, path, settings)).headers)


@pytest.mark.parametrize(("path", "status", "kind"), KINDS)
async def test_s01_every_header_is_there_on_every_kind_of_answer(path: str, status: int, kind: str | None) -> None:
    found = await fetch(path, status, kind)
    for name, value in common_headers(PUBLIC):
        assert found[name.decode()] == value.decode()
    assert found["x-content-type-options"] == "nosniff"
    assert found["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    assert "cache-control" in found and "referrer-policy" in found
    assert "server" not in found


async def test_s01_the_content_policy_allows_nothing_inline_and_no_other_host() -> None:
    policy = (await fetch("/", 200, "text/html"))["content-security-policy"]
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


async def test_without_https_the_browser_is_not_told_to_insist_on_it() -> None:
    assert "strict-transport-security" not in await fetch("/", 200, "text/html", LOOPBACK)


@pytest.mark.parametrize("path", ["/i/abc", "/confirm/abc", "/reset/abc"])
async def test_a_page_with_a_secret_in_its_address_tells_it_to_nobody(path: str) -> None:
    assert (await fetch(path, 200, "text/html"))["referrer-policy"] == "no-referrer"


async def test_other_pages_tell_only_ourselves_where_one_came_from() -> None:
    assert (await fetch("/invoices", 200, "text/html"))["referrer-policy"] == "same-origin"


async def test_what_an_answer_sets_itself_stays() -> None:
    own: dict[str, Any] = {"content-security-policy": "sandbox", "cache-control": "private"}
    found = await fetch("/x.pdf", 200, "application/pdf", **own)
    assert found["content-security-policy"] == "sandbox"
    assert found["cache-control"] == "private"


async def test_the_server_is_not_named() -> None:
    assert "server" not in await fetch("/", 200, "text/html", server="uvicorn")


async def test_r18_an_answer_that_sets_a_cookie_is_never_stored() -> None:
    cookie = set_cookie(SESSION, "x", https=True)
    own: dict[str, Any] = {"set-cookie": cookie, "cache-control": "public, max-age=60"}
    found = await fetch("/login", 303, None, **own)
    assert found["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "status", "caching"),
    [
        ("/static/css/base.css?v=0123abcd", 200, FOR_EVER.decode()),
        ("/static/fonts/inter-5.3.0/latin.woff2", 200, FOR_EVER.decode()),
        ("/static/css/base.css", 200, "public, max-age=0, must-revalidate"),
        ("/static/css/none.css?v=0123abcd", 404, "no-store"),
    ],
)
async def test_a_static_file_is_kept_for_ever_only_when_its_address_names_its_content(
    address: str, status: int, caching: str
) -> None:
    assert (await fetch(address, status, "text/css"))["cache-control"] == caching


def test_of_the_device_only_the_clipboard_may_be_written() -> None:
    granted = [part for part in PERMISSIONS_POLICY.split(", ") if not part.endswith("=()")]
    assert granted == ["clipboard-write=(self)"]
