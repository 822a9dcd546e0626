"""Each kind of job by itself: what it sends, what it leaves, what it does when it comes a second time."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from pgqueuer.errors import RetryRequested

from actions import account_letters, documents, einvoices, files
from domain.accounts import Asked
from domain.delivery import Problem
from domain.einvoice.findings import Verdict
from domain.links import token_hash
from domain.mail import ascii_file_name
from domain.settings import Settings
from models.queries.links import by_token
from models.unit_of_work import unit_of_work
from tasks.failures import FinalFailure, TemporaryFailure
from tasks.gateways.mail import NullMailer
from tasks.gateways.mail_smtp import SmtpMailer
from tasks.gateways.pdf import NullPdf, PdfError
from tasks.handlers import handlers
from tasks.handlers.message import MOST_ATTEMPTS
from tasks.handlers.render_invoice import RenderInvoice
from tasks.handlers.send_account_message import SendAccountMessage
from tasks.handlers.send_invoice import SendInvoice
from tasks.jobs import Jobs
from tasks.letters import HEAD
from tasks.renderer import PoolRenderer
from tasks.stopping import Stopping
from tests.actions.judging import Scripted, breaking, judged_by
from tests.issuing import Shop, open_shop
from tests.tasks.mail_server import MailServer


class Blank:
    """Draws nothing, for the reason it was given."""

    def __init__(self, code: str) -> None:
        self.code = code

    async def start(self) -> None: ...

    async def render(self, document: bytes) -> bytes:
        raise PdfError(self.code)


@pytest.fixture
async def shop(pool: None, settings: Settings) -> AsyncIterator[Shop]:
    files.open_store(settings)
    documents.use(PoolRenderer(NullPdf()))
    async with open_shop(settings) as opened:
        yield opened
    documents.use(None)


@pytest.fixture
def mailer() -> NullMailer:
    return NullMailer()


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def payload_of(shop: Shop, invoice_id: uuid.UUID) -> dict[str, str]:
    message = await shop.message(invoice_id)
    return {"organisation_id": str(shop.id), "message_id": str(message["id"])}


def test_every_job_that_is_queued_anywhere_has_a_handler(mailer: NullMailer) -> None:
    from actions import deliveries, einvoices, quote_documents

    ours = {*deliveries.JOBS.values(), documents.JOB, einvoices.JOB, account_letters.JOB, quote_documents.JOB}
    assert ours <= set(handlers(mailer))


async def test_the_mail_opens_the_hosted_page_of_its_invoice(
    shop: Shop, mailer: NullMailer, settings: Settings
) -> None:
    invoice_id = await shop.issue(language="en")
    await SendInvoice(mailer).run(await payload_of(shop, invoice_id))
    ((sender, recipient, letter),) = mailer.sent
    assert (sender, recipient) == ("faktura@localhost", "post@nordlys.example")
    assert letter["Reply-To"] == "post@fjord.example"
    assert letter["From"].addresses[0].display_name == "Fjord Design ENK"
    text = text_of(letter)
    token = text.partition(f"{settings.public_url}/i/")[2].split()[0]
    assert token_hash(token) is not None
    assert await by_token(token) == (shop.id, invoice_id)


async def test_the_e_invoice_travels_beside_the_pdf_to_a_business_and_is_left_out_when_it_can_not_be_judged(
    shop: Shop, mailer: NullMailer
) -> None:
    with judged_by(Scripted()):
        first = await shop.issue()
        await SendInvoice(mailer).run(await payload_of(shop, first))
    with judged_by(Scripted(lambda _: Verdict(unjudged="timeout"))):
        await SendInvoice(mailer).run(await payload_of(shop, await shop.issue()))
    with judged_by(Scripted(lambda _: breaking("XSD"))):
        await SendInvoice(mailer).run(await payload_of(shop, await shop.issue()))
    names = [[part.get_filename() or "" for part in letter.iter_attachments()] for _, _, letter in mailer.sent]
    assert [len(files) for files in names] == [2, 1, 1]
    made = await einvoices.einvoice_of(shop.id, first)
    assert made is not None
    pdf, sent = list(mailer.sent[0][2].iter_attachments())
    assert sent.get_content_type() == "application/xml"
    assert sent.get_filename() == ascii_file_name(pdf.get_filename() or "").replace(".pdf", ".xml")
    assert sent.get_payload(decode=True) == made


@pytest.mark.parametrize(
    "typed",
    ["a\r\nBcc: x@evil.test", "=?UTF-8?Q?=0ABcc:x@evil.test?=", '"a"@b.test>\r\nTo: x@evil.test', 'x"; name="y'],
)
async def test_s23_a_mail_over_the_wire_has_one_recipient_and_no_header_that_was_typed(
    pool: None, settings: Settings, typed: str
) -> None:
    files.open_store(settings)
    documents.use(PoolRenderer(NullPdf()))
    async with open_shop(settings, name=typed, email=typed) as shop, MailServer() as server:
        invoice_id = await shop.issue()
        await SendInvoice(SmtpMailer(server.url)).run(await payload_of(shop, invoice_id))
    documents.use(None)
    (mail,) = server.accepted
    assert server.recipients_named == 1
    assert mail.recipients == ["post@nordlys.example"]
    assert sorted(name for name in mail.message if not name.startswith("X-")) == sorted(HEAD)
    assert [address.addr_spec for address in mail.message["To"].addresses] == ["post@nordlys.example"]


async def test_a_job_that_comes_twice_sends_once(shop: Shop, mailer: NullMailer) -> None:
    invoice_id = await shop.issue()
    for _ in range(2):
        await SendInvoice(mailer).run(await payload_of(shop, invoice_id))
    assert len(mailer.sent) == 1


async def test_a_message_that_is_gone_or_foreign_sends_nothing(
    shop: Shop, mailer: NullMailer, settings: Settings
) -> None:
    """S-46"""
    invoice_id = await shop.issue()
    payload = await payload_of(shop, invoice_id)
    async with open_shop(settings) as other:
        await SendInvoice(mailer).run({**payload, "organisation_id": str(other.id)})
    await SendInvoice(mailer).run({**payload, "message_id": str(uuid.uuid4())})
    assert mailer.sent == []


@pytest.mark.parametrize(("code", "kind"), [("busy", TemporaryFailure), ("unprintable", FinalFailure)])
async def test_a_document_that_can_not_be_drawn_is_told_before_any_server_is_called(
    shop: Shop, mailer: NullMailer, code: str, kind: type[Exception]
) -> None:
    documents.use(PoolRenderer(Blank(code)))
    invoice_id = await shop.issue()
    with pytest.raises(kind) as failure:
        await SendInvoice(mailer).run(await payload_of(shop, invoice_id))
    assert failure.value.problem == Problem("document_failed", code)  # type: ignore[attr-defined]
    assert (await shop.message(invoice_id))["tried_at"] is None
    assert mailer.sent == []


async def test_a_message_that_keeps_killing_workers_is_given_up(shop: Shop, mailer: NullMailer) -> None:
    invoice_id = await shop.issue()
    async with unit_of_work(shop.id) as work:
        change = "update message set attempts = $2 where organisation_id = $1"
        await work.connection.execute(change, shop.id, MOST_ATTEMPTS)
    with pytest.raises(FinalFailure):
        await SendInvoice(mailer).run(await payload_of(shop, invoice_id))


async def test_rendering_a_foreign_invoice_or_a_draft_does_nothing(shop: Shop, settings: Settings) -> None:
    """S-46"""
    draft_id, invoice_id = await shop.saved_draft(), await shop.issue(send=False)
    async with open_shop(settings) as other:
        await RenderInvoice().run({"organisation_id": str(other.id), "invoice_id": str(invoice_id)})
    await RenderInvoice().run({"organisation_id": str(shop.id), "invoice_id": str(draft_id)})


async def test_t08_an_invoice_is_issued_while_the_store_is_full_and_its_document_comes_later(
    shop: Shop, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / str(shop.id)).write_text("in the way of the folder")
    files.open_store(replace(settings, data_dir=tmp_path))
    try:
        invoice_id = await shop.issue(send=False)
        payload = {"organisation_id": str(shop.id), "invoice_id": str(invoice_id)}
        assert ("render_invoice", payload) in await shop.jobs()
        handler = RenderInvoice()
        jobs = Jobs({"render_invoice": handler}, Stopping(0))
        with pytest.raises(RetryRequested):
            await jobs.run("render_invoice", handler, payload, 0, lambda: handler.run(payload))
    finally:
        files.open_store(settings)
    await handler.run(payload)
    assert (await documents.rendered(shop.id, invoice_id)).size > 0


async def test_a_pool_that_could_not_start_is_started_again_for_the_next_document(shop: Shop) -> None:
    class Slow(NullPdf):
        starts = 0

        async def start(self) -> None:
            self.starts += 1
            if self.starts == 1:
                await asyncio.sleep(0.2)
                raise PdfError("crashed")

    invoice_id = await shop.issue(send=False)
    payload = {"organisation_id": str(shop.id), "invoice_id": str(invoice_id)}
    renderer = PoolRenderer(Slow())
    documents.use(renderer)
    with pytest.raises(TemporaryFailure):
        await RenderInvoice().run(payload)
    await RenderInvoice().run(payload)


async def asked(shop: Shop, kind: Asked) -> uuid.UUID:
    async with unit_of_work(None) as work:
        return await account_letters.ask_for_letter(work, kind, shop.company.email, "nb", shop.company.person_id)


async def row_of(message_id: uuid.UUID) -> dict[str, object]:
    async with unit_of_work(None) as work:
        return dict(await work.connection.fetchrow("select * from account_message where id = $1", message_id))


async def test_a_letter_about_an_account_is_sent_once_with_its_link(shop: Shop, mailer: NullMailer) -> None:
    message_id = await asked(shop, Asked.RESET_PASSWORD)
    for _ in range(2):
        await SendAccountMessage(mailer).run({"id": str(message_id)})
    ((_, recipient, letter),) = mailer.sent
    row = await row_of(message_id)
    assert recipient == shop.company.email
    assert letter["Message-ID"] == row["message_id"]
    assert "/reset/" in text_of(letter)
    assert (row["attempts"], row["sent_at"] is not None) == (1, True)


async def test_a_letter_that_failed_keeps_the_reason_and_gets_a_new_link_at_the_next_try(
    shop: Shop, mailer: NullMailer
) -> None:
    class Away(NullMailer):
        async def send(self, *args: object, **more: object) -> None:
            raise TemporaryFailure(Problem("server_unreachable"))

    message_id = await asked(shop, Asked.RESET_PASSWORD)
    handler = SendAccountMessage(Away())
    with pytest.raises(TemporaryFailure) as failure:
        await handler.run({"id": str(message_id)})
    await handler.put_off({"id": str(message_id)}, failure.value)
    assert (await row_of(message_id))["problem"] == "server_unreachable"
    await SendAccountMessage(mailer).run({"id": str(message_id)})
    row = await row_of(message_id)
    assert (row["attempts"], row["problem"]) == (2, None)
    assert isinstance(row["sent_at"], datetime)
    assert row["sent_at"] <= datetime.now(UTC)


async def test_nobody_is_written_to_when_nobody_has_the_address(pool: None, mailer: NullMailer) -> None:
    async with unit_of_work(None) as work:
        message_id = await account_letters.ask_for_letter(work, Asked.RESET_PASSWORD, "nobody@example.no", "nb")
    await SendAccountMessage(mailer).run({"id": str(message_id)})
    assert mailer.sent == []
