"""What became of an invoice as an e-invoice, and where the document is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.document_names import plain_document_file
from domain.einvoice.findings import REFERENCE, Finding, afterwards
from models.queries.documents import StoredFile
from models.unit_of_work import Work, reading


@dataclass(frozen=True, slots=True)
class EInvoiceView:
    """`state` is queued, made or refused; an invoice from before e-invoices were made has none. `findings` say why it
    was refused, or why one that was made is not EHF (`is_peppol`). `problem` says why one waits."""

    state: str
    to_business: bool
    reference: str
    is_peppol: bool | None
    findings: tuple[Finding, ...]
    problem: str
    queued_at: datetime

    @property
    def obstacles(self) -> tuple[Finding, ...]:
        """The findings that kept it from something, in the words for a document that changes no more."""
        return tuple(afterwards(finding) for finding in self.findings if finding.is_fatal)

    @property
    def hint(self) -> Finding | None:
        """That it went without the customer's reference."""
        found = (finding for finding in self.findings if finding.rule == REFERENCE and not finding.is_fatal)
        return next(map(afterwards, found), None)


def view_of(row: Mapping[str, Any] | None) -> EInvoiceView | None:
    """The view of a row of `einvoice`."""
    if row is None:
        return None
    return EInvoiceView(
        state=row["state"],
        to_business=row["to_business"],
        reference=row["reference"],
        is_peppol=row["is_peppol"],
        findings=tuple(Finding.from_json(values) for values in json.loads(row["findings"])),
        problem=row["problem"],
        queued_at=row["queued_at"],
    )


async def einvoice_in(work: Work, invoice_id: UUID) -> EInvoiceView | None:
    """What became of the invoice as an e-invoice, inside an open unit of work."""
    return view_of(await work.connection.fetchrow(_ROW, work.organisation_id, invoice_id))


@dataclass(frozen=True, slots=True)
class EInvoiceFile:
    """The stored document, the invoice's number, and the name it is saved under."""

    file: StoredFile
    number: str
    name: str


async def einvoice_file(organisation_id: UUID, invoice_id: UUID) -> EInvoiceFile | None:
    """None when there is no such invoice, or its e-invoice is not made."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_FILE, organisation_id, invoice_id)
    if row is None:
        return None
    file = StoredFile(organisation_id, invoice_id, row["sha256"], row["size"], row["created_at"])
    about = (row["kind"], row["language"], row["number"], row["seller"])
    return EInvoiceFile(file, row["number"], plain_document_file(*about, suffix="xml"))


async def is_for_the_network(organisation_id: UUID, invoice_id: UUID) -> bool:
    """Is its e-invoice EHF, which is the only kind that travels over Peppol?"""
    async with reading(organisation_id) as work:
        return bool(await work.connection.fetchval(_IS_PEPPOL, organisation_id, invoice_id))


_IS_PEPPOL = "select is_peppol from einvoice where organisation_id = $1 and invoice_id = $2 and state = 'made'"
_ROW = "select * from einvoice where organisation_id = $1 and invoice_id = $2"
_FILE = """
select f.sha256, f.size, f.created_at, i.number, i.kind, i.language, i.seller ->> 'name' as seller
from invoice_file f join invoice i on i.organisation_id = f.organisation_id and i.id = f.invoice_id
where f.organisation_id = $1 and f.invoice_id = $2 and f.kind = 'ehf'
"""
