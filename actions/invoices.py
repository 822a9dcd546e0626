"""Issuing: a draft becomes a numbered, frozen document, once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from actions import deliveries, einvoices, search_words
from actions.clock import now
from actions.drafts import Editing, Written, calculate, groups_json, make_findable, search_texts, unchanged, write
from actions.failpoints import failpoint
from actions.outcomes import NotFound
from actions.printing import coverages
from domain import kid as kids
from domain.dates import today_in
from domain.draft import wants_rate, with_rate
from domain.glyphs import unprintable
from domain.invoice import Draft, Issued, preflight
from domain.invoice import issue as freeze
from domain.numbering import series_year
from domain.refusals import Refusal, Refused
from domain.totals import Totals
from models.queries.exchange_rates import rate_on
from models.queries.invoices import stored, texts_json
from models.queries.parties import Buyer, Seller, parties
from models.unit_of_work import Work, unit_of_work

SERIES = "invoice"


@dataclass(frozen=True, slots=True)
class Issuance:
    """What came of it. With `refusals` nothing was issued, but what the editor held is saved as `version`."""

    invoice_id: UUID
    number: str | None
    was_issued_before: bool = False
    recipient: str | None = None
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
    opinion = await einvoices.opinion(organisation_id, invoice_id, draft)
    try:
        return await _issue_once(organisation_id, person_id, invoice_id, draft, editing, send, opinion)
    except deliveries.TooManyToday as refused:
        # All of it was taken back; now the draft is saved, and the answer says how to go on.
        return await _issue_once(
            organisation_id, person_id, invoice_id, draft, editing, send, opinion, refused.refusals
        )


async def _issue_once(
    organisation_id: UUID,
    person_id: UUID,
    invoice_id: UUID,
    draft: Draft | None,
    editing: Editing | None,
    send: bool,
    opinion: einvoices.Opinion,
    known: tuple[Refusal, ...] = (),
) -> Issuance:
    async with unit_of_work(organisation_id, person_id) as work:
        found = await stored(work, invoice_id, lock=True)
        customer_id = draft.customer_id if draft else found.row["customer_id"] if found else None
        own, customer = await parties(work, customer_id)
        if draft is not None and editing is not None and (found is None or found.is_draft):
            written = await write(work, own, customer, found, draft, editing)
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
    opinion: einvoices.Opinion,
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
        *_sending_faults(customer, send),
        *known,
    ]
    if not faults and customer is not None:
        faults = [finding.refusal for finding in opinion.stops(draft, own, customer, today)]
    if faults or customer is None:
        saved = await make_findable(work, draft, written)
        return Issuance(draft.id, None, refusals=tuple(faults), version=saved.version)
    totals = calculate(draft, own.party.country, today)
    if written.saved.totals != totals:
        await _follow_the_rates(work, own, customer, draft)
    await deliveries.ensure_link(work, draft.id)
    work.enqueue("render_invoice", {"organisation_id": str(own.id), "invoice_id": str(draft.id)})
    await einvoices.queue(work, draft.id, customer, opinion)
    if send:
        await deliveries.queue(work, draft.id, customer.party.email)
    texts = [*amount_words(totals), *search_texts(draft, customer.party.name)]
    await search_words.index(work, "invoice", draft.id, moment, texts)
    await work.write_jobs()
    await failpoint("issue.before-number")
    year = series_year(today, own.yearly_numbers)
    counter = await _take_number(work, own, year)
    await failpoint("issue.after-number")
    document = freeze(draft, own.party, party, today, counter, year, _kid(own, year, counter), own.account)
    await _freeze(work, own, draft.id, document, moment)
    work.audit("invoice.issued", "invoice", draft.id)
    await failpoint("issue.before-commit")
    return Issuance(draft.id, document.number, recipient=customer.party.email if send else None)


async def _follow_the_rates(work: Work, own: Seller, customer: Buyer, draft: Draft) -> None:
    """A rate changed since the draft was saved: the stored figures follow before they freeze."""
    found = await stored(work, draft.id, lock=True)
    assert found is not None, "it is held by this unit of work"
    await write(work, own, customer, found, draft, Editing(found.version, found.row["edited_in"]))


def amount_words(totals: Totals) -> list[str]:
    """The amount as people search for it: 1250.00, 1250,00 and 1250 are one word, `125000` in the smallest unit."""
    found = [f"{totals.gross}".replace(".", "")]
    if totals.gross == totals.gross.to_integral_value():
        found.append(str(int(totals.gross)))
    return found


def _sending_faults(customer: Buyer | None, send: bool) -> list[Refusal]:
    if send and customer is not None and not customer.party.email:
        return [Refusal("customer.email_missing", "customer.email")]
    return []


def _kid(own: Seller, year: int, counter: int) -> str:
    """The KID of the company's bank agreement; none when it has no agreement. Raises Refused when it does not fit."""
    if own.kid_length == 0:
        return ""
    try:
        return kids.make(kids.base_for(year, counter), own.kid_length)
    except kids.KidDoesNotFit as problem:
        raise Refused(Refusal("kid.does_not_fit", "company.kid_length")) from problem


async def _take_number(work: Work, own: Seller, year: int) -> int:
    """The next number of the series. The row is held until COMMIT, so it comes as late as it can."""
    first = own.first_number if year == 0 else 1
    counter: int = await work.connection.fetchval(_TAKE_NUMBER, own.id, SERIES, year, first)
    return counter


async def _freeze(work: Work, own: Seller, invoice_id: UUID, document: Issued, moment: Any) -> None:
    await work.connection.execute(
        _FREEZE, own.id, invoice_id, moment, work.person_id, document.issued_on, document.due_on, document.number,
        SERIES, document.series_year, document.counter, document.kid, json.dumps(document.seller.to_json()),
        json.dumps(document.buyer.to_json()), texts_json(document), document.bank_account, document.iban,
        document.bic, own.accent, own.logo_sha256, document.vat_nok, document.exchange_rate, document.totals.gross,
        document.buyer.name, search_words.chosen([document.number, document.kid]),
        groups_json(document.totals, document.groups_in_kroner), document.rate_source, document.rate_on,
    )  # fmt: skip


_TAKE_NUMBER = """
insert into number_series (organisation_id, series, year, last) values ($1, $2, $3, $4)
on conflict (organisation_id, series, year) do update set last = number_series.last + 1 returning last
"""
# What the invoice can only be found by now comes with it: every statement from here on keeps others waiting.
_FREEZE = """
with findable as (
    insert into search_word (organisation_id, kind, subject_id, listed_at, word)
    select $1, 'invoice', $2, $3, word from unnest($24::text[]) as word on conflict do nothing
)
update invoice set
    state = case when $22::numeric = 0 then 'paid' else 'open' end, version = version + 1, changed_at = $3,
    listed_at = $3, issued_at = $3, issued_by = $4, issued_on = $5, due_on = $6, number = $7, series = $8,
    series_year = $9, counter = $10, kid = $11, seller = $12, buyer = $13, texts = $14, bank_account = $15,
    iban = $16, bic = $17, accent = $18, logo_sha256 = $19, vat_nok = $20, exchange_rate = $21, open_amount = $22,
    customer_name = $23, vat_groups = $25, rate_source = $26, rate_on = $27
where organisation_id = $1 and id = $2
"""
