"""Which document of an invoice is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.unit_of_work import Work, reading


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A document in the file store. `size` in bytes; `sha256` is its name there and its proof."""

    organisation_id: UUID
    invoice_id: UUID
    sha256: bytes
    size: int
    created_at: datetime


async def pdf_of(organisation_id: UUID, invoice_id: UUID) -> StoredFile | None:
    """The PDF of the invoice, or None when it is not made yet (or there is no such invoice)."""
    async with reading(organisation_id) as work:
        return await pdf_in(work, invoice_id)


async def pdf_in(work: Work, invoice_id: UUID) -> StoredFile | None:
    """The same inside an open unit of work."""
    row = await work.connection.fetchrow(_PDF, work.organisation_id, invoice_id)
    return None if row is None else StoredFile(**row)


_PDF = """
select organisation_id, invoice_id, sha256, size, created_at
from invoice_file where organisation_id = $1 and invoice_id = $2 and kind = 'pdf'
"""
