"""Customers as pages show them: lists, one customer with its figures, and what the type-ahead offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.identifiers import format_orgnr
from domain.privacy.classification import Retention
from domain.privacy.retention import PERIODS
from models.queries.by_name import by_name
from models.queries.search import look_up
from models.unit_of_work import Work, reading

MOST_OPTIONS = 8
NEWEST_INVOICES = 8
# Above this the page says "more than": counting on would cost more than the figure is worth.
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Owed:
    """What is unpaid in one currency, and how much of it is overdue."""

    currency: str
    amount: Decimal
    overdue: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer in a list."""

    id: UUID
    name: str
    kind: str
    organisation_number: str
    email: str
    city: str
    country: str
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class CustomerList:
    """One page of the list by name; `more` is the last customer shown, when others follow."""

    rows: list[CustomerRow]
    more: UUID | None


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One of a customer's invoices. `due_on` and `number` are None for a draft."""

    id: UUID
    kind: str
    number: str | None
    state: str
    listed_at: datetime
    issued_on: date | None
    due_on: date | None
    currency: str
    gross: Decimal
    open_amount: Decimal
    paid_amount: Decimal
    is_overdue: bool
    kept_until: date | None = None

    @property
    def badge(self) -> str:
        """The word for its state: overdue, partly paid and partly credited are kinds of open."""
        if self.state != "open":
            return self.state
        if self.is_overdue:
            return "overdue"
        if self.open_amount == self.gross:
            return "open"
        return "part" if self.paid_amount else "part_credited"


@dataclass(frozen=True, slots=True)
class HeldCredit:
    """What the customer has to their credit in one currency."""

    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A customer with what there is to know. `customer` has every column of models.customer.Customer, and `review_on`, on
    which day somebody looks at its restriction again."""

    customer: dict[str, Any]
    company: CompanyDefaults
    invoice_count: int
    owed: tuple[Owed, ...]
    invoices: list[InvoiceRow]
    credits: tuple[HeldCredit, ...] = ()

    @property
    def is_archived(self) -> bool:
        return self.customer["archived_at"] is not None

    @property
    def kept_until(self) -> date:
        """The last day on which it is kept if it is not used meanwhile: as long as the newest of its documents, and two
        years after the last change."""
        unused: date = (self.customer["changed_at"] + PERIODS[Retention.CUSTOMER]).date()
        return max([unused, *(row.kept_until for row in self.invoices if row.kept_until)])

    @property
    def has_more_invoices(self) -> bool:
        return self.invoice_count > len(self.invoices)


@dataclass(frozen=True, slots=True)
class CompanyDefaults:
    """What a new customer or product starts from."""

    country: str
    language: str
    currency: str
    due_days: int
    vat_registered: bool
    time_zone: str


@dataclass(frozen=True, slots=True)
class CustomerOption:
    """A customer as the type-ahead offers it, with what the editor takes over."""

    id: UUID
    name: str
    kind: str
    organisation_number: str
    email: str
    city: str
    country: str
    language: str
    currency: str

    @property
    def detail(self) -> str:
        """What tells two customers of the same name apart."""
        return " · ".join(part for part in (format_orgnr(self.organisation_number), self.city or self.email) if part)


async def listed(
    organisation_id: UUID, query: str, *, archived: bool, after: UUID | None, limit: int
) -> CustomerList:
    """Customers by name: those that `query` finds, those after the customer `after`, at most `limit`."""
    async with reading(organisation_id) as work:
        matches = await look_up(work, "customer", query)
        which, values = by_name(work, "customer", matches, archived=archived, after=after, limit=limit + 1)
        rows = await work.connection.fetch(_LISTED.format(which=which), *values)
    shown = [_row(row) for row in rows[:limit]]
    return CustomerList(shown, shown[-1].id if len(rows) > limit else None)


async def page(organisation_id: UUID, customer_id: UUID, moment: datetime) -> CustomerPage | None:
    """A customer with its figures and newest invoices; overdue is what is overdue at `moment` in the company's zone."""
    async with reading(organisation_id) as work:
        customer = await work.connection.fetchrow(_SHOWN, organisation_id, customer_id)
        if customer is None:
            return None
        figures = await work.connection.fetchrow(_FIGURES, organisation_id, customer_id, moment, MOST_COUNTED + 1)
        invoices = await work.connection.fetch(
            _INVOICES, organisation_id, customer_id, figures["today"], NEWEST_INVOICES
        )
    return CustomerPage(
        customer=dict(customer),
        company=CompanyDefaults(*(figures[name] for name in _DEFAULT_COLUMNS)),
        invoice_count=figures["invoices"],
        owed=_owed(figures["currencies"], figures["amounts"], figures["overdue"]),
        invoices=[InvoiceRow(**row) for row in invoices],
        credits=tuple(HeldCredit(currency, amount) for currency, amount in figures["credits"]),
    )


async def stored(organisation_id: UUID, customer_id: UUID) -> tuple[dict[str, Any], CompanyDefaults] | None:
    """Every column of a customer, and the company's defaults; None when there is no such customer."""
    async with reading(organisation_id) as work:
        customer = await work.connection.fetchrow(_CUSTOMER, organisation_id, customer_id)
        return None if customer is None else (dict(customer), await defaults_of(work))


async def defaults(organisation_id: UUID) -> CompanyDefaults:
    """What the company's new customers and products start from."""
    async with reading(organisation_id) as work:
        return await defaults_of(work)


async def defaults_of(work: Work) -> CompanyDefaults:
    """The same inside an open unit of work."""
    row = await work.connection.fetchrow(_DEFAULTS, work.organisation_id)
    return CompanyDefaults(**row)


async def options(organisation_id: UUID, query: str) -> list[CustomerOption]:
    """At most eight customers to choose from; before anything is typed, those invoiced last."""
    async with reading(organisation_id) as work:
        matches = await look_up(work, "customer", query)
        if matches.everything:
            rows = await work.connection.fetch(_RECENT, organisation_id, MOST_OPTIONS)
        else:
            which, values = by_name(work, "customer", matches, archived=False, after=None, limit=MOST_OPTIONS)
            rows = await work.connection.fetch(_OPTIONS.format(which=which), *values)
    return [CustomerOption(**row) for row in rows]


def _row(row: Any) -> CustomerRow:
    owed = _owed(row["currencies"], row["amounts"])
    return CustomerRow(**{name: row[name] for name in _ROW_COLUMNS}, owed=owed)


def _owed(
    currencies: list[str] | None, amounts: list[str] | None, overdue: list[str] | None = None
) -> tuple[Owed, ...]:
    """From arrays of text, which the driver reads without asking for their type first."""
    late = overdue or ["0"] * len(currencies or [])
    return tuple(
        Owed(currency, Decimal(amount), Decimal(part))
        for currency, amount, part in zip(currencies or [], amounts or [], late, strict=True)
    )


_ROW_COLUMNS = ("id", "name", "kind", "organisation_number", "email", "city", "country")
_DEFAULT_COLUMNS = ("country", "language", "currency", "due_days", "vat_registered", "time_zone")
_DEFAULTS = """
select country, language, currency, due_days, vat_registered, time_zone from organisation where id = $1
"""
_CUSTOMER = "select * from customer where organisation_id = $1 and id = $2"
_SHOWN = """
select c.*, (select r.review_on from restriction r where r.organisation_id = c.organisation_id and r.customer_id = c.id
    and r.lifted_at is null) as review_on
from customer c where c.organisation_id = $1 and c.id = $2
"""
_LISTED = """
select c.*, owed.currencies, owed.amounts
from (
    select s.id, s.name, s.name_key, s.kind, s.organisation_number, s.email, s.city, s.country
    from customer s where {which}
) c
left join lateral (
    select array_agg(o.currency::text order by o.currency) as currencies,
           array_agg(o.amount::text order by o.currency) as amounts
    from (
        select i.currency, sum(i.open_amount) as amount from invoice i
        where i.organisation_id = $1 and i.customer_id = c.id and i.state = 'open' group by i.currency
    ) o
) owed on true
order by c.name_key, c.id
"""
_OPTIONS = """
select s.id, s.name, s.kind, s.organisation_number, s.email, s.city, s.country, s.language, s.currency
from customer s where {which}
"""
_RECENT = """
with lately as materialized (
    select customer_id as id, max(listed_at) as at from (
        select customer_id, listed_at from invoice
        where organisation_id = $1 and deleted_at is null order by listed_at desc, id desc limit 60
    ) newest where customer_id is not null group by customer_id
)
select id, name, kind, organisation_number, email, city, country, language, currency from (
    (
        select c.*, lately.at from lately join customer c on c.organisation_id = $1 and c.id = lately.id
        where c.archived_at is null and c.restricted_at is null order by lately.at desc limit $2
    ) union all (
        select c.*, null from customer c where c.organisation_id = $1 and c.archived_at is null
        and c.restricted_at is null and not exists (select from lately where lately.id = c.id)
        order by c.name_key, c.id limit $2
    )
) offered order by at desc nulls last, name_key, id limit $2
"""
_FIGURES = """
select o.country, o.language, o.currency, o.due_days, o.vat_registered, o.time_zone,
       ($3 at time zone o.time_zone)::date as today, owed.*,
       array(
            select row(h.currency, h.amount) from customer_credit h
            where h.organisation_id = $1 and h.customer_id = $2 and h.amount <> 0 order by h.currency
       ) as credits,
       (select count(*) from (
            select from invoice where organisation_id = $1 and customer_id = $2 and deleted_at is null limit $4
       ) counted) as invoices
from organisation o, lateral (
    select array_agg(t.currency::text order by t.currency) as currencies,
           array_agg(t.amount::text order by t.currency) as amounts,
           array_agg(t.overdue::text order by t.currency) as overdue
    from (
        select i.currency, sum(i.open_amount) as amount,
               coalesce(sum(i.open_amount) filter (where i.due_on < ($3 at time zone o.time_zone)::date), 0) as overdue
        from invoice i where i.organisation_id = $1 and i.customer_id = $2 and i.state = 'open' group by i.currency
    ) t
) owed
where o.id = $1
"""
_INVOICES = """
select id, kind, number, state, listed_at, issued_on, due_on, currency,
       case kind when 'credit_note' then -gross else gross end as gross, open_amount, paid_amount,
       state = 'open' and due_on < $3 as is_overdue, kept_until
from invoice where organisation_id = $1 and customer_id = $2 and deleted_at is null
order by listed_at desc, id desc limit $4
"""
