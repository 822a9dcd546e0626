"""Send the e-mail with a quote to the customer, or the customer's answer to the seller."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from actions import deliveries, files, quote_documents
from actions.clock import now
from actions.failpoints import failpoint
from actions.instance import settings
from actions.quote_letters import page_of
from domain.delivery import Problem
from models.queries.deliveries import Waiting
from models.queries.quotes import StoredQuote, stored
from models.unit_of_work import reading
from tasks.failures import FinalFailure
from tasks.gateways.pdf import PdfError
from tasks.handlers.message import MessageHandler
from tasks.handlers.render_invoice import failed_document
from tasks.letters import Envelope, answer_letter, invoice_letter


class SendQuote(MessageHandler):
    async def _send(self, organisation_id: UUID, message: Waiting) -> None:
        if message.quote_id is None:
            raise FinalFailure(Problem("unexpected"))
        async with reading(organisation_id) as work:
            quote = await stored(work, message.quote_id)
        if quote is None or quote.is_draft:
            raise FinalFailure(Problem("document_failed"))
        letter = await _letter(organisation_id, message, quote)
        if await deliveries.begin_attempt(organisation_id, message.id) is None:
            return
        await failpoint("delivery.begun")
        sender = Envelope(settings().mail_from, message.recipient, message.message_id, now()).sender
        await self._mailer.send(letter, sender=sender, recipient=message.recipient)
        await failpoint("delivery.accepted")
        await deliveries.record_sent(organisation_id, message.id)


async def _letter(organisation_id: UUID, message: Waiting, quote: StoredQuote) -> Any:
    document, told = quote.document(), settings()
    if message.kind == "answer":
        envelope = Envelope(told.mail_from, message.recipient, message.message_id, now())
        words = {
            "accepted": quote.row["answer"] == "accepted",
            "customer": document.buyer.name,
            "answerer": quote.row["answered_by"],
            "number": document.number,
            "gross": document.totals.gross,
            "currency": document.currency,
            "link": f"{told.public_url}/quotes/{quote.id}",
        }
        return answer_letter(words, envelope, await _language(organisation_id))
    try:
        file = await quote_documents.rendered(organisation_id, quote.id)
    except PdfError as error:
        raise failed_document(error) from None
    pdf = await files.get(organisation_id, file.sha256)
    envelope = Envelope(told.mail_from, message.recipient, message.message_id, now(), document.seller.email)
    link = page_of(organisation_id, quote.id, quote.row["token_hash"])
    return invoice_letter(document, envelope, link=link, pdf=pdf, objection=f"{link}/objection")


async def _language(organisation_id: UUID) -> str:
    """The company's own language."""
    async with reading(organisation_id) as work:
        language: str = await work.connection.fetchval(
            "select language from organisation where id = $1", organisation_id
        )
    return language
