"""What happened to an invoice, as steps to read: events, e-mails and payments in one order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from models.queries.invoice_page import InvoicePage
from models.queries.invoices import EventView, MessageView
from routes.flash import N_


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `text` is a msgid with its `params`, `tone` one of paid, open, overdue, accent or ""."""

    icon: str
    text: str
    at: datetime
    by: str | None = None
    tone: str = ""
    params: dict[str, str] = field(default_factory=dict)
    amount: Decimal | None = None


_EVENTS: dict[str, tuple[str, str, str]] = {
    "invoice.drafted": ("pencil", N_("Draft written"), ""),
    "invoice.draft_deleted": ("trash", N_("Draft deleted"), ""),
    "invoice.draft_restored": ("undo", N_("Draft taken back"), ""),
    "invoice.issued": ("file-text", N_("Issued"), "accent"),
    "payment.registered": ("banknote", N_("Payment registered"), "paid"),
    "payment.reversed": ("undo", N_("Payment undone"), ""),
}


def steps_of(found: InvoicePage) -> list[Step]:
    """The newest first."""
    steps = [*_from_events(found.events), *(step for message in found.messages for step in _from_message(message))]
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _from_events(events: list[EventView]) -> Iterator[Step]:
    for event in events:
        if event.action in _EVENTS:
            icon, text, tone = _EVENTS[event.action]
            yield Step(icon, text, event.at, event.by, tone)


def _from_message(message: MessageView) -> Iterator[Step]:
    to = {"email": message.recipient}
    if message.state == "sent" and message.sent_at is not None:
        yield Step("send", N_("Sent to %(email)s"), message.sent_at, tone="paid", params=to)
    elif message.state == "failed":
        yield Step("alert-triangle", N_("Not delivered to %(email)s"), message.queued_at, tone="overdue", params=to)
    else:
        yield Step("mail", N_("Waiting to be sent to %(email)s"), message.queued_at, tone="open", params=to)
