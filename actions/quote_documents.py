"""The PDF of a quote that was sent: made once from what was frozen, kept by its hash, and the same ever after."""

from __future__ import annotations

import asyncio
from uuid import UUID

from actions import documents, files
from actions.documents import NotReady
from actions.outcomes import NotFound
from models.queries.documents import StoredFile
from models.queries.quotes import StoredQuote, stored
from models.unit_of_work import reading, unit_of_work

JOB = "render_quote"


async def rendered(organisation_id: UUID, quote_id: UUID) -> StoredFile:
    """The stored PDF, made now if it is missing; as actions.documents.rendered does for an invoice.

    Raises NotFound for what is no quote that was sent, NotReady, and what the renderer raises.
    """
    found = await _sent(organisation_id, quote_id)
    if found.row["pdf_sha256"] is not None:
        return _file(organisation_id, found)
    renderer = documents.renderer()
    if renderer is None:
        return await _wait_for_it(organisation_id, quote_id)
    logo_sha256 = found.row["logo_sha256"]
    logo = await files.get(organisation_id, logo_sha256) if logo_sha256 else b""
    pdf = await renderer.render(found.document(), found.row["accent"], logo)
    sha256 = await files.put(organisation_id, pdf)
    async with unit_of_work(organisation_id) as work:
        # Another process may have been faster: then it is theirs.
        await work.connection.execute(_KEEP, organisation_id, quote_id, sha256, len(pdf))
    return _file(organisation_id, await _sent(organisation_id, quote_id))


async def _sent(organisation_id: UUID, quote_id: UUID) -> StoredQuote:
    async with reading(organisation_id) as work:
        found = await stored(work, quote_id)
    if found is None or found.is_draft:
        raise NotFound
    return found


def _file(organisation_id: UUID, found: StoredQuote) -> StoredFile:
    row = found.row
    return StoredFile(organisation_id, found.id, row["pdf_sha256"], row["pdf_size"], row["sent_at"])


async def _wait_for_it(organisation_id: UUID, quote_id: UUID) -> StoredFile:
    async with unit_of_work(organisation_id) as work:
        payload = {"organisation_id": str(organisation_id), "quote_id": str(quote_id)}
        work.enqueue(JOB, payload, dedupe_key=f"{JOB}:{quote_id}")
    for pause in documents.pauses():
        await asyncio.sleep(pause)
        found = await _sent(organisation_id, quote_id)
        if found.row["pdf_sha256"] is not None:
            return _file(organisation_id, found)
    raise NotReady


_KEEP = """
update quote set pdf_sha256 = $3, pdf_size = $4 where organisation_id = $1 and id = $2 and pdf_sha256 is null
"""
