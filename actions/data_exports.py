"""A copy of one's data: asked for, made by a job, fetched with a link that soon ends (GDPR Art. 15 and 20).

The ZIP is written beside, then put into the file store whole, and only then called ready: whoever is killed in between
leaves nothing that anybody could see, and the job begins anew.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from actions import documents, files, requests
from actions.account_letters import ask_for_letter
from actions.account_tokens import hash_of, new_secret
from actions.clock import now
from actions.data_export_file import measure, of_account, write
from actions.failpoints import failpoint
from actions.instance import settings
from actions.request_letters import ourselves
from actions.security_log import Client, note
from domain.access import Permission, Role, may
from domain.accounts import Asked
from domain.privacy.requests import Decision, Kind
from domain.privacy.retention import EXPORT_FILE, EXPORT_NOTE
from models.ids import new_id
from models.queries.data_exports import (
    ExportView,
    count_without_pdf,
    export_by_token,
    export_of,
    invoices_without_pdf,
    newest_export,
    note_progress,
)
from models.unit_of_work import Work, reading, unit_of_work

JOB = "make_data_export"
# What the request is called that a copy fulfils. One that can not be made stays open: then a person looks at it.
REQUEST = "copy"
ONE_IN = timedelta(hours=24)
# A password given so long ago is fresh enough to ask for a copy and to fetch it.
FRESH = timedelta(minutes=10)
MOST_DOWNLOADS = 5


@dataclass(frozen=True, slots=True)
class TooSoon:
    """One a day: the next may be asked for at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """The copy was deleted, or was fetched as often as may be."""


async def ask(person_id: UUID, organisation_id: UUID | None, client: Client) -> ExportView | TooSoon:
    """Ask for a copy of the account, and with `organisation_id` of all of that company. At most one a day; asking
    twice at once is asking once. The caller has made sure of who asks, and that the company is theirs to take."""
    before = await newest_export(person_id, organisation_id)
    if before is not None and before.state != "failed" and before.asked_at > now() - ONE_IN:
        return before if before.state in ("queued", "making") else TooSoon(before.asked_at + ONE_IN)
    try:
        async with unit_of_work(None, person_id) as work:
            export_id = new_id()
            await work.connection.execute(_ASK, export_id, person_id, organisation_id, now())
            await note(work, person_id, "export_asked", client)
            wanted = requests.Request(Kind.ACCESS, REQUEST, company_id=organisation_id)
            await requests.file(work, wanted, requests.Asker(person_id))
            work.enqueue(JOB, {"id": str(export_id)})
    except asyncpg.UniqueViolationError:
        pass  # somebody clicked twice
    found = await newest_export(person_id, organisation_id)
    assert found is not None, "it was written, or was there"
    return found


async def make(export_id: UUID) -> None:
    """Make the ZIP: the job. Harmless when it runs again, or twice at once: the first to finish wins.

    Raises StoreUnavailable, and what rendering a missing document raises.
    """
    export = await _begin(export_id)
    if export is None:
        return
    if export.company_id is not None:
        await _render_missing(export.company_id, export_id)
    folder = settings().data_dir / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"export-{export_id}-{os.getpid()}.zip"
    try:
        authority = (await ourselves(export.person_id)).authority
        scope = of_account(export, authority)
        counts = await write(path, scope, now(), lambda percent: note_progress(export_id, percent))
        await failpoint("export.written")
        sha256, size = await asyncio.to_thread(measure, path)
        await files.put_file(_name(export_id), path)
        await failpoint("export.stored")
    finally:
        path.unlink(missing_ok=True)
    await _finish(export, sha256, size, counts)


async def give_up(export_id: UUID) -> None:
    """It could not be made; another may be asked for at once."""
    async with unit_of_work(None) as work:
        await work.connection.execute(
            "update data_export set state = 'failed' where id = $1 and state in ('queued', 'making')", export_id
        )


async def link(export_id: UUID, person_id: UUID) -> str | None:
    """A new secret address for fetching the copy; the one before works no longer. None when there is nothing to fetch.

    The caller has made sure that the password was given just now.
    """
    token = new_secret()
    async with unit_of_work(None, person_id) as work:
        ready = await work.connection.fetchval(_LINK, export_id, person_id, hash_of(token), now())
    return token if ready else None


async def fetch(token: str, person_id: UUID, client: Client) -> ExportView | Gone | None:
    """The copy that this link opens for this person; None for a link that is nobody's or another's. Each fetch is
    counted and noted in the security log."""
    token_hash = hash_of(token)
    found = await export_by_token(token_hash, person_id) if token_hash else None
    if found is None:
        return None
    async with unit_of_work(None, person_id) as work:
        if not await _is_theirs(work, found):
            return None
        counted = await work.connection.fetchval(_COUNT, found.id, now(), MOST_DOWNLOADS)
        if not counted:
            return Gone()
        await note(work, person_id, "export_downloaded", client)
    return found


async def end_in(work: Work, person_id: UUID, organisation_id: UUID) -> None:
    """Whoever may no longer take this company's data along has no copy of it: no link opens one from here on, and the
    files go with the next round of `purge_files`. The job lets go of one that is not ready yet."""
    await work.connection.execute(_END, person_id, organisation_id, now())


def content(export: ExportView) -> AsyncIterator[bytes]:
    """The ZIP, piece by piece. Raises FileMissing, StoreUnavailable."""
    return files.named(_name(export.id))


async def purge_files() -> int:
    """Delete the files whose time is over: the row says so first, so that no link leads to half a file."""
    async with unit_of_work(None) as work:
        rows = await work.connection.fetch(_EXPIRE, now())
    for row in rows:
        await files.drop(_name(row["id"]))
    async with unit_of_work(None) as work:
        await work.connection.execute(
            "update data_export set size = null where id = any($1)", [row["id"] for row in rows]
        )
    return len(rows)


async def purge_notes() -> int:
    """The notes that there was a copy, after twelve months. Its file is long gone."""
    async with unit_of_work(None) as work:
        done: str = await work.connection.execute(_FORGET, now() - EXPORT_NOTE)
    return int(done.split()[-1])


async def _begin(export_id: UUID) -> ExportView | None:
    async with unit_of_work(None) as work:
        await work.connection.execute(
            "update data_export set state = 'making', progress = 1 where id = $1 and state = 'queued'", export_id
        )
    export = await export_of(export_id)
    if export is None or export.state != "making":
        return None
    async with unit_of_work(None, export.person_id) as work:
        if await _is_theirs(work, export):
            return export
        await _let_go(work, export, None)
    return None


async def _render_missing(organisation_id: UUID, export_id: UUID) -> None:
    """Before the snapshot, so that every issued document in it has its file. Drawing is what takes longest."""
    async with reading(organisation_id) as work:
        total = await count_without_pdf(work)
    done, last = 0, UUID(int=0)
    while True:
        async with reading(organisation_id) as work:
            found = await invoices_without_pdf(work, last)
        if not found:
            return
        for invoice_id in found:
            await documents.rendered(organisation_id, invoice_id)
            done += 1
            if done % 20 == 0:
                await note_progress(export_id, min(60, 1 + 60 * done // total))
        last = found[-1]


async def _finish(export: ExportView, sha256: bytes, size: int, counts: dict[str, int]) -> None:
    moment = now()
    async with unit_of_work(None, export.person_id) as work:
        person = None
        if await _is_theirs(work, export):
            encoded = msgspec.json.encode(counts).decode()
            person = await work.connection.fetchrow(
                _READY, export.id, moment, moment + EXPORT_FILE, sha256, size, encoded
            )
        else:
            await _let_go(work, export, size)
        if person is not None:
            await ask_for_letter(work, Asked.EXPORT_READY, person["email"], person["language"], export.person_id)
            await requests.fulfil(work, Kind.ACCESS, export.person_id, REQUEST, export.company_id)
    if person is None and ((there := await export_of(export.id)) is None or there.state != "ready"):
        await files.drop(_name(export.id))  # who asked was deleted or left meanwhile (T-13)


async def _let_go(work: Work, export: ExportView, size: int | None) -> None:
    """The company is not theirs any more. What is stored already is found by its size."""
    await work.connection.execute(_NOT_THEIRS, export.id, size)
    await requests.fulfil(work, Kind.ACCESS, export.person_id, REQUEST, export.company_id, Decision.WITHDRAWN)


async def _is_theirs(work: Work, export: ExportView) -> bool:
    """May this person take the company's data along, as of now? The account's own always."""
    if export.company_id is None:
        return True
    role = await work.connection.fetchval(_ROLE, export.company_id, export.person_id)
    return role is not None and may(Role(role), Permission.SETTINGS)


def _name(export_id: UUID) -> str:
    return f"exports/{export_id}.zip"


_ASK = "insert into data_export (id, person_id, company_id, state, asked_at) values ($1, $2, $3, 'queued', $4)"
_READY = """
with ready as (
    update data_export set state = 'ready', progress = 100, ready_at = $2, expires_at = $3, sha256 = $4, size = $5,
        counts = $6::jsonb
    where id = $1 and state = 'making' returning person_id
)
select p.email, p.language from person p join ready on ready.person_id = p.id
"""
_LINK = """
update data_export set token_hash = $3
where id = $1 and person_id = $2 and state = 'ready' and expires_at > $4 returning true
"""
_COUNT = """
update data_export set downloads = downloads + 1
where id = $1 and state = 'ready' and expires_at > $2 and downloads < $3 returning true
"""
_ROLE = "select role from membership where organisation_id = $1 and person_id = $2"
_END = """
update data_export set state = 'gone', expires_at = $3 where person_id = $1 and company_id = $2 and state = 'ready'
"""
_NOT_THEIRS = "update data_export set state = 'gone', size = $2 where id = $1 and state = 'making'"
# Those that were marked but whose file could not be deleted are found again by their size.
_EXPIRE = """
update data_export set state = 'gone', token_hash = token_hash
where (state = 'ready' and expires_at <= $1) or (state = 'gone' and size is not null) returning id
"""
_FORGET = "delete from data_export where asked_at < $1 and state in ('gone', 'failed')"
