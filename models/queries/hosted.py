"""What the customer of an invoice sees with its secret link."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from models.queries.invoices import StoredInvoice, stored
from models.queries.links import by_token
from models.unit_of_work import reading


@dataclass(frozen=True, slots=True)
class HostedInvoice:
    """The issued invoice behind a token, the zone in which its company counts days, and whether there is an XML.
    `country` is where the company is now."""

    organisation_id: UUID
    invoice: StoredInvoice
    time_zone: str
    has_einvoice: bool
    accounting_year_ends: int = 12
    country: str = "NO"


async def hosted_invoice(token: str) -> HostedInvoice | None:
    """None for a token of nobody, and for one that was withdrawn."""
    found = await by_token(token)
    if found is None:
        return None
    organisation_id, invoice_id = found
    async with reading(organisation_id) as work:
        invoice = await stored(work, invoice_id)
        about = await work.connection.fetchrow(_ABOUT, organisation_id, invoice_id)
    if invoice is None or invoice.is_draft:
        return None
    return HostedInvoice(
        organisation_id,
        invoice,
        about["time_zone"],
        about["has_einvoice"],
        about["accounting_year_ends"],
        about["country"],
    )


_ABOUT = """
select o.time_zone, o.accounting_year_ends, o.country, exists (
    select from einvoice e where e.organisation_id = o.id and e.invoice_id = $2 and e.state = 'made'
) as has_einvoice
from organisation o where o.id = $1
"""
