"""One plan of recurring invoices as stored, its page, the list, and which plans are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from domain.draft import Draft, DraftLine
from domain.recurring import Rhythm, Rise
from domain.totals import Totals
from models.queries.keyset import Place
from models.queries.parties import Buyer, Seller, buyer_of, seller_of
from models.queries.quotes import Content
from models.queries.restrictions import CUSTOMER_FREE
from models.unit_of_work import Work, reading
from models.written import from_json

Row = Mapping[str, Any]
PAGE = 50
NEWEST_RUNS = 24


@dataclass(frozen=True)
class StoredPlan:
    """A plan row. `row` has every column of models.plan.Plan."""

    row: Row

    @property
    def id(self) -> UUID:
        plan_id: UUID = self.row["id"]
        return plan_id

    @property
    def is_draft(self) -> bool:
        """May what it invoices still be changed?"""
        return self.row["state"] in ("draft", "active", "paused")

    @property
    def version(self) -> int:
        return int(self.row["version"])

    @property
    def lines(self) -> Sequence[DraftLine]:
        return self.draft().lines

    @cached_property
    def content(self) -> Content:
        return from_json(Content, self.row["content"])

    def draft(self) -> Draft:
        return self.content.draft

    def totals(self) -> Totals:
        return self.content.totals

    def frozen_lines(self) -> Sequence[DraftLine]:
        """The lines that the figures are of."""
        return self.lines

    @property
    def rhythm(self) -> Rhythm | None:
        """None before a first day was chosen."""
        row = self.row
        if row["first_on"] is None:
            return None
        rise = Rise(row["rise_from"], row["rise_percent"], row["rise_amount"]) if row["rise_from"] else None
        return Rhythm(
            row["unit"], row["every"], row["first_on"], row["ends_on"], row["times"], row["in_arrears"], rise
        )


async def stored(work: Work, plan_id: UUID, *, lock: bool = False) -> StoredPlan | None:
    """The plan of this company, or None. `lock` holds the row until the unit of work ends."""
    row = await work.connection.fetchrow(_LOCK if lock else _ONE, work.organisation_id, plan_id)
    return None if row is None else StoredPlan(row)


async def last_day(work: Work, plan_id: UUID) -> date | None:
    """The day of the newest run, skipped ones included."""
    day: date | None = await work.connection.fetchval(_LAST, work.organisation_id, plan_id)
    return day


@dataclass(frozen=True, slots=True)
class RunView:
    """One time of the plan and what came of it."""

    day: date
    state: str
    invoice_id: UUID | None
    number: str | None
    invoice_state: str | None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan with its newest runs."""

    own: Seller
    plan: StoredPlan
    customer: Buyer | None
    runs: list[RunView]


async def plan_page(organisation_id: UUID, plan_id: UUID) -> PlanPage | None:
    """All that the page of a plan shows, in one statement. None for an unknown or deleted one."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_PAGE, organisation_id, plan_id, NEWEST_RUNS)
    if row is None:
        return None
    runs = [RunView(*run) for run in row["runs"]]
    return PlanPage(seller_of(row["own"]), StoredPlan(row), buyer_of(row["customer"]), runs)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of the list. `risen` is the whole plan where prices have risen by the next day: `gross` is as written."""

    id: UUID
    state: str
    customer_name: str
    unit: str
    every: int
    is_automatic: bool
    next_on: date | None
    asked_on: date | None
    gross: Decimal
    currency: str
    listed_at: datetime
    risen: StoredPlan | None


@dataclass(frozen=True, slots=True)
class PlanList:
    """A page of the list. `more` is where the next one begins, "" at the end. `country` is the company's."""

    rows: list[PlanRow]
    more: str
    time_zone: str
    country: str


async def plan_list(organisation_id: UUID, after: str) -> PlanList:
    """The plans, newest first, from the place `after` on."""
    place = Place.read(after) or Place.end()
    async with reading(organisation_id) as work:
        found = await work.connection.fetch(_LIST, organisation_id, place.at, place.id, PAGE + 1)
        own = await work.connection.fetchrow(_OWN, organisation_id)
    rows = [PlanRow(**{**row, "risen": row["risen"] and StoredPlan(row["risen"])}) for row in found[:PAGE]]
    more = str(Place(rows[-1].listed_at, rows[-1].id)) if len(found) > PAGE else ""
    return PlanList(rows, more, own["time_zone"], own["country"])


async def due_plans(work: Work, moment: datetime) -> list[UUID]:
    """The plans of this company whose next day has come where the company is, and that ask nothing of anybody."""
    return [row["id"] for row in await work.connection.fetch(_DUE, work.organisation_id, moment)]


_ONE = "select * from plan where organisation_id = $1 and id = $2"
_LOCK = f"{_ONE} for update"
_LAST = "select max(day) from plan_run where organisation_id = $1 and plan_id = $2"
_PAGE = """
select p.*, o as own, c as customer,
    array(
        select row(r.day, r.state, r.invoice_id, i.number, i.state) from plan_run r
        left join invoice i on i.organisation_id = r.organisation_id and i.id = r.invoice_id
        where r.organisation_id = p.organisation_id and r.plan_id = p.id order by r.day desc limit $3
    ) as runs
from plan p join organisation o on o.id = p.organisation_id
left join customer c on c.organisation_id = p.organisation_id and c.id = p.customer_id
where p.organisation_id = $1 and p.id = $2 and p.deleted_at is null
"""
_OWN = "select time_zone, country from organisation where id = $1"
_LIST = f"""
select id, state, customer_name, unit, every, is_automatic, next_on, asked_on, gross, currency, listed_at,
    case when rise_from <= next_on then s end as risen
from plan s where organisation_id = $1 and deleted_at is null and (listed_at, id) < ($2, $3) and {CUSTOMER_FREE}
order by listed_at desc, id desc limit $4
"""  # noqa: S608 - constants of this package
_DUE = """
select p.id from plan p join organisation o on o.id = p.organisation_id
where p.organisation_id = $1 and p.next_on <= ($2::timestamptz at time zone o.time_zone)::date
and p.asked_on is null and p.deleted_at is null and not exists (
    select from restriction r where r.organisation_id = $1 and r.scope = 'company' and r.lifted_at is null
) order by p.next_on limit 500
"""
