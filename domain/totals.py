"""From lines to totals: the one calculation that every page, document, e-invoice and report shows.

The order is that of EN 16931: each line is rounded, lines are summed per (category, rate), the document's discount and
charge are split over those groups, and VAT is rounded once per group on what is left (BR-CO-10 to BR-CO-17, BR-S-08,
BR-S-09).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.money import ZERO, exact, round_half_up, split, split_by_weight

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    """What is charged for. `rate` and `discount_percent` are percent; `category` is EN 16931's letter (BT-151); `charge`
    is an amount on top of the discounted price (BT-141)."""

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    category: str
    rate: Decimal
    charge: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount on the whole document: a percent of it or an amount off it, never both.

    With prices that include VAT the amount includes VAT too.
    """

    percent: Decimal | None = None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        if self.percent is not None and self.amount is not None:
            raise ValueError("a discount is a percent or an amount, not both")


@dataclass(frozen=True, slots=True)
class Charge(Discount):
    """A charge on the whole document, such as freight: a percent of it or an amount, and what it is for (BT-104).

    The percent is of the sum of the lines, as the discount's is.
    """

    text: str = ""


@dataclass(frozen=True, slots=True)
class LineTotal:
    """One line, rounded. All but `net` are in the terms the price was typed in (with VAT if prices include it).

    `gross_price_amount` is quantity x price, `discount` what its percent takes off (BT-136), `net` the amount without
    VAT (BT-131), `net_shown` the line's amount as its column shows it. The charge is that of `line`.
    """

    line: Line
    gross_price_amount: Decimal
    discount: Decimal
    net: Decimal
    net_shown: Decimal


@dataclass(frozen=True, slots=True)
class VatGroup:
    """One VAT category and rate: `line_sum` - `discount` + `charge` = `base` (BT-116), all without VAT, and its `vat`
    (BT-117)."""

    category: str
    rate: Decimal
    line_sum: Decimal
    discount: Decimal
    base: Decimal
    vat: Decimal
    charge: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        return self.base + self.vat


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a document, in its currency: line_sum - discount + charge = net (BT-109), net + vat = gross (BT-112).

    `line_sum`, `discount` and `charge` are without VAT. `shown_line_sum`, `shown_discount` and `shown_charge` are the
    same in the terms of the typed prices, for a reader who sees prices that include VAT: there they add up to gross.
    """

    lines: tuple[LineTotal, ...]
    groups: tuple[VatGroup, ...]
    line_sum: Decimal
    discount: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    currency: str
    prices_include_vat: bool
    shown_line_sum: Decimal
    shown_discount: Decimal
    charge: Decimal = ZERO
    shown_charge: Decimal = ZERO


GroupKey = tuple[str, Decimal]


def compute(
    lines: Sequence[Line],
    currency: str,
    document_discount: Discount | None = None,
    prices_include_vat: bool = False,
    document_charge: Charge | None = None,
) -> Totals:
    """The totals of `lines`. The groups come highest rate first, whatever the order of the lines.

    With `prices_include_vat` the typed amounts are the truth: `gross` is exactly their sum less the discount and with
    the charge, VAT is the part of each group's gross amount (rate / (100 + rate)), and the lines' net amounts are
    rounded so that they add up.
    """
    with exact():
        amounts = [_amounts(line, currency) for line in lines]
        members = _members(lines)
        typed = [_sum((amounts[i][2] for i in members[key]), currency) for key in members]
        off = document_part(typed, document_discount, currency)
        on = document_part(typed, document_charge, currency)
        groups = tuple(
            vat_group(key, amount, less, more, currency, prices_include_vat)
            for key, amount, less, more in zip(members, typed, off, on, strict=True)
        )
        nets = [amount[2] for amount in amounts]
        if prices_include_vat:
            _spread_nets(nets, members, groups, currency)
        net = _sum((g.base for g in groups), currency)
        vat = _sum((g.vat for g in groups), currency)
        return Totals(
            lines=tuple(
                LineTotal(line, before, discount, net_amount, shown)
                for line, (before, discount, shown), net_amount in zip(lines, amounts, nets, strict=True)
            ),
            groups=groups,
            line_sum=_sum((g.line_sum for g in groups), currency),
            discount=_sum((g.discount for g in groups), currency),
            net=net,
            vat=vat,
            gross=net + vat,
            currency=currency,
            prices_include_vat=prices_include_vat,
            shown_line_sum=_sum(typed, currency),
            shown_discount=_sum(off, currency),
            charge=_sum((g.charge for g in groups), currency),
            shown_charge=_sum(on, currency),
        )


def _amounts(line: Line, currency: str) -> tuple[Decimal, Decimal, Decimal]:
    """Before the discount, the discount, and after it and the charge. Each part is rounded by itself
    (PEPPOL-EN16931-R120), and the percent is of the rounded amount (R040), so that 100 % off leaves exactly nothing."""
    before = round_half_up(line.quantity * line.unit_price, currency)
    discount = round_half_up(before * line.discount_percent / HUNDRED, currency)
    return before, discount, before - discount + round_half_up(line.charge, currency)


def _members(lines: Sequence[Line]) -> dict[GroupKey, list[int]]:
    """The lines of each VAT group by position, the groups in the order they are shown in."""
    members: dict[GroupKey, list[int]] = {}
    for i, line in enumerate(lines):
        members.setdefault((line.category, line.rate), []).append(i)
    return dict(sorted(members.items(), key=lambda item: (-item[0][1], item[0][0])))


def document_part(typed: Sequence[Decimal], whole: Discount | None, currency: str) -> tuple[Decimal, ...]:
    """Each group's part of the document's discount or charge: a percent of every one, an amount in proportion."""
    whole = whole or Discount()
    if whole.percent is not None:
        shares = [amount * whole.percent / HUNDRED for amount in typed]
        return split(_sum(shares, currency), shares, currency)
    # An amount belongs to what is charged: groups that are below zero by themselves take no part in it.
    charged = [max(amount, ZERO) for amount in typed]
    return split_by_weight(round_half_up(whole.amount or ZERO, currency), charged, currency)


def vat_group(
    key: GroupKey, typed: Decimal, discount: Decimal, charge: Decimal, currency: str, prices_include_vat: bool
) -> VatGroup:
    """One VAT group from what is typed for it, and its part of the document's discount and charge."""
    made = _inclusive_group if prices_include_vat else _exclusive_group
    return made(key, typed, discount, charge, currency)


def _exclusive_group(key: GroupKey, typed: Decimal, discount: Decimal, charge: Decimal, currency: str) -> VatGroup:
    category, rate = key
    base = typed - discount + charge
    vat = round_half_up(base * rate / HUNDRED, currency)
    return VatGroup(category, rate, typed, discount, base, vat, charge)


def _inclusive_group(key: GroupKey, typed: Decimal, discount: Decimal, charge: Decimal, currency: str) -> VatGroup:
    """What is typed, discounted and charged includes VAT; the three are turned into net amounts that add up."""
    category, rate = key
    line_sum = typed - _vat_within(typed, rate, currency)
    gross = typed - discount + charge
    vat = _vat_within(gross, rate, currency)
    base = gross - vat
    if not discount:
        return VatGroup(category, rate, line_sum, ZERO, base, vat, base - line_sum)
    net_charge = charge - _vat_within(charge, rate, currency)
    net_discount = line_sum + net_charge - base
    if net_discount * discount < 0:  # a discount of the smallest unit, all of it eaten by the rounding of the charge
        net_discount = ZERO
    return VatGroup(category, rate, line_sum, net_discount, base, vat, base - line_sum + net_discount)


def _vat_within(gross: Decimal, rate: Decimal, currency: str) -> Decimal:
    return round_half_up(gross * rate / (HUNDRED + rate), currency)


def _spread_nets(
    nets: list[Decimal], members: dict[GroupKey, list[int]], groups: Sequence[VatGroup], currency: str
) -> None:
    """Turn amounts that include VAT into net amounts that add up to their group's sum (three of 33.33 at 25 % become
    26.67, 26.66 and 26.66, never 79.98 together)."""
    for positions, group in zip(members.values(), groups, strict=True):
        shares = [nets[i] * HUNDRED / (HUNDRED + group.rate) for i in positions]
        for i, part in zip(positions, split(group.line_sum, shares, currency), strict=True):
            nets[i] = part


def _sum(amounts: Iterable[Decimal], currency: str) -> Decimal:
    return round_half_up(sum(amounts, ZERO), currency)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the calculation. `kind` names it, `inputs` are the figures that went in, `amount` what came out."""

    kind: str
    amount: Decimal
    inputs: tuple[tuple[str, Decimal | str | int], ...] = ()


def explain(totals: Totals) -> tuple[Step, ...]:
    """How the total came about, as data in the order it was calculated. Figures only: the words are the template's.

    Kinds: line, line_sum, discount, charge, vat or vat_within (one per group; the second when prices include VAT), net,
    vat_sum, gross.
    """
    steps = [_line_step(position, line) for position, line in enumerate(totals.lines, start=1)]
    steps.append(Step("line_sum", totals.line_sum))
    if totals.discount:
        steps.append(Step("discount", totals.discount))
    if totals.charge:
        steps.append(Step("charge", totals.charge))
    steps += [_vat_step(group, totals.prices_include_vat) for group in totals.groups]
    steps += [Step("net", totals.net), Step("vat_sum", totals.vat), Step("gross", totals.gross)]
    return tuple(steps)


def _line_step(position: int, total: LineTotal) -> Step:
    line = total.line
    return Step(
        "line",
        total.net,
        (
            ("position", position),
            ("quantity", line.quantity),
            ("unit_price", line.unit_price),
            ("gross_price_amount", total.gross_price_amount),
            ("discount_percent", line.discount_percent),
            ("discount", total.discount),
            ("charge", line.charge),
            ("shown", total.net_shown),
        ),
    )


def _vat_step(group: VatGroup, inclusive: bool) -> Step:
    """`exact` is the VAT before the one rounding."""
    with exact():
        unrounded = (
            group.gross * group.rate / (HUNDRED + group.rate) if inclusive else group.base * group.rate / HUNDRED
        )
    return Step(
        "vat_within" if inclusive else "vat",
        group.vat,
        (
            ("category", group.category),
            ("rate", group.rate),
            ("line_sum", group.line_sum),
            ("discount", group.discount),
            ("charge", group.charge),
            ("base", group.base),
            ("gross", group.gross),
            ("exact", unrounded),
        ),
    )
