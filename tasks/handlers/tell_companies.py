"""Bring a notice to the companies that it is for."""

from __future__ import annotations

from uuid import UUID

from actions import notices
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.handlers.handler import Payload
from tasks.retries import A_DAY


class TellCompanies:
    """{id}"""

    pauses = A_DAY

    async def run(self, payload: Payload) -> None:
        await notices.tell(UUID(payload["id"]))

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """The operator's page says that it is under way."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """The same: whoever was told has it, and the page shows that not all were."""
