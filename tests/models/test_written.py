from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from domain.draft import draft_totals
from domain.invoice import Draft, Issued
from domain.quotes import offer
from domain.totals import Charge, Discount
from models.queries.quotes import Content
from models.written import from_json, to_json
from tests.domain.sample import BUYER, SELLER, TODAY, draft, line

FULL = draft(
    line(1, unit_price=Decimal("99.9900"), charge=Decimal("0.10"), charge_text="«Frakt»"),
    line(2, quantity=Decimal("0.3333"), discount_percent=Decimal("12.50")),
    discount=Discount(percent=Decimal("2.5")),
    charge=Charge(amount=Decimal("100.00"), text="Frakt"),
    valid_until=TODAY + timedelta(days=30),
    exchange_rate=Decimal("11.500000"),
    currency="EUR",
)


def test_what_is_written_comes_back_the_same() -> None:
    content = Content(FULL, draft_totals(FULL, "NO", TODAY))
    assert from_json(Content, to_json(content)) == content
    document = offer(FULL, SELLER, BUYER, TODAY, 7)
    assert from_json(Issued, to_json(document)) == document


def test_figures_are_text_and_never_floats() -> None:
    assert '"unit_price":"99.9900"' in to_json(FULL)


def test_a_field_that_came_later_has_its_default_and_one_that_went_away_is_left_out() -> None:
    plain = replace(FULL, valid_until=None)
    written = to_json(plain).replace('"valid_until":null', '"gone":"away"')
    assert from_json(Draft, written) == plain
