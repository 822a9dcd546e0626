"""Make the copy of what a company keeps about one of its customers."""

from __future__ import annotations

from uuid import UUID

from actions import customer_copy
from actions.documents import NotReady
from actions.files import StoreUnavailable
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.gateways.pdf import PdfError
from tasks.handlers.handler import Payload
from tasks.handlers.render_invoice import failed_document
from tasks.retries import AN_HOUR


class MakeCustomerCopy:
    """{organisation_id, id}"""

    pauses = AN_HOUR

    async def run(self, payload: Payload) -> None:
        try:
            await customer_copy.make(UUID(payload["organisation_id"]), UUID(payload["id"]))
        except PdfError as error:
            raise failed_document(error) from None
        except (NotReady, StoreUnavailable, OSError):
            raise TemporaryFailure(Problem("document_failed")) from None

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """The page says that it is being made."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        await customer_copy.give_up(UUID(payload["organisation_id"]), UUID(payload["id"]))
