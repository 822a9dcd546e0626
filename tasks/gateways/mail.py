"""Sending mail: what the app asks of whoever carries it."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol

from domain.settings import Settings


class Mailer(Protocol):
    """Hands a message to a mail server, or to what stands in its place."""

    async def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Come back when the message is accepted: from then on it is the server's to deliver.

        `sender` and `recipient` are the bare addresses of the envelope, one each, whatever the headers say.
        Raises TemporaryFailure or FinalFailure. A TemporaryFailure may come after the server has accepted the message
        without our hearing of it, so a repetition must carry the same Message-ID.
        """
        ...


class NullMailer:
    """Accepts everything and keeps it in memory, for tests."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, EmailMessage]] = []

    async def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        self.sent.append((sender, recipient, message))


def open_mailer(settings: Settings) -> Mailer:
    """The mail server of SMARTFAKTURA_SMTP_URL, or the folder that the mailbox page shows. Touches no network."""
    if settings.smtp_url is not None:
        from tasks.gateways.mail_smtp import SmtpMailer

        return SmtpMailer(settings.smtp_url)
    from tasks.gateways.mail_folder import FolderMailer

    return FolderMailer(settings.data_dir / "mail")
