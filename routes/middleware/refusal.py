"""An error page for what is refused before the app is asked."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from routes.bare_page import RETRY_SECONDS, bare_answer
from routes.middleware.types import Headers, Receive, Scope, Send

MOST_DRAINED = 64 * 1024 * 1024
SECONDS_BETWEEN_CHUNKS = 2.0
SECONDS_IN_ALL = 20.0


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, name: str = "") -> None:
    """Answer at once, then take what the browser is still sending, so that it reads the answer, and hang up. `name` is of
    the page, where it is not the one of the status."""
    body, placing = bare_answer(scope, status, name)
    headers: Headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *((name.lower().encode(), value.encode()) for name, value in placing.items()),
    ]
    if status == 503:
        headers.append((b"retry-after", str(RETRY_SECONDS).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    await drain(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def drain(receive: Receive) -> None:
    """Read and forget the rest of a body. Closing with unread data would reset the connection, and the page with it."""
    left = MOST_DRAINED
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS_IN_ALL):
            while left > 0:
                async with asyncio.timeout(SECONDS_BETWEEN_CHUNKS):
                    message = await receive()
                if message["type"] != "http.request" or not message.get("more_body"):
                    return
                left -= len(message.get("body", b""))
