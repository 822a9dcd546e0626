"""What happened to an invoice or a quote, as steps to read: events, e-mails and payments in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.marking import N_
from models.queries.invoices import EventView, MessageView
from models.queries.quotes import QuotePage


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `text` in the reader's words, `tone` one of paid, open, overdue, accent or ""."""

    icon: str
    text: str
    at: datetime
    by: str | None = None
    tone: str = ""


class Happened(Protocol):
    """What has events and e-mails."""

    @property
    def events(self) -> list[EventView]: ...

    @property
    def messages(self) -> list[MessageView]: ...


Gettext = Callable[[str], str]
_EVENTS: dict[str, tuple[str, str, str]] = {
    "invoice.drafted": ("pencil", N_("Draft written"), ""),
    "invoice.draft_deleted": ("trash", N_("Draft deleted"), ""),
    "invoice.draft_restored": ("undo", N_("Draft taken back"), ""),
    "invoice.file_added": ("file-plus", N_("File added"), ""),
    "invoice.file_removed": ("trash", N_("File removed"), ""),
    "invoice.issued": ("file-text", N_("Issued"), "accent"),
    "invoice.imported": ("copy", N_("Brought from a copy"), ""),
    "einvoice.made": ("file-text", N_("E-invoice made"), ""),
    "einvoice.refused": ("alert-triangle", N_("No e-invoice could be made"), "overdue"),
    "credit_note.issued": ("file-text", N_("Issued"), "accent"),
    "invoice.credited": ("undo", N_("Credited by a credit note"), ""),
    "link.renewed": ("external-link", N_("The customer's page got a new address"), ""),
    "payment.credit_used": ("banknote", N_("Settled with the customer's credit"), "paid"),
    "payment.registered": ("banknote", N_("Payment registered"), "paid"),
    "payment.reversed": ("undo", N_("Payment undone"), ""),
    "transmission.queued": ("send", N_("Waiting to be sent as an e-invoice"), "open"),
    "transmission.handed_over": ("send", N_("Handed over to the e-invoice network"), "accent"),
    "transmission.delivered": ("circle-check", N_("Delivered as an e-invoice"), "paid"),
    "transmission.refused": ("alert-triangle", N_("Not delivered as an e-invoice"), "overdue"),
    "transmission.fell_back": ("mail", N_("Not delivered as an e-invoice, so an e-mail follows"), "open"),
    "invoice.restricted": ("lock", N_("Processing restricted"), "open"),
    "invoice.restriction_lifted": ("undo", N_("Restriction lifted, and the customer told"), ""),
    "restriction.excepted": ("alert-triangle", N_("An exception from the restriction was made"), "open"),
    "quote.drafted": ("pencil", N_("Draft written"), ""),
    "quote.draft_deleted": ("trash", N_("Draft deleted"), ""),
    "quote.draft_restored": ("undo", N_("Draft taken back"), ""),
    "quote.sent": ("file-text", N_("Sent as a quote"), "accent"),
    "quote.withdrawn": ("x", N_("Withdrawn"), ""),
    "quote.invoiced": ("file-plus", N_("Turned into an invoice"), "accent"),
}


# A credit note is spoken of as one.
_OF_A_NOTE = {
    "einvoice.made": N_("Electronic credit note made"),
    "einvoice.refused": N_("No electronic credit note could be made"),
}


def quote_steps_of(found: QuotePage, words: Gettext) -> list[Step]:
    """The same for a quote, with the customer's answer and who gave it."""
    row = found.quote.row
    steps = steps_of(found, words)
    if row["answer"] is not None:
        is_yes = row["answer"] == "accepted"
        text = words(N_("Accepted by %(name)s")) if is_yes else words(N_("Declined by %(name)s"))
        icon, tone = ("circle-check", "paid") if is_yes else ("x", "")
        steps.insert(0, Step(icon, text % {"name": row["answered_by"]}, row["answered_at"], tone=tone))
    return sorted(steps, key=lambda step: step.at, reverse=True)


def steps_of(found: Happened, words: Gettext) -> list[Step]:
    """The newest first; of two at the same moment, the one that came of the other. `words` is the reader's gettext.

    The texts are said here and not in the template: what a template translates counts as safe, and these hold addresses.
    """
    letters = (step for message in found.messages for step in _from_message(message, words))
    is_note = any(event.action == "credit_note.issued" for event in found.events)
    steps = [*_from_events(found.events, words, _OF_A_NOTE if is_note else {}), *letters]
    return sorted(steps, key=lambda step: step.at)[::-1]


def _from_events(events: list[EventView], words: Gettext, others: Mapping[str, str]) -> Iterator[Step]:
    for event in events:
        if event.action in _EVENTS:
            icon, text, tone = _EVENTS[event.action]
            yield Step(icon, words(others.get(event.action, text)), event.at, event.by, tone)


def _from_message(message: MessageView, words: Gettext) -> Iterator[Step]:
    to = {"email": message.recipient}
    if message.state == "sent" and message.sent_at is not None:
        yield Step("send", words(N_("Sent to %(email)s")) % to, message.sent_at, tone="paid")
    elif message.state == "failed":
        text = words(N_("Not delivered to %(email)s")) % to
        yield Step("alert-triangle", text, message.queued_at, tone="overdue")
    else:
        yield Step("mail", words(N_("Waiting to be sent to %(email)s")) % to, message.queued_at, tone="open")
