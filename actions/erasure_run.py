"""Carrying a deletion out when its day has come: step by step, each counted in the transaction that did it.

Whoever is killed on the way leaves whole steps and whole batches, and the next run goes on with the same figures (P-27).
The ledger outside of the database is written before the first row goes, so that a backup of yesterday can be brought up
to date (P-26). The certificate comes last, and with its letter the address it goes to.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from actions import erasure_ledger, files
from actions.account_letters import ask_for_letter
from actions.clock import now
from actions.erasure_certificate import account_certificate, company_certificate, signed
from actions.failpoints import failpoint
from actions.logs import log
from actions.successors import succeed
from domain.accounts import Asked
from domain.privacy.erasure import Fate, pseudonym
from models.blank import blanking
from models.erasing import CONTACTS, FIRST, QUOTE_PAGES, deletion, emptied, emptying, in_order, references
from models.queries.erasures import account_parts, company_parts
from models.queries.holds import standing_orders
from models.unit_of_work import Work, reading, unit_of_work

JOB = "erase"
BATCH = 1000
REQUESTS = "rights_request"
# In place of the reasons that somebody was given: that there were some must be shown (Art. 12(4)).
NOT_KEPT = "–"
Batch = Callable[[Work], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Erasing:
    """A deletion that has begun."""

    id: UUID
    kind: str
    person_id: UUID | None
    company_id: UUID | None
    done: frozenset[str]
    # Is a letter sent when it is done? Not when it is done again after a restore.
    tells: bool = True


async def queue_due() -> int:
    """Queue what is due; for the schedule. What a worker left behind is taken up again."""
    async with unit_of_work(None) as work:
        rows = await work.connection.fetch(_DUE, now())
        for row in rows:
            work.enqueue(JOB, {"id": str(row["id"])}, dedupe_key=f"erase-{row['id']}")
    return len(rows)


async def execute(erasure_id: UUID) -> None:
    """The job. Harmless when it runs again, or twice at once. Raises StoreUnavailable, to be tried again."""
    erasing = await _begin(erasure_id)
    if erasing is None:
        return
    await erasure_ledger.note(erasure_id)
    await failpoint("erasure.noted")
    if erasing.kind == "company":
        await _erase_company(erasing)
    else:
        await _erase_account(erasing)
    log.info("erased", erasure=erasure_id, kind=erasing.kind)


async def _begin(erasure_id: UUID) -> Erasing | None:
    """None when it was called off, is done, its day has not come, or an order to keep stands. From here on it can not be
    called off."""
    if await _is_held(erasure_id):
        log.warning("erasure_waits_for_order", erasure=erasure_id)
        return None
    async with unit_of_work(None) as work:
        row = await work.connection.fetchrow(_BEGIN, erasure_id, now())
        steps = await work.connection.fetch(_DONE_STEPS, erasure_id)
    if row is None:
        return None
    done = frozenset(step["name"] for step in steps)
    return Erasing(erasure_id, row["kind"], row["person_id"], row["company_id"], done, row["tells"])


async def _is_held(erasure_id: UUID) -> bool:
    """Does an order to keep stand in a company that would go? None could be closed with one, so it was put since.
    What has begun is ended: the ledger holds it already."""
    async with reading(None) as work:
        rows = await work.connection.fetch(_ABOUT_TO_CLOSE, erasure_id)
    for row in rows:
        async with reading(row["company_id"]) as work:
            if await standing_orders(work):
                return True
    return False


# --- a company


async def _erase_company(erasing: Erasing) -> None:
    company_id = erasing.company_id
    assert company_id is not None
    async with unit_of_work(company_id) as work:
        await work.connection.execute(_CLOSED, company_id, now())
        known = await references(work)
    await _drop_copies(erasing, "company_id", company_id)
    for part in in_order((one for one in company_parts() if one.fate is Fate.DELETED), known):
        await _step(erasing, part.name, _deleting(part.name, deletion(part, known, BATCH), company_id), company_id)
    for table in emptied(company_parts(), known):
        await _step(erasing, f"emptied.{table}", _emptying(table, company_id), company_id, once=True)
    await _step(erasing, "contacts", _taking_contacts(company_id), company_id)
    await _step(erasing, "quote_pages", _running(QUOTE_PAGES, company_id), company_id, once=True)
    await _drop_files(erasing, company_id)
    await _finish_company(erasing, company_id)


def _deleting(name: str, statement: str, company_id: UUID) -> Batch:
    async def batch(work: Work) -> int:
        if name in FIRST:
            await work.connection.execute(FIRST[name], company_id)
        return _rows(await work.connection.execute(statement, company_id))

    return batch


def _emptying(table: str, company_id: UUID) -> Batch:
    async def batch(work: Work) -> int:
        statement, values = emptying(table) or ("", [])
        return _rows(await work.connection.execute(statement, company_id, *values))

    return batch


def _taking_contacts(company_id: UUID) -> Batch:
    async def batch(work: Work) -> int:
        return _rows(await work.connection.execute(CONTACTS, company_id, BATCH))

    return batch


def _running(statement: str, company_id: UUID) -> Batch:
    async def batch(work: Work) -> int:
        return _rows(await work.connection.execute(statement, company_id))

    return batch


async def _drop_files(erasing: Erasing, company_id: UUID) -> None:
    """What lies in the company's folder and belongs to nothing that is kept: logos, drafts' and quotes' documents, signed
    agreements. Counted first, so that a crash between counting and deleting changes no figure."""
    if "files" in erasing.done:
        return
    async with reading(company_id) as work:
        held = {row["sha256"].hex() for row in await work.connection.fetch(_HELD_FILES, company_id)}
    loose = [name for name in await files.names(str(company_id)) if name.rpartition("/")[2] not in held]
    async with unit_of_work(None) as work:
        await work.connection.execute(_COUNT_ONCE, erasing.id, "files", len(loose))
    await failpoint("erasure.counted")
    for name in loose:
        await files.drop(name)
    await failpoint("erasure.dropped")
    await _note_done(erasing, "files")


async def _finish_company(erasing: Erasing, company_id: UUID) -> None:
    """The company's own row keeps its country and accounting year, by which what is kept is let go in its time."""
    async with unit_of_work(company_id) as work:
        if not await work.connection.fetchval(_HOLD, erasing.id):
            return
        if not await work.connection.fetchval("select true from organisation where id = $1", company_id):
            await work.connection.execute(_FINISH, erasing.id, now(), None)  # founded since the backup
            return
        certificate = signed(await company_certificate(work, erasing.id, now()))
        statement, values = blanking("organisation", "id = $1", 2, name=pseudonym(secrets.token_bytes(4)))
        await work.connection.execute(statement, company_id, *values)
        work.audit("organisation.erased", "organisation", company_id)
        row = await work.connection.fetchrow(_FINISH, erasing.id, now(), certificate)
        if erasing.tells and row is not None and row["email"] and row["with_id"] is None:
            await ask_for_letter(work, Asked.DELETION_DONE, row["email"], row["language"], about=erasing.id)
    await failpoint("erasure.company")


# --- an account


async def _erase_account(erasing: Erasing) -> None:
    person_id = erasing.person_id
    assert person_id is not None
    async with reading(None) as work:
        companies = await work.connection.fetch(_WITH, erasing.id)
    for row in companies:
        await execute(row["id"])
    await _drop_copies(erasing, "person_id", person_id)
    await _leave_companies(erasing, person_id)
    await _forget_invitations(erasing, person_id)
    for part in account_parts():
        if part.fate is Fate.DELETED:
            await _step(erasing, part.name, _deleting_own(part.table, person_id), None)
    await _step(erasing, REQUESTS, _emptying_requests(person_id), None, once=True)
    await _finish_account(erasing, person_id)


def _deleting_own(table: str, person_id: UUID) -> Batch:
    # Letters that were asked for with the address alone are the person's too.
    others = (
        " or person_id is null and lower(email) = (select email_key from person where id = $1)"
        if table == "account_message"
        else ""
    )
    statement = (
        f"delete from {table} where ctid = any(array(select ctid from {table} "  # noqa: S608 - names of our tables
        f"where person_id = $1{others} limit {BATCH}))"
    )

    async def batch(work: Work) -> int:
        return _rows(await work.connection.execute(statement, person_id))

    return batch


def _emptying_requests(person_id: UUID) -> Batch:
    """What the person asked for stays for its three years as a case without a name: also what came from their address
    before they had an account. What is open ends with the account."""

    async def batch(work: Work) -> int:
        rows = await work.connection.fetch(_REQUESTS, person_id)
        ids = [row["id"] for row in rows]
        statement, values = blanking(REQUESTS, "id = any($1::uuid[])", 2, reasons=NOT_KEPT)
        await work.connection.execute(_END_REQUESTS, ids, now())
        await work.connection.execute(statement, ids, *values)
        await work.connection.execute(_RENAME_REQUESTS, ids)
        return len(ids)

    return batch


async def _leave_companies(erasing: Erasing, person_id: UUID) -> None:
    """The companies of others stay as they are; but for this person's place and address in them."""
    async with reading(None, person_id) as work:
        places = await work.connection.fetch(_PLACES, person_id)
    for row in places:
        company_id = row["organisation_id"]

        async def leave(work: Work, company_id: UUID = company_id) -> int:
            await work.connection.execute(_FORGET_ADDRESS, company_id, person_id)
            await succeed(work, person_id)
            left = _rows(await work.connection.execute(_LEAVE, company_id, person_id))
            if left:
                work.audit("member.left", "person", person_id)
            return left

        # Each company is asked by its own membership, which is gone when it is done.
        await _step(erasing, f"left.{company_id}"[:40], leave, company_id, once=True)


async def _forget_invitations(erasing: Erasing, person_id: UUID) -> None:
    """Invitations to this address, in whichever company: a person sees those that are for them."""
    async with reading(None, person_id) as work:
        invited = await work.connection.fetch(_INVITED, person_id)
    for row in invited:

        async def forget(work: Work, company_id: UUID = row["organisation_id"]) -> int:
            return _rows(await work.connection.execute(_FORGET_INVITATION, company_id, person_id))

        await _step(erasing, f"invited.{row['organisation_id']}"[:40], forget, row["organisation_id"], once=True)


async def _finish_account(erasing: Erasing, person_id: UUID) -> None:
    """The certificate, its letter, and in the same moment the pseudonym in place of the person."""
    async with unit_of_work(None, person_id) as work:
        if not await work.connection.fetchval(_HOLD, erasing.id):
            return
        certificate = signed(await account_certificate(work, erasing.id, now()))
        row = await work.connection.fetchrow(_FINISH, erasing.id, now(), certificate)
        if erasing.tells and row is not None and row["email"]:
            await ask_for_letter(work, Asked.DELETION_DONE, row["email"], row["language"], about=erasing.id)
        name = pseudonym(secrets.token_bytes(4))
        statement, values = blanking("person", "id = $1", 2, name=name, email="", email_key=name)
        await work.connection.execute(statement, person_id, *values)
    await failpoint("erasure.account")


# --- what both do


async def _drop_copies(erasing: Erasing, column: str, subject_id: UUID) -> None:
    """Copies of the data that were asked for: first the file, then the row that names it."""
    async with reading(None) as work:
        rows = await work.connection.fetch(f"select id from data_export where {column} = $1", subject_id)  # noqa: S608
    for row in rows:
        await files.drop(f"exports/{row['id']}.zip")
    await failpoint("erasure.copies")

    async def forget(work: Work) -> int:
        return _rows(await work.connection.execute(_FORGET_COPIES, [row["id"] for row in rows]))

    await _step(erasing, "copies", forget, None, once=True)


async def _step(erasing: Erasing, name: str, batch: Batch, company_id: UUID | None, *, once: bool = False) -> None:
    """One step in as many transactions as it needs, each with its count; nothing when it is done already. A batch that
    is not full is the last; `once`: there is one."""
    if name in erasing.done:
        return
    while True:
        async with unit_of_work(company_id, erasing.person_id) as work:
            some = await batch(work)
            is_last = once or some < BATCH
            await work.connection.execute(_COUNT, erasing.id, name, some, now() if is_last else None)
        await failpoint("erasure.step")
        if is_last:
            return


async def _note_done(erasing: Erasing, name: str) -> None:
    async with unit_of_work(None) as work:
        await work.connection.execute(_COUNT, erasing.id, name, 0, now())


def _rows(status: str) -> int:
    return int(status.split()[-1])


_DUE = """
select id from erasure where state in ('waiting', 'running') and due_at <= $1 and with_id is null
order by due_at limit 100
"""
_BEGIN = """
update erasure set state = 'running' where id = $1 and state in ('waiting', 'running') and due_at <= $2
returning kind, person_id, company_id, fingerprint is not null as tells
"""
# Nor is a company waiting any more whose owner's account has begun to go: it goes with it.
_ABOUT_TO_CLOSE = """
select c.company_id from erasure c left join erasure a on a.id = c.with_id
where $1 in (c.id, c.with_id) and c.kind = 'company' and c.state = 'waiting' and a.state is distinct from 'running'
"""
_DONE_STEPS = "select name from erasure_step where erasure_id = $1 and done_at is not null"
_CLOSED = (
    "update organisation set erased_at = coalesce(erased_at, $2), closes_at = coalesce(closes_at, $2) where id = $1"
)
_COUNT = """
insert into erasure_step as s (erasure_id, name, rows, done_at) values ($1, $2, $3, $4)
on conflict (erasure_id, name) do update set rows = s.rows + excluded.rows, done_at = excluded.done_at
"""
_COUNT_ONCE = """
insert into erasure_step (erasure_id, name, rows) values ($1, $2, $3) on conflict do nothing
"""
_HELD_FILES = """
select sha256 from invoice_file where organisation_id = $1
union select sha256 from invoice_attachment where organisation_id = $1
union select logo_sha256 from invoice where organisation_id = $1 and logo_sha256 is not null
union select pdf_sha256 from quote where organisation_id = $1 and pdf_sha256 is not null
union select logo_sha256 from quote where organisation_id = $1 and logo_sha256 is not null
union select sha256 from supplier_file where organisation_id = $1
"""
_HOLD = "select true from erasure where id = $1 and state = 'running' for update"
_FINISH = """
update erasure e set state = 'done', done_at = $2, certificate = $3::jsonb, fingerprint = null
where e.id = $1 returning e.with_id, (select email from person where id = e.person_id) as email,
    (select language from person where id = e.person_id) as language
"""
_WITH = "select id from erasure where with_id = $1 and state in ('waiting', 'running') order by id"
_PLACES = "select organisation_id from membership where person_id = $1 order by organisation_id"
_FORGET_ADDRESS = """
update message set recipient = '', problem = null
where organisation_id = $1 and lower(recipient) = (select email_key from person where id = $2) and recipient <> ''
and (plan_id is not null or kind = 'answer')
"""
_INVITED = """
select organisation_id from invitation where email_key = (select email_key from person where id = $1)
order by organisation_id
"""
_FORGET_INVITATION = """
delete from invitation where organisation_id = $1 and email_key = (select email_key from person where id = $2)
"""
_LEAVE = "delete from membership where organisation_id = $1 and person_id = $2"
_REQUESTS = """
select id from rights_request where person_id = $1
or person_id is null and email <> '' and lower(email) = (select email_key from person where id = $1)
order by id for update
"""
_END_REQUESTS = """
update rights_request set state = case kind when 'deletion' then 'fulfilled' else 'withdrawn' end, closed_at = $2
where id = any($1::uuid[]) and closed_at is null
"""
_RENAME_REQUESTS = """
update rights_request set reference = left(replace(gen_random_uuid()::text, '-', ''), 20) where id = any($1::uuid[])
"""
_FORGET_COPIES = "delete from data_export where id = any($1::uuid[])"
