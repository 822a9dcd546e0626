"""The log of processors as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.engine import pool


@dataclass(frozen=True, slots=True)
class ProcessorChangeView:
    """`kind`: added, announced (with `starts_on`) or removed."""

    name: str
    kind: str
    at: datetime
    starts_on: date | None


async def processor_changes() -> list[ProcessorChangeView]:
    """All of them, the newest first."""
    rows = await pool().fetch(_CHANGES)
    return [ProcessorChangeView(**row) for row in rows]


_CHANGES = "select name, kind, at, starts_on from processor_change where kind <> 'begun' order by id desc"
