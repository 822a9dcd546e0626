"""Make the PDF of an issued invoice."""

from __future__ import annotations

from uuid import UUID

from actions import documents
from actions.outcomes import NotFound
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.handlers.handler import Payload
from tasks.retries import A_DAY


class RenderInvoice:
    """{organisation_id, invoice_id}"""

    pauses = A_DAY

    async def run(self, payload: Payload) -> None:
        try:
            await documents.rendered(UUID(payload["organisation_id"]), UUID(payload["invoice_id"]))
        except NotFound:
            return  # nothing left to do for a company that is gone

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """Nobody waits for it: who opens the document asks for it anew."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """The same."""
