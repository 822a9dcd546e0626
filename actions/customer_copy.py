"""A copy of all that a company keeps about one of its customers (GDPR Art. 15), for who asks with a code.

The same ZIP in small as the copy of an account: every row of one moment, the documents as they are archived, what it all
means. Which rows are the customer's is read from the data map. Whoever hands it out has made sure who asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec

from actions import data_export_pages as pages
from actions import documents, files
from actions.clock import now
from actions.data_export_file import Part, Progress, Scope, measure, write
from actions.failpoints import failpoint
from actions.instance import settings
from actions.outcomes import NotFound
from actions.tenants import organisations
from domain.privacy.authorities import authority_of
from domain.privacy.export import withheld
from domain.privacy.retention import EXPORT_FILE, EXPORT_NOTE
from models.ids import new_id
from models.queries.customer_copies import (
    CopyView,
    Tied,
    copy_of,
    documents_about,
    note_progress,
    rows_about,
    tied,
    without_pdf,
)
from models.unit_of_work import Work, reading, unit_of_work

JOB = "make_customer_copy"
MOST_DOWNLOADS = 5


async def ask(work: Work, customer_id: UUID, reference: str) -> UUID:
    """Have a copy made, in the unit of work of the request `reference` that it answers. Asking again for the same
    request is asking once, while its copy can be fetched. Raises NotFound for a customer of another company."""
    known = await work.connection.fetchval(_CUSTOMER, work.organisation_id, customer_id)
    if not known:
        raise NotFound
    before: UUID | None = await work.connection.fetchval(_BEFORE, work.organisation_id, customer_id, reference, now())
    if before is not None:
        return before
    copy_id = new_id()
    await work.connection.execute(_ASK, work.organisation_id, copy_id, customer_id, reference, now())
    work.enqueue(JOB, {"organisation_id": str(work.organisation_id), "id": str(copy_id)})
    work.audit("customer.copy_asked", "customer", customer_id)
    return copy_id


async def make(organisation_id: UUID, copy_id: UUID) -> None:
    """Make the ZIP: the job. Harmless when it runs again, or twice at once: the first to finish wins.

    Raises StoreUnavailable, and what rendering a missing document raises.
    """
    copy = await _begin(organisation_id, copy_id)
    if copy is None:
        return
    await _render_missing(copy)
    scope = await _scope(copy)
    path = settings().data_dir / "tmp" / f"copy-{new_id()}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        counts = await write(path, scope, now(), _progress(copy))
        await failpoint("copy.written")
        sha256, size = await asyncio.to_thread(measure, path)
        await files.put_file(_name(copy_id), path)
    finally:
        path.unlink(missing_ok=True)
    moment, encoded = now(), msgspec.json.encode(counts).decode()
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(
            _READY, organisation_id, copy_id, moment, moment + EXPORT_FILE, sha256, size, encoded
        )


async def give_up(organisation_id: UUID, copy_id: UUID) -> None:
    """It could not be made; another may be asked for at once."""
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_GIVE_UP, organisation_id, copy_id)


async def fetch(organisation_id: UUID, copy_id: UUID) -> CopyView | None:
    """The copy, counted as fetched once more; None when it is not there, not ready, over, or was fetched five times.
    The caller has made sure that it is the customer who asks."""
    async with unit_of_work(organisation_id) as work:
        customer_id = await work.connection.fetchval(_COUNT, organisation_id, copy_id, now(), MOST_DOWNLOADS)
        if customer_id is None:
            return None
        work.audit("customer.copy_fetched", "customer", customer_id)
    return await copy_of(organisation_id, copy_id)


def content(copy: CopyView) -> AsyncIterator[bytes]:
    """The ZIP, piece by piece. Raises FileMissing, StoreUnavailable."""
    return files.named(_name(copy.id))


async def purge() -> int:
    """Delete the files whose time is over, and twelve months later the notes that there were copies."""
    gone = 0
    async for organisation_id in organisations():
        async with unit_of_work(organisation_id) as work:
            rows = await work.connection.fetch(_EXPIRE, organisation_id, now())
        for row in rows:
            await files.drop(_name(row["id"]))
        async with unit_of_work(organisation_id) as work:
            await work.connection.execute(_DROPPED, organisation_id, [row["id"] for row in rows])
            await work.connection.execute(_FORGET, organisation_id, now() - EXPORT_NOTE)
        gone += len(rows)
    return gone


async def _begin(organisation_id: UUID, copy_id: UUID) -> CopyView | None:
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_BEGIN, organisation_id, copy_id)
    copy = await copy_of(organisation_id, copy_id)
    return copy if copy is not None and copy.state == "making" else None


async def _render_missing(copy: CopyView) -> None:
    """Before the snapshot, so that every issued document in it has its file."""
    async with reading(copy.organisation_id) as work:
        missing = await without_pdf(work, copy.customer_id)
    for at, invoice_id in enumerate(missing):
        await documents.rendered(copy.organisation_id, invoice_id)
        if at % 20 == 0:
            await note_progress(copy.organisation_id, copy.id, 1 + 55 * at // len(missing))


async def _scope(copy: CopyView) -> Scope:
    async with reading(copy.organisation_id) as work:
        own = await work.connection.fetchrow(_OWN, copy.organisation_id)
    company = ", ".join(part for part in (own["name"], own["organisation_number"]) if part)
    about, tied_to_nobody = tied()

    def part(one: Tied) -> Part:
        return Part(one.plan, lambda work: rows_about(work, one, copy.customer_id))

    return Scope(
        organisation_id=copy.organisation_id,
        person_id=None,
        parts=tuple(part(one) for one in about),
        documents=lambda work: documents_about(work, copy.customer_id),
        with_vat=False,
        withheld=withheld([one.plan for one in about], tied_to_nobody),
        about=pages.About(company, own["email"], authority_of(own["country"])),
        manifest={
            "request": copy.reference,
            "kind": "access",
            "subject": {"kind": "customer", "ref": str(copy.customer_id)},
            "company": copy.organisation_id,
            "controller": company,
        },
    )


def _progress(copy: CopyView) -> Progress:
    async def note(percent: int) -> None:
        await note_progress(copy.organisation_id, copy.id, percent)

    return note


def _name(copy_id: UUID) -> str:
    return f"copies/{copy_id}.zip"


_CUSTOMER = "select true from customer where organisation_id = $1 and id = $2"
_OWN = "select name, organisation_number, email, country from organisation where id = $1"
_BEFORE = """
select id from customer_copy
where organisation_id = $1 and customer_id = $2 and reference = $3
  and (state in ('queued', 'making') or state = 'ready' and expires_at > $4)
order by asked_at desc limit 1
"""
_ASK = """
insert into customer_copy (organisation_id, id, customer_id, reference, state, asked_at, progress, counts, downloads)
values ($1, $2, $3, $4, 'queued', $5, 0, '{}', 0)
"""
_BEGIN = """
update customer_copy set state = 'making', progress = 1 where organisation_id = $1 and id = $2 and state = 'queued'
"""
_READY = """
update customer_copy set state = 'ready', progress = 100, ready_at = $3, expires_at = $4, sha256 = $5, size = $6,
    counts = $7::jsonb
where organisation_id = $1 and id = $2 and state = 'making'
"""
_GIVE_UP = """
update customer_copy set state = 'failed' where organisation_id = $1 and id = $2 and state in ('queued', 'making')
"""
_COUNT = """
update customer_copy set downloads = downloads + 1
where organisation_id = $1 and id = $2 and state = 'ready' and expires_at > $3 and downloads < $4
returning customer_id
"""
# Those that were marked but whose file could not be deleted are found again by their size.
_EXPIRE = """
update customer_copy set state = 'gone'
where organisation_id = $1 and (state = 'ready' and expires_at <= $2 or state = 'gone' and size is not null)
returning id
"""
_DROPPED = "update customer_copy set size = null where organisation_id = $1 and id = any($2::uuid[])"
_FORGET = "delete from customer_copy where organisation_id = $1 and asked_at < $2 and state in ('gone', 'failed')"
