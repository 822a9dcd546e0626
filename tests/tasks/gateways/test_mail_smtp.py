"""Mail over a real socket: what counts as accepted, what is worth another try."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tasks.failures import FinalFailure, TemporaryFailure
from tasks.gateways.mail_smtp import SmtpMailer
from tasks.letters import invoice_letter
from tests.tasks.mail_server import MailServer, free_port
from tests.tasks.paper import ENVELOPE, LINK, PDF, invoice

LETTER = invoice_letter(invoice(), ENVELOPE, link=LINK, pdf=PDF)


async def send(url: str, **options: object) -> None:
    mailer = SmtpMailer(url, **{"patience": 2.0, **options})  # type: ignore[arg-type]
    await mailer.send(LETTER, sender="faktura@example.no", recipient="post@nordlys.example")


def scripted(where: str, answer: str) -> MailServer:
    server = MailServer()
    getattr(server, where).append(answer)
    return server


async def test_an_accepted_letter_arrives_once_with_one_recipient_and_its_message_id() -> None:
    async with MailServer() as server:
        await send(server.url)
    (mail,) = server.accepted
    assert mail.sender == "faktura@example.no"
    assert mail.recipients == ["post@nordlys.example"]
    assert server.recipients_named == 1
    assert mail.message["Message-ID"] == "<0199-abc@example.no>"
    (attached,) = mail.message.iter_attachments()
    assert attached.get_content() == PDF


async def test_s23_the_envelope_has_one_recipient_whatever_the_head_says() -> None:
    letter = invoice_letter(invoice(), ENVELOPE, link=LINK, pdf=PDF)
    letter["Cc"] = "somebody@evil.test"
    letter["Bcc"] = "nobody@evil.test"
    async with MailServer() as server:
        await SmtpMailer(server.url).send(letter, sender="faktura@example.no", recipient="post@nordlys.example")
    assert [mail.recipients for mail in server.accepted] == [["post@nordlys.example"]]


@pytest.mark.parametrize(
    ("where", "answer", "code"),
    [
        ("answers", "451 4.7.1 Greylisted, come back later", "server_busy"),
        ("answers", "421 4.3.2 Shutting down", "server_busy"),
        ("recipient_answers", "450 4.2.1 Mailbox busy", "server_busy"),
        ("sender_answers", "452 4.3.1 No space", "server_busy"),
    ],
)
async def test_a_4xx_is_temporary_and_the_next_try_is_accepted(where: str, answer: str, code: str) -> None:
    async with scripted(where, answer) as server:
        with pytest.raises(TemporaryFailure) as failure:
            await send(server.url)
        assert server.accepted == []
        await send(server.url)
    assert len(server.accepted) == 1
    assert failure.value.problem.code == code
    assert failure.value.problem.said == answer
    assert not failure.value.may_have_arrived


@pytest.mark.parametrize(
    ("where", "answer", "code"),
    [
        ("recipient_answers", "550 5.1.1 No such user", "address_refused"),
        ("answers", "554 5.7.1 Looks like spam", "message_refused"),
        ("answers", "552 5.3.4 Too big", "too_large"),
        ("sender_answers", "553 5.7.1 Not yours to send as", "sender_refused"),
    ],
)
async def test_a_5xx_is_final_with_the_servers_own_words(where: str, answer: str, code: str) -> None:
    async with scripted(where, answer) as server:
        with pytest.raises(FinalFailure) as failure:
            await send(server.url)
    assert server.accepted == []
    assert failure.value.problem.code == code
    assert failure.value.problem.said == answer


async def test_what_the_server_said_is_not_in_the_text_of_the_error() -> None:
    async with MailServer(recipient_answers=["550 <post@nordlys.example> unknown"]) as server:
        with pytest.raises(FinalFailure) as failure:
            await send(server.url)
    assert "nordlys" not in str(failure.value)
    assert "nordlys" not in repr(failure.value)
    assert failure.value.__suppress_context__


@pytest.mark.parametrize("how", ["drop", "take-and-drop"])
async def test_a_line_cut_in_the_middle_of_the_letter_is_temporary_and_in_doubt(how: str) -> None:
    async with MailServer(answers=[how]) as server:
        with pytest.raises(TemporaryFailure) as failure:
            await send(server.url)
        assert failure.value.problem.code == "server_unreachable"
        assert failure.value.may_have_arrived
        await send(server.url)
    ids = {mail.message["Message-ID"] for mail in server.accepted}
    assert ids == {"<0199-abc@example.no>"}


async def test_a_server_that_is_down_is_temporary_and_in_no_doubt() -> None:
    port = free_port()
    with pytest.raises(TemporaryFailure) as failure:
        await send(f"smtp://127.0.0.1:{port}")
    assert failure.value.problem.code == "server_unreachable"
    assert not failure.value.may_have_arrived
    async with MailServer(port=port) as server:
        await send(server.url)
    assert len(server.accepted) == 1


async def test_a_server_that_says_nothing_is_left_after_a_while() -> None:
    import asyncio

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    try:
        with pytest.raises(TemporaryFailure):
            await send(f"smtp://127.0.0.1:{port}", patience=0.2)
    finally:
        listener.close()
        await listener.wait_closed()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_the_credentials_of_the_address_are_used() -> None:
    async with MailServer(credentials=("faktura@example.no", "p@ss:w/rd")) as server:
        url = f"smtp://faktura%40example.no:p%40ss%3Aw%2Frd@127.0.0.1:{server.port}"
        await send(url)
        with pytest.raises(TemporaryFailure) as failure:
            await send(url.replace("w%2Frd", "wrong"))
    assert len(server.accepted) == 1
    assert failure.value.problem.code == "sign_in_refused"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-made certificate for localhost, which nobody vouches for."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(path), "-out", f"{path}.crt",
         "-subj", "/CN=mail.test", "-addext", "subjectAltName=DNS:mail.test", "-days", "1"],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


@pytest.fixture
def mail_test_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name mail.test leads to this machine, without being one of its own names."""
    import socket

    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: resolve("127.0.0.1" if host == "mail.test" else host, *rest, **more),
    )


@pytest.mark.usefixtures("mail_test_is_here")
async def test_a_server_elsewhere_must_encrypt_and_prove_who_it_is(certificate: Path) -> None:
    import ssl

    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=f"{certificate}.crt")
    async with MailServer(tls=shown) as server:
        url = f"smtp://mail.test:{server.port}"
        with pytest.raises(TemporaryFailure) as failure:
            await send(url)
        assert failure.value.problem.code == "server_insecure"
        assert server.accepted == []
        await send(url, tls=trusting)
    assert len(server.accepted) == 1


@pytest.mark.usefixtures("mail_test_is_here")
async def test_a_server_elsewhere_without_encryption_gets_nothing() -> None:
    async with MailServer() as server:
        with pytest.raises(TemporaryFailure) as failure:
            await send(f"smtp://mail.test:{server.port}")
    assert failure.value.problem.code == "server_insecure"
    assert server.data_begun == 0
