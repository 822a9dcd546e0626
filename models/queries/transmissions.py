"""E-invoices on their way: what the jobs that carry them need."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from models.unit_of_work import reading


@dataclass(frozen=True, slots=True)
class Underway:
    """A transmission that is not at its end. `recipient` is scheme:number on the network."""

    id: UUID
    invoice_id: UUID
    recipient: str
    state: str
    attempts: int
    remote_id: str
    is_credit_note: bool


async def underway(organisation_id: UUID, transmission_id: UUID, state: str) -> Underway | None:
    """The transmission when it is in `state` (queued or handed_over); None when it got further, or never was."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_UNDERWAY, organisation_id, transmission_id, state)
    return None if row is None else Underway(**row)


_UNDERWAY = """
select t.id, t.invoice_id, t.recipient, t.state, t.attempts, t.remote_id, i.kind = 'credit_note' as is_credit_note
from transmission t join invoice i on i.organisation_id = t.organisation_id and i.id = t.invoice_id
where t.organisation_id = $1 and t.id = $2 and t.state = $3
"""
