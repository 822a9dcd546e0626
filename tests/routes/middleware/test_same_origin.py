"""Whether a request comes from our own pages, and where a form may lead (C-06, C-12)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.settings import Settings
from routes.middleware.same_origin import is_same_origin, safe_path
from tests.routes.middleware.small_app import LOOPBACK, PUBLIC, scope


@pytest.mark.parametrize(
    ("method", "headers", "answer"),
    [
        ("POST", {"sec_fetch_site": "same-origin"}, True),
        ("POST", {"sec_fetch_site": "same-site"}, False),
        ("POST", {"sec_fetch_site": "cross-site"}, False),
        ("POST", {"sec_fetch_site": "none"}, False),
        ("GET", {"sec_fetch_site": "none"}, True),
        ("GET", {"sec_fetch_site": "cross-site"}, False),
        ("POST", {"sec_fetch_site": "cross-site", "origin": "http://127.0.0.1:8000"}, False),
        ("POST", {"sec_fetch_site": "same-origin", "origin": "null"}, True),
        ("POST", {"origin": "http://127.0.0.1:8000"}, True),
        ("POST", {"origin": "https://127.0.0.1:8000"}, False),
        ("POST", {"origin": "http://localhost:8000"}, False),
        ("POST", {"origin": "http://evil.test"}, False),
        ("POST", {"origin": "null"}, False),
        ("POST", {"origin": ""}, False),
        ("POST", {}, False),
        ("DELETE", {}, False),
        ("GET", {}, True),
        ("POST", {"referer": "http://127.0.0.1:8000/cookies"}, False),
    ],
)
def test_s07_an_unsafe_request_must_prove_where_it_comes_from(
    method: str, headers: dict[str, str], answer: bool
) -> None:
    assert is_same_origin(scope(method, host="127.0.0.1:8000", **headers), LOOPBACK) is answer


def test_on_this_machine_the_form_must_come_from_the_name_it_is_sent_to() -> None:
    assert is_same_origin(scope("POST", host="localhost:8000", origin="http://localhost:8000"), LOOPBACK)
    assert not is_same_origin(scope("POST", host="evil.test", origin="http://evil.test"), LOOPBACK)


@pytest.mark.parametrize("settings", [PUBLIC])
def test_a_public_installation_accepts_its_own_origin(settings: Settings) -> None:
    assert is_same_origin(scope("POST", host="faktura.example.no", origin="https://faktura.example.no"), settings)
    assert not is_same_origin(scope("POST", host="faktura.example.no", origin="http://faktura.example.no"), settings)


@pytest.mark.parametrize("path", ["/", "/cookies", "/invoices?tab=open&page=2", "/i/abc#top", "/søk?q=a:b//c"])
def test_a_path_on_this_host_is_kept(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "//evil", "///evil", "/\\evil", "\\\\evil", "https:evil", "https://evil.test", "evil", "", " /x", "/\t/evil",
        "/\n/evil", "/\r\nSet-Cookie: x=1", "javascript:alert(1)", "/a\x00b", "/a b", "/" + "a" * 3000, "\t//evil",
    ],
)  # fmt: skip
def test_c06_a_crafted_form_leads_nowhere_else(path: str) -> None:
    assert safe_path(path, "/here") == "/here"


@given(st.text(max_size=100))
def test_whatever_is_asked_the_answer_is_a_safe_path(text: str) -> None:
    path = safe_path(text)
    assert path.startswith("/") and not path.startswith("//")
    assert not set(path) & set("\\\t\r\n\0 ")
