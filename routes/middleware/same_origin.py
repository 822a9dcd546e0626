"""Did this request come from one of our own pages? Asked where no session's token can answer, and beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.settings import Settings
from routes.middleware.host import accepted_hosts

LONGEST_PATH = 2000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_same_origin(scope: Mapping[str, Any], settings: Settings) -> bool:
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


def safe_path(text: str, otherwise: str = "/") -> str:
    """`text` if it is a path on this very host, else `otherwise`: a crafted form must not lead anywhere else.

    Browsers read `\\` as `/` and drop tabs and line breaks, so neither may stand in it.
    """
    is_path = text.startswith("/") and not text.startswith("//") and len(text) <= LONGEST_PATH
    return text if is_path and not any(char == "\\" or char <= " " or char == "\x7f" for char in text) else otherwise
