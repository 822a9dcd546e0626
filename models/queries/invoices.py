"""One invoice with its lines, as stored: a draft to work on or an issued document to show.

Raw SQL: these are the hot paths, and a query built anew costs as much as running it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.attachments import Enclosed
from domain.invoice import Credited, Draft, DraftLine, FrozenLine, Issued, Party
from domain.kroner import GroupInKroner
from domain.totals import Charge, Discount, Line, LineTotal, Totals, VatGroup
from models.queries.parties import Buyer, Seller, buyer_of, seller_of
from models.unit_of_work import Work, reading

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredInvoice:
    """An invoice row with its lines. `row` has every column of models.invoice.Invoice."""

    row: Row
    lines: Sequence[Row]

    @property
    def id(self) -> UUID:
        invoice_id: UUID = self.row["id"]
        return invoice_id

    @property
    def is_draft(self) -> bool:
        return bool(self.row["state"] == "draft")

    @property
    def version(self) -> int:
        return int(self.row["version"])

    def draft(self) -> Draft:
        """What the editor works on; for an issued invoice, what a copy of it starts from."""
        row = self.row
        return Draft(
            id=row["id"],
            customer_id=row["customer_id"],
            currency=row["currency"],
            language=row["language"],
            prices_include_vat=row["prices_include_vat"],
            delivery_from=row["delivery_from"],
            delivery_to=row["delivery_to"],
            delivery_place=row["delivery_place"],
            due_days=row["due_days"],
            due_on=row["due_on"],
            your_reference=row["your_reference"],
            our_reference=row["our_reference"],
            order_number=row["order_number"],
            project_reference=row["project_reference"],
            contract_reference=row["contract_reference"],
            accounting_reference=row["accounting_reference"],
            note=row["note"],
            discount=_discount(row),
            lines=tuple(_draft_line(line) for line in self.lines),
            exchange_rate=row["exchange_rate"],
            charge=_charge(row),
            kind=row["kind"],
            credits=row["credits_id"],
            rate_source=row["rate_source"],
            rate_on=row["rate_on"],
        )

    def attachments(self) -> tuple[Enclosed, ...]:
        """The user's own files, in their order; only of an invoice that was read as a whole, to be shown or sent."""
        files = self.row.get("files", ())
        return tuple(enclosed_of(file) for file in files)

    def totals(self) -> Totals:
        """The stored figures: never calculated again."""
        row = self.row
        return Totals(
            lines=tuple(_line_total(line) for line in self.lines),
            groups=tuple(_group(values) for values in json.loads(row["vat_groups"])),
            line_sum=row["line_sum"],
            discount=row["discount"],
            net=row["net"],
            vat=row["vat"],
            gross=row["gross"],
            currency=row["currency"],
            prices_include_vat=row["prices_include_vat"],
            shown_line_sum=row["shown_line_sum"],
            shown_discount=row["shown_discount"],
            charge=row["charge"],
            shown_charge=row["shown_charge"],
        )

    def frozen_lines(self) -> tuple[FrozenLine, ...]:
        """The lines with their stored figures."""
        return tuple(_frozen_line(line) for line in self.lines)

    def issued(self) -> Issued:
        """The frozen document. Only for an invoice that is no longer a draft."""
        row = self.row
        assert not self.is_draft, "a draft is not a document yet"
        texts = [text if isinstance(text, dict) else {"code": "", "text": text} for text in json.loads(row["texts"])]
        return Issued(
            number=row["number"],
            series_year=row["series_year"],
            counter=row["counter"],
            issued_on=row["issued_on"],
            due_on=row["due_on"],
            seller=Party.from_json(json.loads(row["seller"])),
            buyer=Party.from_json(json.loads(row["buyer"])),
            lines=self.frozen_lines(),
            totals=self.totals(),
            currency=row["currency"],
            language=row["language"],
            prices_include_vat=row["prices_include_vat"],
            kid=row["kid"],
            bank_account=row["bank_account"],
            iban=row["iban"],
            bic=row["bic"],
            texts=tuple(text["text"] for text in texts),
            text_codes=tuple(text["code"] for text in texts),
            delivery_from=row["delivery_from"],
            delivery_to=row["delivery_to"],
            delivery_place=row["delivery_place"],
            your_reference=row["your_reference"],
            our_reference=row["our_reference"],
            order_number=row["order_number"],
            project_reference=row["project_reference"],
            contract_reference=row["contract_reference"],
            accounting_reference=row["accounting_reference"],
            note=row["note"],
            discount=_discount(row),
            exchange_rate=row["exchange_rate"],
            vat_nok=row["vat_nok"],
            rate_source=row["rate_source"],
            rate_on=row["rate_on"],
            kroner=_kroner(row),
            charge=_charge(row),
            kind=row["kind"],
            credits=Credited(row["credits_number"], row["credits_issued_on"]) if row["credits_id"] else None,
            attachments=self.attachments(),
        )


def texts_json(document: Issued) -> str:
    """The legal sentences as stored, each with its code."""
    pairs = zip(document.text_codes, document.texts, strict=True)
    return json.dumps([{"code": code, "text": text} for code, text in pairs])


async def stored(work: Work, invoice_id: UUID, *, lock: bool = False) -> StoredInvoice | None:
    """The invoice of this company, or None. `lock` holds the row until the unit of work ends."""
    if lock:
        return await _locked(work, invoice_id)
    row = await work.connection.fetchrow(_WHOLE, work.organisation_id, invoice_id)
    return None if row is None else StoredInvoice(row, row["lines"])


async def _locked(work: Work, invoice_id: UUID) -> StoredInvoice | None:
    """The lines come after the lock is held: a statement that waited for it sees the lines of before."""
    row = await work.connection.fetchrow(_LOCK, work.organisation_id, invoice_id)
    if row is None:
        return None
    return StoredInvoice(row, await work.connection.fetch(_LINES, work.organisation_id, invoice_id))


async def held_with_parties(
    work: Work, invoice_id: UUID, customer_id: UUID | None, *, own_customer: bool = False
) -> tuple[StoredInvoice | None, Seller, Buyer | None]:
    """The invoice, held until the unit of work ends, with the company and the customer: the one of `customer_id`, or
    with `own_customer` the invoice's own."""
    row = await work.connection.fetchrow(
        _LOCK_WITH_PARTIES, work.organisation_id, invoice_id, customer_id, own_customer
    )
    found = None
    if row["invoice"] is not None:
        found = StoredInvoice(row["invoice"], await work.connection.fetch(_LINES, work.organisation_id, invoice_id))
    return found, seller_of(row["own"]), buyer_of(row["customer"])


async def credit_notes_of(work: Work, invoice_id: UUID) -> list[StoredInvoice]:
    """The issued credit notes of an invoice, in the order they were issued."""
    rows = await work.connection.fetch(_NOTES, work.organisation_id, invoice_id)
    return [StoredInvoice(row, row["lines"]) for row in rows]


async def issued(organisation_id: UUID, invoice_id: UUID) -> Issued | None:
    """The frozen document, or None when it is unknown or still a draft."""
    async with reading(organisation_id) as work:
        found = await stored(work, invoice_id)
    return None if found is None or found.is_draft else found.issued()


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One entry of the payments of an invoice."""

    id: UUID
    paid_on: date
    amount: Decimal
    to_credit: Decimal
    currency: str
    note: str
    reverses_id: UUID | None
    is_reversed: bool
    kind: str = "payment"  # or credit_used, whose amount is what it settled


@dataclass(frozen=True, slots=True)
class NoteView:
    """A credit note of an invoice, or the invoice of a credit note."""

    id: UUID
    number: str
    issued_on: date
    gross: Decimal


@dataclass(frozen=True, slots=True)
class MessageView:
    """One e-mail about an invoice and what became of it."""

    id: UUID
    recipient: str
    state: str
    attempts: int
    problem: str | None
    queued_at: datetime
    sent_at: datetime | None
    # A try ended without an answer after the server had the message: it may have come twice, with the same Message-ID.
    maybe_twice: bool = False


@dataclass(frozen=True, slots=True)
class EventView:
    """One step of the timeline."""

    action: str
    at: datetime
    by: str | None


def enclosed_of(row: Row) -> Enclosed:
    """A row of models.attachment."""
    return Enclosed(row["id"], row["name"], row["mime"], row["size"], row["sha256"])


def _discount(row: Row) -> Discount | None:
    if row["discount_percent"] is None and row["discount_amount"] is None:
        return None
    return Discount(row["discount_percent"], row["discount_amount"])


def _charge(row: Row) -> Charge | None:
    if row["charge_percent"] is None and row["charge_amount"] is None and not row["charge_text"]:
        return None
    return Charge(row["charge_percent"], row["charge_amount"], row["charge_text"])


def _draft_line(line: Row) -> DraftLine:
    return DraftLine(
        id=line["id"],
        description=line["description"],
        quantity=line["quantity"],
        unit=line["unit"],
        unit_price=line["unit_price"],
        discount_percent=line["discount_percent"],
        treatment=line["vat_treatment"],
        product_id=line["product_id"],
        charge=line["charge"],
        charge_text=line["charge_text"],
        credits_line_id=line["credits_line_id"],
        credits_quantity=line["credits_quantity"],
    )


def _frozen_line(line: Row) -> FrozenLine:
    return FrozenLine(
        position=line["position"],
        description=line["description"],
        quantity=line["quantity"],
        unit=line["unit"],
        unit_price=line["unit_price"],
        discount_percent=line["discount_percent"],
        discount=line["discount"],
        treatment=line["vat_treatment"],
        category=line["vat_category"],
        rate=line["vat_rate"],
        net=line["net"],
        net_shown=line["net_shown"],
        charge=line["charge"],
        charge_text=line["charge_text"],
        id=line["id"],
        credits_line_id=line["credits_line_id"],
        credits_quantity=line["credits_quantity"],
    )


def _line_total(line: Row) -> LineTotal:
    return LineTotal(
        line=Line(
            line["quantity"],
            line["unit_price"],
            line["discount_percent"],
            line["vat_category"],
            line["vat_rate"],
            line["charge"],
        ),
        gross_price_amount=line["gross_price_amount"],
        discount=line["discount"],
        net=line["net"],
        net_shown=line["net_shown"],
    )


def _group(values: Mapping[str, str]) -> VatGroup:
    return VatGroup(
        category=values["category"],
        rate=Decimal(values["rate"]),
        line_sum=Decimal(values["line_sum"]),
        discount=Decimal(values["discount"]),
        base=Decimal(values["base"]),
        vat=Decimal(values["vat"]),
        charge=Decimal(values.get("charge", "0")),
    )


def _kroner(row: Mapping[str, Any]) -> tuple[GroupInKroner, ...]:
    """The groups in NOK as they were frozen; none for a document in NOK, or from before they were kept."""
    if row["exchange_rate"] is None:
        return ()
    groups = [group for group in json.loads(row["vat_groups"]) if "vat_nok" in group]
    return tuple(GroupInKroner(Decimal(group["base_nok"]), Decimal(group["vat_nok"])) for group in groups)


# The lines as rows within the row: one statement instead of two, which is half the time.
LINES_OF_I = """array(
    select l from invoice_line l
    where l.organisation_id = i.organisation_id and l.invoice_id = i.id order by l.position
) as lines"""
FILES_OF_I = """array(
    select f from invoice_attachment f
    where f.organisation_id = i.organisation_id and f.invoice_id = i.id order by f.position
) as files"""
_WHOLE = f"select i.*, {LINES_OF_I}, {FILES_OF_I} from invoice i where i.organisation_id = $1 and i.id = $2"  # noqa: S608 - a constant
_NOTES = f"""
select i.*, {LINES_OF_I} from invoice i where i.organisation_id = $1 and i.credits_id = $2 and i.state = 'note'
order by i.issued_at, i.id
"""  # noqa: S608 - a constant
_LOCK = "select * from invoice where organisation_id = $1 and id = $2 for update"
_LOCK_WITH_PARTIES = """
with held as (select i from invoice i where organisation_id = $1 and id = $2 for update)
select held.i as invoice, o as own, c as customer
from organisation o left join held on true
left join customer c on c.organisation_id = o.id and c.id = case when $4 then (held.i).customer_id else $3 end
where o.id = $1
"""
_LINES = "select * from invoice_line where organisation_id = $1 and invoice_id = $2 order by position"
