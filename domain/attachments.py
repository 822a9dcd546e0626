"""A user's own files on an invoice, such as a timesheet (EN 16931 BG-24): which are taken, and what they are called.

What a file is, its content says; its name only makes a CSV of plain text, which has no mark of its own. Spreadsheets and
PDFs are never opened: what is looked at are names that stand in them as plain bytes (docs/decisions/0009).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from domain.mail import ascii_file_name, file_name
from domain.refusals import Refusal

FIELD = "file"
MIB = 1024 * 1024
MOST_FILES = 5
# In an e-invoice a file is base64, a third larger: libxml2, which most readers use, takes texts of ten million letters.
MOST_BYTES = 5 * MIB
# Many access points take ten megabytes in all, which is seven and a half before base64.
MOST_TOGETHER = 7 * MIB
PDF, PNG, JPEG, CSV = "application/pdf", "image/png", "image/jpeg", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
# All that EN 16931 allows (BT-125-1), each with the ending of its names.
ENDINGS = {PDF: "pdf", PNG: "png", JPEG: "jpg", CSV: "csv", XLSX: "xlsx", ODS: "ods"}
PICTURES = {PNG: "PNG", JPEG: "JPEG"}
LONGEST_NAME = 100
_ZIP, _MARKS_OF_XLSX = b"PK\x03\x04", (b"[Content_Types].xml", b"xl/workbook.xml")
_MACROS = (b"vbaProject.bin", b"Basic/script-lc.xml")
# The first entry of an OpenDocument file is its type, stored as it is (OpenDocument 1.3, part 2, 3.3).
_ODS_BEGINS = b"mimetype" + ODS.encode() + b"PK"
_LATIN = 0x180
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What begins like this is a program or a page, whatever it is called.
_NO_TABLE = (b"<", b"{\\rtf", b"#!", b"%!", b"%PDF", b"PK", b"MZ")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file on an invoice: its name for people, its type, and where its content is kept. `size` in bytes."""

    id: UUID
    name: str
    mime: str
    size: int
    sha256: bytes

    @property
    def plain_name(self) -> str:
        """The name for programs: ASCII, as in e-invoices and heads of answers."""
        return ascii_file_name(self.name)


def type_of(name: str, content: bytes) -> str | None:
    """The MIME type that the content shows, or None for what can not go into an e-invoice."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]:
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(_ZIP):
        return _type_of_zip(content)
    return CSV if name.lower().endswith(".csv") and _is_table(content) else None


def has_macros(content: bytes) -> bool:
    """Does a spreadsheet bring a program along? Receivers turn such files away."""
    return content.startswith(_ZIP) and any(mark in content for mark in _MACROS)


def faults_of(name: str, content: bytes) -> list[Refusal]:
    """Why the file is not taken; nothing when it is."""
    shown = {"name": shown_name(name)}
    if not content:
        return [Refusal("attachment.empty", FIELD, shown)]
    if len(content) > MOST_BYTES:
        return [Refusal("attachment.too_large", FIELD, {**shown, "most": str(MOST_BYTES // MIB)})]
    if has_macros(content):
        return [Refusal("attachment.macros", FIELD, shown)]
    if type_of(name, content) is None:
        return [Refusal("attachment.not_allowed", FIELD, shown)]
    return []


def too_much(sizes: Collection[int]) -> list[Refusal]:
    """Are these too many, or too large together?"""
    if len(sizes) > MOST_FILES:
        return [Refusal("attachment.too_many", FIELD, {"most": str(MOST_FILES)})]
    if sum(sizes) > MOST_TOGETHER:
        return [Refusal("attachment.too_much", FIELD, {"most": str(MOST_TOGETHER // MIB)})]
    return []


def shown_name(name: str) -> str:
    """What the user called it, as far as it can be shown in a sentence: without the way to it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST_NAME] or "?"


def clean_name(name: str, mime: str, taken: Iterable[str] = ()) -> str:
    """A name of Latin letters, digits, hyphens and dots with the ending of its type, none of `taken`.

    Latin, because it is printed on the invoice; other letters go.
    """
    stem = shown_name(name).rpartition(".")[0] or shown_name(name)
    latin = "".join(letter for letter in unicodedata.normalize("NFC", stem) if ord(letter) < _LATIN)
    known, ending, number = {ascii_file_name(one).lower() for one in taken}, ENDINGS[mime], 1
    made = file_name(latin, suffix=ending)
    while ascii_file_name(made).lower() in known:
        number += 1
        made = file_name(latin, str(number), suffix=ending)
    return made


def _type_of_zip(content: bytes) -> str | None:
    if content[30 : 30 + len(_ODS_BEGINS)] == _ODS_BEGINS:
        return ODS
    return XLSX if all(mark in content for mark in _MARKS_OF_XLSX) else None


def _is_table(content: bytes) -> bool:
    """Plain text, and neither a page nor a program that is only called a table."""
    text = content.removeprefix(b"\xef\xbb\xbf")
    return not (_CONTROLS.search(text) or text.lstrip().startswith(_NO_TABLE))
