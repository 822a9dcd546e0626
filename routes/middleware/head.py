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

        # Nobody opened a page: it is not counted as a visit.
        state = {**scope.get("state", {}), "is_head": True}
        await self.app({**scope, "method": "GET", "state": state}, receive, send_without_body)
