"""HEAD is answered as GET without the body: the same status, the same headers, for every page."""

from __future__ import annotations

from routes.middleware.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """The routes need not know of HEAD. The server's own scope stays as it was, for it too reads the method."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"}, receive, send_without_body)
