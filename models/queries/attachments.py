"""The files of one invoice."""

from __future__ import annotations

from uuid import UUID

from domain.attachments import Enclosed
from models.queries.invoices import enclosed_of
from models.unit_of_work import Work, reading


async def attachments_in(work: Work, invoice_id: UUID) -> list[Enclosed]:
    """All of them, in their order."""
    return [enclosed_of(row) for row in await work.connection.fetch(_ALL, work.organisation_id, invoice_id)]


async def attachment_of(organisation_id: UUID, invoice_id: UUID, file_id: UUID) -> Enclosed | None:
    """One file of an invoice that is not deleted; None when this company has no such."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_ONE, organisation_id, invoice_id, file_id)
    return None if row is None else enclosed_of(row)


_ALL = "select * from invoice_attachment where organisation_id = $1 and invoice_id = $2 order by position"
_ONE = """
select f.* from invoice_attachment f
join invoice i on i.organisation_id = f.organisation_id and i.id = f.invoice_id and i.deleted_at is null
where f.organisation_id = $1 and f.invoice_id = $2 and f.id = $3
"""
