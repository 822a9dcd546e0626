"""How much a browser may send, and in which form. Counted as it comes in: a declared length is only a promise."""

from __future__ import annotations

import re

from litestar.exceptions import HTTPException

from domain.privacy.importing import MOST_BYTES
from routes.middleware.refusal import drain, refuse
from routes.middleware.types import ASGIApp, Message, Receive, Scope, Send

KIB = 1024
DEFAULT = 256 * KIB
# Where more than a short form is sent. A little above what the route itself allows, so that the route can say it best.
LARGER = {
    "/company/logo": 5 * KIB * KIB + 64 * KIB,
    "/company/import": MOST_BYTES + 128 * KIB,
    "/inbox": 15 * KIB * KIB + 128 * KIB,
    "/invoices": 1024 * KIB,
    "/quotes": 1024 * KIB,
    "/plans": 1024 * KIB,
}
# Where the page of the refusal can say more than that it was too much.
PAGES = {"/company/import": "import_too_large"}
# A little more than an invoice takes in files, so that the form can say what is too large.
FILES = re.compile(r"/invoices/[^/]+/files")
MOST_IN_FILES = 8 * KIB * KIB
# An editor has ten fields a line and 500 lines; one line too many is refused by the form, in words.
MOST_FIELDS = 5500
FORMS = (b"application/x-www-form-urlencoded", b"multipart/form-data")


class TooLarge(HTTPException):
    """More came in than this address takes."""

    status_code = 413


class BodyLimit:
    """413 for too much or too many fields, 415 for compressed bodies and for anything that is not a form."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _has_body(scope):
            await self.app(scope, receive, send)
        elif status := _refused_by_headers(scope):
            name = PAGES.get(scope["path"], "") if status == 413 else ""
            await refuse(scope, receive, send, status, name)
        else:
            counted = _Counted(receive, send, limit_of(scope["path"]), has_files=_has_files(scope))
            await self.app(scope, counted.receive, counted.send)


class _Counted:
    """The body and the answer of one request. After too much has come the answer ends the connection."""

    def __init__(self, receive: Receive, send: Send, limit: int, *, has_files: bool) -> None:
        self._receive = receive
        self._send = send
        self._left = limit
        # In files the sign between fields is a byte like any other; their parts are counted by Litestar.
        self._counts_fields = not has_files
        self._fields_left = MOST_FIELDS
        self._exceeded = False
        self._all_came = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._all_came = not message.get("more_body")
        body = message.get("body", b"")
        self._left -= len(body)
        if self._counts_fields:
            self._fields_left -= body.count(b"&")
        if self._left < 0 or self._fields_left < 0:
            self._exceeded = True
            raise TooLarge
        return message

    async def send(self, message: Message) -> None:
        if not self._exceeded:
            await self._send(message)
            return
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"connection", b"close")]
        elif not message.get("more_body") and not self._all_came:
            await self._send({**message, "more_body": True})
            await drain(self._receive)
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)


def limit_of(path: str) -> int:
    """Bytes that may be sent to `path`."""
    if FILES.fullmatch(path):
        return MOST_IN_FILES
    for prefix, limit in LARGER.items():
        if path == prefix or path.startswith(f"{prefix}/"):
            return limit
    return DEFAULT


def _has_body(scope: Scope) -> bool:
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
               for name, value in scope["headers"])  # fmt: skip


def _has_files(scope: Scope) -> bool:
    kind: bytes = dict(scope["headers"]).get(b"content-type", b"")
    return kind.lower().startswith(b"multipart/form-data")


def _refused_by_headers(scope: Scope) -> int | None:
    headers = dict(scope["headers"])
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        return 415
    if not headers.get(b"content-type", b"").lower().startswith(FORMS):
        return 415
    length = headers.get(b"content-length", b"")
    return 413 if length.isdigit() and int(length) > limit_of(scope["path"]) else None
