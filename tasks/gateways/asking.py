"""Asking a public register over HTTP: few seconds, few bytes, and "unknown" whenever there is no clear answer.

An answer from a register is only ever a help: whatever goes wrong here stops nobody from invoicing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

# Seconds for the whole answer. A person may be waiting.
PATIENCE = 5.0
LARGEST = 1024 * 1024


class Unanswered(Exception):
    """The register gave no usable answer. Says nothing about what was asked."""


async def ask(
    method: str,
    url: str,
    *,
    json: Mapping[str, Any] | None = None,
    params: Mapping[str, str] | None = None,
    accept: str = "application/json",
    patience: float = PATIENCE,
    largest: int = LARGEST,
) -> tuple[int, bytes]:
    """The status and the body of an answer. Redirects are not followed. Raises Unanswered."""
    # Imported late: it loads much, and few ask a register.
    import httpx

    try:
        async with (
            asyncio.timeout(patience),
            httpx.AsyncClient(timeout=patience, follow_redirects=False, trust_env=False) as client,
            client.stream(method, url, json=json, params=params, headers={"Accept": accept}) as answer,
        ):
            return answer.status_code, await _body(answer, largest)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        log.info("register_unanswered", extra={"kind": type(error).__name__})
        raise Unanswered(type(error).__name__) from None


async def _body(answer: httpx.Response, largest: int) -> bytes:
    """What came, unpacked, and never more than `largest`: a small answer can unpack to a huge one."""
    body = bytearray()
    async for piece in answer.aiter_bytes(64 * 1024):
        body += piece
        if len(body) > largest:
            raise Unanswered("too large")
    return bytes(body)
