"""One line of an invoice, credited by a number of units or by an amount off its price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from domain.invoice import FrozenLine, Issued
from domain.money import ZERO, round_half_up, round_to, smallest
from domain.refusals import Refusal
from domain.totals import HUNDRED, Line, LineTotal
from domain.units import DEFAULT_UNIT

PRICE_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to take back of a line: so many units of it, or an amount off its price, in the terms of that price."""

    quantity: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line as issued, and the quantity and the amount of it (as its column shows it) that are not credited."""

    line: FrozenLine
    total: LineTotal
    quantity: Decimal
    amount: Decimal

    @property
    def id(self) -> UUID:
        assert self.line.id is not None, "a stored line has an id"
        return self.line.id

    @property
    def is_nothing(self) -> bool:
        return self.quantity == 0

    @property
    def is_everything(self) -> bool:
        return (self.quantity, self.amount) == (self.line.quantity, self.line.net_shown)

    def faults(self, want: Wanted, currency: str) -> Iterator[Refusal]:
        """Why `want` can not be taken: more than is left, or below zero; a line below zero counts the other way."""
        at, params = f"lines.{self.line.position - 1}", {"line": str(self.line.position)}
        if want.amount is not None:
            if not _within(want.amount, self.amount):
                yield Refusal("credit.amount_more_than_left", f"{at}.amount", params)
            elif want.amount != round_half_up(want.amount, currency):
                yield Refusal("payment.too_many_decimals", f"{at}.amount", {"currency": currency})
        elif want.quantity is not None and not _within(want.quantity, self.quantity):
            yield Refusal("credit.quantity_more_than_left", f"{at}.quantity", params)
        elif want.quantity is not None and want.quantity != round_to(want.quantity, 4):
            yield Refusal("number.too_many_decimals", f"{at}.quantity", params)


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A line of a credit note. `taken` is how much of the quantity of `source` it takes back: 0 for an amount off the
    price. `unit` is that of `total.line.quantity`."""

    source: FrozenLine
    taken: Decimal
    total: LineTotal
    unit: str
    is_whole: bool

    def with_net(self, net: Decimal) -> CreditLine:
        """The same line with another net amount, in the currency of the document."""
        return replace(self, total=replace(self.total, net=net))


def lines_left(invoice: Issued, earlier: Sequence[Issued]) -> tuple[LineLeft, ...]:
    """The lines of `invoice` with what the credit notes `earlier` left of each."""
    credited: dict[UUID | None, tuple[Decimal, Decimal]] = {}
    for note in earlier:
        for line in note.lines:
            quantity, amount = credited.get(line.credits_line_id, (ZERO, ZERO))
            credited[line.credits_line_id] = quantity + (line.credits_quantity or ZERO), amount + line.net_shown
    return tuple(
        LineLeft(line, total, line.quantity - quantity, line.net_shown - amount)
        for line, total in zip(invoice.lines, invoice.totals.lines, strict=True)
        for quantity, amount in (credited.get(line.id, (ZERO, ZERO)),)
    )


def take(left: LineLeft, want: Wanted, invoice: Issued) -> CreditLine | None:
    """The credit note's line for `want`, which is within what is left; None when it is nothing.

    All that is left is exactly what is left. A part of the quantity is its part of the amount that is left, at the
    line's own terms where these give it to the smallest unit.
    """
    if want.amount is not None and want.amount == left.amount != 0:
        want = Wanted(quantity=left.quantity)
    if want.amount is not None:
        return _of(left, ZERO, _piece(left, want.amount), DEFAULT_UNIT) if want.amount else None
    quantity = want.quantity or ZERO
    if not quantity:
        return None
    if quantity == left.quantity and left.is_everything:
        return _of(left, quantity, left.total, left.line.unit, is_whole=True)
    amount = left.amount if quantity == left.quantity else _share(left, quantity, invoice.currency)
    total = _on_its_terms(left, quantity, invoice.currency)
    if total.net_shown == amount:
        return _of(left, quantity, total, left.line.unit)
    price = round_to(amount / quantity, PRICE_DECIMALS)
    if round_half_up(price * quantity, invoice.currency) == amount:
        return _of(left, quantity, _plain(left, quantity, price, amount), left.line.unit)
    return _of(left, quantity, _piece(left, amount), DEFAULT_UNIT)


def for_the_charge(left: LineLeft, invoice: Issued) -> CreditLine:
    """A line of nothing that names the document's charge: a document has at least one line (EN 16931 BR-16)."""
    text = invoice.charge.text if invoice.charge else ""
    named = replace(left, line=replace(left.line, description=text or left.line.description))
    return _of(named, ZERO, _piece(named, ZERO), DEFAULT_UNIT)


def _within(want: Decimal, left: Decimal) -> bool:
    return want.is_finite() and min(left, ZERO) <= want <= max(left, ZERO)


def _share(left: LineLeft, quantity: Decimal, currency: str) -> Decimal:
    """What `quantity` is of the amount that is left; the line's own terms win where they are as near as rounding is."""
    share = round_half_up(left.amount * quantity / left.quantity, currency)
    own = _on_its_terms(left, quantity, currency).net_shown
    return own if abs(own - share) <= smallest(currency) and _within(own, left.amount) else share


def _on_its_terms(left: LineLeft, quantity: Decimal, currency: str) -> LineTotal:
    """`quantity` at the price and discount of the line, with that part of its charge."""
    line = left.line
    before = round_half_up(quantity * line.unit_price, currency)
    discount = round_half_up(before * line.discount_percent / HUNDRED, currency)
    charge = round_half_up(line.charge * quantity / line.quantity, currency)
    net = before - discount + charge
    terms = Line(quantity, line.unit_price, line.discount_percent, line.category, line.rate, charge)
    return LineTotal(terms, before, discount, net, net)


def _piece(left: LineLeft, amount: Decimal) -> LineTotal:
    return _plain(left, Decimal(1), amount, amount)


def _plain(left: LineLeft, quantity: Decimal, price: Decimal, amount: Decimal) -> LineTotal:
    line = Line(quantity, price, ZERO, left.line.category, left.line.rate)
    return LineTotal(line, amount, ZERO, amount, amount)


def _of(left: LineLeft, taken: Decimal, total: LineTotal, unit: str, is_whole: bool = False) -> CreditLine:
    return CreditLine(left.line, taken, total, unit, is_whole)
