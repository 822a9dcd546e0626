"""Credit notes: what is left of an issued invoice to take back, and the exact figures of taking some of it.

Nothing is ever credited twice, and nothing is lost to rounding. Discount, charge and VAT are worked out for all that
has been taken so far, and what earlier credit notes said is subtracted: whatever the pieces, the last one takes the
exact remainder, and the sum of the credit notes is the invoice, for each VAT group, in total and in NOK. A piece is
never more than one of the smallest unit away from what it would be by itself (EN 16931 BR-CO-17 allows that).

Amounts of a credit note are positive, as the law and EN 16931 have it. Sources: bokføringsforskriften § 5-2-7 (a
document is replaced by a credit note), § 5-1-1 (its contents), § 4-2 (VAT at the rate of the invoice's own day).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from domain.credit_lines import CreditLine, LineLeft, Wanted, for_the_charge, lines_left, take
from domain.invoice import Issued
from domain.kroner import GroupInKroner, Told, taken_back
from domain.money import ZERO, exact, round_half_up, split_by_weight
from domain.refusals import Refusal, Refused
from domain.totals import Charge, Discount, GroupKey, Totals, VatGroup, document_part, vat_group

__all__ = ["Credit", "CreditLine", "Left", "LineLeft", "Wanted", "credit", "everything", "left_of"]


@dataclass(frozen=True, slots=True)
class Left:
    """What of an invoice is not credited yet: its lines, its charge in the terms of the typed prices, and in all."""

    invoice: Issued
    earlier: tuple[Issued, ...]
    lines: tuple[LineLeft, ...]
    charge: Decimal
    gross: Decimal

    @property
    def is_nothing(self) -> bool:
        """Is the invoice credited in full?"""
        return not self.charge and all(line.is_nothing for line in self.lines)

    @property
    def is_everything(self) -> bool:
        """Did no credit note take anything yet?"""
        return not self.earlier


@dataclass(frozen=True, slots=True)
class Credit:
    """The figures of one credit note; `kroner` of each group, in another currency. `takes_the_rest` when nothing is left
    after it."""

    lines: tuple[CreditLine, ...]
    totals: Totals
    discount: Discount | None
    charge: Charge | None
    kroner: tuple[GroupInKroner, ...]
    vat_nok: Decimal | None
    takes_the_rest: bool


def left_of(invoice: Issued, earlier: Iterable[Issued]) -> Left:
    """What is left of `invoice` after the credit notes issued `earlier`."""
    notes = tuple(earlier)
    return Left(
        invoice=invoice,
        earlier=notes,
        lines=lines_left(invoice, notes),
        charge=invoice.totals.shown_charge - sum((note.totals.shown_charge for note in notes), ZERO),
        gross=invoice.totals.gross - sum((note.totals.gross for note in notes), ZERO),
    )


def everything(left: Left) -> dict[UUID, Wanted]:
    """All that is left of every line."""
    return {line.id: Wanted(quantity=line.quantity) for line in left.lines if not line.is_nothing}


def credit(left: Left, wanted: Mapping[UUID, Wanted], charge: Decimal = ZERO) -> Credit:
    """The credit note that takes back `wanted` of the lines, and `charge` of the document's charge.

    Raises Refused with every reason at once: more than is left of a line or of the charge, nothing chosen, a total
    below zero or above what is left of the whole (possible where a line of the invoice is below zero).
    """
    faults = list(_faults(left, wanted, charge))
    if faults:
        raise Refused(*faults)
    with exact():
        taken = (take(line, wanted[line.id], left.invoice) for line in left.lines if line.id in wanted)
        lines = tuple(line for line in taken if line is not None)
        if not lines and not charge:
            raise Refused(Refusal("credit.nothing_chosen", None))
        lines = lines or (for_the_charge(left.lines[0], left.invoice),)
        made = _made(left, lines, charge)
    if made.totals.gross < 0:
        raise Refused(Refusal("credit.total_negative", None))
    if made.totals.gross > left.gross:
        raise Refused(Refusal("credit.more_than_left", None))
    return made


def _faults(left: Left, wanted: Mapping[UUID, Wanted], charge: Decimal) -> Iterator[Refusal]:
    if left.is_nothing:
        yield Refusal("credit.nothing_left", None)
        return
    known = {line.id: line for line in left.lines}
    for line_id, want in wanted.items():
        if line_id not in known:
            yield Refusal("credit.line_unknown", None)
        else:
            yield from known[line_id].faults(want, left.invoice.currency)
    if not ZERO <= charge <= left.charge:
        yield Refusal("credit.charge_more_than_left", "charge")
    elif charge != round_half_up(charge, left.invoice.currency):
        yield Refusal("payment.too_many_decimals", "charge", {"currency": left.invoice.currency})


def _made(left: Left, lines: tuple[CreditLine, ...], charge: Decimal) -> Credit:
    taken = {line.source.id: line for line in lines}
    reached = _Reached(left, taken, left.invoice.totals.shown_charge - left.charge + charge)
    groups = tuple(group for group in map(reached.group, _keys(left.invoice)) if _says_something(group, lines))
    takes_the_rest = reached.is_all
    lines = _with_nets(left, lines, groups)
    totals = _totals(left, lines, groups, reached)
    whole = takes_the_rest and left.is_everything
    kroner = _kroner(left, groups)
    return Credit(
        lines=lines,
        totals=totals,
        discount=left.invoice.discount if whole else _amount_off(totals.shown_discount),
        charge=left.invoice.charge if whole else _amount_on(left.invoice, totals.shown_charge),
        kroner=kroner,
        vat_nok=None if left.invoice.vat_nok is None else sum((group.vat for group in kroner), ZERO),
        takes_the_rest=takes_the_rest,
    )


class _Reached:
    """What is taken in all once this credit note is issued, as if it were one document."""

    def __init__(self, left: Left, taken: Mapping[UUID | None, CreditLine], charge: Decimal) -> None:
        self.left, self.invoice = left, left.invoice
        self.amounts: dict[UUID, Decimal] = {}
        self.open: set[UUID] = set()
        self.lines: dict[GroupKey, list[LineLeft]] = {key: [] for key in _keys(self.invoice)}
        for line in left.lines:
            self.lines[line.line.category, line.line.rate].append(line)
            part = taken.get(line.id)
            self.amounts[line.id] = line.line.net_shown - line.amount + (part.total.net_shown if part else ZERO)
            if line.quantity != (part.taken if part else ZERO):
                self.open.add(line.id)
        self.is_all = not self.open and charge == self.invoice.totals.shown_charge
        self.all_off, self.all_on = self._typed(self.invoice.discount), self._typed(self.invoice.charge)
        self.charges = dict(zip(self.lines, self._charges(charge), strict=True))
        self.discounts = {key: self._discount(key) for key in self.lines}

    def group(self, key: GroupKey) -> VatGroup:
        """What this credit note takes of one VAT group."""
        whole = next(group for group in self.invoice.groups if (group.category, group.rate) == key)
        after = whole
        if not self._is_whole(key):
            typed = sum((self.amounts[line.id] for line in self.lines[key]), ZERO)
            after = vat_group(
                key, typed, self.discounts[key], self.charges[key], self.invoice.currency,
                self.invoice.prices_include_vat,
            )  # fmt: skip
        for note in self.left.earlier:
            for before in note.groups:
                if (before.category, before.rate) == key:
                    after = _minus(after, before)
        return _upright(after)

    def _is_whole(self, key: GroupKey) -> bool:
        return self.charges[key] == self.all_on[key] and not any(line.id in self.open for line in self.lines[key])

    def _discount(self, key: GroupKey) -> Decimal:
        """The part of the group's discount that belongs to what is taken, in the terms of the typed prices."""
        off, lines = self.all_off[key], self.lines[key]
        if not off or not any(line.id in self.open for line in lines):
            return off
        weight = sum((abs(line.line.net_shown) for line in lines), ZERO)
        share = sum((abs(self.amounts[line.id]) for line in lines), ZERO)
        return round_half_up(off * share / weight, self.invoice.currency) if weight else ZERO

    def _charges(self, charge: Decimal) -> tuple[Decimal, ...]:
        parts = tuple(self.all_on.values())
        if charge == self.invoice.totals.shown_charge:
            return parts
        return split_by_weight(charge, parts, self.invoice.currency)

    def _typed(self, whole: Discount | None) -> dict[GroupKey, Decimal]:
        """Each group's part of the invoice's discount or charge, in the terms of the typed prices."""
        if whole is None:
            return dict.fromkeys(self.lines, ZERO)
        typed = [sum((line.line.net_shown for line in lines), ZERO) for lines in self.lines.values()]
        return dict(zip(self.lines, document_part(typed, whole, self.invoice.currency), strict=True))


def _keys(invoice: Issued) -> list[GroupKey]:
    return [(group.category, group.rate) for group in invoice.groups]


def _says_something(group: VatGroup, lines: Sequence[CreditLine]) -> bool:
    """A group belongs on the document when a line of it does, or an amount."""
    of_lines = any((line.source.category, line.source.rate) == (group.category, group.rate) for line in lines)
    return of_lines or any((group.line_sum, group.discount, group.charge, group.vat))


def _minus(after: VatGroup, before: VatGroup) -> VatGroup:
    return VatGroup(
        category=after.category,
        rate=after.rate,
        line_sum=after.line_sum - before.line_sum,
        discount=after.discount - before.discount,
        base=after.base - before.base,
        vat=after.vat - before.vat,
        charge=after.charge - before.charge,
    )


def _upright(group: VatGroup) -> VatGroup:
    """A discount or charge that rounding left below zero is said as the other one."""
    discount = max(group.discount, ZERO) + max(-group.charge, ZERO)
    charge = max(group.charge, ZERO) + max(-group.discount, ZERO)
    return VatGroup(group.category, group.rate, group.line_sum, discount, group.base, group.vat, charge)


def _with_nets(left: Left, lines: tuple[CreditLine, ...], groups: Sequence[VatGroup]) -> tuple[CreditLine, ...]:
    """With prices that include VAT the net amounts of the lines follow from their group, so that they add up to it."""
    if not left.invoice.prices_include_vat:
        return lines
    nets: dict[int, Decimal] = {}
    for group in groups:
        at = [
            i
            for i, line in enumerate(lines)
            if (line.source.category, line.source.rate) == (group.category, group.rate)
        ]
        stored = sum((lines[i].source.net for i in at), ZERO)
        if stored == group.line_sum and all(lines[i].is_whole for i in at):
            nets.update((i, lines[i].source.net) for i in at)
            continue
        shares = [lines[i].total.net_shown for i in at]
        nets.update(zip(at, split_by_weight(group.line_sum, shares, left.invoice.currency), strict=True))
    return tuple(line.with_net(nets[i]) for i, line in enumerate(lines))


def _totals(left: Left, lines: Sequence[CreditLine], groups: tuple[VatGroup, ...], reached: _Reached) -> Totals:
    invoice = left.invoice
    earlier = [note.totals for note in left.earlier]
    net, vat = sum((group.base for group in groups), ZERO), sum((group.vat for group in groups), ZERO)
    off, on = sum(reached.discounts.values(), ZERO), sum(reached.charges.values(), ZERO)
    return Totals(
        lines=tuple(line.total for line in lines),
        groups=groups,
        line_sum=sum((group.line_sum for group in groups), ZERO),
        discount=sum((group.discount for group in groups), ZERO),
        net=net,
        vat=vat,
        gross=net + vat,
        currency=invoice.currency,
        prices_include_vat=invoice.prices_include_vat,
        shown_line_sum=sum((line.total.net_shown for line in lines), ZERO),
        shown_discount=off - sum((totals.shown_discount for totals in earlier), ZERO),
        charge=sum((group.charge for group in groups), ZERO),
        shown_charge=on - sum((totals.shown_charge for totals in earlier), ZERO),
    )


def _amount_off(amount: Decimal) -> Discount | None:
    return Discount(amount=amount) if amount else None


def _amount_on(invoice: Issued, amount: Decimal) -> Charge | None:
    return Charge(amount=amount, text=invoice.charge.text if invoice.charge else "") if amount else None


def _kroner(left: Left, groups: Sequence[VatGroup]) -> tuple[GroupInKroner, ...]:
    """The groups in NOK at the rate of the invoice, so that all credit notes together give back what it stated."""
    invoice = left.invoice
    if invoice.exchange_rate is None:
        return ()
    earlier = [told for note in left.earlier for told in _told(note)]
    return taken_back(groups, _told(invoice), earlier, invoice.exchange_rate)


def _told(document: Issued) -> list[Told]:
    return list(zip(document.groups, document.groups_in_kroner, strict=True))
