"""Write a deletion down in the ledger that lies outside of the database."""

from __future__ import annotations

from uuid import UUID

from actions import erasure_ledger
from actions.files import StoreUnavailable
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.handlers.handler import Payload
from tasks.retries import A_DAY


class NoteErasure:
    """{id}"""

    pauses = A_DAY

    async def run(self, payload: Payload) -> None:
        try:
            await erasure_ledger.note(UUID(payload["id"]))
        except (StoreUnavailable, OSError):
            raise TemporaryFailure(Problem("document_failed")) from None

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """The database knows of it meanwhile."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """The log says so, and the nightly look at the ledger finds it missing."""
