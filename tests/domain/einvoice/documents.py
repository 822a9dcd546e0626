"""Issued documents of every kind, made by hypothesis and by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import reject
from hypothesis import strategies as st

from domain import kid
from domain.draft import Draft, DraftLine
from domain.invoice import Credited, Issued, issue
from domain.party import Party
from domain.refusals import Refused
from domain.totals import Charge, Discount
from domain.units import UNITS
from domain.vat import treatments_for
from tests.domain import sample

TODAY = date(2026, 11, 22)
KID = kid.invoice_kid(0, 1, 10)
# The same words reach the buyer's system whatever the customer.
BUYER = replace(sample.BUYER, vat_number="NO923609016MVA", vat_registered=True)
GERMAN = Party(
    name="Müller & Söhne GmbH", vat_number="DE136695976", vat_registered=True, city="Berlin", postcode="10115",
    address_lines=("Hauptstraße 1", "Hinterhaus"), country="DE",
)  # fmt: skip
CONSUMER = Party(name="Kari Nordmann", address_lines=("Lia 2",), postcode="0001", city="Oslo")
UNREGISTERED = replace(sample.SELLER, vat_registered=False, vat_number="")
REGISTERED_TREATMENTS = tuple(treatment.key for treatment in treatments_for(True, "NO", TODAY))


def issued(*lines: DraftLine, seller: Party = sample.SELLER, buyer: Party = BUYER, **changes: Any) -> Issued:
    """A document with nothing wrong; `changes` are those of its draft."""
    changes.setdefault("your_reference", "Ola Nordmann")
    return frozen(sample.draft(*lines, **changes), seller, buyer)


def frozen(draft: Draft, seller: Party, buyer: Party) -> Issued:
    credited = Credited("2026-7", date(2026, 10, 1)) if draft.kind == "credit_note" else None
    return issue(draft, seller, buyer, TODAY, 8, 2026, KID, sample.ACCOUNT, credited)


def _decimals(low: int, high: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda units: Decimal(units).scaleb(-places))


@st.composite
def _lines(draw: st.DrawFn, treatments: tuple[str, ...]) -> tuple[DraftLine, ...]:
    count = draw(st.integers(1, 5))
    return tuple(
        DraftLine(
            id=UUID(int=number),
            description=draw(st.sampled_from(("Design", "Rapport\nmed vedlegg", "Æsj & <ø>", "x" * 300))),
            # A line may take something back, as a deposit does.
            quantity=draw(st.one_of(_decimals(1, 90_000, 2), _decimals(1, 90_000, 4), _decimals(-20_000, -1, 2))),
            unit=draw(st.sampled_from(sorted(UNITS))),
            unit_price=draw(st.one_of(_decimals(0, 900_000, 2), _decimals(0, 900_000, 4))),
            discount_percent=draw(st.sampled_from((Decimal(0), Decimal(10), Decimal("33.33"), Decimal(100)))),
            treatment=draw(st.sampled_from(treatments)),
            charge=draw(st.one_of(st.just(Decimal(0)), _decimals(0, 9_000, 2))),
            charge_text=draw(st.sampled_from(("", "Frakt"))),
        )
        for number in range(1, count + 1)
    )


@st.composite
def drafts(draw: st.DrawFn, treatments: tuple[str, ...], currencies: tuple[str, ...]) -> Draft:
    """Any draft: treatments, discounts, charges, prices with VAT, currencies, and credit notes."""
    currency = draw(st.sampled_from(currencies))
    document_discount = st.one_of(
        st.none(),
        st.sampled_from((Decimal(5), Decimal("12.5"))).map(lambda percent: Discount(percent=percent)),
        _decimals(1, 100, 2).map(lambda amount: Discount(amount=amount)),
    )
    document_charge = st.one_of(
        st.none(),
        st.sampled_from((Decimal(3), Decimal("0.5"))).map(lambda percent: Charge(percent=percent, text="Miljø")),
        _decimals(1, 20_000, 2).map(lambda amount: Charge(amount=amount, text="Frakt")),
    )
    extra = {"delivery_to": date(2026, 11, 30)} if draw(st.booleans()) else {}
    lines = draw(_lines(treatments))
    # Something is left to pay whatever the discounts.
    lines = (*lines, replace(lines[0], id=UUID(int=9), unit_price=Decimal(50), quantity=Decimal(2),
                             discount_percent=Decimal(0)))  # fmt: skip
    return sample.draft(
        *lines,
        currency=currency,
        exchange_rate=None if currency == "NOK" else Decimal("11.4321"),
        language=draw(st.sampled_from(("nb", "nn", "en"))),
        prices_include_vat=draw(st.booleans()),
        discount=draw(document_discount),
        charge=draw(document_charge),
        kind=draw(st.sampled_from(("invoice", "credit_note"))),
        your_reference="Ola Nordmann",
        order_number=draw(st.sampled_from(("", "PO-12"))),
        project_reference=draw(st.sampled_from(("", "Torget 12"))),
        contract_reference=draw(st.sampled_from(("", "A&B-2026"))),
        accounting_reference=draw(st.sampled_from(("", "4010"))),
        note=draw(st.sampled_from(("", "Takk for handelen!\nHilsen oss"))),
        **extra,
    )


@st.composite
def documents(draw: st.DrawFn) -> Issued:
    """Any document that may be issued."""
    is_registered = draw(st.booleans()) or draw(st.booleans())
    treatments = REGISTERED_TREATMENTS if is_registered else ("outside",)
    draft = draw(drafts(treatments, ("NOK", "NOK", "EUR", "JPY")))
    seller = sample.SELLER if is_registered else UNREGISTERED
    is_reversed = any(line.treatment == "reverse_charge" for line in draft.lines)
    buyers = (BUYER, GERMAN) if is_reversed else (BUYER, GERMAN, CONSUMER)
    try:
        return frozen(draft, seller, draw(st.sampled_from(buyers)))
    except Refused:  # what takes back is more than what is charged
        reject()
