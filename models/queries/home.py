"""What the first page shows, from the kept sums: the same cost for ten invoices and a million."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.dates import AGE_BUCKETS, add_months, age_bucket
from domain.vat_registration import WARNINGS, near_registration_limit
from models.queries.vat_sums import TURNOVER
from models.unit_of_work import alone, read_alone

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Due:
    """Invoices in one currency that are due, and since when."""

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
    # Sales of twelve months without VAT, in NOK, of a Norwegian company that is not registered for VAT.
    unregistered_turnover: Decimal | None = None
    # Of these a hundred at most: accepted and not invoiced, not delivered, and plans with several days due.
    accepted_quotes: tuple[str, ...] = ()
    undelivered_quotes: tuple[str, ...] = ()
    asking_plans: tuple[str, ...] = ()
    # What suppliers sent that is due today or was before.
    received: tuple[Due, ...] = ()
    # The last days of customers' requests about their data that are open, the next first; a hundred at most.
    requests: tuple[date, ...] = ()
    # The days on which somebody wanted to look at a restriction again, those that have come; a hundred at most.
    reviews: tuple[date, ...] = ()
    # Invoices of the last 30 days to businesses that could not be made into e-invoices; a hundred at most.
    refused_einvoices: tuple[str, ...] = ()

    @property
    def registration_warning(self) -> str:
        """A sentence once the turnover nears what the law lets be without registration, or ""."""
        if self.unregistered_turnover is None:
            return ""
        return WARNINGS.get(near_registration_limit(self.unregistered_turnover, self.today), "")

    @property
    def is_new(self) -> bool:
        return self.drafts == 0 and self.issued == 0

    @property
    def waits(self) -> bool:
        """Does anything wait for somebody to do something?"""
        return bool(
            self.overdue
            or self.undelivered
            or self.undelivered_quotes
            or self.registration_warning
            or self.accepted_quotes
            or self.asking_plans
            or self.received
            or self.requests
            or self.reviews
            or self.refused_einvoices
            or self.drafts
            or not self.has_bank_account
        )


async def home(organisation_id: UUID, moment: datetime) -> Home:
    """The company's figures as they are at `moment` in its own time zone."""
    row = await read_alone(HOME, organisation_id, moment, 1 - MONTHS, OLDEST)
    today, currency = row["today"], row["currency"]
    due = [_OpenSum(*one) for one in row["due"]]
    own = [one for one in due if one.currency == currency]
    return Home(
        today=today,
        time_zone=row["time_zone"],
        currency=currency,
        has_bank_account=bool(row["bank_account"] or row["iban"]),
        has_customers=row["has_customers"],
        drafts=row["drafts"],
        issued=row["issued"],
        undelivered=row["undelivered"],
        overdue=_overdue(due),
        outstanding=sum((one.amount for one in own), Decimal(0)),
        ages=_ages(own, today),
        unregistered_turnover=row["turnover"],
        requests=tuple(row["requests"]),
        reviews=tuple(row["reviews"]),
        refused_einvoices=tuple(row["refused_einvoices"]),
        months=_months(row["months"], add_months(today.replace(day=1), 1 - MONTHS)),
        accepted_quotes=tuple(row["accepted_quotes"]),
        undelivered_quotes=tuple(row["undelivered_quotes"]),
        asking_plans=tuple(row["asking_plans"]),
        received=tuple(Due(*one) for one in row["received"]),
    )


# Days after which everything is in the last step of the aged list.
OLDEST = 91


@dataclass(frozen=True, slots=True)
class _OpenSum:
    """What is `late` days late in one currency: 0 is not due yet, OLDEST as late as that or later."""

    currency: str
    late: int
    invoices: int
    amount: Decimal
    oldest: date


def _overdue(due: list[_OpenSum]) -> list[Due]:
    found: dict[str, Due] = {}
    for one in due:
        if one.late:
            before = found.get(one.currency, Due(one.currency, 0, Decimal(0), one.oldest))
            found[one.currency] = Due(
                one.currency,
                before.invoices + one.invoices,
                before.amount + one.amount,
                min(before.oldest, one.oldest),
            )
    return [found[currency] for currency in sorted(found)]


def _ages(due: list[_OpenSum], today: date) -> list[tuple[str, Decimal]]:
    sums = dict.fromkeys(AGE_BUCKETS, Decimal(0))
    for one in due:
        sums[age_bucket(today - timedelta(days=one.late), today)] += one.amount
    return [(str(bucket), amount) for bucket, amount in sums.items()]


def _months(rows: list[Any], first: date) -> list[Month]:
    """Every month, those without any money too."""
    found = {month: Month(month, invoiced, paid) for month, invoiced, paid in rows}
    months = (add_months(first, n) for n in range(MONTHS))
    return [found.get(month) or Month(month, Decimal(0), Decimal(0)) for month in months]


HOME = alone(
    """
with company as materialized (
    select ($2::timestamptz at time zone time_zone)::date as today, time_zone, currency, bank_account, iban,
        country = 'NO' and not vat_registered as is_unregistered
    from organisation where id = tenant.id
)
select today, time_zone, currency, bank_account, iban,
    case when is_unregistered then TURNOVER end as turnover,
    exists (select from customer c where c.organisation_id = $1) as has_customers,
    coalesce((select sum(invoices) from state_sum s where s.organisation_id = $1 and s.state = 'draft'), 0)::integer
        as drafts,
    coalesce((select sum(invoices) from state_sum s where s.organisation_id = $1 and s.state <> 'draft'), 0)::integer
        as issued,
    (select count(*) from (select from invoice i where i.organisation_id = $1 and i.delivery_state = 'failed'
        limit 100) failed)::integer as undelivered,
    array(select q.id::text from quote q where q.organisation_id = $1 and q.state = 'accepted'
        and q.deleted_at is null limit 100) as accepted_quotes,
    array(select q.id::text from quote q where q.organisation_id = $1 and q.delivery_state = 'failed'
        and q.state = 'sent' and q.deleted_at is null limit 100) as undelivered_quotes,
    array(select p.id::text from plan p where p.organisation_id = $1 and p.next_on <= today
        and p.asked_on is not null and p.deleted_at is null limit 100) as asking_plans,
    array(select coalesce(r.extended_until, r.due_on) from customer_request r where r.organisation_id = $1
        and r.closed_at is null order by 1 limit 100) as requests,
    array(select r.review_on from restriction r where r.organisation_id = $1 and r.lifted_at is null
        and r.review_on <= today order by 1 limit 100) as reviews,
    array(select e.invoice_id::text from einvoice e where e.organisation_id = $1 and e.state = 'refused'
        and e.to_business and e.done_at > $2::timestamptz - interval '30 days' order by e.done_at limit 100)
        as refused_einvoices,
    array(
        select row(s.currency, count(*)::integer, coalesce(sum(s.amount), 0), min(s.due_on)) from supplier_document s
        where s.organisation_id = $1 and s.state = 'open' and s.due_on <= today and not s.is_credit_note
        and s.deleted_at is null group by s.currency order by s.currency
    ) as received,
    array(
        select row(d.currency, greatest(least(today - d.due_on, $4::integer), 0), sum(d.invoices)::integer,
            sum(d.amount), min(d.due_on))
        from due_sum d where d.organisation_id = $1 and d.invoices <> 0
        group by d.currency, greatest(least(today - d.due_on, $4::integer), 0)
    ) as due,
    array(
        select row(m.month, m.net + m.vat, m.paid) from month_sum m where m.organisation_id = $1
        and m.currency = company.currency
        and m.month >= (date_trunc('month', today) + make_interval(months => $3))::date
    ) as months
from company
""".replace("TURNOVER", TURNOVER.replace("TODAY", "today"))
)
