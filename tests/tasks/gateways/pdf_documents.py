"""Issued invoices to draw, and what a reader finds in the PDF."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pypdf

from domain.invoice import Issued, issue
from domain.kid import invoice_kid
from tests.domain.sample import ACCOUNT, BUYER, SELLER, TODAY, draft, line

_DESCRIPTIONS = ("Prosjektledelse", "Lunsj for åtte", "Reise Bergen–Oslo", "Konsulentbistand etter avtale", "Bøker")
_TREATMENTS = ("standard", "middle", "low", "standard", "zero")
_PRICES = ("1250", "189.5", "2340", "1450.25", "399")


def invoice(lines: int = 5, **changes: Any) -> Issued:
    """An issued invoice with `lines` lines; `changes` are fields of it."""
    typed = tuple(
        line(
            number=n,
            description=f"{_DESCRIPTIONS[n % 5]} {n}",
            quantity=Decimal(n % 7 + 1) / 2,
            unit_price=Decimal(_PRICES[n % 5]),
            treatment=_TREATMENTS[n % 5],
        )
        for n in range(1, lines + 1)
    )
    written = draft(*typed, your_reference="Kari", our_reference="Ola", order_number="PO-77", note="Takk!")
    issued = issue(written, SELLER, BUYER, TODAY, 1042, 2026, invoice_kid(0, 1042, 13), ACCOUNT)
    return replace(issued, **changes)


def with_descriptions(*descriptions: str, **changes: Any) -> Issued:
    """An invoice whose lines say these things."""
    plain = invoice(len(descriptions))
    lines = tuple(replace(line, description=text) for line, text in zip(plain.lines, descriptions, strict=True))
    return replace(plain, lines=lines, **changes)


def opened(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, every space a plain one."""
    return [" ".join(page.extract_text().split()) for page in opened(pdf).pages]


def text(pdf: bytes) -> str:
    return " ".join(page_texts(pdf))


def squeezed(found: str) -> str:
    """Without any space, for texts that were broken over lines."""
    return "".join(found.split())
