"""What changed between two versions of a text, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from domain.policy.document import Text


class Kind(StrEnum):
    """What became of a line between two versions."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or item of either version."""

    kind: Kind
    text: str


def changes(older: Text, newer: Text) -> tuple[Line, ...]:
    """Both texts in one list, in reading order: what stayed, what went, what came. A text is one sentence or item."""
    return tuple(_lines(list(older.lines()), list(newer.lines())))


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Line(Kind.SAME, text) for text in before[a:b])
            continue
        yield from (Line(Kind.GONE, text) for text in before[a:b])
        yield from (Line(Kind.NEW, text) for text in after[c:d])
