"""Which e-invoice an invoice becomes: EHF (Peppol BIS Billing 3.0) where it can travel so, else plain EN 16931.

An invoice to a business is meant for Peppol; what is missing for that is told, and stops nothing. An invoice to a
consumer never goes there, so nothing is told.

No invoice is kept from Peppol for want of the customer's reference: it then says that none was given (`reading`), and
whoever writes it hears what large and public buyers make of that.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.einvoice.document import Attachment, EDocument
from domain.einvoice.findings import Finding, no_reference
from domain.einvoice.reading import clean, document_of
from domain.einvoice.rules import findings
from domain.invoice import Issued


@dataclass(frozen=True, slots=True)
class Choice:
    """`document` is what is written. `stops` keep the invoice from being issued at all; `obstacles` only keep it from
    travelling as EHF, and `document` is then plain EN 16931; `advice` keeps it from nothing, and `hint` says of it what
    the writer can mend: the reference that nobody filled in."""

    document: EDocument
    stops: tuple[Finding, ...] = ()
    obstacles: tuple[Finding, ...] = ()
    advice: tuple[Finding, ...] = ()
    hint: Finding | None = None


def choose(
    issued: Issued,
    *,
    to_business: bool,
    reference: str = "",
    is_public: bool = False,
    attachments: tuple[Attachment, ...] = (),
) -> Choice:
    """`issued` as an e-invoice. `reference` is the customer's own, for an invoice that has neither the customer's
    reference (BT-10) nor an order number (BT-13). `is_public`: the customer is the state, a county or a municipality,
    which send an invoice without a reference back."""
    document = document_of(issued, buyer_reference=reference, is_peppol=to_business, attachments=attachments)
    found = findings(document, over_peppol=to_business)
    obstacles = tuple(one for one in found if one.is_fatal and not one.blocks)
    if obstacles:
        document = plain(issued, reference, attachments)
    return Choice(
        document=document,
        stops=tuple(one for one in found if one.blocks),
        obstacles=obstacles if to_business else (),
        advice=tuple(one for one in found if not one.is_fatal) if to_business else (),
        hint=no_reference(is_public) if to_business and not _has_reference(issued, reference) else None,
    )


def _has_reference(issued: Issued, reference: str) -> bool:
    return any(clean(text) for text in (issued.your_reference, issued.order_number, reference))


def plain(issued: Issued, reference: str = "", attachments: tuple[Attachment, ...] = ()) -> EDocument:
    """`issued` as a document that only EN 16931 asks something of."""
    return document_of(issued, buyer_reference=reference, is_peppol=False, attachments=attachments)
