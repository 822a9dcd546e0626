"""The list of all payments, by pages that do not get slower the further one goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from models.queries.keyset import Place
from models.unit_of_work import reading

PAGE = 50


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One line of the list."""

    id: UUID
    invoice_id: UUID | None  # a refund has none
    number: str | None
    customer_id: UUID
    customer_name: str
    paid_on: date
    amount: Decimal
    to_credit: Decimal
    currency: str
    note: str
    is_reversal: bool
    is_reversed: bool
    recorded_at: datetime
    kind: str = "payment"


@dataclass(frozen=True, slots=True)
class PaymentList:
    """A page of payments; `more` is the place to go on from, "" at the end."""

    rows: list[PaymentRow]
    more: str
    time_zone: str


async def payment_list(organisation_id: UUID, after: str) -> PaymentList:
    """The payments recorded before the place `after`, newest first; a place that can not be read is the beginning."""
    place = Place.read(after) or Place.end()
    async with reading(organisation_id) as work:
        zone = await work.connection.fetchval("select time_zone from organisation where id = $1", organisation_id)
        found = await work.connection.fetch(_LIST, organisation_id, place.at, place.id, PAGE + 1)
    rows = [PaymentRow(**row) for row in found[:PAGE]]
    more = str(Place(rows[-1].recorded_at, rows[-1].id)) if len(found) > PAGE else ""
    return PaymentList(rows, more, zone)


_LIST = """
select p.id, p.invoice_id, i.number, p.customer_id, coalesce(i.customer_name, c.name) as customer_name, p.paid_on,
       case p.kind when 'credit_used' then p.to_invoice else p.amount end as amount, p.to_credit, p.kind,
       p.currency, p.note,
       p.reverses_id is not null as is_reversal, p.recorded_at,
       exists (select from payment r where r.organisation_id = p.organisation_id and r.reverses_id = p.id)
           as is_reversed
from payment p left join invoice i on i.organisation_id = p.organisation_id and i.id = p.invoice_id
join customer c on c.organisation_id = p.organisation_id and c.id = p.customer_id
where p.organisation_id = $1 and p.kind <> 'credit_note' and (p.recorded_at, p.id) < ($2, $3)
and c.restricted_at is null and not coalesce(p.invoice_id = any(array(
    select hidden.invoice_id from restriction hidden
    where hidden.organisation_id = $1 and hidden.invoice_id is not null and hidden.lifted_at is null)), false)
order by p.recorded_at desc, p.id desc limit $4
"""
