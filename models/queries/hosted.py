"""What the customer of an invoice sees with its secret link."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from models.queries.invoices import StoredInvoice, stored
from models.queries.links import by_token
from models.unit_of_work import reading


@dataclass(frozen=True, slots=True)
class HostedInvoice:
    """The issued invoice behind a token, and the zone in which its company counts days."""

    organisation_id: UUID
    invoice: StoredInvoice
    time_zone: str


async def hosted_invoice(token: str) -> HostedInvoice | None:
    """None for a token of nobody, and for one that was withdrawn."""
    found = await by_token(token)
    if found is None:
        return None
    organisation_id, invoice_id = found
    async with reading(organisation_id) as work:
        invoice = await stored(work, invoice_id)
        zone = await work.connection.fetchval(_ZONE, organisation_id)
    return None if invoice is None or invoice.is_draft else HostedInvoice(organisation_id, invoice, zone)


_ZONE = "select time_zone from organisation where id = $1"
