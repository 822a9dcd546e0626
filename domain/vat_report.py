"""The VAT report of a period: what was issued, by the standard tax code of SAF-T and its rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.money import ZERO
from domain.vat import saft_code


@dataclass(frozen=True, slots=True)
class VatSum:
    """What was issued in one currency with one category (BT-118) and rate, credit notes taken off: in that currency, and
    in NOK by the rate that each document states. `unrated` documents have none; they come to `unrated_base`."""

    currency: str
    category: str
    rate: Decimal
    documents: int
    base: Decimal
    vat: Decimal
    base_nok: Decimal
    vat_nok: Decimal
    unrated: int = 0
    unrated_base: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of the report, in NOK; `code` is the standard tax code of SAF-T Financial, "" where it has none."""

    code: str
    category: str
    rate: Decimal
    documents: int
    base: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class VatReport:
    """`lines` are in NOK. `foreign` are the sums in other currencies that went into them; currencies are never added."""

    lines: tuple[ReportLine, ...]
    foreign: tuple[VatSum, ...]

    @property
    def base(self) -> Decimal:
        return sum((line.base for line in self.lines), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((line.vat for line in self.lines), ZERO)

    @property
    def unrated(self) -> tuple[VatSum, ...]:
        """What is not in the lines, since its documents state no rate to NOK."""
        return tuple(one for one in self.foreign if one.unrated)


def report(sums: Iterable[VatSum], last: date) -> VatReport:
    """The report of a Norwegian seller for a period that ends on `last`, highest rate first."""
    sums = tuple(sums)
    kinds = sorted({(one.category, one.rate) for one in sums}, key=lambda kind: (-kind[1], kind[0]))
    lines = (_line(category, rate, sums, last) for category, rate in kinds)
    foreign = (one for one in sums if one.currency != "NOK")
    return VatReport(
        tuple(line for line in lines if line.documents),
        tuple(sorted(foreign, key=lambda one: (one.currency, -one.rate, one.category))),
    )


def _line(category: str, rate: Decimal, sums: Iterable[VatSum], last: date) -> ReportLine:
    same = [one for one in sums if (one.category, one.rate) == (category, rate)]
    return ReportLine(
        code=saft_code(category, rate, last),
        category=category,
        rate=rate,
        documents=sum(one.documents - one.unrated for one in same),
        base=sum((one.base_nok for one in same), ZERO),
        vat=sum((one.vat_nok for one in same), ZERO),
    )
