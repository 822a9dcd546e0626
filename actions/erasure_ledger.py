"""The ledger of deletions, outside of the database: a restored backup is brought up to date from it (P-26).

It lies in the file store below `erasures/`, one line of JSON in a file of its own for each deletion, written before the
first row goes and never changed. An object store knows no appending, and no crash can tear a line of another. It names
nobody: random ids, the scope, and when.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from uuid import UUID

import asyncpg

from actions import files
from actions.logs import log
from models.engine import pool
from models.queries.erasures import done_among

FOLDER = "erasures"
SECONDS_BETWEEN = 60.0
SECONDS_BETWEEN_TRIES = 1.0
NOT_REPLAYED = (
    "The ledger of deletions holds some that this database does not know: it was restored from an older backup. The "
    "worker repeats them before its first job, and so does python -m tasks.instance tasks.restore --replay-erasures."
)
_looked_at: float | None = None
_is_behind = False


@dataclass(frozen=True, slots=True)
class Entry:
    """`subject_ref` is the random id of the account, company or customer; `company_ref` of the customer's company."""

    id: UUID
    scope: str
    subject_ref: UUID
    company_ref: UUID | None
    executed_at: datetime


async def note(erasure_id: UUID) -> None:
    """Write the deletion down; twice is the same as once. Raises StoreUnavailable."""
    row = await pool().fetchrow(_NOTED, erasure_id)
    line = {
        "id": str(row["id"]),
        "scope": row["kind"],
        "subject_ref": str(row["subject_ref"]),
        "company_ref": str(row["company_id"]) if row["kind"] == "customer" else None,
        "executed_at": row["executed_at"].isoformat(),
    }
    await files.put_named(_name(erasure_id), json.dumps(line).encode() + b"\n")


async def unknown() -> list[Entry]:
    """What the ledger holds and the database does not know: after a restore, the deletions since the backup."""
    ids = [UUID(name.rpartition("/")[2].removesuffix(".json")) for name in await files.names(FOLDER)]
    known = await done_among(ids)
    return [await _read(one) for one in ids if one not in known]


@asynccontextmanager
async def watching() -> AsyncIterator[None]:
    """While the block runs, `holds_back` knows: looked up before it begins, then every minute, and every second while the
    database lacks something. What can not be looked up at the start is taken for the worst."""
    global _is_behind
    look_again()
    _is_behind = True
    await is_behind()
    watch = asyncio.create_task(_watch())
    try:
        yield
    finally:
        watch.cancel()
        _is_behind = False


async def _watch() -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_TRIES if _is_behind else SECONDS_BETWEEN)
        await is_behind()


def holds_back() -> bool:
    """Must nobody be let in yet, by what was found last? Asked at each request, so it looks at nothing itself."""
    return _is_behind


async def is_behind() -> bool:
    """Does the database lack deletions that the ledger holds? Looked up again every minute. A store or a database that
    can not be read leaves things as they were."""
    global _looked_at, _is_behind
    if not files.is_open() or (_looked_at is not None and monotonic() - _looked_at < SECONDS_BETWEEN):
        return _is_behind
    try:
        missing = await count_unknown()
    except (files.StoreUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        log.warning("erasure_ledger_unread", exc_info=error)
        return _is_behind
    if missing and not _is_behind:
        log.error("erasures_not_replayed", rows=missing, state=NOT_REPLAYED)
    _is_behind = missing > 0
    _looked_at = None if _is_behind else monotonic()
    return _is_behind


def look_again() -> None:
    """Forget what was found: the database may be another one."""
    global _looked_at, _is_behind
    _looked_at, _is_behind = None, False


async def count_unknown() -> int:
    """How many those are, without reading them."""
    ids = [UUID(name.rpartition("/")[2].removesuffix(".json")) for name in await files.names(FOLDER)]
    return len(set(ids) - await done_among(ids))


async def _read(erasure_id: UUID) -> Entry:
    line = json.loads(b"".join([piece async for piece in files.named(_name(erasure_id))]))
    company = line["company_ref"]
    return Entry(
        erasure_id,
        line["scope"],
        UUID(line["subject_ref"]),
        UUID(company) if company else None,
        datetime.fromisoformat(line["executed_at"]),
    )


def _name(erasure_id: UUID) -> str:
    return f"{FOLDER}/{erasure_id}.json"


_NOTED = """
select id, kind, company_id, coalesce(done_at, due_at) as executed_at,
    case kind when 'account' then person_id when 'company' then company_id else customer_id end as subject_ref
from erasure where id = $1
"""
