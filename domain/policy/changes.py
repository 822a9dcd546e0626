"""What changed between two versions of a text, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from domain.policy.document import Text

# Fewer lines than this that stayed are shown sooner than folded away.
FEWEST_FOLDED = 3


class Kind(StrEnum):
    """What became of a line between two versions."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or item of either version. `is_title`: it begins a section."""

    kind: Kind
    text: str
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that follow each other. Folded are those that stayed, far from any change."""

    lines: tuple[Line, ...]
    is_folded: bool


def changes(older: Text, newer: Text) -> tuple[Line, ...]:
    """Both texts in one list, in reading order: what stayed, what went, what came. A text is one sentence or item."""
    titles = {section.title for text in (older, newer) for section in text.sections}
    return tuple(Line(kind, text, text in titles) for kind, text in _lines(list(older.lines()), list(newer.lines())))


def stretches(lines: Sequence[Line]) -> tuple[Stretch, ...]:
    """The same for a reader who looks for what changed: each change with the line before, the line after and the title
    of its section; the rest is folded."""
    near = _near_changes(lines)
    found = []
    for is_near, numbers in groupby(range(len(lines)), key=near.__contains__):
        some = tuple(lines[number] for number in numbers)
        found.append(Stretch(some, not is_near and len(some) >= FEWEST_FOLDED))
    return tuple(found)


def _near_changes(lines: Sequence[Line]) -> set[int]:
    near: set[int] = set()
    title = 0
    for number, line in enumerate(lines):
        title = number if line.is_title else title
        if line.kind is not Kind.SAME:
            near |= {title, number - 1, number, number + 1}
    return near


def _lines(before: list[str], after: list[str]) -> Iterator[tuple[Kind, str]]:
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from ((Kind.SAME, text) for text in before[a:b])
            continue
        yield from ((Kind.GONE, text) for text in before[a:b])
        yield from ((Kind.NEW, text) for text in after[c:d])
