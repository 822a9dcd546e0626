"""The shape of a policy text: sections of paragraphs, lines and lists. Words in braces are the operator's identity."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from domain.settings import Operator


@dataclass(frozen=True, slots=True)
class Block:
    """`kind` is paragraph, lines (an address), heading (within a section) or items."""

    kind: str
    lines: tuple[str, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part; the opening has no title."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One policy in one language. `updated` is its own line on the date."""

    language: str
    updated: str
    sections: tuple[Section, ...]

    def signed_by(self, operator: Operator) -> Text:
        """The text with the identity of who runs this installation."""
        identity = asdict(operator)
        return replace(self, sections=tuple(_filled(section, identity) for section in self.sections))

    def lines(self) -> Iterator[str]:
        """The text line by line, as it was published."""
        yield self.updated
        for section in self.sections:
            if section.title:
                yield section.title
            for block in section.blocks:
                yield from (f"{block.mark}{line}" for line in block.lines)

    def fingerprint(self) -> str:
        """SHA-256 over the lines: the same as long as not a letter changes."""
        return hashlib.sha256("\n".join(self.lines()).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Version:
    """A published policy. `summary` is a msgid that says what changed; the texts are by language, English is binding.

    Its name is the day it takes effect, so names sort by time. `is_material`: does it change what people may expect?
    Then they are told and asked to confirm that they have read it.
    """

    name: str
    effective_from: date
    summary: str
    original: Text
    translations: Mapping[str, Text]
    is_material: bool = False

    def text(self, language: str) -> Text:
        """The translation, or the original where there is none."""
        return self.translations.get(language, self.original)


def paragraph(text: str) -> Block:
    """Sentences that run on."""
    return Block("paragraph", (text,))


def address(*lines: str) -> Block:
    """Lines that stay below each other."""
    return Block("lines", lines)


def heading(text: str) -> Block:
    """A heading within a section."""
    return Block("heading", (text,))


def items(*lines: str, mark: str = "- ") -> Block:
    """A list; `mark` begins each line where a version is written as plain text, and counts for its fingerprint."""
    return Block("items", lines, mark)


def _filled(section: Section, identity: Mapping[str, str]) -> Section:
    blocks = tuple(
        replace(block, lines=tuple(line.format_map(identity) for line in block.lines)) for block in section.blocks
    )
    return replace(section, blocks=blocks)
