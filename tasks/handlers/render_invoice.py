"""Make the PDF of an issued invoice."""

from __future__ import annotations

from uuid import UUID

from actions import documents
from actions.outcomes import NotFound
from domain.delivery import Problem
from tasks.failures import FinalFailure, TemporaryFailure
from tasks.gateways.pdf import PdfError
from tasks.handlers.handler import Payload
from tasks.retries import A_DAY


def failed_document(error: PdfError) -> TemporaryFailure | FinalFailure:
    """A document that can not be drawn now, or as it is."""
    problem = Problem("document_failed", error.code)
    return TemporaryFailure(problem) if error.is_temporary else FinalFailure(problem)


class RenderInvoice:
    """{organisation_id, invoice_id}"""

    pauses = A_DAY

    async def run(self, payload: Payload) -> None:
        try:
            await documents.rendered(UUID(payload["organisation_id"]), UUID(payload["invoice_id"]))
        except NotFound:
            return  # nothing left to do for a company that is gone
        except PdfError as error:
            raise failed_document(error) from None

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """Nobody waits for it: who opens the document asks for it anew."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """The same."""
