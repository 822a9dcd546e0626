"""An e-invoice that somebody sent: what it says, also what our own never say, and whether its figures add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from domain.einvoice.document import Adjustment, EDocument, ELine
from domain.money import ZERO, exact, round_half_up, smallest
from domain.totals import HUNDRED


@dataclass(frozen=True, slots=True)
class Incoming:
    """`payable` is BT-115, the gross amount less what was paid before (BT-113) and rounded (BT-114). `price_bases` has
    for each line how many units its price is for (BT-149)."""

    document: EDocument
    payable: Decimal
    prepaid: Decimal = ZERO
    rounding: Decimal = ZERO
    price_bases: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what the figures before it give. `what`: line, line_sum, allowances, charges, net, vat_base,
    vat_group, vat, gross, payable; `detail` is the number of the line or the percent of the VAT group."""

    what: str
    stated: Decimal
    computed: Decimal
    detail: str = ""


def differences(incoming: Incoming) -> tuple[Difference, ...]:
    """Every figure recomputed from the ones the document builds it on (EN 16931, BR-CO-10 to 17), to the smallest unit
    of the currency and without the official slack, but for the one that prices with VAT need. A document without lines
    or VAT groups, as the small profiles of Factur-X are, is not faulted for what it does not say."""
    with exact():
        found = (*_of_lines(incoming), *_of_sums(incoming), *_of_vat(incoming.document))
    return tuple(one for one in found if one.stated != one.computed)


def _of_lines(incoming: Incoming) -> Iterator[Difference]:
    document = incoming.document
    for line, base in zip(document.lines, incoming.price_bases, strict=True):
        computed = round_half_up(line.quantity * line.price / base, document.currency)
        yield Difference("line", line.net, computed + _adjusted(line.adjustments), line.number)


def _of_sums(incoming: Incoming) -> Iterator[Difference]:
    document = incoming.document
    if document.lines:
        yield Difference("line_sum", document.line_sum, sum((line.net for line in document.lines), ZERO))
        allowances = sum((one.amount for one in document.adjustments if not one.is_charge), ZERO)
        charges = sum((one.amount for one in document.adjustments if one.is_charge), ZERO)
        yield Difference("allowances", document.allowances, allowances)
        yield Difference("charges", document.charges, charges)
        yield Difference("net", document.net, document.line_sum - document.allowances + document.charges)
    if document.groups:
        yield Difference("vat", document.vat, sum((group.vat for group in document.groups), ZERO))
    yield Difference("gross", document.gross, document.net + document.vat)
    yield Difference("payable", incoming.payable, document.gross - incoming.prepaid + incoming.rounding)


def _of_vat(document: EDocument) -> Iterator[Difference]:
    for group in document.groups:
        percent = f"{group.rate.normalize():f}"
        if document.lines:
            parts: list[ELine | Adjustment] = [*document.lines, *document.adjustments]
            same = (part for part in parts if (part.category, part.rate) == (group.category, group.rate))
            yield Difference("vat_base", group.base, sum(map(_value, same), ZERO), percent)
        vat = round_half_up(group.base * group.rate / HUNDRED, document.currency)
        # With prices that include VAT it is a part of the gross amount, which may be a cent off the percent of the net.
        if abs(group.vat - vat) > smallest(document.currency):
            yield Difference("vat_group", group.vat, vat, percent)


def _value(part: ELine | Adjustment) -> Decimal:
    return part.net if isinstance(part, ELine) else _adjusted((part,))


def _adjusted(adjustments: tuple[Adjustment, ...]) -> Decimal:
    return sum((one.amount if one.is_charge else -one.amount for one in adjustments), ZERO)
