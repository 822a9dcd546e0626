"""What was issued by VAT category and rate, from the kept sums: the same cost for ten documents and a million."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.vat_report import VatSum
from models.unit_of_work import Work, reading


@dataclass(frozen=True, slots=True)
class VatPeriod:
    """The sums of a period, and the company they are of."""

    sums: Sequence[VatSum]
    country: str
    time_zone: str
    first_year: int | None


async def vat_period(organisation_id: UUID, first: date, last: date) -> VatPeriod:
    """The sums of the months from `first` to `last`. `first_year` is that of the first document."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_PERIOD, organisation_id, first, last)
    return VatPeriod([VatSum(*one) for one in row["sums"]], row["country"], row["time_zone"], row["first_year"])


async def turnover(work: Work, since: date) -> Decimal:
    """What was sold from the month of `since` on, without VAT, in NOK, credit notes taken off."""
    found: Decimal = await work.connection.fetchval(_TURNOVER, work.organisation_id, since)
    return found


_PERIOD = """
select o.country, o.time_zone,
    (select extract(year from min(month))::integer from vat_sum s where s.organisation_id = o.id) as first_year,
    array(
        select row(currency, category, rate, sum(documents)::integer, sum(base), sum(vat), sum(base_nok),
            sum(vat_nok), sum(unrated)::integer, sum(unrated_base))
        from vat_sum s where s.organisation_id = o.id and s.month between $2 and $3
        group by currency, category, rate
    ) as sums
from organisation o where o.id = $1
"""
_TURNOVER = """
select coalesce(sum(base_nok), 0) from vat_sum
where organisation_id = $1 and month >= date_trunc('month', $2::date)::date
"""
