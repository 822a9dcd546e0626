"""Bring a copy of data into a company."""

from __future__ import annotations

from uuid import UUID

from actions import data_imports
from actions.files import StoreUnavailable
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.handlers.handler import Payload
from tasks.retries import AN_HOUR


class ImportData:
    """{organisation_id, id}"""

    pauses = AN_HOUR

    async def run(self, payload: Payload) -> None:
        try:
            await data_imports.make(UUID(payload["organisation_id"]), UUID(payload["id"]))
        except (StoreUnavailable, OSError):
            raise TemporaryFailure(Problem("document_failed")) from None

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """The page says that it is being brought in."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        await data_imports.give_up(UUID(payload["organisation_id"]), UUID(payload["id"]))
