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
class GroupInKroner:
    """Base and VAT of one VAT group, in NOK."""

    base: Decimal
    vat: Decimal


def in_kroner(
    groups: Sequence[VatGroup], exchange_rate: Decimal, vat_nok: Decimal | None
) -> tuple[GroupInKroner, ...]:
    """Each group at `exchange_rate` (NOK for one unit), rounded to øre, half away from zero.

    The VAT of the groups adds up to `vat_nok`, which the document states (bokføringsforskriften § 5-1-1 nr. 6): the
    groups whose VAT was cut most get the øre that are left. What the last of several credit notes gives back besides
    its own VAT falls on the group with the most.
    """
    with exact():
        bases = [round_half_up(group.base * exchange_rate, "NOK") for group in groups]
        shares = [group.vat * exchange_rate for group in groups]
        most = max(range(len(shares)), key=lambda at: abs(shares[at]))
        shares[most] += (vat_nok or ZERO) - sum(shares, ZERO)
        vats = split(vat_nok or ZERO, shares, "NOK")
        return tuple(GroupInKroner(base, vat) for base, vat in zip(bases, vats, strict=True))
