"""What happened to an invoice, as steps to read: events, e-mails and payments in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.marking import N_
from models.queries.invoice_page import InvoicePage
from models.queries.invoices import EventView, MessageView


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `text` in the reader's words, `tone` one of paid, open, overdue, accent or ""."""

    icon: str
    text: str
    at: datetime
    by: str | None = None
    tone: str = ""


Gettext = Callable[[str], str]
_EVENTS: dict[str, tuple[str, str, str]] = {
    "invoice.drafted": ("pencil", N_("Draft written"), ""),
    "invoice.draft_deleted": ("trash", N_("Draft deleted"), ""),
    "invoice.draft_restored": ("undo", N_("Draft taken back"), ""),
    "invoice.issued": ("file-text", N_("Issued"), "accent"),
    "einvoice.made": ("file-text", N_("E-invoice made"), ""),
    "einvoice.refused": ("alert-triangle", N_("No e-invoice could be made"), "overdue"),
    "payment.registered": ("banknote", N_("Payment registered"), "paid"),
    "payment.reversed": ("undo", N_("Payment undone"), ""),
}


def steps_of(found: InvoicePage, words: Gettext) -> list[Step]:
    """The newest first; of two at the same moment, the one that came of the other. `words` is the reader's gettext.

    The texts are said here and not in the template: what a template translates counts as safe, and these hold addresses.
    """
    letters = (step for message in found.messages for step in _from_message(message, words))
    steps = [*_from_events(found.events, words), *letters]
    return sorted(steps, key=lambda step: step.at)[::-1]


def _from_events(events: list[EventView], words: Gettext) -> Iterator[Step]:
    for event in events:
        if event.action in _EVENTS:
            icon, text, tone = _EVENTS[event.action]
            yield Step(icon, words(text), event.at, event.by, tone)


def _from_message(message: MessageView, words: Gettext) -> Iterator[Step]:
    to = {"email": message.recipient}
    if message.state == "sent" and message.sent_at is not None:
        yield Step("send", words(N_("Sent to %(email)s")) % to, message.sent_at, tone="paid")
    elif message.state == "failed":
        text = words(N_("Not delivered to %(email)s")) % to
        yield Step("alert-triangle", text, message.queued_at, tone="overdue")
    else:
        yield Step("mail", words(N_("Waiting to be sent to %(email)s")) % to, message.queued_at, tone="open")
