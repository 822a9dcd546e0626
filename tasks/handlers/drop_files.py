"""Delete the files of documents that are let go."""

from __future__ import annotations

from uuid import UUID

from actions import old_documents
from actions.files import StoreUnavailable
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.handlers.handler import Payload
from tasks.retries import AN_HOUR


class DropFiles:
    """{organisation_id, hashes}"""

    pauses = AN_HOUR

    async def run(self, payload: Payload) -> None:
        try:
            await old_documents.drop_files(UUID(payload["organisation_id"]), payload["hashes"].split(","))
        except (StoreUnavailable, OSError):
            raise TemporaryFailure(Problem("document_failed")) from None

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """Nobody waits for it."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """The failed job is kept, and tells which files are left."""
