"""A document that somebody sent us: what was found in the file, or the word for why nothing was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from domain.einvoice.document import EParty
from domain.einvoice.incoming import Incoming
from domain.words import normalise

MOST_BYTES = 15 * 1024 * 1024
MOST_ATTACHMENTS = 50
Kind = Literal["ubl", "cii", "facturx", "pdf"]
# What may lie inside an e-invoice (EN 16931 BT-125), by its type; anything else is saved as plain bytes.
SAFE_TYPES = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
UNKNOWN_TYPE = "application/octet-stream"
_NOT_IN_A_NUMBER = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Received:
    """What a file holds. A plain PDF says nothing to a program: `incoming` is None then. `xml` is the e-invoice itself
    where it lay inside another file."""

    kind: Kind
    incoming: Incoming | None = None
    xml: bytes = b""


@dataclass(frozen=True, slots=True)
class Unusable:
    """The file was not taken. `code` is one of the codes of `domain.received_refusals` without its area."""

    code: str


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that came with an e-mail, under the name its sender gave it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail that came in: whom it is for by its head, who sent it, and the documents attached to it."""

    recipients: tuple[str, ...]
    sender: str
    files: tuple[NamedFile, ...]


def seller_key(seller: EParty) -> str:
    """By what two documents are known to come from the same seller: its number, or its name for want of one."""
    number = seller.legal_id.value if seller.legal_id else seller.vat_id
    plain = _NOT_IN_A_NUMBER.sub("", number.upper())
    # A Norwegian VAT number is the organisation number in other clothes.
    if re.fullmatch(r"NO\d{9}(MVA)?", plain):
        plain = plain[2:11]
    return (plain or name_key(seller.name))[:100]


def name_key(name: str) -> str:
    """A supplier's name so that two spellings of it meet: as search compares words, at most 100 characters."""
    return normalise(name).strip()[:100]
