"""The e-mails about quotes: what they say, to whom, and what a second run leaves."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from email.message import EmailMessage

import pytest

from actions import documents, files, quotes
from actions.quote_letters import token_of
from domain.settings import Settings
from models.queries.quotes import StoredQuote, stored
from models.unit_of_work import reading
from tasks.failures import FinalFailure
from tasks.gateways.mail import NullMailer
from tasks.gateways.pdf import NullPdf
from tasks.handlers.render_quote import RenderQuote
from tasks.handlers.send_quote import SendQuote
from tasks.renderer import PoolRenderer
from tests.actions.test_quotes import saved_quote, sent_quote
from tests.issuing import Shop, open_shop


@pytest.fixture
async def shop(pool: None, settings: Settings) -> AsyncIterator[Shop]:
    files.open_store(settings)
    documents.use(PoolRenderer(NullPdf()))
    async with open_shop(settings) as opened:
        yield opened
    documents.use(None)


async def send(shop: Shop, quote_id: uuid.UUID, kind: str = "quote") -> list[tuple[str, str, EmailMessage]]:
    async with reading(shop.id) as work:
        found = await work.connection.fetchval(
            "select id from message where quote_id = $1 and kind = $2", quote_id, kind
        )
    mailer = NullMailer()
    for _ in range(2):
        await SendQuote(mailer).run({"organisation_id": str(shop.id), "message_id": str(found)})
    return list(mailer.sent)


async def of(shop: Shop, quote_id: uuid.UUID) -> StoredQuote:
    async with reading(shop.id) as work:
        found = await stored(work, quote_id)
    assert found is not None
    return found


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize(
    ("language", "subject"), [("nb", "Tilbud 1 fra"), ("nn", "Tilbod 1 frå"), ("en", "Quote 1 from")]
)
async def test_the_customer_gets_the_quote_once_with_its_pdf_and_the_way_to_answer(
    shop: Shop, settings: Settings, language: str, subject: str
) -> None:
    customer = await shop.world.customer(shop.company)
    quote_id = await sent_quote(shop.company, customer, language=language)
    ((_, recipient, letter),) = await send(shop, quote_id)
    assert recipient == "post@nordlys.example"
    assert str(letter["Subject"]).startswith(subject)
    assert f"{settings.public_url}/q/{token_of(shop.id, quote_id)}" in text_of(letter)
    (attachment,) = letter.iter_attachments()
    assert attachment.get_content_type() == "application/pdf"
    row = (await of(shop, quote_id)).row
    assert row["delivery_state"] == "sent" and row["pdf_sha256"] is not None


async def test_the_seller_is_told_who_answered_and_where(shop: Shop, settings: Settings) -> None:
    quote_id = await sent_quote(shop.company, await shop.world.customer(shop.company))
    await quotes.answer(shop.id, quote_id, "accepted", "Ola\r\nBcc: x@evil.example Nordmann")
    ((_, recipient, letter),) = await send(shop, quote_id, "answer")
    assert recipient == shop.company.email
    text = text_of(letter)
    assert "Ola Bcc: x@evil.example Nordmann godtok tilbud 1 til Nordlys AS" in text
    assert f"{settings.public_url}/quotes/{quote_id}" in text and "/q/" not in text
    assert letter["Bcc"] is None


async def test_the_document_of_a_quote_is_made_once_and_a_draft_has_none(shop: Shop) -> None:
    customer = await shop.world.customer(shop.company)
    quote_id, draft = await sent_quote(shop.company, customer), await saved_quote(shop.company, customer)
    for one in (quote_id, quote_id, draft.id):
        await RenderQuote().run({"organisation_id": str(shop.id), "quote_id": str(one)})
    assert (await of(shop, quote_id)).row["pdf_size"] > 0
    assert (await of(shop, draft.id)).row["pdf_size"] is None


async def test_a_letter_about_nothing_is_given_up(shop: Shop) -> None:
    invoice_id = await shop.issue()
    message = await shop.message(invoice_id)
    with pytest.raises(FinalFailure):
        await SendQuote(NullMailer()).run({"organisation_id": str(shop.id), "message_id": str(message["id"])})
