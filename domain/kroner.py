"""The figures of a document in another currency, in Norwegian kroner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.money import ZERO, exact, round_half_up, split
from domain.totals import VatGroup


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency costs in NOK. `source` is the bank that published it for `day`, "" if it was typed."""

    nok: Decimal
    source: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Gain:
    """What a payment brought in kroner beyond what the invoice said; a loss is below zero. `rate` is that of its day."""

    nok: Decimal
    rate: Rate


def gain(paid: Decimal, exchange_rate: Decimal, rate: Rate) -> Gain:
    """For an amount `paid` on an invoice of `exchange_rate`, when one unit cost `rate`: the two sums in NOK, each rounded
    to øre, are subtracted. The invoice's VAT stays at its own rate (bokføringsforskriften § 4-2)."""
    with exact():
        return Gain(round_half_up(paid * rate.nok) - round_half_up(paid * exchange_rate), rate)


@dataclass(frozen=True, slots=True)
class GroupInKroner:
    """Base and VAT of one VAT group, in NOK."""

    base: Decimal
    vat: Decimal


def in_kroner(
    groups: Sequence[VatGroup], exchange_rate: Decimal, vat_nok: Decimal | None
) -> tuple[GroupInKroner, ...]:
    """Each group at `exchange_rate` (NOK for one unit), rounded to øre, half away from zero.

    The VAT of the groups adds up to `vat_nok`, which the document states (bokføringsforskriften § 5-1-1 nr. 6): the
    groups whose VAT was cut most get the øre that are left.
    """
    with exact():
        bases = [round_half_up(group.base * exchange_rate, "NOK") for group in groups]
        shares = [group.vat * exchange_rate for group in groups]
        most = max(range(len(shares)), key=lambda at: abs(shares[at]))
        shares[most] += (vat_nok or ZERO) - sum(shares, ZERO)
        vats = split(vat_nok or ZERO, shares, "NOK")
        return tuple(GroupInKroner(base, vat) for base, vat in zip(bases, vats, strict=True))


Told = tuple[VatGroup, GroupInKroner]


def taken_back(
    groups: Sequence[VatGroup], whole: Sequence[Told], earlier: Sequence[Told], exchange_rate: Decimal
) -> tuple[GroupInKroner, ...]:
    """What the `groups` of a credit note take back in NOK: all that is taken back so far, less what the `earlier` ones
    said. `whole` is the invoice: once a group's VAT is all taken back, so is what the invoice said of it in NOK. The
    parts add up for each group, whatever they are and in whatever order they come."""
    with exact():
        return tuple(_taken_back(group, whole, earlier, exchange_rate) for group in groups)


def _taken_back(
    group: VatGroup, whole: Sequence[Told], earlier: Sequence[Told], exchange_rate: Decimal
) -> GroupInKroner:
    before = [told for told in earlier if _key(told[0]) == _key(group)]
    base = group.base + sum((one.base for one, _ in before), ZERO)
    vat = group.vat + sum((one.vat for one, _ in before), ZERO)
    all_of_it = [nok.vat for one, nok in whole if _key(one) == _key(group) and one.vat == vat]
    reached = all_of_it[0] if all_of_it else round_half_up(vat * exchange_rate, "NOK")
    return GroupInKroner(
        round_half_up(base * exchange_rate, "NOK") - sum((nok.base for _, nok in before), ZERO),
        reached - sum((nok.vat for _, nok in before), ZERO),
    )


def _key(group: VatGroup) -> tuple[str, Decimal]:
    return group.category, group.rate
