"""The register of breaches (GDPR Art. 33(5)): written down, updated by further entries, never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from actions.clock import now
from actions.outcomes import NotFound, Stale
from domain.privacy.breaches import FIELDS, Breach, faults
from domain.refusals import Refused
from models.ids import new_id
from models.queries.breaches import newest_in
from models.unit_of_work import Work, unit_of_work

# Any number of our own: who registers a breach waits for who does so now, so that references have no gap.
_LOCK = 7_204_533


async def register(person_id: UUID, breach_id: UUID, breach: Breach) -> None:
    """Write down a new breach and start its clock; twice with the same id is once.

    Raises Refused with everything that is missing.
    """
    _check(breach)
    async with unit_of_work(None, person_id) as work:
        await work.connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        if await newest_in(work, breach_id) is not None:
            return
        year = now().year
        number = 1 + int(await work.connection.fetchval(_HOW_MANY, f"B-{year}-%"))
        await _write(work, breach_id, 1, f"B-{year}-{number:03d}", breach)


async def update(person_id: UUID, breach_id: UUID, seen: int, breach: Breach) -> None:
    """Add what is known now as a further entry; the earlier ones stay. `seen` is the version it was written after.

    Raises Refused, NotFound, or Stale when somebody else has written meanwhile.
    """
    _check(breach)
    async with unit_of_work(None, person_id) as work:
        await work.connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        newest = await newest_in(work, breach_id)
        if newest is None:
            raise NotFound
        if newest.version != seen:
            raise Stale(newest)
        await _write(work, breach_id, seen + 1, newest.reference, breach)


async def note_companies_told(work: Work, breach_id: UUID, at: datetime) -> str:
    """Add that companies were told at `at` (Art. 33(2)), in this unit of work; the breach's reference."""
    return await _note_told(work, breach_id, companies_notified_at=at)


async def note_people_told(work: Work, breach_id: UUID, at: datetime) -> str:
    """The same of the people whom it concerns (Art. 34)."""
    return await _note_told(work, breach_id, people_notified_at=at)


async def _note_told(work: Work, breach_id: UUID, **told: Any) -> str:
    """The first time counts."""
    await work.connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
    newest = await newest_in(work, breach_id)
    if newest is None:
        raise NotFound
    if all(getattr(newest.breach, name) is None for name in told):
        breach = replace(newest.breach, **told)
        await _write(work, breach_id, newest.version + 1, newest.reference, breach)
    return newest.reference


def _check(breach: Breach) -> None:
    if refusals := faults(breach, now()):
        raise Refused(*refusals)


async def _write(work: Work, breach_id: UUID, version: int, reference: str, breach: Breach) -> None:
    values = [_stored(getattr(breach, name)) for name in FIELDS]
    await work.connection.execute(_INSERT, new_id(), breach_id, version, reference, now(), work.person_id, *values)


def _stored(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


_HOW_MANY = "select count(distinct breach_id) from breach_entry where reference like $1"
_INSERT = f"""
insert into breach_entry (id, breach_id, version, reference, written_at, written_by, {", ".join(FIELDS)})
values ({", ".join(f"${n}" for n in range(1, 7 + len(FIELDS)))})
"""  # noqa: S608 - names of columns
