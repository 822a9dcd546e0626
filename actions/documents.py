"""The PDF of an issued invoice: made once from what was frozen, kept by its hash, and the same for ever after."""

from __future__ import annotations

import asyncio
from typing import Protocol
from uuid import UUID

from actions import files
from actions.clock import now
from actions.failpoints import failpoint
from actions.outcomes import NotFound
from domain.invoice import Issued
from models.ids import new_id
from models.queries.documents import StoredFile, pdf_in, pdf_of
from models.queries.einvoices import einvoice_in
from models.queries.invoices import stored
from models.unit_of_work import reading, unit_of_work

JOB = "render_invoice"
PATIENCE = 20.0  # seconds that a process without a renderer waits for one that has


class NotReady(Exception):
    """The document is not made yet; it will be."""


class Renderer(Protocol):
    """Makes PDFs. `accent` is a colour such as #1f5c66, `logo` a PNG or JPEG picture or nothing. `reference` is the
    customer's own, which only the XML inside says."""

    async def render(self, issued: Issued, accent: str, logo: bytes, reference: str = "") -> bytes: ...


_renderer: Renderer | None = None
_under_way: dict[tuple[UUID, UUID], asyncio.Task[StoredFile]] = {}


def use(renderer: Renderer | None) -> None:
    """Render in this process with `renderer`; None leaves it to the worker. Called when the process starts."""
    global _renderer
    _renderer = renderer


def renderer() -> Renderer | None:
    """Who renders in this process; None when the worker does."""
    return _renderer


async def rendered(organisation_id: UUID, invoice_id: UUID) -> StoredFile:
    """The stored PDF of an issued invoice, made now if it is missing.

    However many processes ask at once, one file wins and all get that one. Raises NotFound for what is no issued
    invoice of the company, NotReady when the worker did not get to it in 20 seconds, and what the renderer raises.
    """
    found = await pdf_of(organisation_id, invoice_id)
    if found is not None:
        return found
    if _renderer is None:
        return await _wait_for_it(organisation_id, invoice_id)
    key = (organisation_id, invoice_id)
    task = _under_way.get(key)
    if task is None:
        task = _under_way[key] = asyncio.create_task(_make(organisation_id, invoice_id, _renderer))
        task.add_done_callback(lambda _: _under_way.pop(key, None))
    # Shielded: a reader who goes away does not stop the others' document.
    return await asyncio.shield(task)


async def _make(organisation_id: UUID, invoice_id: UUID, renderer: Renderer) -> StoredFile:
    async with reading(organisation_id) as work:
        kept = await pdf_in(work, invoice_id)
        invoice, einvoice = await stored(work, invoice_id), await einvoice_in(work, invoice_id)
    if kept is not None:
        return kept  # drawn between the asking and now
    if invoice is None or invoice.is_draft:
        raise NotFound
    reference = einvoice.reference if einvoice else ""
    logo_sha256 = invoice.row["logo_sha256"]
    logo = await files.get(organisation_id, logo_sha256) if logo_sha256 else b""
    pdf = await renderer.render(invoice.issued(), invoice.row["accent"], logo, reference)
    await failpoint("document.rendered")
    sha256 = await files.put(organisation_id, pdf)
    await failpoint("document.stored")
    return await _keep(organisation_id, invoice_id, sha256, len(pdf))


async def _keep(organisation_id: UUID, invoice_id: UUID, sha256: bytes, size: int) -> StoredFile:
    """Name the file as the invoice's document, unless another process was faster: then it is theirs."""
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_KEEP, organisation_id, new_id(), invoice_id, sha256, size, now())
        kept = await pdf_in(work, invoice_id)
    assert kept is not None, "the row was written or was there"
    return kept


async def _wait_for_it(organisation_id: UUID, invoice_id: UUID) -> StoredFile:
    async with unit_of_work(organisation_id) as work:
        invoice = await stored(work, invoice_id)
        if invoice is None or invoice.is_draft:
            raise NotFound
        payload = {"organisation_id": str(organisation_id), "invoice_id": str(invoice_id)}
        work.enqueue(JOB, payload, dedupe_key=f"{JOB}:{invoice_id}")
    for pause in pauses():
        await asyncio.sleep(pause)
        found = await pdf_of(organisation_id, invoice_id)
        if found is not None:
            return found
    raise NotReady


def pauses() -> list[float]:
    """How a process without a renderer waits: often at first, since a document takes a tenth of a second."""
    return [0.05] * 20 + [0.5] * int((PATIENCE - 1) / 0.5)


_KEEP = """
insert into invoice_file (organisation_id, id, invoice_id, kind, sha256, size, created_at)
values ($1, $2, $3, 'pdf', $4, $5, $6)
on conflict (organisation_id, invoice_id, kind) do nothing
"""
