"""Ask the official rules about an e-invoice that a supplier sent."""

from __future__ import annotations

from uuid import UUID

from actions import inbox
from actions.einvoices import NotJudged
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.handlers.handler import Payload
from tasks.retries import AN_HOUR


class CheckSupplierDocument:
    """{organisation_id, document_id}"""

    pauses = AN_HOUR

    async def run(self, payload: Payload) -> None:
        try:
            await inbox.check(UUID(payload["organisation_id"]), UUID(payload["document_id"]))
        except NotJudged as waiting:
            raise TemporaryFailure(Problem("einvoice_not_judged", waiting.code)) from None

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """The page says that it is being checked, which is so."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        await inbox.leave_unchecked(UUID(payload["organisation_id"]), UUID(payload["document_id"]))
