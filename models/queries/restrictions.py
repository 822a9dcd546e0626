"""Restrictions that stand: what every path asks, and what the pages about them show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models.unit_of_work import Work, reading

# Conditions for lists of rows `s`, where $1 is the company. Both sets are read once for a statement, in an index that is
# all but always empty, so they cost a list nothing.
# `coalesce` keeps the planner from guessing: with few customers it took every row for restricted and sorted them all.
CUSTOMER_FREE = """not coalesce(s.customer_id = any(array(
    select hidden.id from customer hidden
    where hidden.organisation_id = $1 and hidden.restricted_at is not null)), false)"""
# For what is deleted when its time is over: neither is the company's data restricted as a whole.
COMPANY_FREE = """not exists (
    select from restriction whole
    where whole.organisation_id = $1 and whole.scope = 'company' and whole.lifted_at is null)"""
DUE_FREE = f"({CUSTOMER_FREE} and {COMPANY_FREE})"
DOCUMENT_FREE = """s.id <> all(array(
    select hidden.invoice_id from restriction hidden
    where hidden.organisation_id = $1 and hidden.invoice_id is not null and hidden.lifted_at is null))"""
INVOICE_FREE = f"{CUSTOMER_FREE} and {DOCUMENT_FREE}"
# Is the row `m` of `message` held back? Not when an exception was made for just this document. What customers and owners
# of plans tell the company, and the notice that a restriction ends, are not held.
MESSAGE_HELD = """(m.kind in ('invoice', 'quote') and exists (
    select from restriction r
    where r.organisation_id = m.organisation_id and r.lifted_at is null and (
        r.invoice_id = m.invoice_id
        or r.customer_id = (select i.customer_id from invoice i
            where i.organisation_id = m.organisation_id and i.id = m.invoice_id)
        or r.customer_id = (select q.customer_id from quote q
            where q.organisation_id = m.organisation_id and q.id = m.quote_id))
    and not exists (
        select from restriction_exception e
        where e.organisation_id = r.organisation_id and e.restriction_id = r.id
        and e.used_on = coalesce(m.invoice_id, m.quote_id))
))"""
# The same for the row `t` of `transmission`.
TRANSMISSION_HELD = """exists (
    select from restriction r
    where r.organisation_id = t.organisation_id and r.lifted_at is null and (
        r.invoice_id = t.invoice_id
        or r.customer_id = (select i.customer_id from invoice i
            where i.organisation_id = t.organisation_id and i.id = t.invoice_id))
    and not exists (
        select from restriction_exception e
        where e.organisation_id = r.organisation_id and e.restriction_id = r.id and e.used_on = t.invoice_id)
)"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A restriction that stands, as the "Restricted" view lists it."""

    id: UUID
    scope: str
    subject_id: UUID
    name: str
    number: str | None
    ground: str
    requested_by: str
    begun_at: datetime
    review_on: date | None
    is_due: bool


@dataclass(frozen=True, slots=True)
class Exceptional:
    """An exception that was made. `number` is that of the document it was used for."""

    operation: str
    ground: str
    reason: str
    made_at: datetime
    used_at: datetime | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who got data of the subject (Art. 19): by which way, where, and when last."""

    way: str  # email | einvoice | register
    address: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """All about one subject's restrictions: the one that stands, if any, with its exceptions, and who got the data."""

    name: str
    number: str | None
    email: str
    language: str
    time_zone: str
    company: str
    standing: Standing | None
    reason: str
    exceptions: list[Exceptional]
    recipients: list[Recipient]
    customer_id: UUID | None
    past: list[Past]


@dataclass(frozen=True, slots=True)
class Past:
    """A restriction that was lifted."""

    ground: str
    begun_at: datetime
    lifted_at: datetime
    lifting_reason: str
    told: str


async def standing_restrictions(organisation_id: UUID, moment: datetime) -> tuple[list[Standing], str]:
    """Every restriction that stands, those to be reviewed first, and the company's time zone."""
    async with reading(organisation_id) as work:
        rows = await work.connection.fetch(_STANDING, organisation_id, moment)
        zone = await work.connection.fetchval("select time_zone from organisation where id = $1", organisation_id)
    return [Standing(**row) for row in rows], zone


async def case_of(organisation_id: UUID, scope: str, subject_id: UUID, moment: datetime) -> Case | None:
    """What the page about a customer's or a document's restriction shows; None when there is no such thing."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_SUBJECT[scope], organisation_id, subject_id)
        if row is None:
            return None
        standing = await work.connection.fetch(_STANDING_OF, organisation_id, subject_id, moment)
        past = await work.connection.fetch(_PAST, organisation_id, subject_id)
        exceptions = await exceptions_of(work, standing[0]["id"]) if standing else []
        recipients = await recipients_of(work, row["customer_id"])
    found = Standing(**{name: standing[0][name] for name in Standing.__slots__}) if standing else None
    return Case(
        **row,
        standing=found,
        reason=standing[0]["reason"] if standing else "",
        exceptions=exceptions,
        recipients=recipients,
        past=[Past(**one) for one in past],
    )


async def notice_of(organisation_id: UUID, restriction_id: UUID) -> dict[str, Any] | None:
    """The words of the letter that tells a customer that a restriction ends."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_NOTICE, organisation_id, restriction_id)
    return None if row is None else dict(row)


async def exceptions_of(work: Work, restriction_id: UUID) -> list[Exceptional]:
    """The exceptions from one restriction, newest first."""
    rows = await work.connection.fetch(_EXCEPTIONS, work.organisation_id, restriction_id)
    return [Exceptional(**row) for row in rows]


async def recipients_of(work: Work, customer_id: UUID | None) -> list[Recipient]:
    """Who got data of the customer, as far as the app sent it: mailboxes, the e-invoice network, the EU's register."""
    if customer_id is None:
        return []
    rows = await work.connection.fetch(_RECIPIENTS, work.organisation_id, customer_id)
    return [Recipient(**row) for row in rows]


_COLUMNS = """
select r.id, r.scope, coalesce(r.customer_id, r.invoice_id, r.organisation_id) as subject_id,
    coalesce(c.name, i.customer_name, o.name) as name, i.number, r.ground, r.requested_by, r.begun_at, r.review_on,
    coalesce(r.review_on <= ($%d::timestamptz at time zone o.time_zone)::date, false) as is_due, r.reason
from restriction r join organisation o on o.id = r.organisation_id
left join customer c on c.organisation_id = r.organisation_id and c.id = r.customer_id
left join invoice i on i.organisation_id = r.organisation_id and i.id = r.invoice_id
where r.organisation_id = $1 and r.lifted_at is null
"""
_NOTICE = """
select o.name as company, o.email as reply_to, (r.begun_at at time zone o.time_zone)::date as day,
    o.country, r.lifting_reason as reason, coalesce(i.number, '') as number, coalesce(c.language, o.language) as language
from restriction r join organisation o on o.id = r.organisation_id
left join invoice i on i.organisation_id = r.organisation_id and i.id = r.invoice_id
left join customer c on c.organisation_id = r.organisation_id and c.id = coalesce(r.customer_id, i.customer_id)
where r.organisation_id = $1 and r.id = $2
"""
_NAMES = ", ".join(Standing.__slots__)
_STANDING = f"select {_NAMES} from ({_COLUMNS % 2}) s order by not is_due, begun_at desc"  # noqa: S608 - names from here
_STANDING_OF = f"{_COLUMNS % 3} and $2 in (r.customer_id, r.invoice_id)"
_PAST = """
select ground, begun_at, lifted_at, lifting_reason, told from restriction
where organisation_id = $1 and (customer_id = $2 or invoice_id = $2) and lifted_at is not null order by lifted_at desc
"""
_EXCEPTIONS = """
select e.operation, e.ground, e.reason, e.made_at, e.used_at, i.number from restriction_exception e
left join invoice i on i.organisation_id = e.organisation_id and i.id = e.used_on
where e.organisation_id = $1 and e.restriction_id = $2 order by e.made_at desc
"""
_SUBJECT = {
    "customer": """
        select c.name, null as number, c.email, c.language, o.time_zone, o.name as company, c.id as customer_id
        from customer c join organisation o on o.id = c.organisation_id where c.organisation_id = $1 and c.id = $2
    """,
    "invoice": """
        select i.customer_name as name, i.number, coalesce(c.email, '') as email, i.language, o.time_zone,
            o.name as company, i.customer_id
        from invoice i join organisation o on o.id = i.organisation_id
        left join customer c on c.organisation_id = i.organisation_id and c.id = i.customer_id
        where i.organisation_id = $1 and i.id = $2 and i.state <> 'draft'
    """,
}
_RECIPIENTS = """
select way, address, max(at) as last_at from (
    select 'email' as way, m.recipient as address, m.sent_at as at from message m
    left join invoice i on i.organisation_id = $1 and i.id = m.invoice_id
    left join quote q on q.organisation_id = $1 and q.id = m.quote_id
    where m.organisation_id = $1 and m.state = 'sent' and m.kind in ('invoice', 'quote')
    and $2 in (i.customer_id, q.customer_id)
    union all
    select 'einvoice', t.recipient, t.handed_over_at from transmission t
    join invoice i on i.organisation_id = t.organisation_id and i.id = t.invoice_id
    where t.organisation_id = $1 and t.handed_over_at is not null and i.customer_id = $2
    union all
    select 'register', vat_number, vat_checked_at from customer
    where organisation_id = $1 and id = $2 and vat_checked_at is not null
) got group by way, address order by last_at desc limit 50
"""
