"""All that the page of one invoice shows, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.dates import today_in
from domain.kroner import Gain, Rate, gain
from models.queries.einvoices import EInvoiceView, view_of
from models.queries.exchange_rates import rate_on
from models.queries.invoices import (
    FILES_OF_I,
    LINES_OF_I,
    EventView,
    MessageView,
    NoteView,
    PaymentView,
    StoredInvoice,
)
from models.queries.parties import Buyer, Seller, buyer_of, seller_of
from models.unit_of_work import Work, alone, read_alone, reading

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """An invoice with what happened to it, each list in the order of time. Of the events, revisions of the draft are
    left out: they are many and say little."""

    own: Seller
    invoice: StoredInvoice
    customer: Buyer | None
    payments: list[PaymentView]
    messages: list[MessageView]
    events: list[EventView]
    links: list[tuple[bytes, bool]]  # hashes of the secret addresses, and whether each still opens
    credit_notes: list[NoteView]
    original: NoteView | None  # of a credit note: the invoice that it takes back
    credit: Decimal  # what the customer has to their credit in the currency of the invoice
    einvoice: EInvoiceView | None = None
    transmission: Row | None = None
    quote: tuple[UUID, int] | None = None  # the quote it was made of, and its number
    rate: Rate | None = None  # the published one, for a draft that has none of its own
    gains: Mapping[UUID, Gain] = field(default_factory=dict)  # in kroner, of payments in another currency


async def invoice_page(organisation_id: UUID, invoice_id: UUID, moment: datetime) -> InvoicePage | None:
    """As it is at `moment`. None when there is no such invoice in this company, or it is a deleted draft."""
    row = await read_alone(PAGE, organisation_id, invoice_id)
    if row is None:
        return None
    own = seller_of(row["own"])
    rate, gains = await _in_kroner(own, row, moment) if row["currency"] != "NOK" else (None, {})
    return InvoicePage(
        own=own,
        invoice=StoredInvoice(row, row["lines"]),
        customer=buyer_of(row["customer"]),
        payments=_payments(row["payments"]),
        messages=[_message(message) for message in row["messages"]],
        events=[EventView(*event) for event in row["events"]],
        links=[(link[0], link[1]) for link in row["links"]],
        credit_notes=[NoteView(*note) for note in row["credit_notes"]],
        original=next((NoteView(*note) for note in row["original"]), None),
        credit=row["credit"] or Decimal(0),
        einvoice=view_of(row["einvoice"]),
        transmission=row["transmission"],
        quote=None if row["quote"] is None else (row["quote"][0], row["quote"][1]),
        rate=rate,
        gains=gains,
    )


async def _in_kroner(own: Seller, row: Row, moment: datetime) -> tuple[Rate | None, dict[UUID, Gain]]:
    """Of an invoice in another currency: the published rate, and what its payments gained."""
    async with reading(own.id) as work:
        return await _rate(work, own, row, moment), await _gains(work, row)


async def _gains(work: Work, row: Row) -> dict[UUID, Gain]:
    """Of each payment that stands, by the rate published for its day."""
    if row["exchange_rate"] is None:
        return {}
    undone = {payment["reverses_id"] for payment in row["payments"]}
    stands = [
        payment
        for payment in row["payments"]
        if payment["kind"] == "payment" and payment["reverses_id"] is None and payment["id"] not in undone
    ]
    days = {payment["paid_on"] for payment in stands}
    rates = {day: rate for day in days if (rate := await rate_on(work, row["currency"], day))}
    return {
        payment["id"]: gain(payment["to_invoice"], row["exchange_rate"], rates[payment["paid_on"]])
        for payment in stands
        if payment["paid_on"] in rates
    }


async def _rate(work: Work, own: Seller, row: Row, moment: datetime) -> Rate | None:
    wants_it = row["state"] == "draft" and row["exchange_rate"] is None
    if not wants_it or own.party.country != "NO":
        return None
    return await rate_on(work, row["currency"], today_in(own.time_zone, moment))


def _payments(rows: Sequence[Row]) -> list[PaymentView]:
    undone = {row["reverses_id"] for row in rows}
    return [
        PaymentView(
            id=row["id"],
            paid_on=row["paid_on"],
            amount=row["to_invoice"] if row["kind"] == "credit_used" else row["amount"],
            to_credit=row["to_credit"],
            currency=row["currency"],
            note=row["note"],
            reverses_id=row["reverses_id"],
            is_reversed=row["id"] in undone,
            kind=row["kind"],
        )
        for row in rows
    ]


def _message(row: Row) -> MessageView:
    return MessageView(
        id=row["id"],
        recipient=row["recipient"],
        state=row["state"],
        attempts=row["attempts"],
        problem=row["problem"],
        queued_at=row["queued_at"],
        sent_at=row["sent_at"],
        maybe_twice=row["maybe_twice"],
    )


PAGE = alone(f"""
select i.*, o as own, c as customer, {LINES_OF_I}, {FILES_OF_I},
    array(
        select p from payment p
        where p.organisation_id = i.organisation_id and p.invoice_id = i.id and p.kind <> 'credit_note'
        order by p.recorded_at, p.id
    ) as payments,
    array(
        select m from message m
        where m.organisation_id = i.organisation_id and m.invoice_id = i.id order by m.queued_at, m.id
    ) as messages,
    array(
        select row(e.action, e.at, p.name) from audit_event e left join person p on p.id = e.person_id
        where e.organisation_id = i.organisation_id and e.subject_id = i.id and e.action <> 'invoice.revised'
        order by e.seq limit 200
    ) as events,
    array(
        select row(l.token_hash, l.revoked_at is null) from invoice_link l
        where l.organisation_id = i.organisation_id and l.invoice_id = i.id
    ) as links,
    array(
        select row(n.id, n.number, n.issued_on, n.gross) from invoice n
        where n.organisation_id = i.organisation_id and n.credits_id = i.id and n.state = 'note'
        order by n.issued_at, n.id
    ) as credit_notes,
    array(
        select row(n.id, n.number, n.issued_on, n.gross) from invoice n
        where n.organisation_id = i.organisation_id and n.id = i.credits_id
    ) as original,
    (
        select h.amount from customer_credit h where h.organisation_id = i.organisation_id
        and h.customer_id = i.customer_id and h.currency = i.currency
    ) as credit,
    (
        select t from transmission t where t.organisation_id = i.organisation_id and t.invoice_id = i.id
        order by t.queued_at desc, t.id desc limit 1
    ) as transmission,
    (
        select r.begun_at from restriction r
        where r.organisation_id = i.organisation_id and r.invoice_id = i.id and r.lifted_at is null
    ) as restricted_at,
    (
        select r.review_on from restriction r
        where r.organisation_id = i.organisation_id and r.invoice_id = i.id and r.lifted_at is null
    ) as review_on,
    (select e from einvoice e where e.organisation_id = i.organisation_id and e.invoice_id = i.id) as einvoice,
    (
        select row(q.id, q.counter) from quote_invoice made
        join quote q on q.organisation_id = made.organisation_id and q.id = made.quote_id
        where made.organisation_id = i.organisation_id and made.invoice_id = i.id
    ) as quote
from invoice i join organisation o on o.id = i.organisation_id
left join customer c on c.organisation_id = i.organisation_id and c.id = i.customer_id
where i.organisation_id = tenant.id and i.id = $2 and i.deleted_at is null
""")  # noqa: S608 - constants of this package
