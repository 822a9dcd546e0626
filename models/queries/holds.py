"""Orders to keep, and what keeps one issued document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.privacy.erasure import Order
from models.unit_of_work import Work, reading

# Conditions. On a row `h` of legal_hold, by the database's own day as in models.triggers.frozen.LAW_ENDS:
STANDING = "h.lifted_at is null and (h.until is null or h.until >= legal_today())"
# On rows `s`, where $1 is the company: an order stands on all of their customer.
CUSTOMER_HELD = f"""coalesce(s.customer_id = any(array(
    select h.customer_id from legal_hold h where h.organisation_id = $1 and h.customer_id is not null and {STANDING}
)), false)"""  # noqa: S608 - constants of this module


@dataclass(frozen=True, slots=True)
class HoldView:
    """One order, with the number or name of what it is on."""

    id: UUID
    scope: str
    invoice_id: UUID | None
    customer_id: UUID | None
    from_day: date | None
    to_day: date | None
    basis: str
    reason: str
    until: date | None
    made_at: datetime
    lifted_at: datetime | None
    on: str

    def stands(self, today: date) -> bool:
        """Its last day counts."""
        return self.lifted_at is None and (self.until is None or self.until >= today)


@dataclass(frozen=True, slots=True)
class Kept:
    """The last day of the law, and the ground of an order to keep it longer; empty without one."""

    until: date
    basis: str


async def holds_of(organisation_id: UUID) -> list[HoldView]:
    """The company's orders, the newest first."""
    async with reading(organisation_id) as work:
        return [HoldView(**row) for row in await work.connection.fetch(_ALL, organisation_id)]


async def standing_orders(work: Work) -> tuple[Order, ...]:
    """The orders of the company of this unit of work that stand, the oldest first."""
    rows = await work.connection.fetch(_ORDERS + _OLDEST, work.organisation_id)
    return tuple(Order(**row) for row in rows)


async def orders_about(work: Work, customer_id: UUID) -> tuple[Order, ...]:
    """Those of them on a customer, on one of its issued documents, or on a period in which one was issued."""
    rows = await work.connection.fetch(_ORDERS + _ABOUT + _OLDEST, work.organisation_id, customer_id)
    return tuple(Order(**row) for row in rows)


async def subject_of(organisation_id: UUID, scope: str, subject_id: UUID) -> str | None:
    """The number of an issued document or the name of a customer; None when there is none in this company."""
    async with reading(organisation_id) as work:
        name: str | None = await work.connection.fetchval(_SUBJECTS[scope], organisation_id, subject_id)
    return name


async def law_ends(organisation_id: UUID, invoice_id: UUID) -> date:
    """The last day on which the law wants an issued document kept, with all that explains it: credit notes, payments."""
    async with reading(organisation_id) as work:
        return (await kept(work, invoice_id)).until


async def kept(work: Work, invoice_id: UUID) -> Kept:
    """What keeps an issued document of this company."""
    row = await work.connection.fetchrow(_KEPT, work.organisation_id, invoice_id)
    return Kept(row["until"], row["basis"])


_ALL = """
select h.id, h.scope, h.invoice_id, h.customer_id, h.from_day, h.to_day, h.basis, h.reason, h.until, h.made_at,
    h.lifted_at, coalesce(i.number, c.name, '') as on
from legal_hold h
left join invoice i on i.organisation_id = h.organisation_id and i.id = h.invoice_id
left join customer c on c.organisation_id = h.organisation_id and c.id = h.customer_id
where h.organisation_id = $1 order by h.lifted_at is not null, h.made_at desc, h.id limit 500
"""
_ORDERS = f"""
select h.id, h.scope, coalesce(i.number, c.name, '') as on, h.from_day, h.to_day, h.basis, h.reason, h.until, h.made_at,
    coalesce((select name from person where id = h.made_by), '') as by
from legal_hold h
left join invoice i on i.organisation_id = h.organisation_id and i.id = h.invoice_id
left join customer c on c.organisation_id = h.organisation_id and c.id = h.customer_id
where h.organisation_id = $1 and {STANDING}
"""  # noqa: S608 - constants of this module
_ABOUT = """ and (h.customer_id = $2 or exists (
    select from invoice d where d.organisation_id = $1 and d.customer_id = $2 and d.state <> 'draft'
    and (d.id = h.invoice_id or d.issued_on between h.from_day and h.to_day)))
"""
_OLDEST = " order by h.made_at, h.id"
_SUBJECTS = {
    "invoice": "select number from invoice where organisation_id = $1 and id = $2 and state <> 'draft'",
    "customer": "select name from customer where organisation_id = $1 and id = $2",
}
_KEPT = """
select law_ends(i) as until, coalesce((hold_on(i)).basis, '') as basis from invoice i
where i.organisation_id = $1 and i.id = $2
"""
