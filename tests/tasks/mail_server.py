"""A real mail server on a real socket, that answers what a test wants and remembers what it was given."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

Hook = Callable[[], str | None]


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

    def __enter__(self) -> Self:
        self.port = self.port or free_port()
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            server_kwargs={
                "tls_context": self.tls,
                "require_starttls": self.tls is not None,
                "authenticator": self._authenticate if self.credentials else None,
                "auth_required": self.credentials is not None,
                "auth_require_tls": False,
            },
        )
        self._controller.factory = self._factory
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def _factory(self) -> SMTP:
        server = self

        class CountsData(SMTP):
            async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - its name there
                server.data_begun += 1
                if server.answers[:1] == ["drop"]:
                    server.answers.pop(0)
                    await self.push("354 go on")
                    await self._reader.readuntil(b"\n")
                    self.transport.abort()
                    return
                await super().smtp_DATA(arg)

        return CountsData(self, **self._controller.SMTP_kwargs)

    def _authenticate(self, *args: Any) -> AuthResult:
        given = (args[-1].login.decode(), args[-1].password.decode())
        return AuthResult(success=given == self.credentials)

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
            self.accepted.append(Accepted(envelope.mail_from, list(envelope.rcpt_tos), message))  # type: ignore[arg-type]
        if answer == "take-and-drop":
            server.transport.abort()
        return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
