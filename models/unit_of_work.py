"""The only way to a transaction: it says whose data may be seen, and commits or leaves nothing behind.

Row-level security reads `app.organisation_id` (and, for a person's own list of companies, `app.person_id`);
both are set for this transaction only. Piccolo's own transaction leaks the connection when COMMIT fails and does
nothing when nested; this one releases always and refuses nesting.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.queries import Queries
from piccolo.engine.postgres import PostgresTransaction

from models.engine import DB, pool

# Set only under the test clock, so that the trail tells the same time as everything else.
audit_clock: Callable[[], datetime] | None = None


class CommitFailed(Exception):
    """The database answered COMMIT with a rollback: nothing was saved."""


@dataclass(slots=True)
class _AuditEntry:
    action: str
    subject_kind: str
    subject_id: UUID
    fields: tuple[str, ...]


@dataclass(slots=True)
class Work:
    """One open transaction. Queries of Piccolo run inside it by themselves."""

    connection: Any
    organisation_id: UUID | None
    person_id: UUID | None
    _audit: list[_AuditEntry] = field(default_factory=list)
    _jobs: list[tuple[str, bytes, timedelta | None, str | None]] = field(default_factory=list)

    def audit(self, action: str, subject_kind: str, subject_id: UUID, fields: Sequence[str] = ()) -> None:
        """Note a change of business data: names of columns, never their values. Written just before COMMIT."""
        self._audit.append(_AuditEntry(action, subject_kind, subject_id, tuple(sorted(fields))))

    def enqueue(
        self, job: str, payload: dict[str, str], after: timedelta | None = None, dedupe_key: str | None = None
    ) -> None:
        """Queue a job that exists only if this transaction commits. Ids only, no personal data."""
        self._jobs.append((job, json.dumps(payload).encode(), after, dedupe_key))

    async def _finish(self) -> None:
        """The rows that many transactions want are locked last and shortest, always in this order."""
        if self._jobs:
            names, payloads, delays, keys = (list(column) for column in zip(*self._jobs, strict=True))
            await Queries(AsyncpgDriver(self.connection)).enqueue(
                names, payloads, [0] * len(names), delays, keys, on_conflict="skip"
            )
        if self._audit:
            await self.connection.executemany(_INSERT_AUDIT, [self._row(entry) for entry in self._audit])
        status = await self.connection.execute("COMMIT")
        if status != "COMMIT":
            raise CommitFailed(status)

    def _row(self, entry: _AuditEntry) -> tuple[Any, ...]:
        fields = list(entry.fields)
        return (
            self.organisation_id,
            self.person_id,
            entry.action,
            entry.subject_kind,
            entry.subject_id,
            fields,
            # None: the database's own time.
            audit_clock() if audit_clock else None,
        )


_INSERT_AUDIT = (
    "insert into audit_event (organisation_id, person_id, action, subject_kind, subject_id, fields, at) "
    "values ($1, $2, $3, $4, $5, $6, $7)"
)


@asynccontextmanager
async def unit_of_work(organisation_id: UUID | None, person_id: UUID | None = None) -> AsyncIterator[Work]:
    """Read and write as one organisation; COMMIT at the end, ROLLBACK on any exception.

    `organisation_id=None` opens no tenant: only the tables of accounts and sessions can be seen, and
    with `person_id` that person's own memberships. Raises CommitFailed, or the database's own error, when COMMIT
    does not hold.
    """
    async with _transaction("BEGIN", organisation_id, person_id) as work:
        yield work
        await work._finish()


@asynccontextmanager
async def reading(organisation_id: UUID | None, person_id: UUID | None = None) -> AsyncIterator[Work]:
    """Read as one organisation; the database refuses any write."""
    async with _transaction("BEGIN READ ONLY", organisation_id, person_id) as work:
        yield work
        await work.connection.execute("COMMIT")


@asynccontextmanager
async def _transaction(begin: str, organisation_id: UUID | None, person_id: UUID | None) -> AsyncIterator[Work]:
    assert DB.current_transaction.get() is None, "a unit of work is open already"
    connection = await pool().acquire()
    try:
        # One round trip. Both values are UUID objects, so there is nothing to escape.
        await connection.execute(
            f"{begin}; select set_config('app.organisation_id', '{organisation_id or ''}', true), "
            f"set_config('app.person_id', '{person_id or ''}', true)"
        )
        token = DB.current_transaction.set(_as_piccolo(connection))
        try:
            yield Work(connection, organisation_id, person_id)
        finally:
            DB.current_transaction.reset(token)
    finally:
        await _let_go(connection)


async def _let_go(connection: Any) -> None:
    """Give the connection back whatever happened; a transaction still open here has failed."""
    try:
        if connection.is_in_transaction():
            await connection.execute("ROLLBACK")
    finally:
        await pool().release(connection)


def _as_piccolo(connection: Any) -> PostgresTransaction:
    transaction = PostgresTransaction(engine=DB)
    transaction.connection = connection
    return transaction
