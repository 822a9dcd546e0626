"""What is needed to credit an invoice: the invoice, its customer, and what earlier credit notes took."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.credit import Left, left_of
from models.queries.invoices import StoredInvoice, credit_notes_of, stored
from models.queries.parties import Buyer, Seller, parties
from models.unit_of_work import reading


@dataclass(frozen=True, slots=True)
class CreditPage:
    """An issued invoice and what is left of it to credit."""

    own: Seller
    invoice: StoredInvoice
    customer: Buyer
    left: Left


async def credit_page(organisation_id: UUID, invoice_id: UUID) -> CreditPage | None:
    """None when there is no such invoice in this company, and for a draft or a credit note: neither is credited."""
    async with reading(organisation_id) as work:
        found = await stored(work, invoice_id)
        if found is None or found.is_draft or found.row["kind"] != "invoice":
            return None
        notes = await credit_notes_of(work, invoice_id)
        own, customer = await parties(work, found.row["customer_id"])
    assert customer is not None, "an issued invoice has a customer"
    return CreditPage(own, found, customer, left_of(found.issued(), [note.issued() for note in notes]))
