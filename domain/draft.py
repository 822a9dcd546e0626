"""An invoice before it is issued: no number, no date, everything may still change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from domain.kroner import Rate
from domain.money import ZERO
from domain.totals import Charge, Discount, Line, Totals, compute
from domain.vat import TREATMENTS, rate_of_supply


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line. `quantity` and `unit_price` have up to 4 decimals, `unit` is a UN/ECE code, `treatment` a key of
    domain.vat.TREATMENTS. `charge` comes on top of the discounted price, `charge_text` says what for.
    `credits_line_id` is the line that a credit note's line takes back, `credits_quantity` how much of its quantity: 0 for
    an amount off its price."""

    id: UUID
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    discount_percent: Decimal
    treatment: str
    product_id: UUID | None = None
    charge: Decimal = ZERO
    charge_text: str = ""
    credits_line_id: UUID | None = None
    credits_quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What the editor holds. `due_on` wins over `due_days`; `issued_on` is None: issuing sets the day.

    `exchange_rate` is what one unit of `currency` costs in NOK; needed when VAT is charged in another currency. None:
    the one published for the day of issue. `rate_source` and `rate_on` say which bank published it for which day; a rate
    that was typed has neither.
    `kind` is "invoice", "credit_note" or "quote"; a credit note `credits` an issued invoice, a quote stands until the
    end of `valid_until`.
    `project_reference` (BT-11), `contract_reference` (BT-12) and `accounting_reference` (BT-19) are the customer's own.
    """

    id: UUID
    customer_id: UUID | None = None
    currency: str = "NOK"
    language: str = "nb"
    prices_include_vat: bool = False
    issued_on: date | None = None
    delivery_from: date | None = None
    delivery_to: date | None = None
    delivery_place: str = ""
    due_days: int | None = 14
    due_on: date | None = None
    your_reference: str = ""
    our_reference: str = ""
    order_number: str = ""
    note: str = ""
    discount: Discount | None = None
    lines: tuple[DraftLine, ...] = ()
    exchange_rate: Decimal | None = None
    charge: Charge | None = None
    kind: str = "invoice"
    credits: UUID | None = None
    valid_until: date | None = None
    rate_source: str = ""
    rate_on: date | None = None
    project_reference: str = ""
    contract_reference: str = ""
    accounting_reference: str = ""

    @property
    def supplied_on(self) -> date | None:
        """The day that decides the rates of VAT: the last one of the delivery."""
        return self.delivery_to or self.delivery_from

    def due_date(self, issued_on: date) -> date | None:
        """The day payment is due when issued on `issued_on`, or None when nothing says."""
        if self.due_on is not None:
            return self.due_on
        return None if self.due_days is None else issued_on + timedelta(days=self.due_days)


def wants_rate(draft: Draft, seller_country: str) -> bool:
    """Is the rate of the day to be found, since a Norwegian seller invoices in another currency and typed none?"""
    return seller_country == "NO" and draft.currency != "NOK" and draft.exchange_rate is None


def with_rate(draft: Draft, rate: Rate | None) -> Draft:
    """The draft with a published rate; as it is when there is none."""
    if rate is None:
        return draft
    return replace(draft, exchange_rate=rate.nok, rate_source=rate.source, rate_on=rate.day)


def priced_lines(draft: Draft, seller_country: str, day: date) -> tuple[Line, ...]:
    """The lines with category and rate as they are when issued on `day`. Refuses (Invalid) what domain.vat.rate_on
    refuses."""
    return tuple(
        Line(
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount_percent=line.discount_percent,
            category=TREATMENTS[line.treatment].category,
            rate=rate,
            charge=line.charge,
        )
        for line in draft.lines
        for rate in (rate_of_supply(line.treatment, seller_country, draft.supplied_on, day),)
    )


@lru_cache(maxsize=64)
def draft_totals(draft: Draft, seller_country: str, day: date) -> Totals:
    """The totals the draft would have if it were issued on `day`.

    Remembered for the drafts at hand: saving, the checks before issuing and the issue itself each ask for them.
    """
    lines = priced_lines(draft, seller_country, day)
    return compute(lines, draft.currency, draft.discount, draft.prices_include_vat, draft.charge)
