"""Mail through a real server: `smtp://user:password@host:587` (encrypted by STARTTLS) or `smtps://…:465`.

Without encryption only to a server on this machine. Certificates are checked. One connection for each message: invoices
leave one by one, and a connection that was kept would more often be dead than useful.
"""

from __future__ import annotations

import contextlib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from domain.delivery import Problem, one_line
from domain.setting_values import LOOPBACK_HOSTS
from tasks.failures import FinalFailure, TemporaryFailure

# Seconds for one command and its answer, and to be let in. RFC 5321 4.5.3.2 allows minutes; a retry costs less.
PATIENCE = 30.0
PATIENCE_AT_THE_DOOR = 10.0
_TOO_LARGE = (552, 523)
_MUST_SIGN_IN = (530, 534, 535, 538)


class SmtpMailer:
    """Sends through the server of `url`; credentials in it are percent-encoded."""

    def __init__(self, url: str, *, patience: float = PATIENCE, tls: ssl.SSLContext | None = None) -> None:
        self._url = urlsplit(url)
        self._patience = patience
        self._tls = tls

    async def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        text = message.as_bytes(policy=SMTP)
        client = self._client()
        talking = False
        try:
            await client.connect(timeout=min(self._patience, PATIENCE_AT_THE_DOOR))
            talking = True
            await client.sendmail(sender, [recipient], text)
        except (SMTPException, OSError, TimeoutError) as error:
            raise _failure(error, talking) from None
        finally:
            await _hang_up(client)

    def _client(self) -> aiosmtplib.SMTP:
        url, inside = self._url, _is_here(self._url)
        at_once = url.scheme == "smtps"
        return aiosmtplib.SMTP(
            hostname=url.hostname or "localhost",
            port=url.port or (465 if at_once else 587),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=at_once,
            start_tls=not (at_once or inside),
            tls_context=self._tls or ssl.create_default_context(),
            timeout=self._patience,
        )


def _is_here(url: SplitResult) -> bool:
    return (url.hostname or "localhost") in LOOPBACK_HOSTS


async def _hang_up(client: aiosmtplib.SMTP) -> None:
    """Say goodbye if the line still stands. What goes wrong now concerns no message any more."""
    with contextlib.suppress(SMTPException, OSError, TimeoutError):
        if client.is_connected:
            await client.quit(timeout=2)
    client.close()


def _failure(error: BaseException, talking: bool) -> TemporaryFailure | FinalFailure:
    """Which kind of failure an error is, with a reason for the interface and the server's own words."""
    if isinstance(error, SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, SMTPResponseException):
        return _answered(error)
    if _is_about_encryption(error):
        return TemporaryFailure(Problem("server_insecure"))
    return TemporaryFailure(Problem("server_unreachable"), may_have_arrived=talking)


def _is_about_encryption(error: BaseException) -> bool:
    # The library has no class of its own for a server that does not offer STARTTLS.
    lacks_it = isinstance(error, SMTPException) and "STARTTLS" in str(error)
    return lacks_it or isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError)


def _answered(error: SMTPResponseException) -> TemporaryFailure | FinalFailure:
    said = one_line(f"{error.code} {error.message}")
    if isinstance(error, SMTPAuthenticationError) or error.code in _MUST_SIGN_IN:
        # Ours to mend, and the message is none the worse for it.
        return TemporaryFailure(Problem("sign_in_refused", said))
    if not 500 <= error.code <= 599:
        return TemporaryFailure(Problem("server_busy", said))
    if error.code in _TOO_LARGE and not isinstance(error, SMTPRecipientRefused):
        return FinalFailure(Problem("too_large", said))
    if isinstance(error, SMTPRecipientRefused):
        return FinalFailure(Problem("address_refused", said))
    if isinstance(error, SMTPSenderRefused):
        return FinalFailure(Problem("sender_refused", said))
    if isinstance(error, SMTPDataError):
        return FinalFailure(Problem("message_refused", said))
    return TemporaryFailure(Problem("server_unreachable", said))  # it does not even greet us
