"""Did this request come from one of our own pages? Asked where no session's token can answer, and beside it."""

from __future__ import annotations

from domain.settings import Settings
from routes.middleware.host import accepted_hosts
from routes.middleware.types import Scope

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_same_origin(scope: Scope, settings: Settings) -> bool:
    """By `Sec-Fetch-Site`, which no page can forge; else by `Origin`; without either only a safe method passes.

    `none` means typed, bookmarked or opened from a mail: fine for fetching a page, never for sending a form.
    """
    headers = dict(scope["headers"])
    safe = scope["method"] in SAFE_METHODS
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return bool(site == b"same-origin" or (safe and site == b"none"))
    origin = headers.get(b"origin")
    if origin is not None:
        return _is_own(origin.decode("latin-1"), headers.get(b"host", b"").decode("latin-1"), settings)
    return safe


def _is_own(origin: str, host: str, settings: Settings) -> bool:
    """On this machine the app answers to several names; the form must come from the one it is sent to."""
    if origin == settings.public_url.lower():
        return True
    return host in accepted_hosts(settings) and origin == f"{'https' if settings.uses_https else 'http'}://{host}"
