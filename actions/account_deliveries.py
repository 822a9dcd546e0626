"""What became of a letter about an account. Kept seven days, for the operator to look into."""

from __future__ import annotations

from uuid import UUID

from actions.clock import now
from domain.delivery import Problem
from models.unit_of_work import unit_of_work


async def begin_attempt(message_id: UUID) -> str | None:
    """Count a try to send; the letter's Message-ID, or None when it was sent already or is gone."""
    async with unit_of_work(None) as work:
        rfc_message_id: str | None = await work.connection.fetchval(_BEGIN, message_id)
    return rfc_message_id


async def record_sent(message_id: UUID) -> None:
    """The server accepted the letter."""
    async with unit_of_work(None) as work:
        await work.connection.execute(_SENT, message_id, now())
        # The last letter of an account that is gone: with it goes the address.
        await work.connection.execute(_FORGET, message_id)


async def record_problem(message_id: UUID, problem: Problem) -> None:
    """A try failed; whether another follows is the job's to know."""
    async with unit_of_work(None) as work:
        await work.connection.execute(_PROBLEM, message_id, str(problem)[:200])


_BEGIN = "update account_message set attempts = attempts + 1 where id = $1 and sent_at is null returning message_id"
_SENT = "update account_message set sent_at = $2, problem = null where id = $1"
_PROBLEM = "update account_message set problem = $2 where id = $1 and sent_at is null"
_FORGET = "delete from account_message where id = $1 and kind = 'deletion_done'"
