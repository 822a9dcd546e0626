"""What there is to delete, and what became of deletions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from domain.privacy.erasure import (
    CompanyPlan,
    Ending,
    Line,
    Part,
    Plan,
    ending_of,
    lines_of,
    parts_of,
)
from models.engine import pool
from models.queries.holds import standing_orders
from models.register import register
from models.tables import IDENTITY_TABLES, TENANT_TABLES
from models.unit_of_work import Work, reading


@dataclass(frozen=True, slots=True)
class ErasureView:
    """A deletion that was asked for. `certificate` is JSON once it is done."""

    id: UUID
    kind: str
    person_id: UUID | None
    company_id: UUID | None
    state: str
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None
    certificate: str | None


async def account_plan(person_id: UUID, email: str) -> Plan:
    """What becomes of the account and of each company that the person is in."""
    async with reading(None, person_id) as work:
        counts = await work.connection.fetch(_account_counts(), person_id)
        places = await work.connection.fetch(_PLACES, person_id)
    found = {row["name"]: row["count"] for row in counts}
    lines = tuple(Line(part.name, part.fate, found[part.name]) for part in account_parts() if found[part.name])
    companies = tuple([await _company_plan(place["organisation_id"], person_id) for place in places])
    return Plan("account", email, lines, companies)


async def company_plan(organisation_id: UUID, person_id: UUID) -> Plan:
    """What becomes of this company when it is closed, whoever else is in it."""
    company = await _company_plan(organisation_id, person_id, ending=Ending.CLOSES)
    return Plan("company", company.name, (), (company,))


async def erasure_of(erasure_id: UUID) -> ErasureView | None:
    """The deletion with this id."""
    row = await pool().fetchrow(_SELECT + "where id = $1", erasure_id)
    return None if row is None else ErasureView(**row)


async def company_closing_with(person_id: UUID) -> UUID | None:
    """The company that is about to close with this account; the first by its age when there are several."""
    found: UUID | None = await pool().fetchval(_CLOSING_WITH, person_id)
    return found


async def done_among(ids: list[UUID]) -> set[UUID]:
    """Which of these deletions the database knows to be done, or begun for the first time."""
    rows = await pool().fetch(_KNOWN, ids)
    return {row["id"] for row in rows}


@cache
def company_parts() -> tuple[Part, ...]:
    """What a company consists of, for its deletion."""
    return parts_of(register(), (table._meta.tablename for table in TENANT_TABLES))


@cache
def account_parts() -> tuple[Part, ...]:
    """What an account consists of: the tables without tenant that name a person."""
    named = {field.table for field in register().fields if field.column == "person_id"} | {"person"}
    owned = (table._meta.tablename for table in IDENTITY_TABLES)
    return parts_of(register(), (table for table in owned if table in named))


async def counted_in(work: Work) -> tuple[Mapping[str, Any], tuple[Line, ...]]:
    """The company's own row, and what there is of each part of it and until when it is kept."""
    own = await work.connection.fetchrow(_COMPANY, work.organisation_id, work.person_id)
    rows = await work.connection.fetch(_company_counts(), work.organisation_id)
    counts = {row["name"]: row["count"] for row in rows}
    months: dict[str, list[date]] = {row["name"]: row["months"] for row in rows if row["months"]}
    fixed: dict[str, date] = {row["name"]: row["fixed"] for row in rows if row["fixed"]}
    return own, lines_of(company_parts(), counts, months, own["country"], own["accounting_year_ends"], fixed)


async def _company_plan(organisation_id: UUID, person_id: UUID, ending: Ending | None = None) -> CompanyPlan:
    async with reading(organisation_id, person_id) as work:
        own, counted = await counted_in(work)
        orders = await standing_orders(work)
    return CompanyPlan(
        id=organisation_id,
        name=own["name"],
        ending=ending or ending_of(own["role"], own["others"], own["other_owners"]),
        others=own["others"],
        version=own["version"],
        country=own["country"],
        lines=counted,
        orders=orders,
    )


@cache
def _company_counts() -> str:
    return " union all ".join(_count(part) for part in company_parts())


def _count(part: Part) -> str:
    tenant = "id" if part.table == "organisation" else "organisation_id"
    condition = f"and ({part.condition})" if part.condition else ""
    months = f"array_agg(distinct date_trunc('month', {part.day})::date)" if part.day else "null::date[]"
    return (
        f"select '{part.name}' as name, count(*)::integer as count, {months} as months, "  # noqa: S608 - our own names
        f"{f'max({part.fixed})' if part.fixed else 'null::date'} as fixed "
        f"from {part.table} where {tenant} = $1 {condition}"
    )


@cache
def _account_counts() -> str:
    return " union all ".join(
        f"select '{part.name}' as name, count(*)::integer as count from {part.table} "  # noqa: S608 - our own names
        f"where {'id' if part.table == 'person' else 'person_id'} = $1"
        for part in account_parts()
    )


_SELECT = "select id, kind, person_id, company_id, state, asked_at, due_at, done_at, certificate from erasure "
_KNOWN = """
select id from erasure where id = any($1) and (state = 'done' or state = 'running' and fingerprint is not null)
"""
_PLACES = """
select m.organisation_id from membership m join organisation o on o.id = m.organisation_id
where m.person_id = $1 and o.closes_at is null order by lower(o.name), o.id
"""
_COMPANY = """
select o.name, o.country, o.accounting_year_ends,
    coalesce((select seq from audit_head where organisation_id = o.id), 0) as version,
    (select role from membership where organisation_id = o.id and person_id = $2) as role,
    count(p.id) as others, count(p.id) filter (where m.role = 'owner') as other_owners
from organisation o
left join membership m on m.organisation_id = o.id and m.person_id <> $2
left join person p on p.id = m.person_id and p.closes_at is null
where o.id = $1 group by o.id
"""
_CLOSING_WITH = """
select c.company_id from erasure a join erasure c on c.with_id = a.id and c.state = 'waiting'
where a.kind = 'account' and a.person_id = $1 and a.state = 'waiting' order by c.company_id limit 1
"""
