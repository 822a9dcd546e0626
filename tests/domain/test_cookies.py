"""The cookie registry and the check of a Set-Cookie header."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cookies import (
    LANGUAGE,
    SESSION,
    YEAR,
    Category,
    cookie_name,
    cookies_of,
    forget_cookie,
    name_of,
    objection,
    set_cookie,
)

PLAIN = cookies_of(https=False)
SECURE = cookies_of(https=True)
COOKIES = SECURE | PLAIN
both = pytest.mark.parametrize("https", [True, False])
each_cookie = pytest.mark.parametrize("base", [SESSION, LANGUAGE])


def test_r20_only_essential_cookies_are_declared_so_nobody_is_asked() -> None:
    assert {cookie.category for cookie in COOKIES.values()} == {Category.ESSENTIAL}


def test_the_registry_knows_both_names_of_each_cookie() -> None:
    assert set(COOKIES) == {"__Host-sf_session", "__Host-sf_lang", "sf_session", "sf_lang"}


def test_with_https_every_cookie_is_tied_to_this_very_host() -> None:
    for name, cookie in SECURE.items():
        assert name.startswith("__Host-") and cookie.name == name
        assert cookie.secure and cookie.path == "/"


def test_without_https_no_cookie_claims_to_be_secure() -> None:
    assert not any(cookie.secure or name.startswith("__Host-") for name, cookie in PLAIN.items())


def test_no_script_can_read_any_cookie_and_no_other_site_can_send_it() -> None:
    assert all(cookie.http_only and cookie.same_site == "Lax" for cookie in COOKIES.values())


@both
@each_cookie
def test_a_registered_cookie_written_by_the_registry_may_be_sent_and_deleted(base: str, https: bool) -> None:
    registered = cookies_of(https)
    for header in (set_cookie(base, "value", https), forget_cookie(base, https)):
        assert name_of(header) == cookie_name(base, https)
        assert objection(header, registered) is None


def test_the_session_cookie_ends_with_the_browser() -> None:
    assert "Max-Age" not in set_cookie(SESSION, "x", True)
    assert set_cookie(SESSION, "x", True) == "__Host-sf_session=x; Path=/; HttpOnly; Secure; SameSite=Lax"


def test_the_language_lasts_a_year_at_most() -> None:
    assert f"Max-Age={YEAR}" in set_cookie(LANGUAGE, "nb", True)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("tracker=1", "unknown"),
        ("", "unknown"),
        ("=x; Path=/", "unknown"),
        ("sf_session2=x; Path=/; HttpOnly; SameSite=Lax", "unknown"),
        ("__Host-sf_session=x; Path=/; HttpOnly; Secure; SameSite=Lax", "unknown"),
        ("sf_session=x; HttpOnly; SameSite=Lax", "path"),
        ("sf_session=x; Path=/app; HttpOnly; SameSite=Lax", "path"),
        ("sf_session=x; Path=/; HttpOnly; SameSite=Lax; Domain=example.no", "domain"),
        ("sf_session=x; Path=/; SameSite=Lax", "httponly"),
        ("sf_session=x; Path=/; HttpOnly; SameSite=Lax; Secure", "secure"),
        ("sf_session=x; Path=/; HttpOnly; SameSite=None", "samesite"),
        ("sf_session=x; Path=/; HttpOnly", "samesite"),
        ("sf_session=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600", "max-age"),
        ("sf_session=x; Path=/; HttpOnly; SameSite=Lax; Expires=Wed, 01 Jan 2031 00:00:00 GMT", "max-age"),
        (f"sf_lang=nb; Path=/; HttpOnly; SameSite=Lax; Max-Age={YEAR + 1}", "max-age"),
        ("sf_lang=nb; Path=/; HttpOnly; SameSite=Lax", "max-age"),
        ("sf_lang=nb; Path=/; HttpOnly; SameSite=Lax; Max-Age=-5", "max-age"),
        ("sf_lang=nb; Path=/; HttpOnly; SameSite=Lax; Max-Age=²", "max-age"),
        ("sf_lang=nb; Path=/; HttpOnly; SameSite=Lax; Max-Age=60", None),
        ("SF_LANG=nb; Path=/; HttpOnly; SameSite=Lax; Max-Age=60", "unknown"),
        ("sf_lang=nb;path=/;httponly;samesite=lax;max-age=60", None),
        ("old_cookie=; Max-Age=0; Path=/", None),
        ("sf_session=; Max-Age=0; Path=/elsewhere; HttpOnly; SameSite=Lax", "path"),
    ],
)
def test_a_cookie_is_sent_only_exactly_as_declared(header: str, reason: str | None) -> None:
    assert objection(header, PLAIN) == reason


def test_a_secure_installation_refuses_the_cookie_without_the_prefix() -> None:
    assert objection(set_cookie(SESSION, "x", https=False), SECURE) == "unknown"


def test_a_cookie_that_is_not_essential_waits_for_consent() -> None:
    counted = replace(PLAIN[LANGUAGE], name="count", category=Category.STATISTICS)
    header = "count=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"
    assert objection(header, {"count": counted}) == "consent"
    assert objection(header, {"count": counted}, frozenset({Category.MARKETING})) == "consent"
    assert objection(header, {"count": counted}, frozenset({Category.STATISTICS})) is None
    assert objection(header.replace("60", "0"), {"count": counted}) is None


@given(st.text(max_size=200))
def test_no_header_however_odd_breaks_the_check_or_gets_through(header: str) -> None:
    if "max-age" not in header.lower():
        assert objection(header, PLAIN) is not None
