"""The secret address of the page that an invoice's customer sees: replaced when it came into the wrong hands."""

from __future__ import annotations

from uuid import UUID

from actions import deliveries
from actions.clock import now
from actions.outcomes import NotFound
from models.unit_of_work import unit_of_work


async def renew(organisation_id: UUID, person_id: UUID, invoice_id: UUID) -> None:
    """Close every address the invoice has had, and give it a new one. E-mails from now on lead to the new one.

    Raises NotFound for what is no issued invoice of the company.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        if not await work.connection.fetchval(_HOLD, organisation_id, invoice_id):
            raise NotFound
        await work.connection.execute(_REVOKE, organisation_id, invoice_id, now())
        await deliveries.ensure_link(work, invoice_id)
        work.audit("link.renewed", "invoice", invoice_id, ["revoked_at"])


_HOLD = "select true from invoice where organisation_id = $1 and id = $2 and state <> 'draft' for update"
_REVOKE = """
update invoice_link set revoked_at = $3 where organisation_id = $1 and invoice_id = $2 and revoked_at is null
"""
