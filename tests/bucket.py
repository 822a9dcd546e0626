"""Just enough of an S3 server to put files into and get them back, on a real socket."""

from __future__ import annotations

import asyncio
import hashlib
from email.utils import formatdate
from types import TracebackType
from typing import Self


class Bucket:
    """Answers PUT, GET and HEAD. While `is_down`, everything is a 403 (which clients do not try again)."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.is_down = False
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, path, _ = head.split("\r\n")[0].split(" ")
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            body = await reader.readexactly(int(fields.get("content-length", 0)))
            writer.write(self._answer(method, path.partition("?")[0], body))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, method: str, path: str, body: bytes) -> bytes:
        if self.is_down:
            return _response("403 Forbidden", b"")
        if method == "PUT":
            self.files[path] = body
            return _response("200 OK", b"", body)
        if path not in self.files:
            return _response("404 Not Found", b"")
        return _response("200 OK", b"" if method == "HEAD" else self.files[path], self.files[path])


def _response(status: str, body: bytes, file: bytes = b"") -> bytes:
    tag = hashlib.md5(file, usedforsecurity=False).hexdigest()
    head = (
        f'HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nETag: "{tag}"\r\n'
        f"Last-Modified: {formatdate(usegmt=True)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
