"""Whichever way the words of a query are looked up, the list is the same."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from bench import company as companies
from bench import invoices
from domain.settings import Settings
from domain.words import words
from models.queries import search
from models.queries.home import home
from models.queries.invoice_list import Filters, InvoiceList, Sum, _selection, every_row, invoice_list
from models.unit_of_work import reading
from tests.actions.making import issued
from tests.world import World

SIZE = 400
QUERIES = (
    "as",
    "nord bygg",
    "berg kafe as",
    "trykk",
    "kvitebjørn",
    "1",
    "12",
    "finnesikke",
    "nord finnesikke",
    "ola",
)


@pytest.fixture(scope="module")
async def company_id(database: tuple[str, str], settings: Settings, pool: None) -> AsyncIterator[UUID]:
    owner = await asyncpg.connect(database[0])
    chance = random.Random(7)
    made = await companies.found(owner, "Mange Fakturaer AS", 30, chance)
    await invoices.fill(owner, made, SIZE, datetime.now(UTC) - timedelta(days=1), (b"\1" * 32, 1), chance)
    await owner.close()
    yield made.id


WAYS = {
    "every word is rare": (10**6, 10**6, 50),
    "every word is common": (0, 0, 0),
    "one common word leads": (0, 10**6, 0),
    "the newest of a word are read": (0, 10**6, 50),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    common, led, spellings = WAYS[request.param]
    monkeypatch.setitem(search.COMMON, "invoice", common)
    monkeypatch.setattr(search, "MOST_LED", led)
    monkeypatch.setattr(search, "FEW_SPELLINGS", spellings)
    return str(request.param)


async def expected(company_id: UUID, query: str) -> list[tuple[UUID, Decimal]]:
    """The invoices with a word for each beginning, worked out without any index, newest first."""
    async with reading(company_id) as work:
        rows = await work.connection.fetch(
            "select i.id, i.gross, array(select w.word::text from search_word w where w.subject_id = i.id) as words "
            "from invoice i order by i.listed_at desc, i.id desc"
        )
    return [
        (row["id"], row["gross"])
        for row in rows
        if all(any(word.startswith(term) for word in row["words"]) for term in words(query))
    ]


async def pages(company_id: UUID, filters: Filters) -> list[InvoiceList]:
    found = [await invoice_list(company_id, filters, "", datetime.now(UTC))]
    while found[-1].more:
        found.append(await invoice_list(company_id, filters, found[-1].more, datetime.now(UTC)))
    return found


@pytest.mark.parametrize("query", QUERIES)
async def test_a_search_finds_the_same_whichever_way(company_id: UUID, query: str, way: str) -> None:
    shown = [row.id for page in await pages(company_id, Filters(query=query)) for row in page.rows]
    assert shown == [invoice_id for invoice_id, _ in await expected(company_id, query)]


@pytest.mark.parametrize("most", [20, 60, 150])
@pytest.mark.parametrize("query", ["nord bygg", "ola as", "as trykk ola"])
async def test_nothing_is_left_out_where_the_newest_of_a_word_end(
    company_id: UUID, query: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(search.COMMON, "invoice", 0)
    monkeypatch.setattr(search, "NEWEST_READ", (1, most))
    shown = [row.id for page in await pages(company_id, Filters(query=query)) for row in page.rows]
    assert shown == [invoice_id for invoice_id, _ in await expected(company_id, query)]


@pytest.mark.parametrize("query", QUERIES)
async def test_a_sum_is_right_or_not_told(company_id: UUID, query: str, way: str) -> None:
    found = await invoice_list(company_id, Filters(query=query), "", datetime.now(UTC))
    wanted = await expected(company_id, query)
    right = [Sum("", "NOK", len(wanted), sum((gross for _, gross in wanted), Decimal(0)))] if wanted else []
    assert found.sums in (right, None)
    if not found.more:
        assert found.sums == right


async def test_a_search_within_a_tab_leaves_out_the_others(company_id: UUID, way: str) -> None:
    everything = {row.id: row.state for page in await pages(company_id, Filters(query="as")) for row in page.rows}
    paid = [row.id for page in await pages(company_id, Filters(state="paid", query="as")) for row in page.rows]
    assert paid == [invoice_id for invoice_id, state in everything.items() if state == "paid"]


@pytest.mark.parametrize("query", ["", "nord bygg", "as"])
async def test_a_download_has_the_rows_of_all_pages(company_id: UUID, query: str, way: str) -> None:
    """S-45: the rows are read within the transaction that may see them, not while the answer leaves."""
    filters = Filters(query=query)
    shown = [row.id for page in await pages(company_id, filters) for row in page.rows]
    async with reading(company_id) as work:
        rows = [row.id async for row in every_row(work, filters, datetime.now(UTC))]
    assert rows == shown


async def test_what_is_not_overdue_yet_is_passed_over_within_the_index(company_id: UUID) -> None:
    """However many fresh unpaid invoices lie before the first overdue one, none of their rows is read."""
    async with reading(company_id) as work:
        selection = await _selection(work, Filters(state="overdue"), datetime.now(UTC).date())
        statement, values = selection.statement("s.id", "order by <order> limit {0}", 51)
        for way in ("seqscan", "sort", "bitmapscan"):
            await work.connection.execute(f"set local enable_{way} = off")
        plan = [row[0] for row in await work.connection.fetch(f"explain (costs off) {statement}", *values)]
    at = next(n for n, line in enumerate(plan) if "invoice_by_state" in line)
    assert "Index Cond" in plan[at + 1] and "due_on <" in plan[at + 1]


async def test_p32_what_is_restricted_is_left_out_without_leaving_the_order_of_the_index(company_id: UUID) -> None:
    """The two sets are read once for a statement, each from an index of what is restricted alone; the list can go on in
    the order of its own index, with nothing to sort. (So few rows are sorted as fast: it is told not to.)"""
    async with reading(company_id) as work:
        selection = await _selection(work, Filters(), datetime.now(UTC).date())
        statement, values = selection.statement("s.id", "order by <order> limit {0}", 51)
        for way in ("seqscan", "sort", "bitmapscan"):
            await work.connection.execute(f"set local enable_{way} = off")
        plan = "\n".join([row[0] for row in await work.connection.fetch(f"explain (costs off) {statement}", *values)])
    assert "invoice_list" in plan and "Sort" not in plan and "Seq Scan" not in plan, plan
    for index in ("customer_restricted on customer hidden", "on restriction hidden"):
        assert index in plan, plan
    assert "(InitPlan 1).col1" in plan and "(InitPlan 2).col1" in plan and "SubPlan" not in plan, plan


# The end of the day in Oslo as UTC has it: in winter, in summer, and on the days when the clocks change.
MIDNIGHTS = {
    date(2027, 1, 15): datetime(2027, 1, 15, 23, tzinfo=UTC),
    date(2027, 6, 15): datetime(2027, 6, 15, 22, tzinfo=UTC),
    date(2027, 3, 28): datetime(2027, 3, 28, 22, tzinfo=UTC),
    date(2027, 10, 31): datetime(2027, 10, 31, 23, tzinfo=UTC),
}


async def test_an_invoice_is_overdue_from_midnight_where_the_company_is(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    for due_on in MIDNIGHTS:
        await issued(company, customer, due_on=due_on)
    for due_on, midnight in MIDNIGHTS.items():
        before = {other for other in MIDNIGHTS if other < due_on}
        for moment, overdue in ((midnight - timedelta(seconds=1), before), (midnight, before | {due_on})):
            shown = await invoice_list(company.id, Filters(state="overdue"), "", moment)
            assert {row.due_on for row in shown.rows} == overdue, moment
            assert (shown.tabs["overdue"], shown.tabs["open"]) == (len(overdue), len(MIDNIGHTS))
            assert sum(due.invoices for due in (await home(company.id, moment)).overdue) == len(overdue)
