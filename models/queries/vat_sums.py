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


async def turnover(work: Work, today: date) -> Decimal:
    """What was sold in the twelve months that end `today`, as TURNOVER counts it."""
    found: Decimal = await work.connection.fetchval(_TURNOVER, work.organisation_id, today)
    return found


# Sales without VAT in the twelve months that end on the day TODAY, in NOK, credit notes taken off; what the law exempts
# does not count (merverdiavgiftsloven § 2-1). Whole months come from the kept sums, the first days from the documents.
TURNOVER = """
    coalesce((select sum(s.base_nok) from vat_sum s where s.organisation_id = $1 and s.category <> 'E'
        and s.month > TODAY - interval '12 months'), 0)
    + coalesce((select sum(case i.kind when 'credit_note' then -1 else 1 end * coalesce((part->>'base_nok')::numeric,
            case i.currency when 'NOK' then (part->>'base')::numeric end, 0))
        from invoice i, jsonb_array_elements(i.vat_groups) part
        where i.organisation_id = $1 and i.state <> 'draft' and i.deleted_at is null and part->>'category' <> 'E'
        and i.listed_at > TODAY - interval '12 months 2 days' and i.listed_at < TODAY - interval '10 months'
        and i.issued_on > TODAY - interval '12 months'
        and i.issued_on < date_trunc('month', TODAY - interval '11 months')), 0)
"""
_TURNOVER = f"select {TURNOVER}".replace("TODAY", "$2::date")
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
