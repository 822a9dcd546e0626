"""Requests to SmartFaktura: a person's own, and all of them for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.dates import today_in
from domain.privacy.requests import OPEN, ZONE, Channel, Clock, Identity, Kind, State
from models.engine import pool


@dataclass(frozen=True, slots=True)
class LetterSent:
    """A letter about a request: `sent_at` is None while it is on its way."""

    kind: str
    at: datetime
    sent_at: datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request, whoever it is to. `today` is the day in the zone of whoever answers it."""

    id: UUID
    reference: str
    kind: Kind
    subject: str
    channel: Channel
    state: State
    identity: Identity
    email: str
    language: str
    text: str
    received_at: datetime
    closed_at: datetime | None
    extension_reason: str
    reasons: str
    clock: Clock
    today: date
    letters: tuple[LetterSent, ...]
    person_id: UUID | None = None
    handled_by: str | None = None
    emptied: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def days_left(self) -> int:
        return self.clock.days_left(self.today)

    @property
    def is_short(self) -> bool:
        return self.clock.is_short(self.today)


async def requests_of(person_id: UUID, moment: datetime, most: int = 50) -> list[RequestView]:
    """What this person asked for, the newest first."""
    rows = await pool().fetch(
        _SELECT + "where r.person_id = $1 order by r.received_at desc limit $2", person_id, most
    )
    return [request_view(row, moment) for row in rows]


async def queue(moment: datetime, most: int = 200) -> list[RequestView]:
    """Every open request, the most urgent first. Those that nobody has proven yet come last."""
    rows = await pool().fetch(_SELECT + _QUEUE, most)
    return [request_view(row, moment) for row in rows]


async def closed(moment: datetime, most: int = 50) -> list[RequestView]:
    """The latest that were answered."""
    rows = await pool().fetch(_SELECT + "where r.closed_at is not null order by r.closed_at desc limit $1", most)
    return [request_view(row, moment) for row in rows]


async def waiting(moment: datetime) -> tuple[int, RequestView | None]:
    """How many requests wait for an answer, and the one that is due first. Those that nobody has proven wait for their
    sender."""
    row = await pool().fetchrow(_WAITING)
    return (0, None) if row is None else (row["waiting"], request_view(row, moment))


async def request_of(request_id: UUID, moment: datetime) -> RequestView | None:
    """One request, for the operator."""
    row = await pool().fetchrow(_SELECT + "where r.id = $1", request_id)
    return None if row is None else request_view(row, moment)


async def request_by_token(token_hash: bytes, moment: datetime) -> RequestView | None:
    """The request whose letter holds this secret."""
    row = await pool().fetchrow(_SELECT + "where r.token_hash = $1", token_hash)
    return None if row is None else request_view(row, moment)


def request_view(row: Any, moment: datetime, zone: str = ZONE) -> RequestView:
    """A row of either table of requests, with its clock at `moment`."""
    closed_on = today_in(zone, row["closed_at"]) if row["closed_at"] else None
    return RequestView(
        id=row["id"],
        reference=row["reference"],
        kind=Kind(row["kind"]),
        subject=row["subject"],
        channel=Channel(row["channel"]),
        state=State(row["state"]),
        identity=Identity(row["identity"]),
        email=row["email"],
        language=row["language"],
        text=row["text"],
        received_at=row["received_at"],
        closed_at=row["closed_at"],
        extension_reason=row["extension_reason"],
        reasons=row["reasons"],
        clock=Clock(today_in(zone, row["received_at"]), row["due_on"], row["extended_until"], closed_on),
        today=today_in(zone, moment),
        letters=tuple(_letter(one) for one in msgspec.json.decode(row["letters"])),
        person_id=row.get("person_id"),
        handled_by=row.get("handled_by_name"),
        emptied=row["emptied_at"] is not None,
    )


def _letter(entry: dict[str, Any]) -> LetterSent:
    at, sent_at = entry["at"], entry["sent_at"]
    return LetterSent(
        entry["kind"],
        datetime.fromisoformat(at),
        datetime.fromisoformat(sent_at) if sent_at else None,
        entry.get("problem"),
    )


_SELECT = """
select r.*, p.name as handled_by_name from rights_request r left join person p on p.id = r.handled_by
"""
_WAITING = """
select *, count(*) over () as waiting from rights_request where closed_at is null and identity <> 'unproven'
order by coalesce(extended_until, due_on), received_at limit 1
"""
_QUEUE = """
where r.closed_at is null
order by r.identity = 'unproven', coalesce(r.extended_until, r.due_on), r.received_at limit $1
"""
