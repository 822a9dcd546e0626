"""What the first page shows, from the kept sums: the same cost for ten invoices and a million."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.dates import AGE_BUCKETS, add_months, age_bucket
from models.unit_of_work import reading

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Due:
    """Overdue invoices in one currency."""

    currency: str
    invoices: int
    amount: Decimal
    oldest: date


@dataclass(frozen=True, slots=True)
class Month:
    """One month's money, in the company's currency."""

    month: date
    invoiced: Decimal
    paid: Decimal


@dataclass(frozen=True, slots=True)
class Home:
    """The figures of the first page. Ages and months are in the company's own currency; others are named in `overdue`."""

    today: date
    time_zone: str
    currency: str
    has_bank_account: bool
    has_customers: bool
    drafts: int
    issued: int
    undelivered: int
    overdue: list[Due]
    outstanding: Decimal
    ages: list[tuple[str, Decimal]]
    months: list[Month]

    @property
    def is_new(self) -> bool:
        return self.drafts == 0 and self.issued == 0


async def home(organisation_id: UUID, moment: datetime) -> Home:
    """The company's figures as they are at `moment` in its own time zone."""
    async with reading(organisation_id) as work:
        company = await work.connection.fetchrow(_COMPANY, organisation_id, moment)
        due = await work.connection.fetch(_DUE, organisation_id)
        first = add_months(company["today"].replace(day=1), 1 - MONTHS)
        months = await work.connection.fetch(_MONTHS, organisation_id, company["currency"], first)
    own = [row for row in due if row["currency"] == company["currency"]]
    return Home(
        today=company["today"],
        time_zone=company["time_zone"],
        currency=company["currency"],
        has_bank_account=bool(company["bank_account"] or company["iban"]),
        has_customers=company["has_customers"],
        drafts=company["drafts"],
        issued=company["issued"],
        undelivered=company["undelivered"],
        overdue=_overdue(due, company["today"]),
        outstanding=sum((row["amount"] for row in own), Decimal(0)),
        ages=_ages(own, company["today"]),
        months=_months(months, first),
    )


def _overdue(due: list[Any], today: date) -> list[Due]:
    found: dict[str, Due] = {}
    for row in due:
        if row["due_on"] < today:
            before = found.get(row["currency"], Due(row["currency"], 0, Decimal(0), row["due_on"]))
            found[row["currency"]] = Due(
                row["currency"],
                before.invoices + row["invoices"],
                before.amount + row["amount"],
                min(before.oldest, row["due_on"]),
            )
    return [found[currency] for currency in sorted(found)]


def _ages(due: list[Any], today: date) -> list[tuple[str, Decimal]]:
    sums = dict.fromkeys(AGE_BUCKETS, Decimal(0))
    for row in due:
        sums[age_bucket(row["due_on"], today)] += row["amount"]
    return [(str(bucket), amount) for bucket, amount in sums.items()]


def _months(rows: list[Any], first: date) -> list[Month]:
    """Every month, those without any money too."""
    found = {row["month"]: row for row in rows}
    months = (add_months(first, n) for n in range(MONTHS))
    none = {"net": Decimal(0), "vat": Decimal(0), "paid": Decimal(0)}
    return [
        Month(month, found.get(month, none)["net"] + found.get(month, none)["vat"], found.get(month, none)["paid"])
        for month in months
    ]


_COMPANY = """
select ($2::timestamptz at time zone time_zone)::date as today, time_zone, currency, bank_account, iban,
    exists (select from customer c where c.organisation_id = $1) as has_customers,
    coalesce((select sum(invoices) from state_sum s where s.organisation_id = $1 and s.state = 'draft'), 0)::integer
        as drafts,
    coalesce((select sum(invoices) from state_sum s where s.organisation_id = $1 and s.state <> 'draft'), 0)::integer
        as issued,
    (select count(*) from (select from invoice i where i.organisation_id = $1 and i.delivery_state = 'failed'
        limit 100) failed)::integer as undelivered
from organisation where id = $1
"""
_DUE = """
select due_on, currency, invoices, amount from due_sum where organisation_id = $1 and invoices <> 0 order by due_on
"""
_MONTHS = """
select month, net, vat, paid from month_sum where organisation_id = $1 and currency = $2 and month >= $3
"""
