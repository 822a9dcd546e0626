"""Requests to a business: its desk of them, and what their customer sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from models.queries.requests import RequestView, request_view
from models.queries.restrictions import Recipient, recipients_of
from models.unit_of_work import reading


@dataclass(frozen=True, slots=True)
class CustomerRequestView:
    """A request with what only the desk and the customer's page need. `copy_state` is that of the copy it led to, and
    `copy_id` is set while that can be fetched."""

    request: RequestView
    name: str
    language: str
    proposed: Mapping[str, str]
    invoice_id: UUID | None
    invoice_number: str | None
    quote_id: UUID | None
    quote_number: str | None
    customer_id: UUID | None
    customer_name: str | None
    copy_id: UUID | None = None
    copy_state: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The desk's page of one request: what the register says now, whose letters go out, and, where data is corrected,
    deleted or restricted, who else got it (Art. 19)."""

    view: CustomerRequestView
    customer: Mapping[str, Any] | None
    company: str
    time_zone: str
    country: str
    recipients: list[Recipient]


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """What the customer sees behind the right code. `register` is what the business keeps of them beside the invoice;
    None when the address there is another one, which may be somebody else's."""

    register: Mapping[str, Any] | None
    invoices: int
    requests: list[CustomerRequestView]


async def customer_page(organisation_id: UUID, document_id: UUID, email: str, moment: datetime) -> CustomerPage:
    """The customer's own data and requests, for who reads mail at `email`."""
    async with reading(organisation_id) as work:
        about = await work.connection.fetchrow(_ABOUT, organisation_id, document_id)
        rows = await work.connection.fetch(_SELECT + _BY_EMAIL, organisation_id, email, moment)
    same = about["customer_email"] is not None and about["customer_email"].casefold() == email.casefold()
    return CustomerPage(
        {name: about[f"customer_{name}"] for name in _SHOWN} if same else None,
        about["invoices"] if same else int(about["is_invoice"]),
        [_view(row, moment) for row in rows],
    )


async def desk(organisation_id: UUID, moment: datetime, most: int = 100) -> list[CustomerRequestView]:
    """The business's requests: the open ones first, the most urgent on top, then the latest that were answered."""
    async with reading(organisation_id) as work:
        rows = await work.connection.fetch(_SELECT + _DESK, organisation_id, most, moment)
    return [_view(row, moment) for row in rows]


async def standing(organisation_id: UUID, request_id: UUID, moment: datetime) -> Standing | None:
    """One request of the business; None for another's."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_SELECT + _ONE, organisation_id, request_id, moment)
        if row is None:
            return None
        customer = await work.connection.fetchrow(_REGISTER, organisation_id, row["customer_id"])
        told = await recipients_of(work, row["customer_id"]) if row["kind"] in _TOLD_ON else []
    others = [one for one in told if one.address.casefold() != row["email"].casefold()]
    return Standing(_view(row, moment), customer, row["company"], row["time_zone"], row["country"], others)


def _view(row: Any, moment: datetime) -> CustomerRequestView:
    return CustomerRequestView(
        request=request_view(row, moment, row["time_zone"]),
        name=row["name"],
        language=row["language"],
        proposed=msgspec.json.decode(row["proposed"]),
        invoice_id=row["invoice_id"],
        invoice_number=row["invoice_number"],
        quote_id=row["quote_id"],
        quote_number=row["quote_number"],
        customer_id=row["customer_id"],
        customer_name=row["customer_name"],
        copy_id=row["copy_id"],
        copy_state=row["copy_state"],
    )


_TOLD_ON = ("correction", "deletion", "restriction")
_SHOWN = ("name", "address_line1", "postcode", "city", "email", "phone")
_ABOUT = """
select c.name as customer_name, c.address_line1 as customer_address_line1, c.postcode as customer_postcode,
    c.city as customer_city, c.email as customer_email, c.phone as customer_phone,
    (select count(*) from invoice o where o.organisation_id = $1 and o.customer_id = d.customer_id
     and o.state <> 'draft')::integer as invoices, d.is_invoice
from (
    select customer_id, true as is_invoice from invoice where organisation_id = $1 and id = $2
    union all select customer_id, false from quote where organisation_id = $1 and id = $2
) d left join customer c on c.organisation_id = $1 and c.id = d.customer_id
"""
_SELECT = """
select r.*, p.name as handled_by_name, i.number as invoice_number, q.counter::text as quote_number,
    c.name as customer_name, o.time_zone, o.name as company, o.country, copy.id as copy_id, copy.state as copy_state
from customer_request r
join organisation o on o.id = r.organisation_id
left join person p on p.id = r.handled_by
left join invoice i on i.organisation_id = r.organisation_id and i.id = r.invoice_id
left join quote q on q.organisation_id = r.organisation_id and q.id = r.quote_id
left join customer c on c.organisation_id = r.organisation_id and c.id = r.customer_id
left join lateral (
    select case when k.state = 'ready' and k.expires_at > $3 then k.id end as id, k.state from customer_copy k
    where k.organisation_id = r.organisation_id and k.reference = r.reference order by k.asked_at desc limit 1
) copy on r.kind in ('access', 'portability')
where r.organisation_id = $1
"""
_BY_EMAIL = "and lower(r.email) = lower($2) order by r.received_at desc limit 50"
_DESK = """
order by r.closed_at desc nulls first, coalesce(r.extended_until, r.due_on), r.received_at limit $2
"""
_ONE = "and r.id = $2"
_REGISTER = """
select id, name, address_line1, postcode, city, email, phone, restricted_at, archived_at from customer
where organisation_id = $1 and id = $2
"""
