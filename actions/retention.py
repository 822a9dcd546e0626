"""Letting go: what is kept no longer than its reason lasts (the periods stand in domain.privacy.retention).

Rows go a few thousand at a time, each batch in a transaction of its own, so that nobody waits for the broom.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from actions.clock import now
from actions.old_documents import drop_later
from actions.tenants import organisations
from domain.privacy.classification import Retention
from domain.privacy.retention import DELETED_DRAFT, FINISHED_JOB, PERIODS, UNCONFIRMED_ACCOUNT
from models.queries.holds import CUSTOMER_HELD
from models.queries.quotes import AGREED, AGREED_UNTIL
from models.queries.restrictions import COMPANY_FREE, DUE_FREE
from models.restriction import ACCOUNT_FREE
from models.unit_of_work import reading, unit_of_work

BATCH = 2000
# So many of a company's rows go in one transaction, each with a line in its trail.
OF_A_COMPANY = 500


async def purge_letters() -> int:
    """Letters about accounts, seven days after they were asked for."""
    return await _purge("account_message", "created_at", PERIODS[Retention.SHORT])


async def purge_tokens() -> int:
    """Secrets that were mailed, seven days after their end."""
    return await _purge("account_token", "expires_at", PERIODS[Retention.SHORT])


async def purge_sessions() -> int:
    """Sessions, thirty days after their last use; of a restricted account they are left (GDPR Art. 18(1)(c))."""
    return await _purge("session", "last_seen_at", PERIODS[Retention.SESSION], ACCOUNT_FREE.format(table="session"))


async def purge_security_events() -> int:
    """What happened to accounts, after twelve months; of a restricted account it is left."""
    free = ACCOUNT_FREE.format(table="security_event")
    return await _purge("security_event", "at", PERIODS[Retention.SECURITY], free)


async def purge_account_corrections() -> int:
    """What people corrected of their accounts, after 24 months; of a restricted account it is left."""
    free = ACCOUNT_FREE.format(table="account_correction")
    return await _purge("account_correction", "corrected_at", PERIODS[Retention.CORRECTION], free)


async def purge_corrections() -> int:
    """What was corrected of customers and companies, after 24 months: neither what is restricted nor what is ordered to
    be kept."""
    return await _in_companies(_purge_corrections_of)


async def _purge_corrections_of(organisation_id: UUID) -> int:
    async with unit_of_work(organisation_id) as work:
        before = now() - PERIODS[Retention.CORRECTION]
        done = await work.connection.execute(_PURGE_CORRECTIONS, organisation_id, before, OF_A_COMPANY)
    return int(done.split()[-1])


async def purge_attempts() -> int:
    """Counts of tries whose window is over."""
    return await _purge("attempt", "window_ends_at", timedelta(0))


async def purge_finished_jobs() -> int:
    """The queue's log of what is done, after seven days."""
    return await _purge("pgqueuer_log", "created", FINISHED_JOB)


async def purge_job_counts() -> int:
    """The queue's counts for each second, which hold no more than numbers, after thirty days."""
    return await _purge("pgqueuer_statistics", "created", PERIODS[Retention.SESSION])


async def purge_visit_counts() -> int:
    """Counts of visits, after twenty-five months."""
    return await _purge("visit_count", "day", PERIODS[Retention.COUNTS])


async def purge_unconfirmed_accounts() -> int:
    """Accounts that nobody confirmed, seven days after they were made, with the letters and tokens to them.

    One with a link that still works is left until the link ends: somebody signed up again and is perhaps reading it.
    """
    gone, last = 0, UUID(int=0)
    while found := await _unconfirmed_after(last):
        for person_id in found:
            gone += await _purge_unconfirmed(person_id)
        last = found[-1]
    return gone


async def _unconfirmed_after(last: UUID) -> list[UUID]:
    moment = now()
    async with reading(None) as work:
        rows = await work.connection.fetch(_UNCONFIRMED, last, moment - UNCONFIRMED_ACCOUNT, moment)
    return [row["id"] for row in rows]


async def _purge_unconfirmed(person_id: UUID) -> int:
    """One account in a transaction of its own: only as this person can its memberships be seen. The row is locked and
    asked again, as its owner may be confirming the address this very moment."""
    async with unit_of_work(None, person_id) as work:
        email = await work.connection.fetchval(_PURGE_UNCONFIRMED, person_id)
        if email is None:
            return 0
        # Tokens, sessions and events go with the row they point at; a letter that was asked for names only the address.
        await work.connection.execute("delete from account_message where lower(email) = lower($1)", email)
    return 1


async def purge_invitations() -> int:
    """Invitations to companies, seven days after they were answered, withdrawn, or their time was over."""
    gone = 0
    async for organisation_id in organisations():
        async with unit_of_work(organisation_id) as work:
            done = await work.connection.execute(
                _PURGE_INVITATIONS, organisation_id, now() - PERIODS[Retention.SHORT]
            )
        gone += int(done.split()[-1])
    return gone


async def purge_drafts() -> int:
    """Drafts: thirty days after they were deleted, or 24 months after their last change."""
    return await _in_companies(_purge_drafts_of)


async def _purge_drafts_of(organisation_id: UUID) -> int:
    moment = now()
    async with unit_of_work(organisation_id) as work:
        rows = await work.connection.fetch(
            _PURGE_DRAFTS, organisation_id, moment - DELETED_DRAFT, moment - PERIODS[Retention.DRAFT], OF_A_COMPANY
        )
        ids = [row["id"] for row in rows]
        if ids:
            await work.connection.execute(_PURGE_WORDS, organisation_id, ids)
        drop_later(work, (sha256 for row in rows for sha256 in row["hashes"]), after=None)
        for invoice_id in ids:
            work.audit("invoice.draft_purged", "invoice", invoice_id)
    return len(ids)


async def purge_removed_documents() -> int:
    """What was taken out of the inbox, thirty days later."""
    return await _in_companies(_purge_removed_of)


async def _purge_removed_of(organisation_id: UUID) -> int:
    async with unit_of_work(organisation_id) as work:
        before = now() - DELETED_DRAFT
        rows = await work.connection.fetch(_REMOVED_DOCUMENTS, organisation_id, before, OF_A_COMPANY)
        ids = [row["id"] for row in rows]
        if ids:
            await work.connection.execute(_PURGE_FILES, organisation_id, ids)
            await work.connection.execute(_PURGE_DOCUMENTS, organisation_id, ids)
        for document_id in ids:
            work.audit("supplier_document.purged", "supplier_document", document_id)
    return len(ids)


async def purge_quotes() -> int:
    """Quotes: drafts thirty days after they were deleted; the rest 24 months after the last that happened to them, those
    that were agreed to when the accounting law lets go of them besides. With each goes the document that was sent."""
    return await _in_companies(_purge_quotes_of)


async def _purge_quotes_of(organisation_id: UUID) -> int:
    moment = now()
    async with unit_of_work(organisation_id) as work:
        rows = await work.connection.fetch(
            _PURGE_QUOTES, organisation_id, moment - DELETED_DRAFT, moment - PERIODS[Retention.DRAFT], moment,
            OF_A_COMPANY,
        )  # fmt: skip
        ids = [row["id"] for row in rows]
        if ids:
            await work.connection.execute(_PURGE_WORDS.replace("'invoice'", "'quote'"), organisation_id, ids)
        drop_later(work, (sha256 for row in rows for sha256 in row["hashes"]))
        for quote_id in ids:
            work.audit("quote.purged", "quote", quote_id)
    return len(ids)


async def purge_plans() -> int:
    """Recurring invoices that never started, thirty days after they were deleted; those that ended, and drafts of them,
    24 months after the last that happened to them. Invoices they made stay."""
    return await _in_companies(_purge_plans_of)


async def _purge_plans_of(organisation_id: UUID) -> int:
    moment = now()
    values = (organisation_id, moment - DELETED_DRAFT, moment - PERIODS[Retention.DRAFT], OF_A_COMPANY)
    async with unit_of_work(organisation_id) as work:
        ids = [row["id"] for row in await work.connection.fetch(_OLD_PLANS, *values)]
        if ids:
            for statement in _PURGE_PLANS:
                await work.connection.execute(statement, organisation_id, ids)
        for plan_id in ids:
            work.audit("plan.purged", "plan", plan_id)
    return len(ids)


async def _in_companies(purge_some: Callable[[UUID], Awaitable[int]]) -> int:
    """Let each company's rows go, some at a time, until none is left that is due."""
    gone = 0
    async for organisation_id in organisations():
        while some := await purge_some(organisation_id):
            gone += some
    return gone


async def _purge(table: str, column: str, period: timedelta, free: str = "true") -> int:
    """Delete the rows of a table without tenants whose `column` is further back than `period`, those that are `free`."""
    statement = (
        f"delete from {table} where ctid = any(array("  # noqa: S608 - names from this module only
        f"select ctid from {table} where {column} < $1 and {free} limit {BATCH}))"
    )
    gone, before = 0, now() - period
    while True:
        async with unit_of_work(None) as work:
            some = int((await work.connection.execute(statement, before)).split()[-1])
        gone += some
        if some < BATCH:
            return gone


_UNCONFIRMED = """
select id from person p where id > $1 and email <> '' and email_confirmed_at is null and created_at < $2
and not exists (select from account_token t where t.person_id = p.id and t.used_at is null and t.expires_at > $3)
order by id limit 1000
"""
_PURGE_UNCONFIRMED = """
delete from person where id = $1 and email_confirmed_at is null
and not exists (select from membership where person_id = $1) returning email
"""
# Neither restricted nor ordered to be kept.
_LOOSE = f"{DUE_FREE} and not {CUSTOMER_HELD}"
_PURGE_CORRECTIONS = f"""
delete from correction where organisation_id = $1 and id = any(array(
    select id from correction s where organisation_id = $1 and corrected_at < $2 and {_LOOSE} limit $3))
"""  # noqa: S608 - constants of this package
_PURGE_INVITATIONS = "delete from invitation where organisation_id = $1 and coalesce(ended_at, expires_at) < $2"
_PURGE_DRAFTS = f"""
with gone as (
    delete from invoice where organisation_id = $1 and id = any(array(
        (select id from invoice s where organisation_id = $1 and deleted_at < $2 and {_LOOSE} limit $4)
        union all
        (select id from invoice s where organisation_id = $1 and state = 'draft' and deleted_at is null
         and changed_at < $3 and {_LOOSE} limit $4))) and state = 'draft'
    returning id
)
select id, array(
    select sha256 from invoice_attachment f where f.organisation_id = $1 and f.invoice_id = gone.id
) as hashes from gone
"""  # noqa: S608 - constants of this package
_REMOVED_DOCUMENTS = f"""
select id from supplier_document where organisation_id = $1 and deleted_at < $2 and {COMPANY_FREE} limit $3 for update
"""  # noqa: S608 - constants of this package
_PURGE_FILES = "delete from supplier_file where organisation_id = $1 and document_id = any($2::uuid[])"
_PURGE_DOCUMENTS = "delete from supplier_document where organisation_id = $1 and id = any($2::uuid[])"
# Of a plan `s`, where $2 and $3 are the two moments.
PLAN_OVER = """(
    s.state = 'draft' and s.deleted_at < $2
    or s.state in ('draft', 'stopped', 'finished') and s.changed_at < $3 and not exists (
        select from plan_run late where late.organisation_id = $1 and late.plan_id = s.id and late.made_at >= $3))"""
_OLD_PLANS = f"""
select s.id from plan s where s.organisation_id = $1 and {PLAN_OVER} and {_LOOSE} limit $4 for update
"""  # noqa: S608 - constants of this package
# In this order: what refers to it goes before it.
_PURGE_PLANS = (
    "delete from message where organisation_id = $1 and plan_id = any($2::uuid[])",
    "delete from plan_run where organisation_id = $1 and plan_id = any($2::uuid[])",
    "delete from search_word where organisation_id = $1 and kind in ('plan', 'held') and subject_id = any($2::uuid[])",
    "delete from plan where organisation_id = $1 and id = any($2::uuid[])",
)
# Of a quote `s` of the company `o`, where $2 to $4 are the two moments and now.
_LET_GO = f"""(
    not {AGREED} or {AGREED_UNTIL} < least(($4::timestamptz at time zone o.time_zone)::date, legal_today()))
""".format(q="s")
QUOTE_OVER = f"s.deleted_at < $2 or s.changed_at < $3 and {_LET_GO}"
_PURGE_QUOTES = f"""
delete from quote where organisation_id = $1 and id = any(array(
    (select id from quote s where organisation_id = $1 and deleted_at < $2 and {_LOOSE} limit $5)
    union all
    (select s.id from quote s join organisation o on o.id = s.organisation_id
     where s.organisation_id = $1 and s.changed_at < $3 and {_LOOSE} and {_LET_GO} limit $5)))
returning id, array_remove(array[pdf_sha256, logo_sha256], null) as hashes
"""  # noqa: S608 - constants of this package
_PURGE_WORDS = (
    "delete from search_word where organisation_id = $1 and kind = 'invoice' and subject_id = any($2::uuid[])"
)
