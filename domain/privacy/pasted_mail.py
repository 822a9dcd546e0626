"""An e-mail that was pasted whole into a form: who wrote it, when it came, and what it says (P-39).

The clock of a request begins when the letter was received, not when somebody got round to registering it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from email.utils import parseaddr, parsedate_to_datetime

from domain.mail import one_address
from domain.refusals import Invalid

LONGEST = 20_000
# Clocks of other machines are a little off.
TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What could be read: "" and None where the text does not say. `received_at` is never later than now."""

    sender: str
    received_at: datetime | None
    text: str


def read_pasted(text: str, now: datetime) -> Pasted:
    """Read the head and the text of what was pasted. Without a head all of it is text.

    The Date header is the sender's, and the time it came is no earlier; a date in the future is none.
    """
    message = message_from_string(text.lstrip()[:LONGEST], policy=policy.default)
    if not {"from", "date"} & {name.casefold() for name in message.keys()}:  # noqa: SIM118 - it has no other way
        return Pasted("", None, text.strip())
    body = message.get_body(("plain",)) if message.is_multipart() else None
    said = body.get_content() if body is not None else message.get_payload()
    return Pasted(_sender(str(message.get("From", ""))), _moment(message.get("Date"), now), str(said).strip())


def _sender(text: str) -> str:
    try:
        return one_address(parseaddr(text)[1])
    except Invalid:
        return ""


def _moment(text: object, now: datetime) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(text))
    except (TypeError, ValueError, IndexError):
        return None
    if moment.tzinfo is None:  # "-0000": the sender does not say where they are
        moment = moment.replace(tzinfo=UTC)
    moment = moment.astimezone(UTC)
    return min(moment, now) if moment <= now + TOLERANCE else None
