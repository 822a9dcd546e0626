"""The ledger of deletions, outside of the database: a restored backup is brought up to date from it (P-26).

It lies in the file store below `erasures/`, one line of JSON in a file of its own for each deletion, written before the
first row goes and never changed. An object store knows no appending, and no crash can tear a line of another. It names
nobody: random ids, the scope, and when.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from uuid import UUID

from actions import files
from actions.logs import log
from models.engine import pool
from models.queries.erasures import done_among

FOLDER = "erasures"
SECONDS_BETWEEN = 300.0
_looked_at: float | None = None


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


async def is_behind() -> bool:
    """Does the database lack deletions that the ledger holds? Looked up again every few minutes. A store that can not be
    read says nothing."""
    global _looked_at
    if not files.is_open() or (_looked_at is not None and monotonic() - _looked_at < SECONDS_BETWEEN):
        return False
    try:
        behind = await count_unknown() > 0
    except files.StoreUnavailable as error:
        log.warning("erasure_ledger_unread", exc_info=error)
        return False
    _looked_at = None if behind else monotonic()
    return behind


def look_again() -> None:
    """Forget what was found: the database may be another one."""
    global _looked_at
    _looked_at = None


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
