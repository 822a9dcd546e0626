"""Issuing an invoice: a draft becomes a numbered, frozen document, once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from actions import deliveries, einvoice_opinions, issuing, transmissions
from actions.clock import now
from actions.drafts import Editing, Written, calculate, make_findable, search_texts, unchanged, write
from actions.einvoice_opinions import About, Opinion
from actions.outcomes import NotFound
from actions.printing import coverages
from actions.restrained import permit
from domain.dates import today_in
from domain.draft import wants_rate, with_rate
from domain.glyphs import unprintable
from domain.invoice import Draft, preflight, unnumbered
from domain.ladder import Rung
from domain.privacy.restriction import Operation
from domain.refusals import Refusal
from models.queries.exchange_rates import rate_on
from models.queries.invoices import held_with_parties, stored
from models.queries.parties import Buyer, Seller
from models.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class Issuance:
    """What came of it. `rung` is the way it is sent. With `refusals` nothing was issued, but what the editor held is
    saved as `version`."""

    invoice_id: UUID
    number: str | None
    was_issued_before: bool = False
    recipient: str | None = None
    rung: Rung | None = None
    refusals: tuple[Refusal, ...] = ()
    version: int = 0


async def issue(
    organisation_id: UUID, person_id: UUID, invoice_id: UUID, draft: Draft | None, editing: Editing | None, send: bool
) -> Issuance:
    """Issue the draft and, with `send`, queue its e-mail to the customer; all in one transaction.

    `draft` is what the editor holds and is saved first; None issues what is stored. The law's contents
    (bokføringsforskriften § 5-1-1) are checked by domain.preflight: its refusals come back in the answer. The number is
    the next of the company's series, taken last, so that a failure leaves no gap. A second call finds the invoice
    issued and changes nothing. Raises NotFound, Stale and Refused as actions.drafts.save does.
    """
    opinion: Opinion | None = None
    known: tuple[Refusal, ...] = ()
    while True:
        try:
            return await _issue_once(organisation_id, person_id, invoice_id, draft, editing, send, opinion, known)
        except einvoice_opinions.NotLookedAt as asked:
            opinion = await einvoice_opinions.look_at(asked.about)
        except deliveries.TooManyToday as refused:
            # All of it was taken back; now the draft is saved, and the answer says how to go on.
            known = refused.refusals


async def _issue_once(
    organisation_id: UUID,
    person_id: UUID,
    invoice_id: UUID,
    draft: Draft | None,
    editing: Editing | None,
    send: bool,
    opinion: Opinion | None,
    known: tuple[Refusal, ...] = (),
) -> Issuance:
    async with unit_of_work(organisation_id, person_id) as work:
        found, own, customer = await held_with_parties(
            work, invoice_id, draft.customer_id if draft else None, own_customer=draft is None
        )
        if draft is not None and editing is not None and (found is None or found.is_draft):
            written = await write(work, own, customer, found, draft, editing, with_words=False)
            if not written.saved.is_issued:
                return await _issue(work, own, customer, draft, written, send, opinion, known)
            found = await stored(work, invoice_id)  # a double click: the other one was faster
        if found is None or found.row["deleted_at"] is not None:
            raise NotFound
        if not found.is_draft:
            return Issuance(invoice_id, found.row["number"], was_issued_before=True)
        written = unchanged(found, own.time_zone)
        return await _issue(work, own, customer, found.draft(), written, send, opinion, known)


async def _issue(
    work: Work,
    own: Seller,
    customer: Buyer | None,
    draft: Draft,
    written: Written,
    send: bool,
    opinion: Opinion | None,
    known: tuple[Refusal, ...] = (),
) -> Issuance:
    moment = now()
    today = today_in(own.time_zone, moment)
    if wants_rate(draft, own.party.country):
        draft = with_rate(draft, await rate_on(work, draft.currency, today))
    party = customer.party if customer else None
    faults = [
        *preflight(draft, own.party, party, today),
        *unprintable(draft, own.party, party, coverages()),
        *issuing.sending_faults(customer, send),
        *known,
    ]
    if not faults and customer is not None:
        about = About(draft, own, customer, today)
        faults = [finding.refusal for finding in einvoice_opinions.stops(about, opinion)]
    if faults or customer is None:
        saved = await make_findable(work, draft, written)
        return Issuance(draft.id, None, refusals=tuple(faults), version=saved.version)
    await permit(work, customer, Operation.INVOICE, used_on=draft.id)
    totals = calculate(draft, own.party.country, today)
    if written.saved.totals != totals:
        await _follow_the_rates(work, own, customer, draft)
    due_on = draft.due_date(today)
    assert due_on is not None, "preflight lets no invoice pass without"
    document = unnumbered(draft, own.party, customer.party, today, due_on, own.account)
    texts = search_texts(draft, customer.party.name)
    number = await issuing.publish(work, own, customer, draft.id, document, texts, send, opinion)
    rung = transmissions.rung_of(customer) if send else None
    return Issuance(draft.id, number, recipient=customer.party.email if rung == "email" else None, rung=rung)


async def _follow_the_rates(work: Work, own: Seller, customer: Buyer, draft: Draft) -> None:
    """A rate changed since the draft was saved: the stored figures follow before they freeze."""
    found = await stored(work, draft.id, lock=True)
    assert found is not None, "it is held by this unit of work"
    editing = Editing(found.version, found.row["edited_in"])
    await write(work, own, customer, found, draft, editing, with_words=False)
