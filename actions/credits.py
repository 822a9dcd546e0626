"""Credit notes: an issued invoice is taken back, all of it or a part, by a document of its own, issued at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from actions import drafts, einvoice_opinions, issuing
from actions.clock import now
from actions.invoices import Issuance
from actions.outcomes import NotFound
from actions.printing import coverages
from actions.restrained import permit_document
from actions.settling import Entry, settle
from domain.credit import Credit, CreditLine, Left, Wanted, credit, left_of
from domain.dates import today_in
from domain.glyphs import unprintable
from domain.invoice import Credited, Draft, DraftLine, Issued, Party, document_of
from domain.money import ZERO
from domain.payments import settle_by_credit
from domain.preflight import seller_faults
from domain.privacy.restriction import Operation
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.queries.invoices import StoredInvoice, credit_notes_of, stored
from models.queries.parties import Buyer, Seller, parties
from models.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class Crediting:
    """What to take back. `id` is the credit note's and comes with the form, so that a double click credits once.

    `seen` is what was credited when the form was shown, None when it does not matter. With `correction_id` a new draft
    of that id is written with what the invoice said.
    """

    id: UUID
    lines: Mapping[UUID, Wanted]
    charge: Decimal = ZERO
    reason: str = ""
    seen: Decimal | None = None
    correction_id: UUID | None = None


async def issue(organisation_id: UUID, person_id: UUID, invoice_id: UUID, asked: Crediting, send: bool) -> Issuance:
    """Issue a credit note for an invoice and, with `send`, queue its e-mail; all in one transaction.

    What is open of the invoice falls first; what was paid already becomes the customer's credit. Raises NotFound, and
    Refused with every reason: a draft, a credit note, more than is left (domain.credit), somebody else's credit note
    since the form was shown, and what keeps any document from being issued or sent.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        found = await stored(work, invoice_id, lock=True)
        if found is None or found.row["deleted_at"] is not None:
            raise NotFound
        before = await stored(work, asked.id)
        if before is not None:
            if before.row["credits_id"] != invoice_id:
                raise NotFound
            return Issuance(asked.id, before.row["number"], was_issued_before=True)
        left = await _left(work, found, asked)
        await permit_document(work, invoice_id, Operation.CREDIT, used_on=asked.id)
        own, customer = await parties(work, found.row["customer_id"])
        assert customer is not None, "an issued invoice has a customer"
        return await _issue(work, own, customer, found, left, asked, send)


async def _left(work: Work, found: StoredInvoice, asked: Crediting) -> Left:
    if found.is_draft:
        raise Refused(Refusal("credit.of_draft"))
    if found.row["kind"] == "credit_note":
        raise Refused(Refusal("credit.of_credit_note"))
    if asked.seen is not None and asked.seen != found.row["credited_amount"]:
        raise Refused(Refusal("credit.changed_meanwhile"))
    return left_of(found.issued(), [note.issued() for note in await credit_notes_of(work, found.id)])


async def _issue(
    work: Work,
    own: Seller,
    customer: Buyer,
    found: StoredInvoice,
    left: Left,
    asked: Crediting,
    send: bool,
) -> Issuance:
    made = credit(left, asked.lines, asked.charge)
    today = today_in(own.time_zone, now())
    draft = draft_of(found, made, asked, today)
    document = credit_document(own, customer, left.invoice, draft, made, today)
    faults = [
        *seller_faults(document.seller),
        *unprintable(draft, document.seller, document.buyer, coverages()),
        *issuing.sending_faults(customer, send),
        *einvoice_opinions.faults(document, customer),
    ]
    if faults:
        raise Refused(*faults)
    await drafts.write_credit_note(work, customer, draft, made.totals)
    if asked.correction_id is not None:
        await drafts.write_correction(work, own, customer, found, asked.correction_id)
    await _settle(work, found, made, asked.id, today)
    work.audit("invoice.credited", "invoice", found.id, ["credited_amount", "open_amount"])
    texts = [*drafts.search_texts(draft, document.buyer.name), left.invoice.number]
    number = await issuing.publish(work, own, customer, draft.id, document, texts, send)
    return Issuance(draft.id, number, recipient=customer.party.email if send else None)


async def _settle(work: Work, found: StoredInvoice, made: Credit, note_id: UUID, today: date) -> None:
    row, gross = found.row, made.totals.gross
    parts = settle_by_credit(row["open_amount"], gross)
    entry = Entry(
        new_id(), "credit_note", row["customer_id"], row["currency"], today, parts.to_invoice, parts.to_credit,
        found.id, credit_note_id=note_id,
    )  # fmt: skip
    await settle(work, entry, credited=gross, takes_the_rest=made.takes_the_rest)


def draft_of(found: StoredInvoice, made: Credit, asked: Crediting, today: date) -> Draft:
    """The words of the credit note: those of the invoice, the lines that are taken back, and the reason as its note."""
    original = found.draft()
    products = {line.id: line.product_id for line in original.lines}
    return replace(
        original,
        id=asked.id,
        kind="credit_note",
        credits=found.id,
        lines=tuple(_line_of(line, products) for line in made.lines),
        discount=made.discount,
        charge=made.charge,
        note=asked.reason,
        due_on=today,
        due_days=None,
    )


def credit_document(own: Seller, customer: Buyer, invoice: Issued, draft: Draft, made: Credit, today: date) -> Issued:
    """The credit note before it has its number. The buyer and what VAT made of the seller are those of the invoice; no
    account stands on it, for nothing is to be paid."""
    document = document_of(draft, made.totals, _seller(own, invoice), _buyer(customer, invoice), today, today)
    return replace(
        document,
        exchange_rate=invoice.exchange_rate,
        rate_source=invoice.rate_source,
        rate_on=invoice.rate_on,
        vat_nok=made.vat_nok,
        kroner=made.kroner,
        credits=Credited(invoice.number, invoice.issued_on),
    )


def _line_of(line: CreditLine, products: Mapping[UUID, UUID | None]) -> DraftLine:
    source, figures = line.source, line.total.line
    assert source.id is not None, "a stored line has an id"
    return DraftLine(
        id=new_id(),
        description=source.description,
        quantity=figures.quantity,
        unit=line.unit,
        unit_price=figures.unit_price,
        discount_percent=figures.discount_percent,
        treatment=source.treatment,
        product_id=products.get(source.id),
        charge=figures.charge,
        charge_text=source.charge_text if figures.charge else "",
        credits_line_id=source.id,
        credits_quantity=line.taken,
    )


def _seller(own: Seller, invoice: Issued) -> Party:
    """The company as it is now, registered for VAT as it was: what is taken back is the VAT of then."""
    return replace(own.party, vat_registered=invoice.seller.vat_registered, vat_number=invoice.seller.vat_number)


def _buyer(customer: Buyer, invoice: Issued) -> Party:
    return replace(invoice.buyer, email=customer.party.email)
