"""Which e-invoice an invoice becomes: EHF (Peppol BIS Billing 3.0) where it can travel so, else plain EN 16931.

An invoice to a business is meant for Peppol; what is missing for that is told, and stops nothing. An invoice to a
consumer never goes there, so nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.einvoice.document import Attachment, EDocument
from domain.einvoice.findings import Finding
from domain.einvoice.reading import document_of
from domain.einvoice.rules import findings
from domain.invoice import Issued


@dataclass(frozen=True, slots=True)
class Choice:
    """`document` is what is written. `stops` keep the invoice from being issued at all; `obstacles` only keep it from
    travelling as EHF, and `document` is then plain EN 16931; `advice` keeps it from nothing."""

    document: EDocument
    stops: tuple[Finding, ...] = ()
    obstacles: tuple[Finding, ...] = ()
    advice: tuple[Finding, ...] = ()


def choose(
    issued: Issued, *, to_business: bool, reference: str = "", attachments: tuple[Attachment, ...] = ()
) -> Choice:
    """`issued` as an e-invoice. `reference` is the customer's own, for an invoice that has neither the customer's
    reference (BT-10) nor an order number (BT-13): Peppol wants one of them (R003)."""
    document = _document(issued, to_business, reference, attachments)
    found = findings(document, over_peppol=to_business)
    obstacles = tuple(one for one in found if one.is_fatal and not one.blocks)
    if obstacles:
        document = _document(issued, False, reference, attachments)
    return Choice(
        document=document,
        stops=tuple(one for one in found if one.blocks),
        obstacles=obstacles if to_business else (),
        advice=tuple(one for one in found if not one.is_fatal) if to_business else (),
    )


def plain(issued: Issued, reference: str = "", attachments: tuple[Attachment, ...] = ()) -> EDocument:
    """`issued` as a document that only EN 16931 asks something of."""
    return _document(issued, False, reference, attachments)


def _document(issued: Issued, is_peppol: bool, reference: str, attachments: tuple[Attachment, ...]) -> EDocument:
    return document_of(
        issued, buyer_reference=issued.order_number or reference, is_peppol=is_peppol, attachments=attachments
    )
