"""Carry out a deletion whose day has come."""

from __future__ import annotations

from uuid import UUID

from actions import erasure_run
from actions.files import StoreUnavailable
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.handlers.handler import Payload
from tasks.retries import A_DAY


class Erase:
    """{id}"""

    pauses = A_DAY

    async def run(self, payload: Payload) -> None:
        try:
            await erasure_run.execute(UUID(payload["id"]))
        except (StoreUnavailable, OSError):
            raise TemporaryFailure(Problem("document_failed")) from None

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """What is done is counted; the next try goes on from there."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """The schedule queues it again within minutes: a deletion is never given up."""
