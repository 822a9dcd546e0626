"""An issued invoice: numbered, dated, frozen. And the step from draft to issued.

The other words of the invoice are met here too: `Party`, `Draft`, `DraftLine`, `Account`, `preflight`, `warnings`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.attachments import Enclosed
from domain.countries import country_name
from domain.draft import Draft, DraftLine, draft_totals, priced_lines
from domain.kroner import GroupInKroner, in_kroner
from domain.money import ZERO, exact, round_half_up
from domain.numbering import display
from domain.party import Party
from domain.preflight import Account, needs_exchange_rate, preflight, warnings
from domain.refusals import Refused
from domain.totals import Charge, Discount, LineTotal, Totals, VatGroup
from domain.vat import TREATMENTS, legal_text

__all__ = [
    "Account",
    "Draft",
    "DraftLine",
    "FrozenLine",
    "Issued",
    "Party",
    "document_of",
    "draft_totals",
    "issue",
    "needs_exchange_rate",
    "numbered",
    "preflight",
    "prepare",
    "priced_lines",
    "warnings",
]


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """A line as issued. `position` counts from 1; `net` is without VAT, `net_shown` in the terms of the price."""

    position: int
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    discount_percent: Decimal
    discount: Decimal
    treatment: str
    category: str
    rate: Decimal
    net: Decimal
    net_shown: Decimal
    charge: Decimal = ZERO
    charge_text: str = ""
    id: UUID | None = None
    credits_line_id: UUID | None = None
    credits_quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Credited:
    """The issued invoice that a credit note takes back: its number (BT-25) and day (BT-26)."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Issued:
    """Everything the document says, copied when it was issued. Nothing in it is ever looked up again.

    `exchange_rate` is NOK for one unit of another currency, typed or (`rate_source`) published by a bank for the day
    `rate_on`; `vat_nok` is the VAT in NOK at it, when VAT is charged (§ 5-1-1 nr. 6).
    `texts` are the sentences that the law wants, in the document's language, and `text_codes` says of each which one it
    is (domain.vat.Treatment.legal_text_key); documents from before the codes have none. Of a quote `issued_on` is the
    day it was sent and `due_on` the last day it stands. `attachments` are the files that go with it.
    """

    number: str
    series_year: int
    counter: int
    issued_on: date
    due_on: date
    seller: Party
    buyer: Party
    lines: tuple[FrozenLine, ...]
    totals: Totals
    currency: str
    language: str
    prices_include_vat: bool
    kid: str = ""
    bank_account: str = ""
    iban: str = ""
    bic: str = ""
    texts: tuple[str, ...] = ()
    delivery_from: date | None = None
    delivery_to: date | None = None
    delivery_place: str = ""
    your_reference: str = ""
    our_reference: str = ""
    order_number: str = ""
    note: str = ""
    discount: Discount | None = None
    exchange_rate: Decimal | None = None
    vat_nok: Decimal | None = None
    charge: Charge | None = None
    kind: str = "invoice"
    credits: Credited | None = None
    text_codes: tuple[str, ...] = ()
    rate_source: str = ""
    rate_on: date | None = None
    kroner: tuple[GroupInKroner, ...] = ()
    project_reference: str = ""
    contract_reference: str = ""
    accounting_reference: str = ""
    attachments: tuple[Enclosed, ...] = ()

    @property
    def place_of_delivery(self) -> str:
        """Where it was delivered (bokføringsforskriften § 5-1-1 nr. 4): as typed, else as the buyer wants things
        delivered; "" for the buyer's address, and on a quote, which promises no place."""
        buyer = self.buyer
        if self.delivery_place or self.kind == "quote" or not buyer.delivery_place:
            return self.delivery_place
        if buyer.delivery_country in ("", self.seller.country):
            return buyer.delivery_place
        return f"{buyer.delivery_place}, {country_name(buyer.delivery_country, self.language)}"

    @property
    def groups(self) -> tuple[VatGroup, ...]:
        return self.totals.groups

    @property
    def groups_in_kroner(self) -> tuple[GroupInKroner, ...]:
        """The groups in NOK, for reports; none when the document is in NOK or has no rate. `kroner` when they are known:
        a credit note's follow from those of the invoice and of the credit notes before it."""
        if self.kroner:
            return self.kroner
        if self.exchange_rate is None:
            return ()
        return in_kroner(self.groups, self.exchange_rate, self.vat_nok)


def issue(
    draft: Draft,
    seller: Party,
    buyer: Party | None,
    today: date,
    counter: int,
    series_year: int,
    kid: str,
    account: Account | None = None,
    credited: Credited | None = None,
) -> Issued:
    """Freeze `draft` as number `counter` of the series `series_year` (0: continuous), dated `today`.

    Raises Refused with all that `preflight` finds.
    """
    document = replace(prepare(draft, seller, buyer, today, account), kid=kid, credits=credited)
    return numbered(document, display(series_year, counter), series_year, counter)


def prepare(draft: Draft, seller: Party, buyer: Party | None, today: date, account: Account | None = None) -> Issued:
    """The document that `draft` becomes when it is issued on `today`, all but its number and KID.

    Raises Refused with all that `preflight` finds.
    """
    faults = preflight(draft, seller, buyer, today)
    if faults:
        raise Refused(*faults)
    due_on = draft.due_date(today)
    assert buyer is not None and due_on is not None, "preflight lets neither pass"
    return unnumbered(draft, seller, buyer, today, due_on, account or Account())


def unnumbered(draft: Draft, seller: Party, buyer: Party, today: date, due_on: date, account: Account) -> Issued:
    """What `prepare` gives, for who has asked `preflight` already."""
    return document(draft, seller, buyer, today, due_on, 0, 0, "", account)


def document(
    draft: Draft,
    seller: Party,
    buyer: Party,
    today: date,
    due_on: date,
    counter: int,
    series_year: int,
    kid: str,
    account: Account,
    credited: Credited | None = None,
) -> Issued:
    """What the document says, without asking whether it may be issued; counter 0: it has no number."""
    totals = draft_totals(draft, seller.country, today)
    made = replace(document_of(draft, totals, seller, buyer, today, due_on, account), kid=kid, credits=credited)
    if draft.exchange_rate is not None and seller.country == "NO" and draft.currency != "NOK":
        made = replace(
            made,
            exchange_rate=draft.exchange_rate,
            vat_nok=_in_nok(totals.vat, draft.exchange_rate) if totals.vat else None,
            rate_source=draft.rate_source,
            rate_on=draft.rate_on,
        )
    return numbered(made, display(series_year, counter), series_year, counter) if counter else made


def document_of(
    draft: Draft,
    totals: Totals,
    seller: Party,
    buyer: Party,
    issued_on: date,
    due_on: date,
    account: Account | None = None,
) -> Issued:
    """All that `draft` says with the figures `totals`, as a document that has no number yet."""
    account = account or Account()
    return Issued(
        number="",
        series_year=0,
        counter=0,
        issued_on=issued_on,
        due_on=due_on,
        seller=seller,
        buyer=buyer,
        lines=_frozen_lines(draft, totals),
        totals=totals,
        bank_account=account.bank_account,
        iban=account.iban,
        bic=account.bic,
        texts=legal_texts(draft, seller.country),
        text_codes=legal_text_codes(draft),
        **{name: getattr(draft, name) for name in _COPIED},
    )


def numbered(document: Issued, number: str, series_year: int, counter: int) -> Issued:
    """The document with its number of a series."""
    return replace(document, number=number, series_year=series_year, counter=counter)


# What a document says in the words of its draft.
_COPIED = (
    "currency", "language", "prices_include_vat", "delivery_from", "delivery_to", "delivery_place", "your_reference",
    "our_reference", "order_number", "project_reference", "contract_reference", "accounting_reference", "note",
    "discount", "charge", "kind",
)  # fmt: skip


def _frozen_lines(draft: Draft, totals: Totals) -> tuple[FrozenLine, ...]:
    return tuple(
        _frozen_line(position, line, total)
        for position, (line, total) in enumerate(zip(draft.lines, totals.lines, strict=True), start=1)
    )


def _frozen_line(position: int, line: DraftLine, total: LineTotal) -> FrozenLine:
    return FrozenLine(
        position=position,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        discount=total.discount,
        treatment=line.treatment,
        category=total.line.category,
        rate=total.line.rate,
        net=total.net,
        net_shown=total.net_shown,
        charge=line.charge,
        charge_text=line.charge_text,
        id=line.id,
        credits_line_id=line.credits_line_id,
        credits_quantity=line.credits_quantity,
    )


def legal_texts(draft: Draft, seller_country: str = "NO") -> tuple[str, ...]:
    """The sentences for the treatments that the draft uses, each once, in the order of domain.vat.TREATMENTS."""
    return tuple(legal_text(code, draft.language, seller_country) for code in legal_text_codes(draft))


def legal_text_codes(draft: Draft) -> tuple[str, ...]:
    """Which sentences those are."""
    used = {line.treatment for line in draft.lines}
    return tuple(
        treatment.legal_text_key
        for treatment in TREATMENTS.values()
        if treatment.key in used and treatment.legal_text_key is not None
    )


def _in_nok(amount: Decimal, exchange_rate: Decimal) -> Decimal:
    with exact():
        return round_half_up(amount * exchange_rate, "NOK")
