"""What happened to an invoice or a quote, as steps to read: events, e-mails and payments in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from domain.marking import N_
from domain.money import decimals
from domain.reading import show_decimal
from models.queries.invoice_page import InvoicePage
from models.queries.invoices import EventView, MessageView, PaymentView
from models.queries.quotes import QuotePage
from routes.i18n import Translator


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


# The same steps with what they came to.
_WITH_FIGURES = {
    "payment.registered": N_("Payment registered: %(amount)s"),
    "payment.reversed": N_("Payment undone: %(amount)s"),
    "payment.credit_used": N_("Settled with the customer's credit: %(amount)s"),
    "invoice.credited": N_("Credited by credit note %(number)s: %(amount)s"),
}


def invoice_steps_of(found: InvoicePage, tongue: Translator) -> list[Step]:
    """The same for an invoice, with the amount of each payment and the number of each credit note."""
    currency = found.invoice.row["currency"]

    def told(action: str, amount: Decimal, number: str = "") -> str:
        places = decimals(currency)
        shown = f"{show_decimal(abs(amount), tongue.language, places, places)} {currency}"
        return tongue.gettext(_WITH_FIGURES[action]) % {"amount": shown, "number": number}

    paid = [(_action_of(one), told(_action_of(one), one.amount)) for one in found.payments]
    credited = [
        ("invoice.credited", told("invoice.credited", note.gross, note.number)) for note in found.credit_notes
    ]
    return steps_of(found, tongue.gettext, _in_place(found.events, paid) | _in_place(found.events, credited))


def _action_of(payment: PaymentView) -> str:
    action = "payment.credit_used" if payment.kind == "credit_used" else "payment.registered"
    return action if payment.reverses_id is None else "payment.reversed"


def _in_place(events: list[EventView], told: list[tuple[str, str]]) -> dict[int, str]:
    """Which event each sentence belongs to: both are in the order of time. None, when they are not the same events, as
    of an invoice that was brought from a copy with its payments."""
    actions = {action for action, _ in told}
    places = [place for place, event in enumerate(events) if event.action in actions]
    if [events[place].action for place in places] != [action for action, _ in told]:
        return {}
    return {place: sentence for place, (_, sentence) in zip(places, told, strict=True)}


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


def steps_of(found: Happened, words: Gettext, told: Mapping[int, str] | None = None) -> list[Step]:
    """The newest first; of two at the same moment, the one that came of the other. `words` is the reader's gettext,
    `told` what is said of the events at these places instead of the usual.

    The texts are said here and not in the template: what a template translates counts as safe, and these hold addresses.
    """
    letters = (step for message in found.messages for step in _from_message(message, words))
    is_note = any(event.action == "credit_note.issued" for event in found.events)
    steps = [*_from_events(found.events, words, _OF_A_NOTE if is_note else {}, told or {}), *letters]
    return sorted(steps, key=lambda step: step.at)[::-1]


def _from_events(
    events: list[EventView], words: Gettext, others: Mapping[str, str], told: Mapping[int, str]
) -> Iterator[Step]:
    for place, event in enumerate(events):
        if event.action in _EVENTS:
            icon, text, tone = _EVENTS[event.action]
            sentence = told.get(place) or words(others.get(event.action, text))
            yield Step(icon, sentence, event.at, event.by, tone)


def _from_message(message: MessageView, words: Gettext) -> Iterator[Step]:
    to = {"email": message.recipient}
    if message.state == "sent" and message.sent_at is not None:
        yield Step("send", words(N_("Sent to %(email)s")) % to, message.sent_at, tone="paid")
    elif message.state == "failed":
        text = words(N_("Not delivered to %(email)s")) % to
        yield Step("alert-triangle", text, message.queued_at, tone="overdue")
    else:
        yield Step("mail", words(N_("Waiting to be sent to %(email)s")) % to, message.queued_at, tone="open")
