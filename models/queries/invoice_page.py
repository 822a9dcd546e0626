"""All that the page of one invoice shows, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from models.queries.invoices import (
    EventView,
    MessageView,
    PaymentView,
    StoredInvoice,
    events_of,
    messages_of,
    payments_of,
    stored,
)
from models.queries.parties import Buyer, Seller, buyer, seller
from models.unit_of_work import reading


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """An invoice with what happened to it."""

    own: Seller
    invoice: StoredInvoice
    customer: Buyer | None
    payments: list[PaymentView]
    messages: list[MessageView]
    events: list[EventView]


async def invoice_page(organisation_id: UUID, invoice_id: UUID) -> InvoicePage | None:
    """None when there is no such invoice in this company, or it is a deleted draft."""
    async with reading(organisation_id) as work:
        found = await stored(work, invoice_id)
        if found is None or found.row["deleted_at"] is not None:
            return None
        return InvoicePage(
            own=await seller(work),
            invoice=found,
            customer=await buyer(work, found.row["customer_id"]),
            payments=[] if found.is_draft else await payments_of(work, invoice_id),
            messages=[] if found.is_draft else await messages_of(work, invoice_id),
            events=await events_of(work, invoice_id),
        )
