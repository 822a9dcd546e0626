"""The only way to a transaction: it says whose data may be seen, and commits or leaves nothing behind.

Row-level security reads `app.organisation_id` (and, for a person's own list of companies, `app.person_id`);
both are set for this transaction only. Piccolo's own transaction leaks the connection when COMMIT fails and does
nothing when nested; this one releases always and refuses nesting.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.engine.postgres import PostgresTransaction

from models import engine
from models.engine import DB, let_go, pool
from models.queueing import ENQUEUE, Job, values_of

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
    _jobs: list[Job] = field(default_factory=list)
    _last: list[str] = field(default_factory=list)
    _thoughts: list[Callable[[], object]] = field(default_factory=list)

    def audit(self, action: str, subject_kind: str, subject_id: UUID, fields: Sequence[str] = ()) -> None:
        """Note a change of business data: names of columns, never their values. Written just before COMMIT."""
        self._audit.append(_AuditEntry(action, subject_kind, subject_id, tuple(sorted(fields))))

    def enqueue(
        self, job: str, payload: dict[str, str], after: timedelta | None = None, dedupe_key: str | None = None
    ) -> None:
        """Queue a job that exists only if this transaction commits. Ids only, no personal data."""
        self._jobs.append(Job(job, json.dumps(payload).encode(), after, dedupe_key))

    def take_jobs(self) -> list[Job]:
        """The jobs queued so far, for a statement that writes them."""
        jobs, self._jobs = self._jobs, []
        return jobs

    def at_the_end(self, statement: str) -> None:
        """Send this together with COMMIT, for who holds a row that others wait for. It has no parameters: the caller
        makes sure that it holds ids, figures and words of our own and nothing that anybody typed."""
        self._last.append(f"{statement};")

    def meanwhile(self, think: Callable[[], object]) -> None:
        """Call this while the database commits and this process would only wait. It writes nothing and must not await:
        what it finds is remembered for whoever asks next, and counts for nothing when COMMIT fails."""
        self._thoughts.append(think)

    async def _finish(self) -> None:
        """The rows that many transactions want are locked last and shortest, always in this order: the head of the
        audit trail with the last statement, sent together with COMMIT, and the kept sums by COMMIT itself."""
        if self._jobs:
            await self.connection.execute(ENQUEUE, *values_of(self.take_jobs()))
        commit = self.connection.execute("".join(self._last) + self._audit_script() + "COMMIT")
        status = await (self._thinking(commit) if self._thoughts else commit)
        if status != "COMMIT":
            raise CommitFailed(status)

    async def _thinking(self, commit: Coroutine[Any, Any, str]) -> str:
        committing = asyncio.create_task(commit)
        try:
            await asyncio.sleep(0)  # it is sent
            for think in self._thoughts:
                think()
        finally:
            status = await committing
        return status

    def _audit_script(self) -> str:
        if not self._audit:
            return ""
        # None: the database's own time.
        at = f"'{audit_clock().isoformat()}'" if audit_clock else "null"
        rows = ", ".join(self._audit_row(entry, at) for entry in self._audit)
        return f"insert into audit_event ({_AUDIT_COLUMNS}) values {rows}; "  # noqa: S608 - ids and names, see below

    def _audit_row(self, entry: _AuditEntry, at: str) -> str:
        """Ids, and names that stand in our own code, so there is nothing to escape; anything else stops here."""
        names = (entry.action, entry.subject_kind, *entry.fields)
        ids = [one for one in (self.organisation_id, self.person_id, entry.subject_id) if one is not None]
        if not all(_NAME.fullmatch(name) for name in names) or not all(isinstance(one, UUID) for one in ids):
            raise ValueError("an audit event holds names of our own and ids only")
        person = f"'{self.person_id}'" if self.person_id else "null"
        fields = ",".join(entry.fields)
        return (
            f"('{self.organisation_id}', {person}, '{entry.action}', '{entry.subject_kind}', "
            f"'{entry.subject_id}', '{{{fields}}}', {at})"
        )


_OPENING = """
with tenant as materialized (select set_config('app.organisation_id', $1::uuid::text, true)::uuid as id)
select found.* from tenant cross join lateral
"""
_NAME = re.compile(r"[a-z][a-z0-9_.]*", re.ASCII)
_AUDIT_COLUMNS = "organisation_id, person_id, action, subject_kind, subject_id, fields, at"


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
    """Read as one organisation; the database refuses any write.

    Nothing hangs on the end of such a transaction, so the reader goes on while it is closed.
    """
    async with _transaction("BEGIN READ ONLY", organisation_id, person_id, ending=engine.close_soon) as work:
        yield work


def alone(statement: str) -> str:
    """`statement`, which reads, as one that opens the tenant $1 by itself: for `read_alone`.

    It names the company `tenant.id` where its first table asks for one. No row of a tenant can be met before that is
    known, and nothing of the setting is left when the statement ends; whatever order the database chose, a table that is
    looked at without it is empty.
    """
    return f"{_OPENING} ({statement.strip()} offset 0) found"


async def read_alone(statement: str, organisation_id: UUID, *values: Any) -> Any:
    """The one row of a statement made by `alone`, or None: one way to the database, where `reading` takes three."""
    assert DB.current_transaction.get() is None, "a unit of work is open already"
    connection = await pool().acquire()
    try:
        return await connection.fetchrow(statement, organisation_id, *values)
    finally:
        await let_go(connection)


@asynccontextmanager
async def snapshot(organisation_id: UUID | None, person_id: UUID | None = None) -> AsyncIterator[Work]:
    """Read as one organisation, everything as of one moment however long it takes; the database refuses any write."""
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    async with _transaction(begin, organisation_id, person_id) as work:
        yield work
        await work.connection.execute("COMMIT")


@asynccontextmanager
async def _transaction(
    begin: str,
    organisation_id: UUID | None,
    person_id: UUID | None,
    ending: Callable[[Any], Coroutine[Any, Any, None]] | None = None,
) -> AsyncIterator[Work]:
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
    except BaseException:
        await let_go(connection)
        raise
    await (ending or let_go)(connection)


def _as_piccolo(connection: Any) -> PostgresTransaction:
    transaction = PostgresTransaction(engine=DB)
    transaction.connection = connection
    return transaction
