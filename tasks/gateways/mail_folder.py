"""Mail that stays on this machine: each message is a file, for the mailbox page to show."""

from __future__ import annotations

import asyncio
import os
import re
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from domain.delivery import Problem
from tasks.failures import TemporaryFailure

_NOT_IN_A_NAME = re.compile(r"[^0-9A-Za-z-]+")


class FolderMailer:
    """Writes `<folder>/<Message-ID>.eml`. The same message sent twice is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        text = message.as_bytes(policy=SMTP)
        try:
            await asyncio.to_thread(self._write, _name(message["Message-ID"]), text)
        except OSError as error:
            raise TemporaryFailure(Problem("server_unreachable", error.strerror or "")) from None

    def _write(self, name: str, text: bytes) -> None:
        """Complete or not there at all, also after a power cut."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f"{name}.unfinished"
        with unfinished.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._folder / f"{name}.eml")
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _name(message_id: str) -> str:
    return _NOT_IN_A_NAME.sub("-", message_id.strip("<> ").partition("@")[0])[:80] or "message"
