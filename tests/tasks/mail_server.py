"""A real mail server on a real socket, that answers what a test wants and remembers what it was given."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class Accepted:
    """A message that the server took responsibility for."""

    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass
class MailServer:
    """Answers with the next entry of `answers` to each message ("250 OK" when it runs out): a reply line, or `drop`
    to cut the line in the middle, or `take-and-drop` to accept and cut the line before saying so. `recipient_answers`
    the same for RCPT."""

    answers: list[str] = field(default_factory=list)
    recipient_answers: list[str] = field(default_factory=list)
    sender_answers: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    credentials: tuple[str, str] | None = None
    port: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    data_begun: int = 0
    recipients_named: int = 0
    _protocols: list[SMTP] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for protocol in self._protocols:
            _cut(protocol)
        await self._server.wait_closed()
        await asyncio.sleep(0)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def _protocol(self) -> SMTP:
        protocol = _Scripted(
            self,
            hostname="mail.test",
            tls_context=self.tls,
            require_starttls=self.tls is not None,
            authenticator=self._authenticate if self.credentials else None,
            auth_required=self.credentials is not None,
            auth_require_tls=False,
            loop=asyncio.get_running_loop(),
        )
        self._protocols.append(protocol)
        return protocol

    def _authenticate(self, *args: Any) -> AuthResult:
        given = (args[-1].login.decode(), args[-1].password.decode())
        return AuthResult(success=given == self.credentials, handled=False)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        answer = self.sender_answers.pop(0) if self.sender_answers else "250 OK"
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.recipients_named += 1
        answer = self.recipient_answers.pop(0) if self.recipient_answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - its name there
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250") or answer == "take-and-drop":
            message = message_from_bytes(envelope.content, policy=default)
            self.accepted.append(Accepted(envelope.mail_from, list(envelope.rcpt_tos), message))
        if answer == "take-and-drop":
            _cut(server)
        return answer


class _Scripted(SMTP):
    """Cuts the line in the middle of a letter when the script says so."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - its name there
        script: MailServer = self.event_handler
        script.data_begun += 1
        if script.answers[:1] != ["drop"]:
            await super().smtp_DATA(arg)
            return
        script.answers.pop(0)
        await self.push("354 go on")
        await self._reader.readuntil(b"\n")
        _cut(self)


def _cut(protocol: SMTP) -> None:
    if isinstance(protocol.transport, asyncio.WriteTransport):
        protocol.transport.abort()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
