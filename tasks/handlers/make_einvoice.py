"""Make the e-invoice of an issued invoice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from actions import einvoices
from actions.outcomes import NotFound
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.gateways.pdf import PdfError
from tasks.handlers.handler import Payload
from tasks.handlers.render_invoice import failed_document
from tasks.retries import A_DAY

# Then each day for a week: by then somebody has read why the rules can not be asked.
PAUSES = (*A_DAY, *(timedelta(days=1),) * 7)


class MakeEInvoice:
    """{organisation_id, invoice_id}"""

    pauses = PAUSES

    async def run(self, payload: Payload) -> None:
        ids = UUID(payload["organisation_id"]), UUID(payload["invoice_id"])
        try:
            await self._make(*ids)
        except NotFound:
            return  # nothing left to do for a company that is gone
        except einvoices.NotJudged as waiting:
            raise TemporaryFailure(Problem("einvoice_not_judged", waiting.code)) from None

    async def _make(self, organisation_id: UUID, invoice_id: UUID) -> None:
        try:
            await einvoices.make(organisation_id, invoice_id)
        except PdfError as error:
            if error.is_temporary:
                raise failed_document(error) from None
            # What can not be drawn can still be an e-invoice: the PDF is only a picture inside.
            await einvoices.make(organisation_id, invoice_id, with_pdf=False)

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        code = failure.problem.said or failure.problem.code
        await einvoices.put_off(UUID(payload["organisation_id"]), UUID(payload["invoice_id"]), code)

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        await einvoices.give_up(UUID(payload["organisation_id"]), UUID(payload["invoice_id"]))
