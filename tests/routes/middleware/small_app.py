"""Small ASGI apps to put behind the middleware, and a server that serves one over real sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from domain.settings import Settings
from routes.middleware.types import ASGIApp, Receive, Scope, Send

LOOPBACK = Settings(data_dir=Path("/nowhere"))
PUBLIC = Settings(data_dir=Path("/nowhere"), public_url="https://faktura.example.no")
FORM = {"content-type": "application/x-www-form-urlencoded"}


def answering(
    body: bytes = b"hello",
    *,
    status: int = 200,
    headers: Iterable[tuple[str, str]] = (("content-type", "text/html; charset=utf-8"),),
    reads: bool = False,
) -> ASGIApp:
    """An app that always answers the same; with `reads` it takes the whole body first."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while reads and (await receive()).get("more_body"):
            pass
        raw = [(name.encode(), value.encode()) for name, value in headers]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    return app


def browser(app: ASGIApp, settings: Settings = LOOPBACK, **headers: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    return httpx.AsyncClient(transport=transport, base_url=settings.public_url, headers=headers)


async def get(app: ASGIApp, path: str = "/", settings: Settings = LOOPBACK, **headers: str) -> httpx.Response:
    """One GET; underscores in names of headers stand for hyphens."""
    async with browser(app, settings) as client:
        return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def scope(method: str = "GET", path: str = "/", **headers: str) -> dict[str, Any]:
    raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": path, "headers": raw, "query_string": b"", "state": {}}


@asynccontextmanager
async def served(app: ASGIApp, listener: socket.socket | None = None) -> AsyncIterator[int]:
    """The app on a port of its own, as it is served in earnest."""
    listener = listener or socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http="httptools", log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task
        listener.close()
