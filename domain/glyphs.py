"""Which characters a document can print, and with which of its fonts.

A font is known here only by its coverage: what code points it has a shape for, best font first. The rule behind all
of it: a character without a shape is found before the invoice is issued, and is never printed as an empty box.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Protocol

from domain.party import Party
from domain.refusals import Refusal
from domain.totals import Charge

Coverage = Container[int]

# Controls, formatting marks (among them those that turn the direction of text) and halves of characters.
_SHAPELESS = frozenset({"Cc", "Cf", "Cs"})
# The variation selectors ask for a picture or a plain form of the character before them; the plain one is printed.
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_NO_BREAK = frozenset("\u00a0\u2007\u202f")
_LINE_BREAKS = str.maketrans(dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"))
# Keeps two Arabic letters from joining, which changes what is read, so it is the one formatting mark that stays.
NON_JOINER = "\u200c"
_LONE_NON_JOINER = re.compile(rf"(?<![\u0620-\u06ff]){NON_JOINER}|{NON_JOINER}(?![\u0620-\u06ff])")
_FIRST_RIGHT_TO_LEFT = "\u0590"
MOST_SHOWN = 5


class PrintedLine(Protocol):
    """A line of a draft or of an issued invoice."""

    @property
    def description(self) -> str: ...
    @property
    def charge_text(self) -> str: ...


class Printed(Protocol):
    """What a draft and an issued invoice have in common: the texts that people typed into it."""

    @property
    def lines(self) -> Sequence[PrintedLine]: ...
    @property
    def note(self) -> str: ...
    @property
    def your_reference(self) -> str: ...
    @property
    def our_reference(self) -> str: ...
    @property
    def order_number(self) -> str: ...
    @property
    def project_reference(self) -> str: ...
    @property
    def contract_reference(self) -> str: ...
    @property
    def accounting_reference(self) -> str: ...
    @property
    def delivery_place(self) -> str: ...
    @property
    def charge(self) -> Charge | None: ...


def clean(text: str) -> str:
    """`text` as it is printed: letters and their marks in one (NFC), without what has no shape.

    Every kind of space becomes a plain or a no-break space, every kind of line end a newline. Marks that turn the
    direction are left out, so that a text can not show itself as something else; each line finds its own direction.
    """
    if text.isascii() and text.isprintable():
        return text
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_LINE_BREAKS))
    kept = "".join(_printed(char) for char in lines)
    return _LONE_NON_JOINER.sub("", kept) if NON_JOINER in kept else kept


def _printed(char: str) -> str:
    if char in ("\n", NON_JOINER) or "!" <= char <= "~":
        return char
    if char in _NO_BREAK:
        return "\u00a0"
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in _SHAPELESS or char in _SELECTORS else char


def missing(text: str, coverages: Sequence[Coverage]) -> list[str]:
    """The characters of `text` that none of the fonts can draw, each once, in the order they come."""
    best = coverages[0] if coverages else frozenset()  # has nearly every character of nearly every text
    rest = [char for char in dict.fromkeys(clean(text)) if ord(char) not in best]
    return [char for char in rest if not _needs_no_shape(char) and not _is_covered(ord(char), coverages)]


def _needs_no_shape(char: str) -> bool:
    return char.isspace() or char == NON_JOINER


def _is_covered(code: int, coverages: Sequence[Coverage]) -> bool:
    return any(code in coverage for coverage in coverages)


def runs(text: str, coverages: Sequence[Coverage]) -> list[tuple[int, str]]:
    """`text` cut into the longest pieces that one font draws, as (which font, piece).

    Each character goes to the first font that has it. A space or a combining mark stays with the piece it follows,
    so that words are not torn from their marks. What no font has goes to the first: ask `missing` before.
    """
    pieces: list[tuple[int, str]] = []
    start, current = 0, None
    for position, char in enumerate(text):
        font = _font_for(char, current, coverages)
        if current is not None and font != current:
            pieces.append((current, text[start:position]))
            start = position
        current = font
    if current is not None:
        pieces.append((current, text[start:]))
    return pieces


def _font_for(char: str, current: int | None, coverages: Sequence[Coverage]) -> int:
    code = ord(char)
    stays = _needs_no_shape(char) or unicodedata.combining(char)
    if current is not None and stays and code in coverages[current]:
        return current
    return next((i for i, coverage in enumerate(coverages) if code in coverage), 0)


def is_right_to_left(text: str) -> bool:
    """Is the first letter of `text` one of a script written from right to left? Then so is the paragraph (UAX #9,
    rules P2 and P3)."""
    if max(text, default="") < _FIRST_RIGHT_TO_LEFT:
        return False
    kinds = map(unicodedata.bidirectional, text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def unprintable(
    document: Printed, seller: Party, buyer: Party | None, coverages: Sequence[Coverage]
) -> tuple[Refusal, ...]:
    """One `glyph.missing` for each field of a draft or an issued invoice that holds characters no font can draw.

    `char` holds them, at most five, with spaces between. Part of the checks before an invoice is issued.
    """
    return tuple(
        Refusal("glyph.missing", field, {"char": " ".join(absent[:MOST_SHOWN])})
        for field, text in _typed_texts(document, seller, buyer)
        if text > "" and (absent := missing(text, coverages))
    )


def _typed_texts(document: Printed, seller: Party, buyer: Party | None) -> Iterator[tuple[str, str]]:
    yield from _party_texts("company", seller)
    if buyer is not None:
        yield from _party_texts("customer", buyer)
    for position, line in enumerate(document.lines):
        yield f"lines.{position}.description", line.description
        yield f"lines.{position}.charge_text", line.charge_text
    if document.charge is not None:
        yield "charge_text", document.charge.text
    yield "your_reference", document.your_reference
    yield "our_reference", document.our_reference
    yield "order_number", document.order_number
    yield "project_reference", document.project_reference
    yield "contract_reference", document.contract_reference
    yield "accounting_reference", document.accounting_reference
    yield "delivery_place", document.delivery_place
    yield "note", document.note


def _party_texts(prefix: str, party: Party) -> Iterable[tuple[str, str]]:
    return (
        (f"{prefix}.name", party.name),
        (f"{prefix}.address", "\n".join((*party.address_lines, party.postcode, party.city, party.delivery_place))),
        (f"{prefix}.email", party.email),
        (f"{prefix}.phone", party.phone),
        (f"{prefix}.legal_addition", party.legal_addition),
    )
