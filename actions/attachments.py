"""A user's own files on the draft of an invoice: looked at, kept by their hash, and taken away again.

They go out with the invoice: inside the e-invoice, beside the PDF in the e-mail, and on the customer's page.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from PIL import Image, ImageOps

from actions import files
from actions.clock import now
from actions.drafts import Editing, check_version
from actions.old_documents import drop_later
from actions.outcomes import NotFound
from actions.pictures import NotAPicture, TooManyPixels, drawn_anew, one_at_a_time
from actions.restrained import permit_customer
from domain.attachment_refusals import ATTACHMENT_TEXTS
from domain.attachments import FIELD, JPEG, PICTURES, Enclosed, clean_name, faults_of, shown_name, too_much, type_of
from domain.einvoice.document import Attachment
from domain.pictures import MOST_PIXELS
from domain.privacy.restriction import Operation
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.queries.attachments import attachments_in
from models.queries.invoices import StoredInvoice, stored
from models.unit_of_work import Work, unit_of_work

assert ATTACHMENT_TEXTS, "the sentences are part of the one table once they are loaded"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as a browser sent it."""

    name: str
    content: bytes


async def add(
    organisation_id: UUID, person_id: UUID, invoice_id: UUID, sent: Sequence[Sent], editing: Editing
) -> int:
    """Put files on a draft, all of them or none; the draft's new version. A file that is on it already is left as it is,
    so that sending twice is sending once.

    Raises NotFound, Stale as actions.drafts.save does, and Refused: `attachment.*`.
    """
    looked_at = await _looked_at(sent)
    # The store first: a row never names a file that is not there. A file without a row harms nobody.
    hashes = [await files.put(organisation_id, content) for _, _, content in looked_at]
    async with unit_of_work(organisation_id, person_id) as work:
        found = await _held(work, invoice_id, editing)
        before = await attachments_in(work, invoice_id)
        fresh = _fresh(looked_at, hashes, before)
        if not fresh:
            return found.version
        faults = too_much([one.size for one in (*before, *fresh)])
        if faults:
            raise Refused(*faults)
        last = await work.connection.fetchval(_LAST, organisation_id, invoice_id)
        for position, file in enumerate(fresh, start=last + 1):
            values = (file.id, invoice_id, position, file.name, file.mime, file.sha256, file.size, now())
            await work.connection.execute(_ADD, organisation_id, *values)
        work.audit("invoice.file_added", "invoice", invoice_id, ["attachments"])
        return await _touch(work, invoice_id, editing)


async def remove(organisation_id: UUID, person_id: UUID, invoice_id: UUID, file_id: UUID, editing: Editing) -> int:
    """Take a file off a draft; the draft's new version. Twice is the same as once. Raises as `add`."""
    async with unit_of_work(organisation_id, person_id) as work:
        found = await _held(work, invoice_id, editing)
        sha256 = await work.connection.fetchval(_REMOVE, organisation_id, invoice_id, file_id)
        if sha256 is None:
            return found.version
        drop_later(work, [sha256])
        work.audit("invoice.file_removed", "invoice", invoice_id, ["attachments"])
        return await _touch(work, invoice_id, editing)


async def contents(organisation_id: UUID, enclosed: Iterable[Enclosed]) -> tuple[Attachment, ...]:
    """The files with their bytes, as they go into an e-invoice. Raises what the file store raises."""
    return tuple(
        [Attachment(file.plain_name, file.mime, await files.get(organisation_id, file.sha256)) for file in enclosed]
    )


async def _looked_at(sent: Sequence[Sent]) -> list[tuple[str, str, bytes]]:
    """Name, type and content of each; raises Refused with everything that is wrong."""
    if not sent:
        raise Refused(Refusal("attachment.nothing", FIELD))
    faults = [fault for one in sent for fault in faults_of(one.name, one.content)]
    faults = faults or too_much([len(one.content) for one in sent])
    if faults:
        raise Refused(*faults)
    found = []
    for one in sent:
        mime = type_of(one.name, one.content)
        assert mime is not None, "anything else was refused"
        found.append((one.name, mime, await _redrawn(one, mime)))
    return found


async def _redrawn(sent: Sent, mime: str) -> bytes:
    """A picture is written anew, in its own size; other files stay as they are. Raises Refused."""
    kind = PICTURES.get(mime)
    if kind is None:
        return sent.content
    shown = {"name": shown_name(sent.name)}
    try:
        drawn = await one_at_a_time(lambda: drawn_anew(sent.content, kind, lambda picture: _drawn(picture, kind)))
    except NotAPicture:
        raise Refused(Refusal("attachment.not_a_picture", FIELD, shown)) from None
    except TooManyPixels:
        most = str(MOST_PIXELS // 1_000_000)
        raise Refused(Refusal("attachment.too_many_pixels", FIELD, {**shown, "most": most})) from None
    faults = faults_of(sent.name, drawn)
    if faults:
        raise Refused(*faults)
    return drawn


def _drawn(picture: Image.Image, kind: str) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    has_alpha = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_alpha and kind == "PNG" else "RGB")
    # A new picture: `info` would carry profiles and comments along.
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    written = io.BytesIO()
    clean.save(written, kind, **({"quality": 90} if kind == PICTURES[JPEG] else {"optimize": True}))
    return written.getvalue()


def _fresh(
    looked_at: Sequence[tuple[str, str, bytes]], hashes: Sequence[bytes], before: Sequence[Enclosed]
) -> list[Enclosed]:
    """Those that are not on the draft yet, each with a name of its own."""
    known, names = {one.sha256 for one in before}, [one.name for one in before]
    fresh: list[Enclosed] = []
    for (name, mime, content), sha256 in zip(looked_at, hashes, strict=True):
        if sha256 in known:
            continue
        known.add(sha256)
        names.append(clean_name(name, mime, names))
        fresh.append(Enclosed(new_id(), names[-1], mime, len(content), sha256))
    return fresh


async def _held(work: Work, invoice_id: UUID, editing: Editing) -> StoredInvoice:
    """The draft, held until the unit of work ends."""
    found = await stored(work, invoice_id, lock=True)
    if found is None:
        raise NotFound
    if not found.is_draft:
        raise Refused(Refusal("attachment.is_issued", FIELD))
    check_version(found, editing)
    await permit_customer(work, found.row["customer_id"], Operation.EDIT)
    return found


async def _touch(work: Work, invoice_id: UUID, editing: Editing) -> int:
    """Other windows on the same draft do not know of it: they are asked before they save or issue."""
    version: int = await work.connection.fetchval(_TOUCH, work.organisation_id, invoice_id, now(), editing.editor)
    return version


_ADD = """
insert into invoice_attachment (organisation_id, id, invoice_id, position, name, mime, sha256, size, added_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_LAST = """
select coalesce(max(position), 0) from invoice_attachment where organisation_id = $1 and invoice_id = $2
"""
_REMOVE = """
delete from invoice_attachment where organisation_id = $1 and invoice_id = $2 and id = $3 returning sha256
"""
_TOUCH = """
update invoice set version = version + 1, changed_at = $3, edited_in = $4 where organisation_id = $1 and id = $2
returning version
"""
