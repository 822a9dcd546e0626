"""Send the e-mail with an invoice."""

from __future__ import annotations

from uuid import UUID

from actions import deliveries, documents, files
from actions.clock import now
from actions.deliveries import Attempt
from actions.failpoints import failpoint
from actions.instance import settings
from domain.delivery import Problem
from domain.invoice import Issued
from domain.links import address
from models.queries.deliveries import Waiting, waiting
from models.queries.invoices import issued
from tasks.failures import FinalFailure, TemporaryFailure
from tasks.gateways.mail import Mailer
from tasks.gateways.pdf import PdfError
from tasks.handlers.handler import Payload
from tasks.handlers.render_invoice import failed_document
from tasks.letters import Envelope, invoice_letter
from tasks.retries import A_DAY

# Far above what the pauses allow: reached only when the message itself keeps killing workers.
MOST_ATTEMPTS = 3 * len(A_DAY)


class SendInvoice:
    """{organisation_id, message_id}"""

    pauses = A_DAY

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def run(self, payload: Payload) -> None:
        organisation_id, message_id = UUID(payload["organisation_id"]), UUID(payload["message_id"])
        message = await waiting(organisation_id, message_id)
        if message is None:
            return
        if message.attempts >= MOST_ATTEMPTS:
            raise FinalFailure(Problem("unexpected"))
        document, pdf = await _document(organisation_id, message)
        attempt = await deliveries.begin_attempt(organisation_id, message_id)
        if attempt is None:
            return
        await failpoint("delivery.begun")
        await self._send(attempt, document, pdf)
        await failpoint("delivery.accepted")
        await deliveries.record_sent(organisation_id, message_id)

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        organisation_id, message_id = UUID(payload["organisation_id"]), UUID(payload["message_id"])
        await deliveries.record_delay(
            organisation_id, message_id, failure.problem, may_have_arrived=failure.may_have_arrived
        )

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        await deliveries.record_failed(UUID(payload["organisation_id"]), UUID(payload["message_id"]), problem)

    async def _send(self, attempt: Attempt, document: Issued, pdf: bytes) -> None:
        told, message = settings(), attempt.message
        envelope = Envelope(told.mail_from, message.recipient, message.message_id, now(), document.seller.email)
        letter = invoice_letter(document, envelope, link=address(told.public_url, attempt.link_token), pdf=pdf)
        await self._mailer.send(letter, sender=envelope.sender, recipient=message.recipient)


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
