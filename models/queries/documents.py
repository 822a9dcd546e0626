"""Which document of an invoice is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.document_names import plain_document_file
from models.unit_of_work import Work, reading


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A document in the file store. `size` in bytes; `sha256` is its name there and its proof; `name` is what a reader
    saves it as, where that is known."""

    organisation_id: UUID
    invoice_id: UUID
    sha256: bytes
    size: int
    created_at: datetime
    name: str = ""


async def pdf_of(organisation_id: UUID, invoice_id: UUID) -> StoredFile | None:
    """The PDF of the invoice, or None when it is not made yet (or there is no such invoice)."""
    async with reading(organisation_id) as work:
        return await pdf_in(work, invoice_id)


async def pdf_in(work: Work, invoice_id: UUID) -> StoredFile | None:
    """The same inside an open unit of work."""
    row = await work.connection.fetchrow(_PDF, work.organisation_id, invoice_id)
    if row is None:
        return None
    name = plain_document_file(row["kind"], row["language"], row["number"], row["seller"], suffix="pdf")
    return StoredFile(row["organisation_id"], invoice_id, row["sha256"], row["size"], row["created_at"], name)


_PDF = """
select f.organisation_id, f.sha256, f.size, f.created_at, i.number, i.kind, i.language, i.seller ->> 'name' as seller
from invoice_file f join invoice i on i.organisation_id = f.organisation_id and i.id = f.invoice_id
where f.organisation_id = $1 and f.invoice_id = $2 and f.kind = 'pdf'
"""
