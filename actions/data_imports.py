"""Bringing a copy of a company's data into a company that is still empty (GDPR Art. 20, docs/decisions/0007).

The upload is kept, then a job checks it, stores its files under their hashes, and writes all rows in one transaction with
the mark that it is done: whoever is killed in between leaves nothing that anybody could see, and the job begins anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from typing import IO
from uuid import UUID

import asyncpg
import msgspec

from actions import data_import_rows, files
from actions.clock import now
from actions.data_import_rows import Rows
from actions.failpoints import failpoint
from actions.instance import settings
from actions.logs import log
from actions.tenants import organisations
from actions.zip_reading import DataCopy
from domain.dates import today_in
from domain.import_refusals import IMPORT_TEXTS
from domain.privacy.importing import MOST_BYTES
from domain.privacy.retention import EXPORT_NOTE
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.queries.data_imports import ImportView, import_of, is_empty
from models.unit_of_work import reading, unit_of_work

JOB = "import_data"
PIECE = 1024 * 1024
assert IMPORT_TEXTS, "the sentences are part of the one table once they are loaded"


async def ask(organisation_id: UUID, person_id: UUID, import_id: UUID, upload: IO[bytes]) -> Refusal | None:
    """Take an uploaded copy; a job brings it in, one at a time. A Refusal says why not. `import_id` comes with the form,
    so that a double click is one; a copy that was brought in before is in already. It is never in memory as a whole."""
    size, sha256, beginning = await asyncio.to_thread(_measured, upload)
    if not size:
        return Refusal("import.nothing", "file")
    if size > MOST_BYTES:
        return Refusal("import.too_large", "file")
    if beginning != b"PK":
        return Refusal("import.not_a_zip", "file")
    async with reading(organisation_id) as work:
        if await work.connection.fetchval(_DONE_BEFORE, organisation_id, sha256):
            return None
        if not await is_empty(work):
            return Refusal("import.not_empty", "file")
    await _keep(import_id, upload)
    try:
        async with unit_of_work(organisation_id, person_id) as work:
            await work.connection.execute(_ASK, organisation_id, import_id, person_id, now(), size, sha256)
            work.enqueue(JOB, {"organisation_id": str(organisation_id), "id": str(import_id)})
            work.audit("company.import_asked", "organisation", organisation_id)
    except asyncpg.UniqueViolationError:
        pass  # a second click, or another copy is on its way in: the page shows how far it is
    return None


async def make(organisation_id: UUID, import_id: UUID) -> None:
    """Bring the copy in: the job. Harmless when it runs again, or twice at once.

    What can not be brought in ends as failed with its reason. Raises StoreUnavailable and OSError, which another try may
    mend.
    """
    found = await _begin(organisation_id, import_id)
    if found is None:
        return
    folder = settings().data_dir / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"import-{new_id()}.zip"
    try:
        await _fetch(import_id, path)
        await _bring_in(organisation_id, found, path)
    except Refused as refused:
        await _fail(organisation_id, import_id, refused.refusals[0])
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError, asyncpg.RaiseError, *_UNREADABLE) as error:
        log.warning("import_refused", why=type(error).__name__, rule=getattr(error, "constraint_name", None))
        await _fail(organisation_id, import_id, Refusal("import.contradicts"))
    finally:
        path.unlink(missing_ok=True)
    await files.drop(_name(import_id))


async def give_up(organisation_id: UUID, import_id: UUID) -> None:
    """It could not be done; nothing was brought in, and another may be tried."""
    await _fail(organisation_id, import_id, Refusal("import.failed"))
    await files.drop(_name(import_id))


# What reading a stored value as the app does may raise when it is none of the app's.
_UNREADABLE = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError)


async def purge_notes() -> int:
    """The notes that something was brought in, after twelve months; its file went when it was."""
    gone = 0
    async for organisation_id in organisations():
        async with unit_of_work(organisation_id) as work:
            done: str = await work.connection.execute(_FORGET, organisation_id, now() - EXPORT_NOTE)
        gone += int(done.split()[-1])
    return gone


async def _bring_in(organisation_id: UUID, found: ImportView, path: Path) -> None:
    person_id = found.asked_by or UUID(int=0)
    copy = await asyncio.to_thread(DataCopy, path)
    with copy:
        await _note_progress(organisation_id, found.id, 20)
        rows = Rows(copy, organisation_id, person_id)
        await _store_files(organisation_id, found.id, rows)
        await failpoint("import.stored")
        async with unit_of_work(organisation_id, found.asked_by) as work:
            held = await import_of(work, found.id, lock=True)
            if held is None or held.state != "reading":
                return
            if not await is_empty(work):
                raise Refused(Refusal("import.not_empty"))
            zone = await work.connection.fetchval(_ZONE, organisation_id)
            counts = await data_import_rows.write(work, rows, today_in(zone, now()))
            await failpoint("import.written")
            encoded = msgspec.json.encode(dict(counts)).decode()
            await work.connection.execute(_DONE, organisation_id, found.id, now(), encoded)
            work.audit("company.imported", "organisation", organisation_id)


async def _store_files(organisation_id: UUID, import_id: UUID, rows: Rows) -> None:
    """Before the rows, so that none ever names a file that is not there. A file without a row harms nobody."""
    named: Iterator[str] = rows.files()
    for at, sha256 in enumerate(named):
        content = await asyncio.to_thread(rows.copy.file, sha256)
        stored = await files.put(organisation_id, content)
        if stored.hex() != sha256:
            raise Refused(Refusal("import.changed", None, {"file": sha256}))
        if at % 50 == 0:
            await _note_progress(organisation_id, import_id, min(70, 20 + at // 20))


async def _begin(organisation_id: UUID, import_id: UUID) -> ImportView | None:
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_BEGIN, organisation_id, import_id)
        found = await import_of(work, import_id)
    return found if found is not None and found.state == "reading" else None


def _measured(upload: IO[bytes]) -> tuple[int, bytes, bytes]:
    size = upload.seek(0, os.SEEK_END)
    upload.seek(0)
    beginning = upload.read(2)
    upload.seek(0)
    digest = hashlib.sha256()
    while piece := upload.read(PIECE) if size <= MOST_BYTES else b"":
        digest.update(piece)
    return size, digest.digest(), beginning


def _copy(upload: IO[bytes], path: Path) -> None:
    upload.seek(0)
    with path.open("wb") as file:
        shutil.copyfileobj(upload, file, PIECE)


async def _keep(import_id: UUID, upload: IO[bytes]) -> None:
    folder = settings().data_dir / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"upload-{new_id()}.zip"
    try:
        await asyncio.to_thread(_copy, upload, path)
        await files.put_file(_name(import_id), path)
    finally:
        path.unlink(missing_ok=True)


async def _fetch(import_id: UUID, path: Path) -> None:
    try:
        with path.open("wb") as file:
            async for piece in files.named(_name(import_id)):
                await asyncio.to_thread(file.write, piece)
    except files.FileMissing:
        raise Refused(Refusal("import.failed")) from None


async def _fail(organisation_id: UUID, import_id: UUID, why: Refusal) -> None:
    detail = next(iter(why.params.values()), "")[:200]
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_FAIL, organisation_id, import_id, why.code, detail, now())


async def _note_progress(organisation_id: UUID, import_id: UUID, percent: int) -> None:
    """In a transaction of its own, whatever else is open."""

    async def note() -> None:
        async with unit_of_work(organisation_id) as work:
            await work.connection.execute(_PROGRESS, organisation_id, import_id, percent)

    await asyncio.create_task(note(), context=Context())


def _name(import_id: UUID) -> str:
    return f"imports/{import_id}.zip"


_DONE_BEFORE = "select true from data_import where organisation_id = $1 and sha256 = $2 and state = 'done'"
_ASK = """
insert into data_import (organisation_id, id, asked_by, state, asked_at, progress, size, sha256, counts, problem, detail)
values ($1, $2, $3, 'queued', $4, 0, $5, $6, '{}', '', '')
"""
_BEGIN = """
update data_import set state = 'reading', progress = 5
where organisation_id = $1 and id = $2 and state in ('queued', 'reading')
"""
_PROGRESS = "update data_import set progress = $3 where organisation_id = $1 and id = $2 and state = 'reading'"
_DONE = """
update data_import set state = 'done', progress = 100, done_at = $3, counts = $4::jsonb
where organisation_id = $1 and id = $2
"""
_FAIL = """
update data_import set state = 'failed', problem = $3, detail = $4, done_at = $5
where organisation_id = $1 and id = $2 and state in ('queued', 'reading')
"""
_FORGET = "delete from data_import where organisation_id = $1 and asked_at < $2 and state in ('done', 'failed')"
_ZONE = "select time_zone from organisation where id = $1"
