"""The list of invoices: tabs with counts, filters, search and sums, at the same cost for ten invoices and a million."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.words import prefix_end, terms
from models.queries.invoice_selection import Selection
from models.queries.keyset import Place
from models.queries.search import Newest, look_up
from models.unit_of_work import Work, reading

PAGE = 50
# As the rows have it, and what is overdue of the open ones. A "note" is an issued credit note.
KEPT_STATES = ("draft", "open", "paid", "credited", "note")
STATES = ("draft", "open", "overdue", "paid", "credited", "note")
# More matches than this are not added up: the figure would cost more than it is worth.
MOST_SUMMED = 1000
# An invoice has several words with the same beginning only now and then.
MOST_WORDS_COUNTED = 2 * MOST_SUMMED
_FIGURE = re.compile(r"[\d\s.,'’\u00a0\u202f]+")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; all of it stands in the address."""

    state: str = ""
    query: str = ""
    customer_id: UUID | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    undelivered: bool = False

    @property
    def narrows(self) -> bool:
        """Is anything asked for besides the tab?"""
        return bool(self.query or self.customer_id or self.issued_from or self.issued_to or self.undelivered)

    @property
    def only_seeks(self) -> bool:
        """Is a text sought and nothing else asked for?"""
        return bool(self.query) and self == Filters(query=self.query)


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One line of the list. What a credit note comes to is below zero."""

    id: UUID
    state: str
    number: str | None
    customer_name: str
    issued_on: date | None
    due_on: date | None
    gross: Decimal
    open_amount: Decimal
    paid_amount: Decimal
    currency: str
    delivery_state: str
    listed_at: datetime
    kind: str = "invoice"


@dataclass(frozen=True, slots=True)
class Sum:
    """So many invoices and what they come to, in one currency."""

    state: str
    currency: str
    invoices: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class InvoiceList:
    """A page of the list. `more` is where the next one begins, "" at the end; `sums` is None when there are too many."""

    rows: list[InvoiceRow]
    more: str
    tabs: dict[str, int]
    sums: list[Sum] | None
    today: date
    time_zone: str
    customer_name: str
    has_hidden: bool = False  # are there documents that no list shows, because they are restricted?


async def invoice_list(organisation_id: UUID, filters: Filters, after: str, moment: datetime) -> InvoiceList:
    """The invoices that `filters` leave at `moment`, newest first, from the place `after` on."""
    place = Place.read(after) or Place.end()
    async with reading(organisation_id) as work:
        kept = await work.connection.fetch(
            _KEPT, organisation_id, moment, filters.customer_id, filters.state == "overdue"
        )
        today, zone = kept[0]["today"], kept[0]["time_zone"]
        selection = await _selection(work, filters, today, Newest(PAGE + 1, place) if filters.only_seeks else None)
        statement, values = selection.statement(_COLUMNS, _PAGE_OF_IT, place.at, place.id, PAGE + 1)
        found = await work.connection.fetch(statement, *values)
        is_all = not after and len(found) <= PAGE
        sums = _added_rows(found) if filters.narrows and is_all else await _sums(work, filters, kept, selection)
    rows = [InvoiceRow(**row) for row in found[:PAGE]]
    more = str(Place(rows[-1].listed_at, rows[-1].id)) if len(found) > PAGE else ""
    name, has_hidden = kept[0]["customer_name"] or "", kept[0]["has_hidden"]
    return InvoiceList(rows, more, _tabs(kept), sums, today, zone, name, has_hidden)


async def every_row(work: Work, filters: Filters, moment: datetime) -> AsyncIterator[InvoiceRow]:
    """All invoices that `filters` leave, in the list's order, for a download. Holds few of them at a time."""
    kept = await work.connection.fetch(_KEPT, work.organisation_id, moment, filters.customer_id, False)
    selection = await _selection(work, filters, kept[0]["today"])
    statement, values = selection.statement(_COLUMNS, "order by <order>")
    async for row in work.connection.cursor(statement, *values, prefetch=500):
        yield InvoiceRow(**row)


def search_text(query: str) -> str:
    """What is sought: an amount or KID typed with spaces and marks becomes its digits, as they are stored."""
    if _FIGURE.fullmatch(query) and any(c.isdigit() for c in query):
        return re.sub(r"\D", "", query)
    return query


async def _selection(work: Work, filters: Filters, today: date, only: Newest | None = None) -> Selection:
    matches = await look_up(work, "invoice", search_text(filters.query), only)
    chosen = Selection(work.organisation_id, await matches.led(work, "invoice"))
    if filters.state == "overdue":
        chosen.add("s.state = 'open' and s.due_on < {0}", today)
    elif filters.state:
        chosen.add("s.state = {0}", filters.state)
    if filters.customer_id:
        chosen.add("s.customer_id = {0}", filters.customer_id)
    if filters.issued_from:
        chosen.add("s.issued_on >= {0}", filters.issued_from)
    if filters.issued_to:
        chosen.add("s.issued_on <= {0}", filters.issued_to)
    if filters.undelivered:
        chosen.add("s.delivery_state = 'failed'")
    return chosen


async def _sums(work: Work, filters: Filters, kept: list[Any], selection: Selection) -> list[Sum] | None:
    """What the whole selection comes to: from the kept sums for a tab, counted for a narrowed list while it is short.
    None when that would cost more than the list itself."""
    if not filters.narrows:
        wanted = [filters.state] if filters.state else KEPT_STATES
        return _added(Sum(row["state"], row["currency"], row["invoices"], row["amount"]) for row in kept
                      if row["state"] in wanted)  # fmt: skip
    if selection.asks_rows:
        return None
    if selection.is_cut:
        return await _sums_of_one(work, filters)
    inner, values = selection.statement(f"s.currency, {SIGNED} as gross", "limit {0}", MOST_SUMMED + 1)
    rows = await work.connection.fetch(_SUMMED.format(selection=inner), *values)
    if sum(row["invoices"] for row in rows) > MOST_SUMMED:
        return None
    return [Sum("", row["currency"], row["invoices"], row["amount"]) for row in rows]


async def _sums_of_one(work: Work, filters: Filters) -> list[Sum] | None:
    """The same for a single beginning of a word: counted in the index of words before any invoice is looked at."""
    (term,) = terms(search_text(filters.query))
    rows = await work.connection.fetch(
        _SUMMED_WORD, work.organisation_id, term, prefix_end(term), MOST_SUMMED, MOST_WORDS_COUNTED
    )
    return [Sum("", row["currency"], row["invoices"], row["amount"]) for row in rows] or None


def _added_rows(rows: list[Any]) -> list[Sum]:
    """What a page comes to that shows all there is."""
    return _added(Sum("", row["currency"], 1, row["gross"]) for row in rows)


def _added(sums: Any) -> list[Sum]:
    """The same with one entry for each currency."""
    total: dict[str, Sum] = {}
    for one in sums:
        before = total.get(one.currency)
        invoices, amount = (before.invoices, before.amount) if before else (0, Decimal(0))
        total[one.currency] = Sum("", one.currency, invoices + one.invoices, amount + one.amount)
    return [one for _, one in sorted(total.items()) if one.invoices]


def _tabs(kept: list[Any]) -> dict[str, int]:
    counts = dict.fromkeys(STATES, 0)
    for row in kept:
        if row["state"] is not None:
            counts[row["state"]] += row["invoices"]
    counts[""] = sum(counts[state] for state in KEPT_STATES)
    return counts


# Stored above zero, as the law and EN 16931 have it; in a list it is less.
SIGNED = "case s.kind when 'credit_note' then -s.gross else s.gross end"
_COLUMNS = (
    f"s.id, s.state, s.number, s.customer_name, s.issued_on, s.due_on, {SIGNED} as gross, s.open_amount, "
    "s.paid_amount, s.currency, s.delivery_state, s.listed_at, s.kind"
)
_PAGE_OF_IT = "and (s.listed_at, s.id) < ({0}, {1}) order by <order> limit {2}"
_SUMMED = """
select currency, count(*) as invoices, sum(gross) as amount from ({selection}) as found group by 1 order by 1
"""
# Nothing when there are more invoices than are added up, or so many words that counting them took too long.
_SUMMED_WORD = """
with seen as materialized (
    select w.subject_id from search_word w
    where w.organisation_id = $1 and w.kind = 'invoice' and w.word >= $2 and w.word < $3 limit $5 + 1
), found as materialized (
    select distinct subject_id from seen where (select count(*) from seen) <= $5
)
select currency, count(*)::integer as invoices,
    sum(case kind when 'credit_note' then -gross else gross end) as amount from invoice
where organisation_id = $1 and (select count(*) from found) <= $4 and id in (select subject_id from found)
group by 1 order by 1
"""
# The kept sums with the company's day and the name of the customer asked for; one row at least, even for a company
# without invoices. What is overdue is counted as the open ones less those of the few days to come: the days gone by are
# as many as the company is old. Only its own tab, $4, adds up what they come to. (The end of `between` leads the planner
# to the index.)
_KEPT = """
with company as (
    select time_zone, ($2::timestamptz at time zone time_zone)::date as today from organisation where id = $1
)
select c.today, c.time_zone, k.state, k.currency, k.invoices, k.amount,
    (select name from customer where organisation_id = $1 and id = $3 and restricted_at is null) as customer_name,
    exists (select from restriction where organisation_id = $1 and lifted_at is null) as has_hidden
from company c left join lateral (
    select state, currency, invoices, amount from state_sum where organisation_id = $1 and invoices <> 0
    union all
    select 'overdue', o.currency, o.invoices - coalesce((
        select sum(d.invoices)::integer from due_sum d
        where d.organisation_id = $1 and d.due_on between c.today and 'infinity' and d.currency = o.currency
    ), 0), case when $4 then coalesce((
        select sum(d.amount) from due_sum d
        where d.organisation_id = $1 and d.due_on < c.today and d.currency = o.currency and d.invoices <> 0
    ), 0) end
    from state_sum o where o.organisation_id = $1 and o.state = 'open' and o.invoices <> 0
) k on true
"""
