"""Send the e-mail with an invoice."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from uuid import UUID

from actions import attachments, deliveries, documents, einvoices, files
from actions.clock import now
from actions.deliveries import Attempt
from actions.failpoints import failpoint
from actions.instance import settings
from actions.outcomes import NotFound
from domain.delivery import Problem
from domain.einvoice.document import Attachment
from domain.invoice import Issued
from domain.links import address
from models.queries.deliveries import Waiting
from models.queries.invoices import issued
from tasks.failures import FinalFailure
from tasks.gateways.pdf import PdfError
from tasks.handlers.message import MessageHandler
from tasks.handlers.render_invoice import failed_document
from tasks.letters import Envelope, invoice_letter


class SendInvoice(MessageHandler):
    async def _send(self, organisation_id: UUID, message: Waiting) -> None:
        document, pdf = await _document(organisation_id, message)
        einvoice = await _einvoice(organisation_id, message, document)
        enclosed = await attachments.contents(organisation_id, document.attachments)
        attempt = await deliveries.begin_attempt(organisation_id, message.id)
        if attempt is None:
            return
        await failpoint("delivery.begun")
        await self._mail(attempt, document, pdf, einvoice, enclosed)
        await failpoint("delivery.accepted")
        await deliveries.record_sent(organisation_id, message.id)

    async def _mail(
        self,
        attempt: Attempt,
        document: Issued,
        pdf: bytes,
        einvoice: bytes | None,
        enclosed: Sequence[Attachment],
    ) -> None:
        told, message = settings(), attempt.message
        envelope = Envelope(told.mail_from, message.recipient, message.message_id, now(), document.seller.email)
        link = address(told.public_url, attempt.link_token)
        objection = f"{link}/objection" if message.is_again and document.kind == "invoice" else ""
        letter = invoice_letter(
            document, envelope, link=link, pdf=pdf, einvoice=einvoice, objection=objection, attachments=enclosed
        )
        await self._mailer.send(letter, sender=envelope.sender, recipient=message.recipient)


async def _einvoice(organisation_id: UUID, message: Waiting, document: Issued) -> bytes | None:
    """The e-invoice for a customer with a number, whose programs read it.

    It is made now if that job did not get to it yet. Where the rules refuse it, or can not be asked at this moment, the
    letter goes without it: nobody waits for a letter because of what can be downloaded later.
    """
    if message.invoice_id is None or not (document.buyer.organisation_number or document.buyer.vat_number):
        return None
    with contextlib.suppress(NotFound, einvoices.NotJudged, PdfError):
        await einvoices.make(organisation_id, message.invoice_id)
    return await einvoices.einvoice_of(organisation_id, message.invoice_id)


async def _document(organisation_id: UUID, message: Waiting) -> tuple[Issued, bytes]:
    """The invoice and its PDF, made now if that job did not get to it yet."""
    if message.invoice_id is None:
        raise FinalFailure(Problem("document_failed"))
    document = await issued(organisation_id, message.invoice_id)
    if document is None:
        raise FinalFailure(Problem("document_failed"))
    try:
        file = await documents.rendered(organisation_id, message.invoice_id)
    except PdfError as error:
        raise failed_document(error) from None
    return document, await files.get(organisation_id, file.sha256)
