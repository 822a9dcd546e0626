"""Many invoices of one company: what issuing, sending and paying each of them through the app would have left behind.

Figures, texts and search words come from the app's own functions; only the statements are others, with the triggers
switched off and the kept sums and the chain of events made afterwards.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from actions.draft_rows import groups_json
from actions.drafts import search_texts
from actions.instance import secret_for
from actions.issuing import SERIES, amount_words
from bench.company import FOUNDED, SELLER, Bench, Customer
from bench.tables import Rows, copy, word_rows
from domain import kid
from domain.draft import Draft, DraftLine
from domain.invoice import Issued, issue
from domain.links import token_for, token_hash
from domain.party import Party
from domain.preflight import Account
from models.ids import new_id
from models.queries.invoices import texts_json

INVOICES_A_BASKET = 20
AT_ONCE = 5000
DUE = timedelta(days=14)
SELLING = Party(
    SELLER.name, SELLER.organisation_number, vat_registered=True, foretaksregisteret=True,
    address_lines=(SELLER.address_line1,), postcode=SELLER.postcode, city=SELLER.city, email=SELLER.email,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Basket:
    """Lines that were bought together, with their document as issued to one customer."""

    draft: Draft
    document: Issued
    customer: Customer


@dataclass(slots=True)
class Tables:
    """The rows of a batch, one list for each table, in an order in which they can be written."""

    invoice: Rows
    invoice_line: Rows
    invoice_link: Rows
    invoice_file: Rows
    message: Rows
    payment: Rows
    search_word: Rows
    bench_event: Rows

    @classmethod
    def empty(cls) -> Tables:
        return cls(*(Rows() for _ in cls.__dataclass_fields__))


async def fill(
    connection: Any, company: Bench, count: int, until: datetime, pdf: tuple[bytes, int], chance: random.Random
) -> None:
    """Write `count` invoices, spread evenly from the founding to `until`. `pdf` is the hash and size of the one stored
    file that all of them share. `connection` is the owner's."""
    baskets = [_basket(company, chance) for _ in range(max(count // INVOICES_A_BASKET, 1))]
    await connection.execute("set session_replication_role = replica")
    await connection.execute(_EVENT_TABLE)
    span = (until - FOUNDED) / count
    for first in range(0, count, AT_ONCE):
        tables = Tables.empty()
        for number in range(first, min(first + AT_ONCE, count)):
            basket, moment = chance.choice(baskets), FOUNDED + span * number
            _Invoice(company, basket, number + 1, moment, until, pdf, chance).into(tables)
        for name in Tables.__dataclass_fields__:
            await copy(connection, name, getattr(tables, name))
    await connection.execute(
        "insert into number_series (organisation_id, series, year, last) values ($1, $2, 0, $3)",
        company.id, SERIES, count,
    )  # fmt: skip
    await rebuild_sums(connection, company.id)
    await connection.execute(_CHAIN.format(company=company.id, person=company.person_id))
    await connection.execute("set session_replication_role = origin")


async def rebuild_sums(connection: Any, company_id: UUID) -> None:
    """The kept sums of a company without any, from its invoices and payments, as the triggers would have kept them."""
    for statement in _SUMS:
        await connection.execute(statement, company_id)


def _basket(company: Bench, chance: random.Random) -> Basket:
    customer = chance.choice(company.customers)
    lines = tuple(
        DraftLine(new_id(), name, Decimal(chance.randint(1, 60)), unit, price, Decimal(0), treatment, product_id)
        for product_id, name, unit, price, treatment in chance.sample(company.products, 3)
    )
    draft = Draft(
        new_id(), customer.id, delivery_from=FOUNDED.date(), your_reference="Ola Nordmann",
        order_number=str(chance.randint(1000, 99999)), lines=lines,
    )  # fmt: skip
    document = issue(draft, SELLING, customer.party, date(2026, 1, 15), 1, 0, "", Account(SELLER.bank_account))
    return Basket(draft, document, customer)


class _Invoice:
    """One invoice on its way into the rows of all tables."""

    def __init__(
        self,
        company: Bench,
        basket: Basket,
        number: int,
        moment: datetime,
        until: datetime,
        pdf: tuple[bytes, int],
        chance: random.Random,
    ) -> None:
        self.id = new_id()
        self.company, self.customer, self.moment, self.pdf = company, basket.customer, moment, pdf
        day = moment.date()
        self.document = replace(
            basket.document, number=str(number), counter=number, issued_on=day, due_on=day + DUE,
            kid=kid.make(kid.base_for(0, number), SELLER.kid_length),
        )  # fmt: skip
        self.draft = replace(basket.draft, delivery_from=day)
        # Most are paid a while after they fall due; a few never.
        late = timedelta(days=chance.gauss(12, 6)) if chance.random() < 0.985 else timedelta(days=9999)
        self.paid_at = moment + max(late, timedelta(days=1))
        self.is_paid = self.paid_at < until
        self.delivery = "failed" if chance.random() < 0.0005 else "sent"

    def into(self, tables: Tables) -> None:
        """Add this invoice's rows."""
        tables.invoice.add(**self._columns())
        for line in self._lines():
            tables.invoice_line.add(**line)
        self._add_delivery(tables)
        if self.is_paid:
            self._add_payment(tables)
        texts = [
            self.document.number,
            self.document.kid,
            *amount_words(self.document.totals),
            *search_texts(self.draft, self.customer.party.name),
        ]
        word_rows(tables.search_word, self.company.id, "invoice", self.id, self.moment, texts)
        for action, at in self._events():
            tables.bench_event.add(at=at, action=action, subject_id=self.id)

    def _columns(self) -> dict[str, Any]:
        document, totals = self.document, self.document.totals
        return {
            "organisation_id": self.company.id, "id": self.id, "kind": "invoice",
            "state": "paid" if self.is_paid else "open", "version": 3, "created_at": self.moment,
            "created_by": self.company.person_id, "changed_at": self.moment, "edited_in": self.id,
            "listed_at": self.moment, "customer_id": self.customer.id, "customer_name": document.buyer.name,
            "currency": "NOK", "language": "nb", "issued_on": document.issued_on, "due_on": document.due_on,
            "due_days": 14, "delivery_from": document.delivery_from, "your_reference": document.your_reference,
            "order_number": document.order_number, "line_sum": totals.line_sum, "discount": totals.discount,
            "net": totals.net, "vat": totals.vat, "gross": totals.gross, "shown_line_sum": totals.shown_line_sum,
            "shown_discount": totals.shown_discount, "vat_groups": groups_json(totals), "number": document.number,
            "series": SERIES, "series_year": 0, "counter": document.counter, "kid": document.kid,
            "seller": json.dumps(document.seller.to_json()), "buyer": json.dumps(document.buyer.to_json()),
            "texts": texts_json(document), "bank_account": document.bank_account,
            "accent": SELLER.accent, "issued_at": self.moment, "issued_by": self.company.person_id,
            "open_amount": Decimal(0) if self.is_paid else totals.gross,
            "paid_amount": totals.gross if self.is_paid else Decimal(0), "delivery_state": self.delivery,
        }  # fmt: skip

    def _lines(self) -> Iterator[dict[str, Any]]:
        for position, (line, total) in enumerate(
            zip(self.draft.lines, self.document.totals.lines, strict=True), start=1
        ):
            yield {
                "organisation_id": self.company.id, "id": new_id(), "invoice_id": self.id, "position": position,
                "product_id": line.product_id, "description": line.description, "quantity": line.quantity,
                "unit": line.unit, "unit_price": line.unit_price, "discount_percent": line.discount_percent,
                "vat_treatment": line.treatment, "vat_category": total.line.category, "vat_rate": total.line.rate,
                "gross_price_amount": total.gross_price_amount, "discount": total.discount, "net": total.net,
                "net_shown": total.net_shown,
            }  # fmt: skip

    def _add_delivery(self, tables: Tables) -> None:
        key = {"organisation_id": self.company.id, "id": new_id(), "invoice_id": self.id}
        token = token_for(secret_for("invoice-link"), self.company.id, self.id)
        tables.invoice_link.add(**key, token_hash=token_hash(token), created_at=self.moment)
        tables.invoice_file.add(**key, kind="pdf", sha256=self.pdf[0], size=self.pdf[1], created_at=self.moment)
        sent = self.delivery == "sent"
        tables.message.add(
            **key, kind="invoice", recipient=self.customer.party.email, message_id=f"<{self.id}@malestokk.test>",
            state=self.delivery, attempts=1, problem=None if sent else "address_refused", queued_at=self.moment,
            tried_at=self.moment, sent_at=self.moment if sent else None, maybe_twice=False,
        )  # fmt: skip

    def _add_payment(self, tables: Tables) -> None:
        gross = self.document.totals.gross
        tables.payment.add(
            organisation_id=self.company.id, id=new_id(), invoice_id=self.id, customer_id=self.customer.id,
            paid_on=self.paid_at.date(), amount=gross, to_invoice=gross, to_credit=Decimal(0), currency="NOK", note="",
            recorded_at=self.paid_at, recorded_by=self.company.person_id,
        )  # fmt: skip

    def _events(self) -> Iterator[tuple[str, datetime]]:
        yield "invoice.drafted", self.moment
        yield "delivery.queued", self.moment
        yield "invoice.issued", self.moment
        yield f"delivery.{self.delivery}", self.moment
        if self.is_paid:
            yield "payment.registered", self.paid_at


_SUMS = (
    """
    insert into state_sum (organisation_id, state, currency, invoices, amount)
    select organisation_id, state, currency, count(*), sum(gross) from invoice
    where organisation_id = $1 and deleted_at is null group by 1, 2, 3
    """,
    """
    insert into due_sum (organisation_id, due_on, currency, invoices, amount)
    select organisation_id, due_on, currency, count(*) filter (where open_amount <> 0), sum(open_amount) from invoice
    where organisation_id = $1 and state <> 'draft' and gross <> 0 group by 1, 2, 3
    """,
    """
    insert into month_sum (organisation_id, month, currency, invoices, net, vat, paid)
    select $1, month, currency, sum(invoices), sum(net), sum(vat), sum(paid) from (
        select date_trunc('month', issued_on)::date as month, currency, 1 as invoices, net, vat, 0 as paid
        from invoice where organisation_id = $1 and state <> 'draft'
        union all
        select date_trunc('month', paid_on)::date, currency, 0, 0, 0, amount from payment where organisation_id = $1
    ) moved group by 2, 3
    """,
)
_EVENT_TABLE = "create temporary table if not exists bench_event (at timestamptz, action text, subject_id uuid)"
# What the trigger does for each event, without updating the head as often.
_CHAIN = """
do $$
declare
    event audit_event;
    source bench_event;
    previous bytea := '';
    place bigint := 0;
begin
    for source in select * from bench_event loop
        place := place + 1;
        event.organisation_id := '{company}'; event.person_id := '{person}'; event.seq := place;
        event.at := source.at; event.action := source.action; event.subject_kind := 'invoice';
        event.subject_id := source.subject_id; event.fields := '{{}}';
        event.hash := audit_link(previous, event);
        previous := event.hash;
        insert into audit_event select event.*;
    end loop;
    insert into audit_head (organisation_id, seq, hash) values ('{company}', place, previous);
    truncate bench_event;
end $$
"""
