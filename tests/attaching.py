"""Files that go with an invoice, for tests: small, and of every kind."""

from __future__ import annotations

import io
from collections.abc import Sequence
from uuid import UUID

from PIL import Image

from actions import attachments
from actions.attachments import Sent
from actions.drafts import Editing
from models.ids import new_id
from models.queries.attachments import attachments_in
from models.queries.invoices import stored
from models.unit_of_work import reading
from tests.world import Company

PDF_FILE = b"%PDF-1.7\n1 0 obj<</JavaScript 2 0 R>>endobj\n%%EOF\n"
CSV_FILE = "Dag;Timer;Hva\n23.11.2026;7,5;Rådgivning\n".encode()
_ENTRY = b"PK\x03\x04\x14\x00" + b"\x00" * 20
ODS_FILE = _ENTRY + b"\x08\x00\x00\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK\x03\x04 content.xml"
# No archive at all behind its names: whoever opened it would fail.
XLSX_FILE = _ENTRY + b"\x13\x00\x00\x00[Content_Types].xml ... xl/workbook.xml"
KINDS = {"a.pdf": PDF_FILE, "b.csv": CSV_FILE, "c.xlsx": XLSX_FILE, "d.ods": ODS_FILE}


def photo(kind: str = "JPEG", **saved: object) -> bytes:
    """A small picture."""
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "#1f5c66").save(written, kind, **saved)
    return written.getvalue()


async def version_of(company: Company, invoice_id: UUID) -> int:
    async with reading(company.id) as work:
        found = await stored(work, invoice_id)
    assert found is not None
    return found.version


async def attach(company: Company, invoice_id: UUID, *sent: Sent) -> Sequence[UUID]:
    """Put files on a draft, as a window that knows it as it is."""
    editing = Editing(await version_of(company, invoice_id), new_id())
    await attachments.add(company.id, company.person_id, invoice_id, sent or (Sent("timer.csv", CSV_FILE),), editing)
    async with reading(company.id) as work:
        return [file.id for file in await attachments_in(work, invoice_id)]
