"""Names each request, and writes one line and one measurement when it is done."""

from __future__ import annotations

import secrets
from time import perf_counter
from typing import Any

from actions.logs import REQUEST_ID, log
from routes.middleware.metrics import measure
from routes.middleware.types import ASGIApp, Message, Receive, Scope, Send

# Asked every few seconds by machines.
UNLOGGED = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestLog:
    """The line has the route's template, never the path: paths hold ids and tokens."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 500
        began = perf_counter()

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        context = REQUEST_ID.set(request_id)
        try:
            await self.app(scope, receive, send_named)
        finally:
            _note(scope, status, perf_counter() - began)
            REQUEST_ID.reset(context)


def _note(scope: Scope, status: int, seconds: float) -> None:
    # Litestar leaves the template in the scope it was given; without a route there is none.
    route = scope.get("path_template") or "unmatched"
    measure(scope["method"], route, status, seconds)
    if route not in UNLOGGED:
        log.info(
            "request",
            route=route,
            method=scope["method"],
            status=status,
            ms=round(seconds * 1000, 2),
            **_who(scope),
        )


def _who(scope: Scope) -> dict[str, Any]:
    actor = scope["state"].get("actor")
    if actor is None:
        return {}
    return {"person_ref": actor.person_id, "organisation_ref": actor.organisation_id}
