"""What the process that opens files of strangers is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from domain.received import Letter, Received

AS_FILE, AS_MAIL = "file", "mail"


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the three is there."""

    refused: str = ""
    received: Received | None = None
    letter: Letter | None = None
