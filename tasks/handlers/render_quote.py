"""Make the PDF of a quote that was sent."""

from __future__ import annotations

from uuid import UUID

from actions import quote_documents
from actions.outcomes import NotFound
from tasks.gateways.pdf import PdfError
from tasks.handlers.handler import Payload
from tasks.handlers.render_invoice import RenderInvoice, failed_document


class RenderQuote(RenderInvoice):
    """{organisation_id, quote_id}"""

    async def run(self, payload: Payload) -> None:
        try:
            await quote_documents.rendered(UUID(payload["organisation_id"]), UUID(payload["quote_id"]))
        except NotFound:
            return  # nothing left to do for a company that is gone
        except PdfError as error:
            raise failed_document(error) from None
