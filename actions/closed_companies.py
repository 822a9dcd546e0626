"""What is left of closed companies, when the last of it may go: received invoices and accepted quotes.

Their issued documents go as everybody's do (actions.old_documents), their emptied customers as unused ones. Of the
company itself stays a row with a pseudonym, its sums, and its audit trail, none of which names anybody.
"""

from __future__ import annotations

from uuid import UUID

from actions.clock import now
from actions.old_documents import DROP_FILES
from models.queries.quotes import AGREED_UNTIL
from models.unit_of_work import reading, unit_of_work

BATCH = 500


async def count_due() -> tuple[int, int]:
    """How many of how many are past their time."""
    due = total = 0
    for company_id in await _closed():
        async with reading(company_id) as work:
            row = await work.connection.fetchrow(_COUNT, company_id, now().date())
        due, total = due + row["due"], total + row["total"]
    return due, total


async def let_go() -> int:
    """Delete them with their files, a batch at a time. Stopped anywhere, the next run goes on."""
    gone = 0
    for company_id in await _closed():
        while some := await _batch(company_id):
            gone += some
    return gone


async def _batch(company_id: UUID) -> int:
    async with unit_of_work(company_id) as work:
        documents = await work.connection.fetch(_DOCUMENTS, company_id, now().date(), BATCH)
        files = await work.connection.fetch(_FILES, company_id, [row["id"] for row in documents])
        await work.connection.execute(_DELETE_DOCUMENTS, company_id, [row["id"] for row in documents])
        quotes = await work.connection.fetch(_QUOTES, company_id, now().date(), BATCH)
        await work.connection.execute(_EMPTY_HOLDS, company_id)
        for row in documents:
            work.audit("supplier_document.purged", "supplier_document", row["id"])
        for row in quotes:
            work.audit("quote.purged", "quote", row["id"])
        hashes = {row["sha256"].hex() for row in files}
        hashes |= {sha256.hex() for row in quotes for sha256 in (row["pdf_sha256"], row["logo_sha256"]) if sha256}
        if hashes:
            work.enqueue(DROP_FILES, {"organisation_id": str(company_id), "hashes": ",".join(sorted(hashes))})
    return len(documents) + len(quotes)


async def _closed() -> list[UUID]:
    async with reading(None) as work:
        rows = await work.connection.fetch(_CLOSED)
    return [row["company_id"] for row in rows]


_CLOSED = "select company_id from erasure where kind = 'company' and state = 'done' order by id"
_RECEIVED = "kept_until(coalesce(d.issued_on, d.received_at::date), o.country, o.accounting_year_ends)"
_AGREED = AGREED_UNTIL.format(q="q")
_COUNT = f"""
select count(*) filter (where ends < least($2::date, legal_today())) as due, count(*) as total from (
    select {_RECEIVED} as ends from supplier_document d join organisation o on o.id = d.organisation_id
    where d.organisation_id = $1
    union all
    select {_AGREED} from quote q join organisation o on o.id = q.organisation_id where q.organisation_id = $1
) parts
"""  # noqa: S608 - constants of this module
_DOCUMENTS = f"""
select d.id from supplier_document d join organisation o on o.id = d.organisation_id
where d.organisation_id = $1 and o.erased_at is not null and {_RECEIVED} < least($2::date, legal_today())
order by d.id limit $3
"""  # noqa: S608 - constants of this module
_FILES = """
delete from supplier_file where organisation_id = $1 and document_id = any($2::uuid[]) returning sha256
"""
_DELETE_DOCUMENTS = "delete from supplier_document where organisation_id = $1 and id = any($2::uuid[])"
# Orders to keep that ended, once there is nothing left that they could have been about.
_EMPTY_HOLDS = """
update legal_hold set basis = '-', reason = '' where organisation_id = $1 and basis <> '-'
and (lifted_at is not null or until < legal_today())
and not exists (select from invoice where organisation_id = $1)
"""
_QUOTES = f"""
delete from quote where organisation_id = $1 and id = any(array(
    select q.id from quote q join organisation o on o.id = q.organisation_id
    where q.organisation_id = $1 and o.erased_at is not null and {_AGREED} < least($2::date, legal_today()) limit $3))
returning id, pdf_sha256, logo_sha256
"""  # noqa: S608 - constants of this module
