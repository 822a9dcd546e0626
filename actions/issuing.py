"""The last steps of every document, invoice or credit note: its link, its jobs, its words, its number, and then it is
frozen."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from actions import deliveries, einvoices, search_words, transmissions
from actions.clock import now
from actions.draft_rows import groups_json
from actions.einvoice_opinions import Opinion
from actions.failpoints import failpoint
from actions.numbers import take_number
from domain import kid as kids
from domain.invoice import Issued, numbered
from domain.numbering import CREDIT_NOTE, display, series_year
from domain.refusals import Refusal, Refused
from domain.totals import Totals
from models.queries.invoices import texts_json
from models.queries.parties import Buyer, Seller
from models.together import Part, send_together
from models.unit_of_work import Work

SERIES = "invoice"
CREDIT_SERIES = "credit_note"


@dataclass(frozen=True, slots=True)
class Series:
    """Which counter a document takes its number from (bokføringsforskriften § 5-1-3), and how the number begins."""

    name: str
    year: int
    first: int
    prefix: str = ""


async def publish(
    work: Work,
    own: Seller,
    customer: Buyer,
    invoice_id: UUID,
    document: Issued,
    texts: list[str],
    send: bool,
    opinion: Opinion | None = None,
) -> str:
    """Number and freeze the row `invoice_id` as `document`, to be found by `texts` and, with `send`, sent as its
    customer wishes.

    Returns the number. It is taken last, so that a failure leaves no gap and others wait as short as can be; the KID
    comes with it, for what is to be paid. Raises Refused when the number does not fit in the company's KID.
    """
    moment = now()
    work.enqueue("render_invoice", {"organisation_id": str(own.id), "invoice_id": str(invoice_id)})
    sending = transmissions.queueing(work, invoice_id, customer) if send else None
    await send_together(
        work,
        deliveries.first_link(work, invoice_id),
        einvoices.queueing(work, invoice_id, customer, opinion),
        *search_words.indexing(work, "invoice", invoice_id, moment, [*amount_words(document.totals), *texts]),
        _frozen(work, own, invoice_id, document, moment, "queued" if sending else "none"),
        *([sending] if sending else []),
    )
    await failpoint("issue.before-number")
    series = series_of(own, document)
    counter = await take_number(work, series.name, series.year, series.first)
    await failpoint("issue.after-number")
    document = numbered(document, display(series.year, counter, series.prefix), series.year, counter)
    if document.kind == "invoice":
        document = replace(document, kid=_kid(own, series.year, counter))
    _number(work, own, invoice_id, document, series.name)
    work.audit("invoice.issued" if document.kind == "invoice" else "credit_note.issued", "invoice", invoice_id)
    await failpoint("issue.before-commit")
    return document.number


def series_of(own: Seller, document: Issued) -> Series:
    """The series of the document: credit notes go among the invoices unless the company numbers them apart."""
    year = series_year(document.issued_on, own.yearly_numbers)
    if document.kind == "credit_note" and own.own_credit_numbers:
        return Series(CREDIT_SERIES, year, 1, CREDIT_NOTE)
    return Series(SERIES, year, own.first_number if year == 0 else 1)


def amount_words(totals: Totals) -> list[str]:
    """The amount as people search for it: 1250.00, 1250,00 and 1250 are one word, `125000` in the smallest unit."""
    found = [f"{totals.gross}".replace(".", "")]
    if totals.gross == totals.gross.to_integral_value():
        found.append(str(int(totals.gross)))
    return found


def sending_faults(customer: Buyer | None, send: bool) -> list[Refusal]:
    """What keeps a document from being sent."""
    if send and customer is not None and not customer.party.email and transmissions.rung_of(customer) == "email":
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


def _frozen(
    work: Work, own: Seller, invoice_id: UUID, document: Issued, moment: datetime, delivery_state: str
) -> Part:
    credits = document.credits
    return Part("frozen", _FROZEN, (
        own.id, invoice_id, moment, work.person_id, document.issued_on, document.due_on,
        json.dumps(document.seller.to_json()), json.dumps(document.buyer.to_json()), texts_json(document),
        document.bank_account, document.iban, document.bic, own.accent, own.logo_sha256, document.vat_nok,
        document.exchange_rate, document.buyer.name, credits.number if credits else "",
        credits.issued_on if credits else None, groups_json(document.totals, document.groups_in_kroner),
        document.rate_source, document.rate_on, delivery_state,
    ))  # fmt: skip


def _number(work: Work, own: Seller, invoice_id: UUID, document: Issued, series: str) -> None:
    """Give the row its number with the last statement of all: whoever is next in the series waits for it."""
    words = search_words.chosen([document.number, document.kid])
    for one in (document.number, document.kid, series, *words):
        if not _OURS.fullmatch(one):
            raise ValueError("a number, a series and their words are letters and figures")
    work.at_the_end(
        _NUMBERED.format(
            organisation=UUID(str(own.id)), invoice=UUID(str(invoice_id)), number=document.number, series=series,
            year=int(document.series_year), counter=int(document.counter), kid=document.kid,
            words=", ".join(f"'{word}'" for word in words),
        )
    )  # fmt: skip


# All that is known before the number is.
_FROZEN = """
update invoice set changed_at = $3, listed_at = $3, issued_at = $3, issued_by = $4, issued_on = $5, due_on = $6,
    seller = $7, buyer = $8, texts = $9, bank_account = $10, iban = $11, bic = $12, accent = $13, logo_sha256 = $14,
    vat_nok = $15, exchange_rate = $16, customer_name = $17, credits_number = $18, credits_issued_on = $19,
    vat_groups = $20, rate_source = $21, rate_on = $22, delivery_state = $23
where organisation_id = $1 and id = $2
"""
# Sent together with COMMIT, and so without parameters: ids, figures and letters of our own. What the invoice can only
# be found by now comes with it.
_NUMBERED = """
with numbered as (
    update invoice set number = '{number}', series = '{series}', series_year = {year}, counter = {counter}, kid = '{kid}',
        state = case when kind = 'credit_note' then 'note' when gross = 0 then 'paid' else 'open' end,
        open_amount = case when kind = 'credit_note' then 0 else gross end, version = version + 1
    where organisation_id = '{organisation}' and id = '{invoice}'
    returning organisation_id, id, listed_at
)
insert into search_word (organisation_id, kind, subject_id, listed_at, word)
select organisation_id, 'invoice', id, listed_at, word from numbered, unnest(array[{words}]::text[]) as word
on conflict do nothing
"""
_OURS = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
