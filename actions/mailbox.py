"""The letters that stay on this machine: what the mailbox page shows where no mail server is set up.

Read-only. A letter is shown as its text: nothing in it is ever run, and only our own addresses become links.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from actions.instance import settings

PAGE = 50
HEAD_BYTES = 8192
_NAME = re.compile(r"[0-9A-Za-z-]{1,80}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A letter in the list. `name` is what it is opened by."""

    name: str
    subject: str
    sender: str
    recipient: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a letter; with `href` they are a link of ours, and `label` is what the line before calls it."""

    text: str
    href: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file in a letter; `number` counts from 1. `size` in bytes."""

    number: int
    name: str
    size: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter to read: paragraphs of lines of pieces."""

    listed: Listed
    reply_to: str
    paragraphs: list[list[Piece]]
    attached: list[Attached]


async def letters(after: str = "") -> tuple[list[Listed], str]:
    """The newest fifty, or the fifty that follow the letter `after`; and where to go on, or nothing."""
    return await asyncio.to_thread(_letters, after)


async def letter(name: str) -> Opened | None:
    """One letter, or None when there is none of that name."""
    return await asyncio.to_thread(_opened, name)


async def source(name: str) -> bytes | None:
    """The letter as it would go over the wire."""
    return await asyncio.to_thread(_source, name)


def _folder() -> Path:
    return settings().data_dir / "mail"


def _letters(after: str) -> tuple[list[Listed], str]:
    try:
        found = [(path.stat().st_mtime_ns, path) for path in _folder().glob("*.eml") if _path(path.stem)]
    except OSError:  # the folder comes with the first letter, and a letter may go while we look
        found = []
    paths = [path for _, path in sorted(found, reverse=True)]
    names = [path.stem for path in paths]
    start = names.index(after) + 1 if after in names else 0
    page = paths[start : start + PAGE]
    return [_listed(path) for path in page], page[-1].stem if start + PAGE < len(paths) else ""


def _listed(path: Path) -> Listed:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES).partition(b"\r\n\r\n")[0]
    return _head(path, _parsed(head))


def _head(path: Path, message: EmailMessage) -> Listed:
    return Listed(
        name=path.stem,
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        recipient=str(message["To"] or ""),
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
    )


def _path(name: str) -> Path | None:
    """The file of that name in the folder, and nothing outside it."""
    path = _folder() / f"{name}.eml"
    return path if _NAME.fullmatch(name) and path.is_file() and not path.is_symlink() else None


def _source(name: str) -> bytes | None:
    path = _path(name)
    return path.read_bytes() if path else None


def _opened(name: str) -> Opened | None:
    path = _path(name)
    if path is None:
        return None
    message = _parsed(path.read_bytes())
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    attached = [
        Attached(number, part.get_filename() or f"{number}", len(content), content)
        for number, part in enumerate(message.iter_attachments(), start=1)
        if isinstance(content := part.get_payload(decode=True), bytes)
    ]
    paragraphs = [list(_pieces(block)) for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())]
    return Opened(_head(path, message), str(message["Reply-To"] or ""), paragraphs, attached)


def _pieces(block: str) -> Iterator[Piece]:
    """The lines of a paragraph. A line that is an address of ours takes the line before it for its label."""
    ours = f"{settings().public_url}/"
    before = ""
    for line in block.split("\n"):
        address = line.strip()
        if address == "--":  # what follows is the foot
            continue
        if address.startswith(ours) or address == settings().public_url:
            yield Piece("", address, before.removesuffix(":"))
            before = ""
            continue
        if before:
            yield Piece(before)
        before = line
    if before:
        yield Piece(before)


def _parsed(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    return message
