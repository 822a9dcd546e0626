"""E-mails about invoices and quotes: what the job that sends them needs, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from models.unit_of_work import reading


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is still to be sent."""

    id: UUID
    invoice_id: UUID | None
    recipient: str
    message_id: str
    attempts: int
    quote_id: UUID | None = None
    kind: str = "invoice"
    plan_id: UUID | None = None
    restriction_id: UUID | None = None
    is_again: bool = False  # was the same invoice sent before?


async def waiting(organisation_id: UUID, message_id: UUID) -> Waiting | None:
    """The message when it is still to be sent; None when it was sent, given up, or never was."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_WAITING, organisation_id, message_id)
    return None if row is None else Waiting(**row)


_WAITING = """
select id, invoice_id, quote_id, plan_id, restriction_id, kind, recipient, message_id, attempts
from message where organisation_id = $1 and id = $2 and state = 'queued'
"""
