"""Letting go of issued documents when the accounting law no longer asks for them (docs/decisions/0008).

An invoice, its credit notes, payments, files and letters go together, in one statement, when the last of them may. Which
may, the database decides by its own day: a wrong clock here deletes nothing there. What remains is anonymous: the sums of
its month, the counter of its series, and that it was deleted, in the trail.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from actions import files
from actions.clock import now
from actions.failpoints import failpoint
from actions.tenants import organisations
from domain.privacy.accounting import SHORTEST
from models.unit_of_work import Work, reading, unit_of_work

BATCH = 200
DROP_FILES = "drop_files"
# What was only taken off a draft goes so much later: the same file may just be on its way in again.
DROPPED_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """How many documents may go, of how many, and how many others would if nothing kept them."""

    due: int = 0
    total: int = 0
    restricted: int = 0
    held: int = 0


async def count_due() -> Due:
    """What a run would delete now, and what it would leave."""
    found = Due()
    async for organisation_id in _companies():
        async with reading(organisation_id) as work:
            row = await work.connection.fetchrow(_COUNT, organisation_id, _old(), now().date())
            total = await work.connection.fetchval(_TOTAL, organisation_id)
        found = Due(
            found.due + row["due"],
            found.total + total,
            found.restricted + row["restricted"],
            found.held + row["held"],
        )
    return found


async def let_go() -> int:
    """Delete what may go, a few hundred at a time; how many documents went. Stopped anywhere, the next run goes on."""
    gone = 0
    async for organisation_id in _companies():
        while some := await _let_go_batch(organisation_id):
            gone += some
        while await _let_go_refunds(organisation_id):
            pass
    return gone


async def drop_files(organisation_id: UUID, hashes: Sequence[str]) -> None:
    """Delete files that no row names any more: the job. Harmless when it runs again. Raises StoreUnavailable."""
    for name in hashes:
        sha256 = bytes.fromhex(name)
        async with reading(organisation_id) as work:
            is_named = await work.connection.fetchval(_NAMED, organisation_id, sha256)
        if not is_named:
            await files.let_go(organisation_id, sha256)


def drop_later(work: Work, hashes: Iterable[bytes], after: timedelta | None = DROPPED_AFTER) -> None:
    """Have those of the files deleted that nothing names when the job comes to it. A job, so that no file goes before
    its rows are gone for good; hashes only."""
    names = sorted({sha256.hex() for sha256 in hashes})
    if names:
        payload = {"organisation_id": str(work.organisation_id), "hashes": ",".join(names)}
        work.enqueue(DROP_FILES, payload, after=after)


async def _let_go_batch(organisation_id: UUID) -> int:
    async with unit_of_work(organisation_id) as work:
        roots = await work.connection.fetch(_DUE, organisation_id, _old(), now().date(), BATCH)
        if not roots:
            return 0
        ids = [row["id"] for row in roots]
        rows = await work.connection.fetch(_DOCUMENTS, organisation_id, ids)
        everything = [row["id"] for row in rows]
        await work.connection.execute(_FORGET_WORDS, organisation_id, everything)
        await work.connection.execute(_DELETE, organisation_id, everything)
        for document_id in everything:
            work.audit("invoice.let_go", "invoice", document_id)
        drop_later(work, (sha256 for row in rows for sha256 in row["hashes"]), after=None)
        await failpoint("retention.documents")
    return len(everything)


async def _let_go_refunds(organisation_id: UUID) -> int:
    """Money that was paid back belongs to no invoice; it has its own end. How many went."""
    async with unit_of_work(organisation_id) as work:
        rows = await work.connection.fetch(_REFUNDS, organisation_id, now().date())
        if rows:
            await work.connection.execute(_DELETE_REFUNDS, organisation_id, [row["id"] for row in rows])
    return len(rows)


async def _companies() -> AsyncIterator[UUID]:
    """All companies: also those that were closed and have no members any more."""
    seen: set[UUID] = set()
    async for organisation_id in organisations():
        seen.add(organisation_id)
        yield organisation_id
    async with reading(None) as work:
        rows = await work.connection.fetch(_CLOSED)
    for row in rows:
        if row["company_id"] not in seen:
            yield row["company_id"]


def _old() -> datetime:
    """Nothing listed later can be due: an index finds the rest."""
    return now() - timedelta(days=365 * SHORTEST)


_CANDIDATES = """
from invoice i where organisation_id = $1 and kind = 'invoice' and state <> 'draft' and deleted_at is null
    and listed_at < $2 and law_ends(i) < $3
"""
_COUNT = f"""
select coalesce(sum(documents) filter (where why is null), 0)::integer as due,
    count(*) filter (where why = 'restricted') as restricted, count(*) filter (where why = 'held') as held
from (
    select why_kept(i) as why, 1 + (
        select count(*) from invoice n where n.organisation_id = i.organisation_id and n.credits_id = i.id
    ) as documents {_CANDIDATES}
) found
"""  # noqa: S608 - constants of this module
_TOTAL = "select count(*) from invoice where organisation_id = $1 and state <> 'draft'"
# Locked, so that a credit note or payment that comes just now is seen, or waits and finds nothing.
_DUE = f"select i.id {_CANDIDATES} and why_kept(i) is null order by listed_at limit $4 for update"
_DOCUMENTS = """
select i.id, array(
    select sha256 from invoice_file f where f.organisation_id = i.organisation_id and f.invoice_id = i.id
    union all
    select sha256 from invoice_attachment f where f.organisation_id = i.organisation_id and f.invoice_id = i.id
) || array_remove(array[i.logo_sha256], null) as hashes
from invoice i where organisation_id = $1 and (id = any($2::uuid[]) or credits_id = any($2::uuid[]))
"""
_DELETE = "delete from invoice where organisation_id = $1 and id = any($2::uuid[])"
_FORGET_WORDS = (
    "delete from search_word where organisation_id = $1 and kind = 'invoice' and subject_id = any($2::uuid[])"
)
_REFUNDS = """
select p.id from payment p join organisation o on o.id = p.organisation_id
where p.organisation_id = $1 and p.invoice_id is null
    and kept_until(p.paid_on, o.country, o.accounting_year_ends) < least($2, legal_today())
    and not exists (select from customer c where c.organisation_id = p.organisation_id and c.id = p.customer_id
                    and c.restricted_at is not null)
    and not exists (select from restriction r where r.organisation_id = p.organisation_id and r.lifted_at is null
                    and (r.scope = 'company' or r.customer_id = p.customer_id))
    and not exists (select from legal_hold h where h.organisation_id = p.organisation_id and h.lifted_at is null
                    and (h.customer_id = p.customer_id or p.paid_on between h.from_day and h.to_day))
limit 500
"""
_DELETE_REFUNDS = "delete from payment where organisation_id = $1 and id = any($2::uuid[])"
_NAMED = """
select exists (select from invoice_file where organisation_id = $1 and sha256 = $2)
    or exists (select from invoice_attachment where organisation_id = $1 and sha256 = $2)
    or exists (select from supplier_file where organisation_id = $1 and sha256 = $2)
    or exists (select from invoice where organisation_id = $1 and logo_sha256 = $2)
    or exists (select from quote where organisation_id = $1 and $2 in (logo_sha256, pdf_sha256))
    or exists (select from organisation where id = $1 and logo_sha256 = $2)
    or exists (select from agreement where organisation_id = $1 and sha256 = $2)
"""
_CLOSED = "select distinct company_id from erasure where kind = 'company' and company_id is not null"
