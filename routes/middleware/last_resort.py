"""When even the error pages fail: a page without anything, and a reference that the log knows too (S-54)."""

from __future__ import annotations

from pathlib import Path

from actions.logs import log
from domain.settings import Settings
from routes.middleware.headers import common_headers
from routes.middleware.types import ASGIApp, Message, Receive, Scope, Send

PAGE = (Path(__file__).resolve().parent.parent.parent / "static" / "errors" / "500.html").read_text(encoding="utf-8")


class LastResort:
    """Catches every exception. An answer that has begun can not be mended: it is cut off, never made to look whole."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.headers = [
            *common_headers(settings),
            (b"content-type", b"text/html; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"referrer-policy", b"no-referrer"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception as error:
            reference = str(scope.get("state", {}).get("request_id", ""))
            log.error("last_resort", request_id=reference, exc_info=error)
            if started:
                raise AnswerCutOff from None
            await self._apologise(send, reference)

    async def _apologise(self, send: Send, reference: str) -> None:
        body = PAGE.replace("{reference}", reference).encode()
        headers = [*self.headers, (b"content-length", str(len(body)).encode())]
        if reference:
            headers.append((b"x-request-id", reference.encode()))
        await send({"type": "http.response.start", "status": 500, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class AnswerCutOff(Exception):
    """The answer had begun when something failed: the server closes the connection."""
