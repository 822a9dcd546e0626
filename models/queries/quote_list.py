"""The list of quotes: tabs with counts, search, and pages that cost the same for ten quotes and a million."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.quotes import stands
from models.queries.invoice_selection import Selection
from models.queries.keyset import Place
from models.queries.search import look_up
from models.unit_of_work import Work, reading

PAGE = 50
# "expired" is what waits in vain; a withdrawn quote is found under all.
TABS = ("draft", "sent", "accepted", "declined", "expired", "invoiced")
# A tab counts no further than this: the figure would cost more than it is worth.
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class QuoteFilters:
    """What the list is narrowed to; all of it stands in the address."""

    state: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One line of the list. `state` is as it stands today: see domain.quotes.stands."""

    id: UUID
    state: str
    number: int | None
    customer_name: str
    sent_at: datetime | None
    valid_until: date | None
    gross: Decimal
    currency: str
    delivery_state: str
    listed_at: datetime


@dataclass(frozen=True, slots=True)
class QuoteList:
    """A page of the list. `more` is where the next one begins, "" at the end."""

    rows: list[QuoteRow]
    more: str
    tabs: dict[str, int]
    time_zone: str


async def quote_list(organisation_id: UUID, filters: QuoteFilters, after: str, moment: datetime) -> QuoteList:
    """The quotes that `filters` leave at `moment`, newest first, from the place `after` on."""
    place = Place.read(after) or Place.end()
    async with reading(organisation_id) as work:
        kept = await work.connection.fetchrow(_TABS, organisation_id, moment, MOST_COUNTED + 1)
        selection = await _selection(work, filters, kept["today"])
        statement, values = selection.statement(_COLUMNS, _PAGE_OF_IT, place.at, place.id, PAGE + 1)
        found = [_row(row, kept["today"]) for row in await work.connection.fetch(statement, *values)]
    rows = found[:PAGE]
    more = str(Place(rows[-1].listed_at, rows[-1].id)) if len(found) > PAGE else ""
    return QuoteList(rows, more, {name or "": kept[name or "everything"] for name in ("", *TABS)}, kept["time_zone"])


async def every_quote(work: Work, filters: QuoteFilters, moment: datetime) -> AsyncIterator[QuoteRow]:
    """All quotes that `filters` leave, in the list's order, for a download. Holds few of them at a time."""
    today = await work.connection.fetchval(_TODAY, work.organisation_id, moment)
    selection = await _selection(work, filters, today)
    statement, values = selection.statement(_COLUMNS, "order by <order>")
    async for row in work.connection.cursor(statement, *values, prefetch=500):
        yield _row(row, today)


async def _selection(work: Work, filters: QuoteFilters, today: date) -> Selection:
    chosen = Selection(work.organisation_id, await look_up(work, "quote", filters.query), table="quote")
    if filters.state in ("sent", "expired"):
        chosen.add("s.state = 'sent'")
        chosen.add("s.valid_until < {0}" if filters.state == "expired" else "s.valid_until >= {0}", today)
    elif filters.state:
        chosen.add("s.state = {0}", filters.state)
    return chosen


def _row(row: Any, today: date) -> QuoteRow:
    return QuoteRow(**{**row, "state": stands(row["state"], row["valid_until"], today)})


_COLUMNS = (
    "s.id, s.state, s.counter as number, s.customer_name, s.sent_at, s.valid_until, s.gross, s.currency, "
    "s.delivery_state, s.listed_at"
)
_PAGE_OF_IT = "and (s.listed_at, s.id) < ({0}, {1}) order by <order> limit {2}"
_TODAY = "select ($2::timestamptz at time zone time_zone)::date from organisation where id = $1"
_COUNTED = """(select count(*) from (
    select from quote q where q.organisation_id = $1 and q.deleted_at is null{which} limit $3) counted)"""
_WHICH = {
    "everything": "",
    "sent": " and q.state = 'sent' and q.valid_until >= c.today",
    "expired": " and q.state = 'sent' and q.valid_until < c.today",
    **{state: f" and q.state = '{state}'" for state in ("draft", "accepted", "declined", "invoiced")},
}
_TABS = f"""
select c.*, {", ".join(f"{_COUNTED.format(which=which)} as {name}" for name, which in _WHICH.items())}
from (
    select time_zone, ($2::timestamptz at time zone time_zone)::date as today from organisation where id = $1
) c
"""  # noqa: S608 - constants of this module
