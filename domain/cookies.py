"""Every cookie this app may set, and the check that no other one leaves it.

The gate at the edge, the cookie page and the tests read the same registry (privacy rules R1, R2, R4). A cookie that is
not essential needs consent, and an installation has it only when a setting asks for its purpose (domain.consent); without
any there is nothing to ask and no banner (R20).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.marking import N_


class Category(StrEnum):
    """What a cookie is for. All but the essential ones wait for the visitor's consent."""

    ESSENTIAL = "essential"
    STATISTICS = "statistics"
    MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie. `lifetime` is in seconds, None means until the browser is closed; the texts are msgids."""

    name: str
    category: Category
    purpose: str
    basis: str
    set_when: str
    lifetime: int | None
    http_only: bool = True
    same_site: str = "Lax"
    path: str = "/"
    secure: bool = False


ESSENTIAL_BASIS = N_("Strictly necessary for what you asked for: no consent needed (ekomloven § 3-15)")
CONSENT_BASIS = N_("Your consent, which you can withdraw at any time (GDPR Art. 6(1)(a), ekomloven § 3-15)")
DAY = 24 * 3600
YEAR = 365 * DAY
# Six months are never longer.
HALF_A_YEAR = 184 * DAY

SESSION = "sf_session"
LANGUAGE = "sf_lang"
CONSENT = "sf_consent"
VISIT = "sf_visit"

DECLARED = (
    Cookie(
        name=SESSION,
        category=Category.ESSENTIAL,
        purpose=N_("Keeps you signed in, and protects your account from others."),
        basis=ESSENTIAL_BASIS,
        set_when=N_("When you sign in. Signing out removes it."),
        lifetime=None,
    ),
    Cookie(
        name=LANGUAGE,
        category=Category.ESSENTIAL,
        purpose=N_("Remembers the language you chose."),
        basis=ESSENTIAL_BASIS,
        set_when=N_("When you choose a language at the foot of a page."),
        lifetime=YEAR,
    ),
    Cookie(
        name=CONSENT,
        category=Category.ESSENTIAL,
        purpose=N_("Remembers what you said yes and no to, so that we need not ask again."),
        basis=ESSENTIAL_BASIS,
        set_when=N_("When you answer what is asked about cookies."),
        lifetime=HALF_A_YEAR,
    ),
    Cookie(
        name=VISIT,
        category=Category.STATISTICS,
        purpose=N_("Holds the date of your last visit and nothing else, so that visits can be counted."),
        basis=CONSENT_BASIS,
        set_when=N_("When you open a page after you said yes to usage statistics."),
        lifetime=30 * DAY,
    ),
)


def cookie_name(base: str, https: bool) -> str:
    """The name with the prefix that ties a cookie to this very host, where browsers allow it.

    The prefix needs the attribute Secure. On http://127.0.0.1 Chromium and Firefox keep such a cookie, Safari and most
    HTTP clients do not, so an installation without https, which is only ever for one machine, goes without.
    """
    return f"__Host-{base}" if https else base


def cookies_of(https: bool, optional: Collection[Category] = ()) -> dict[str, Cookie]:
    """The cookies of an installation with these optional categories, by the names they have there."""
    named = (
        replace(cookie, name=cookie_name(cookie.name, https), secure=https)
        for cookie in DECLARED
        if cookie.category in optional
        or (cookie.category is Category.ESSENTIAL and (optional or cookie.name != CONSENT))
    )
    return {cookie.name: cookie for cookie in named}


def set_cookie(base: str, value: str, https: bool, lifetime: int | None = None) -> str:
    """The value of a Set-Cookie header for a registered cookie, for `lifetime` seconds when that is shorter."""
    cookie = _declared(base, https)
    return _header(cookie, value, lifetime or cookie.lifetime)


def forget_cookie(base: str, https: bool) -> str:
    """The value of a Set-Cookie header that makes the browser drop the cookie at once."""
    return _header(_declared(base, https), "", 0)


def _declared(base: str, https: bool) -> Cookie:
    return cookies_of(https, tuple(Category))[cookie_name(base, https)]


def _header(cookie: Cookie, value: str, lifetime: int | None) -> str:
    parts = [f"{cookie.name}={value}", f"Path={cookie.path}"]
    parts += [] if lifetime is None else [f"Max-Age={lifetime}"]
    parts += ["HttpOnly"] if cookie.http_only else []
    parts += ["Secure"] if cookie.secure else []
    return "; ".join([*parts, f"SameSite={cookie.same_site}"])


def name_of(header: str) -> str:
    """The name in a Set-Cookie header; `` when it has only a value."""
    name, equals, _ = header.partition(";")[0].partition("=")
    return name.strip() if equals else ""


def objection(
    header: str, registered: Mapping[str, Cookie], consented: frozenset[Category] = frozenset()
) -> str | None:
    """Why this Set-Cookie header may not be sent: unknown, consent, or the attribute that is wrong. None if it may.

    A lifetime may be shorter than the registered one. Any cookie may be deleted.
    """
    attributes = _attributes(header)
    deletes = attributes.get("max-age") == "0"
    cookie = registered.get(name_of(header))
    if cookie is None:
        return None if deletes else "unknown"
    if not deletes and cookie.category is not Category.ESSENTIAL and cookie.category not in consented:
        return "consent"
    return _wrong_attribute(cookie, attributes, deletes)


def _wrong_attribute(cookie: Cookie, attributes: Mapping[str, str], deletes: bool) -> str | None:
    right = {
        "path": attributes.get("path") == cookie.path,
        "domain": "domain" not in attributes,
        "httponly": ("httponly" in attributes) == cookie.http_only,
        "secure": ("secure" in attributes) == cookie.secure,
        "samesite": attributes.get("samesite", "").lower() == cookie.same_site.lower(),
        "max-age": deletes or _lives_within(cookie.lifetime, attributes),
    }
    return next((name for name, holds in right.items() if not holds), None)


def _lives_within(lifetime: int | None, attributes: Mapping[str, str]) -> bool:
    """`Expires` counts only beside a Max-Age, which browsers prefer."""
    if lifetime is None:
        return "max-age" not in attributes and "expires" not in attributes
    seconds = attributes.get("max-age", "")
    return seconds.isascii() and seconds.isdigit() and 0 < int(seconds) <= lifetime


def _attributes(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in header.split(";")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
