"""One quote as stored: a draft to work on, or what was sent and how it was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from domain.draft import Draft, DraftLine
from domain.invoice import Issued
from domain.links import token_hash
from domain.quotes import stands
from domain.totals import Totals
from models.queries.invoices import EventView, MessageView
from models.queries.parties import Buyer, Seller, buyer_of, seller_of
from models.unit_of_work import Work, reading
from models.written import from_json

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """What the editor saved, with its figures of that day."""

    draft: Draft
    totals: Totals


@dataclass(frozen=True)
class StoredQuote:
    """A quote row. `row` has every column of models.quote.Quote."""

    row: Row

    @property
    def id(self) -> UUID:
        quote_id: UUID = self.row["id"]
        return quote_id

    @property
    def is_draft(self) -> bool:
        return bool(self.row["state"] == "draft")

    @property
    def version(self) -> int:
        return int(self.row["version"])

    @property
    def number(self) -> str:
        return str(self.row["counter"] or "")

    @property
    def lines(self) -> Sequence[DraftLine]:
        return self.draft().lines

    @cached_property
    def content(self) -> Content:
        return from_json(Content, self.row["content"])

    def draft(self) -> Draft:
        """What the editor works on; of a quote that was sent, what a copy starts from."""
        return self.content.draft

    def totals(self) -> Totals:
        """The stored figures: those that were sent, or of the draft as it was saved last."""
        return self.content.totals if self.is_draft else self.document().totals

    def frozen_lines(self) -> Sequence[Any]:
        """The lines that the figures are of."""
        return self.draft().lines if self.is_draft else self.document().lines

    def document(self) -> Issued:
        """What was sent."""
        assert not self.is_draft, "a draft was not sent yet"
        return from_json(Issued, self.row["document"])

    def stands(self, today: date) -> str:
        """domain.quotes.stands"""
        return stands(self.row["state"], self.row["valid_until"], today)


async def stored(work: Work, quote_id: UUID, *, lock: bool = False) -> StoredQuote | None:
    """The quote of this company, or None. `lock` holds the row until the unit of work ends."""
    row = await work.connection.fetchrow(_LOCK if lock else _ONE, work.organisation_id, quote_id)
    return None if row is None else StoredQuote(row)


@dataclass(frozen=True, slots=True)
class MadeOfIt:
    """An invoice that was made of a quote."""

    id: UUID
    number: str | None
    state: str


@dataclass(frozen=True, slots=True)
class QuotePage:
    """A quote with what happened to it, each list in the order of time."""

    own: Seller
    quote: StoredQuote
    customer: Buyer | None
    messages: list[MessageView]
    events: list[EventView]
    invoices: list[MadeOfIt]


async def quote_page(organisation_id: UUID, quote_id: UUID) -> QuotePage | None:
    """All that the page of a quote shows, in one statement. None for an unknown or deleted one."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_PAGE, organisation_id, quote_id)
    if row is None:
        return None
    return QuotePage(
        own=seller_of(row["own"]),
        quote=StoredQuote(row),
        customer=buyer_of(row["customer"]),
        messages=[MessageView(**message) for message in map(_message, row["messages"])],
        events=[EventView(*event) for event in row["events"]],
        invoices=[MadeOfIt(*one) for one in row["invoices"]],
    )


@dataclass(frozen=True, slots=True)
class HostedQuote:
    """The quote behind a token, the zone in which its company counts days, and the country it is in."""

    organisation_id: UUID
    quote: StoredQuote
    time_zone: str
    country: str = "NO"


async def hosted_quote(token: str) -> HostedQuote | None:
    """The quote that the secret of an address opens; None when it opens nothing.

    It looks before it knows the company: row-level security shows the row of this token and no other.
    """
    sought = token_hash(token)
    if sought is None:
        return None
    async with reading(None) as work:
        await work.connection.execute("select set_config('app.link_hash', $1, true)", sought.hex())
        organisation_id = await work.connection.fetchval(_BEHIND, sought)
    if organisation_id is None:
        return None
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_HOSTED, organisation_id, sought)
    return HostedQuote(organisation_id, StoredQuote(row), row["time_zone"], row["country"])


def _message(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in MessageView.__dataclass_fields__}


# A quote `q` of the company `o` that was agreed to is kept like a contract (bokføringsloven § 13 first paragraph no. 3),
# to the end of this day.
AGREED = "({q}.answer is not distinct from 'accepted' or {q}.state = 'invoiced')"
AGREED_UNTIL = (
    "kept_until((coalesce({q}.answered_at, {q}.sent_at, {q}.created_at) at time zone o.time_zone)::date, o.country, "
    "o.accounting_year_ends)"
)
_LAW_ENDS = f"case when {AGREED} then {AGREED_UNTIL} end as law_ends".format(q="q")
_ONE = "select * from quote where organisation_id = $1 and id = $2"
_LOCK = f"{_ONE} for update"
_BEHIND = "select organisation_id from quote where token_hash = $1"
_HOSTED = f"""
select q.*, o.time_zone, o.country, {_LAW_ENDS} from quote q join organisation o on o.id = q.organisation_id
where q.organisation_id = $1 and q.token_hash = $2
"""  # noqa: S608 - constants of this module
_PAGE = f"""
select q.*, o as own, c as customer, {_LAW_ENDS},
    array(
        select m from message m
        where m.organisation_id = q.organisation_id and m.quote_id = q.id and m.kind = 'quote'
        order by m.queued_at, m.id
    ) as messages,
    array(
        select row(e.action, e.at, p.name) from audit_event e left join person p on p.id = e.person_id
        where e.organisation_id = q.organisation_id and e.subject_id = q.id and e.action <> 'quote.revised'
        order by e.seq limit 200
    ) as events,
    array(
        select row(i.id, i.number, i.state) from quote_invoice made
        join invoice i on i.organisation_id = made.organisation_id and i.id = made.invoice_id
        where made.organisation_id = q.organisation_id and made.quote_id = q.id and i.deleted_at is null
        order by made.created_at, i.id
    ) as invoices
from quote q join organisation o on o.id = q.organisation_id
left join customer c on c.organisation_id = q.organisation_id and c.id = q.customer_id
where q.organisation_id = $1 and q.id = $2 and q.deleted_at is null
"""  # noqa: S608 - constants of this module
