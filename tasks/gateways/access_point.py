"""A generic access point over REST: hand a document over, and ask what became of it. docs/access-point.md has the
protocol; a supplier's own is mapped to it by a small adapter on the operator's side."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import quote

from domain.delivery import Problem, one_line
from domain.settings import Settings
from tasks.failures import FinalFailure, TemporaryFailure

if TYPE_CHECKING:
    import httpx

PATIENCE = 30.0
MOST_ANSWER = 64 * 1024
LONGEST_ID = 200
# It will say the same of the same document for ever.
_FOR_EVER = frozenset({400, 404, 405, 410, 413, 415, 422})


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a document; `reason` says why it was refused."""

    state: Literal["pending", "delivered", "refused"]
    reason: str = ""


class AccessPoint(Protocol):
    """Hands documents to the network."""

    async def submit(self, key: str, recipient: str, xml: bytes) -> str:
        """The access point's name for the document, once it has accepted it. The same `key` is accepted once however
        often it comes. Raises TemporaryFailure or FinalFailure."""
        ...

    async def fate(self, remote_id: str) -> Fate:
        """What became of it. Raises TemporaryFailure or FinalFailure."""
        ...


class RestAccessPoint:
    """Implements AccessPoint over HTTP."""

    def __init__(self, url: str, api_key: str, patience: float = PATIENCE) -> None:
        self._url = url
        self._api_key = api_key
        self._patience = patience

    async def submit(self, key: str, recipient: str, xml: bytes) -> str:
        headers = {"Content-Type": "application/xml", "Idempotency-Key": key, "Recipient": recipient}
        answer = await self._asked("POST", "/documents", headers, xml)
        remote_id = answer.get("id")
        if not isinstance(remote_id, str) or not remote_id.isprintable() or not 0 < len(remote_id) <= LONGEST_ID:
            raise TemporaryFailure(Problem("network_unreachable", "no id"), may_have_arrived=True)
        return remote_id

    async def fate(self, remote_id: str) -> Fate:
        answer = await self._asked("GET", f"/documents/{quote(remote_id, safe='')}", {}, b"")
        state = answer.get("state")
        if state == "delivered":
            return Fate("delivered")
        if state == "refused":
            return Fate("refused", one_line(str(answer.get("reason", ""))))
        return Fate("pending")

    async def _asked(self, method: str, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        import httpx  # late: it loads much, and few installations have an access point

        headers = {**headers, "Authorization": f"Bearer {self._api_key}", "Accept": "application/json"}
        try:
            async with (
                asyncio.timeout(self._patience),
                httpx.AsyncClient(timeout=self._patience, follow_redirects=False, trust_env=False) as client,
                client.stream(method, self._url + path, headers=headers, content=body) as answer,
            ):
                return _understood(answer.status_code, await _body(answer))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            # Silence after the last byte may be a yes that was lost: the next try has the same key.
            raise TemporaryFailure(Problem("network_unreachable"), may_have_arrived=True) from None


def _understood(status: int, body: dict[str, Any]) -> dict[str, Any]:
    """The answer, or why there is none. 409 means that the key is known: the document was accepted before."""
    if 200 <= status < 300 or (status == 409 and "id" in body):
        return body
    reason = one_line(f"{status} {body.get('reason', '')}")
    if status in _FOR_EVER:
        raise FinalFailure(Problem("network_refused", reason))
    if status in (401, 403):
        raise TemporaryFailure(Problem("network_sign_in", reason))
    raise TemporaryFailure(Problem("network_unreachable", reason))


async def _body(answer: httpx.Response) -> dict[str, Any]:
    body = bytearray()
    async for piece in answer.aiter_bytes(16 * 1024):
        body += piece
        if len(body) > MOST_ANSWER:
            return {}
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def open_access_point(settings: Settings) -> AccessPoint | None:
    """The access point of SMARTFAKTURA_ACCESS_POINT_URL, or None."""
    if settings.access_point_url is None:
        return None
    return RestAccessPoint(settings.access_point_url, settings.access_point_key or "")
