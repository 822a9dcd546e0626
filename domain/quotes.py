"""Quotes: what may be sent, how one stands on a day, and who may still answer.

A quote promises a price and is no sales document: it is not kept under bokføringsloven § 5, its VAT is owed by nobody.
Its number only has to be its own. Once sent it binds the seller until it is answered or its day has passed
(avtaleloven §§ 1-3), so what was sent does not change any more: a changed quote is a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from domain.draft import Draft
from domain.invoice import Issued, document
from domain.party import Party
from domain.preflight import Account, preflight
from domain.refusals import Refusal

# As stored. "expired" is not among them: it follows from the day.
STATES = ("draft", "sent", "accepted", "declined", "withdrawn", "invoiced")
ANSWERS = ("accepted", "declined")
USUAL_DAYS = 30
LONGEST_NAME = 100
# What the law asks of an invoice and nobody of a quote.
_OF_INVOICES = {
    "customer.address_or_number_missing",
    "customer.number_missing_for_reverse_charge",
    "invoice.exchange_rate_missing",
}
_SAME = {
    "invoice.total_negative": "quote.total_negative",
    "invoice.no_lines": "quote.no_lines",
}


def usual_end(today: date) -> date:
    """Until when a quote stands when nobody says: thirty days."""
    return today + timedelta(days=USUAL_DAYS)


def stands(state: str, valid_until: date | None, today: date) -> str:
    """How a quote stands on `today`, the day in the company's time zone: its state, or "expired".

    It can be accepted on its last day, until midnight.
    """
    if state == "sent" and valid_until is not None and valid_until < today:
        return "expired"
    return state


def sending_faults(draft: Draft, seller: Party, buyer: Party | None, today: date) -> tuple[Refusal, ...]:
    """Every reason that the quote can not be sent on `today`; empty when it can."""
    return tuple(_sending_faults(draft, seller, buyer, today))


def _sending_faults(draft: Draft, seller: Party, buyer: Party | None, today: date) -> Iterator[Refusal]:
    # Payment and delivery are agreed when there is an invoice.
    as_invoice = replace(draft, due_on=None, due_days=0, delivery_from=today, delivery_to=None, delivery_place="-")
    for fault in preflight(as_invoice, seller, buyer, today):
        if fault.code not in _OF_INVOICES:
            yield replace(fault, code=_SAME.get(fault.code, fault.code))
    if draft.valid_until is None:
        yield Refusal("quote.end_missing", "valid_until")
    elif draft.valid_until < today:
        yield Refusal("quote.end_past", "valid_until")
    if buyer is not None and not buyer.email:
        yield Refusal("customer.email_missing", "customer.email")


def offer(draft: Draft, seller: Party, buyer: Party, today: date, counter: int = 0) -> Issued:
    """The document of the quote sent on `today` as number `counter` (0: a draft, not numbered yet).

    It says no account and no KID: there is nothing to pay. Raises Invalid where a line can not be calculated.
    """
    quote = replace(draft, kind="quote", exchange_rate=None)
    return document(quote, seller, buyer, today, draft.valid_until or usual_end(today), counter, 0, "", Account())


def answer_refusal(state: str, valid_until: date | None, today: date) -> Refusal | None:
    """Why the customer can not accept or decline any more; None when they can."""
    standing = stands(state, valid_until, today)
    if standing == "sent":
        return None
    codes = {"expired": "quote.expired", "withdrawn": "quote.withdrawn", "draft": "quote.withdrawn"}
    return Refusal(codes.get(standing, "quote.answered"))


def invoicing_refusal(state: str, already: int, again: bool) -> Refusal | None:
    """Why no invoice is made of a quote in `state` of which `already` were made; None when one is.

    A customer may say yes on the telephone, after the last day too, so only a no stops it. `again`: the user has been
    told that there is one already, and wants another.
    """
    if state in ("draft", "declined", "withdrawn"):
        return Refusal(f"quote.not_invoiced_{state}")
    return Refusal("quote.invoiced_already") if already and not again else None


def invoice_draft(quote: Draft, today: date) -> Draft:
    """The invoice that the quote becomes: the same content, delivered today, due as the quote said. The caller gives
    it and its lines ids of their own."""
    return replace(
        quote,
        kind="invoice",
        valid_until=None,
        due_on=None,
        exchange_rate=None,
        delivery_from=today,
        delivery_to=None,
    )
