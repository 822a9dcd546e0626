"""The retention engine: what a night would delete, what it deletes, and when it stops."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import plans, quotes, retention, retention_run
from actions.retention_run import SWEEPS, Line, Tally, run
from domain.privacy.retention import RULES, is_too_much
from domain.settings import Settings
from models.unit_of_work import unit_of_work
from tasks.retention import report
from tests.actions.making import draft as making
from tests.actions.making import first_save, saved
from tests.actions.restraining import lifted, restricted
from tests.issuing import Shop, open_shop
from tests.people import at

NOW = datetime.now(UTC)
MONTHS_24 = timedelta(days=730)
# Those end with the law or with the account, or are kept by the server and not by the app.
NOT_BY_THE_CLOCK = {"account", "log", "backups", "registers"}


@pytest.fixture
async def shop(pool: None, settings: Settings) -> AsyncIterator[Shop]:
    async with open_shop(settings) as opened:
        yield opened


async def step(name: str, *, dry_run: bool = False, confirmed: bool = False) -> Line:
    (line,) = await run(dry_run=dry_run, confirmed=confirmed, only={name})
    return line


async def customers_of(shop: Shop, owner: asyncpg.Connection) -> set[str]:
    rows = await owner.fetch("select name from customer where organisation_id = $1", shop.id)
    return {row["name"] for row in rows}


def test_every_rule_of_the_schedule_is_carried_out_by_a_step() -> None:
    assert {sweep.rule for sweep in SWEEPS} | NOT_BY_THE_CLOCK == {rule.name for rule in RULES}
    assert len({sweep.name for sweep in SWEEPS}) == len(SWEEPS)


async def test_p10_a_customer_is_due_the_day_after_its_time_and_not_before(
    shop: Shop, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.world.customer(shop.company, name="Ubrukt kunde")
    at(monkeypatch, NOW + MONTHS_24 - timedelta(days=1))
    await step("unused_customers", confirmed=True)
    assert "Ubrukt kunde" in await customers_of(shop, owner)
    at(monkeypatch, NOW + MONTHS_24 + timedelta(days=1))
    before = await step("unused_customers", dry_run=True)
    assert before.due >= 1 and before.gone == 0 and "Ubrukt kunde" in await customers_of(shop, owner)
    assert (await step("unused_customers", confirmed=True)).gone == before.due
    assert "Ubrukt kunde" not in await customers_of(shop, owner)
    again = await step("unused_customers")
    assert (again.due, again.gone) == (0, 0)


async def test_p33_what_is_restricted_is_left_and_the_report_says_so(
    shop: Shop, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await shop.world.customer(shop.company, name="Begrenset kunde")
    await restricted(shop.company, kept)
    draft = await saved(shop.company, await shop.world.customer(shop.company, name="Kunde med utkast"))
    await restricted(shop.company, (await _customer_of(owner, draft.id)))
    at(monkeypatch, NOW + MONTHS_24 + timedelta(days=1))
    before = await step("unused_customers", confirmed=True)
    drafts = await step("drafts", confirmed=True)
    assert before.restricted >= 1 and drafts.restricted >= 1
    assert {"Begrenset kunde", "Kunde med utkast"} <= await customers_of(shop, owner)
    assert await owner.fetchval("select true from invoice where id = $1", draft.id)
    assert f"skipped: restricted {before.restricted}" in report((before,))
    await lifted(shop.company, kept)
    await step("unused_customers", confirmed=True)
    assert "Begrenset kunde" not in await customers_of(shop, owner), "an old restriction keeps nobody"


async def _customer_of(owner: asyncpg.Connection, invoice_id: UUID) -> UUID:
    customer: UUID = await owner.fetchval("select customer_id from invoice where id = $1", invoice_id)
    return customer


async def test_a_customer_who_was_invoiced_or_has_a_draft_stays(
    shop: Shop, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands on an issued invoice is kept by the accounting law, whatever the register's own time."""
    await shop.issue(send=False)
    async with unit_of_work(shop.id) as work:
        await work.connection.execute("update customer set name = 'Fakturert' where organisation_id = $1", shop.id)
    at(monkeypatch, NOW + MONTHS_24 + timedelta(days=1))
    await step("unused_customers", confirmed=True)
    assert await customers_of(shop, owner) == {"Fakturert"}


async def test_p12_an_issued_invoice_is_deleted_by_no_step(
    shop: Shop, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = await shop.issue(send=False)
    at(monkeypatch, NOW + timedelta(days=40 * 365))
    await step("drafts", confirmed=True)
    assert await owner.fetchval("select count(*) from invoice where id = $1", issued) == 1
    with pytest.raises(asyncpg.PostgresError):
        await owner.execute("delete from invoice where id = $1", issued)


async def test_p10_one_night_takes_all_that_is_due_however_much_goes_at_once(
    shop: Shop, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company, customer = shop.company, await shop.world.customer(shop.company)
    for _ in range(3):
        await saved(company, customer)
        await plans.save(company.id, company.person_id, making(customer), first_save())
        await quotes.save(company.id, company.person_id, making(customer), first_save())

    # Of this company only: the database lets go of ended plans of others by its own day, which no test moves.
    async def own() -> AsyncIterator[UUID]:
        yield company.id

    monkeypatch.setattr(retention, "organisations", own)
    monkeypatch.setattr(retention_run, "organisations", own)
    monkeypatch.setattr(retention, "OF_A_COMPANY", 2)
    at(monkeypatch, NOW + MONTHS_24 + timedelta(days=1))
    for name, table in (("drafts", "invoice"), ("quotes", "quote"), ("plans", "plan")):
        line = await step(name, confirmed=True)
        left = await owner.fetchval(f"select count(*) from {table} where organisation_id = $1", company.id)
        assert left == 0 and line.gone == line.due == 3
        assert (await step(name)).due == 0


async def test_the_words_a_customer_is_found_by_go_too_and_the_trail_tells(
    shop: Shop, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer_id = await shop.world.customer(shop.company, name="Zqglemt")
    await owner.execute(
        "insert into search_word (organisation_id, kind, word, listed_at, subject_id) "
        "values ($1, 'customer', 'zqglemt', now(), $2)",
        shop.id, customer_id,
    )  # fmt: skip
    at(monkeypatch, NOW + MONTHS_24 + timedelta(days=1))
    await step("unused_customers", confirmed=True)
    assert await owner.fetchval("select count(*) from search_word where subject_id = $1", customer_id) == 0
    assert (await shop.events(customer_id))[-1] == "customer.purged"


async def test_the_brake_stops_what_would_delete_too_much_until_somebody_confirms(
    pool: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []

    async def tally() -> Tally:
        return Tally(due=1500, total=2000)

    async def let_go() -> int:
        runs.append(1)
        return 1500

    sweep = replace(SWEEPS[0], name="much", tally=tally, let_go=let_go)
    monkeypatch.setattr(retention_run, "SWEEPS", (sweep,))
    assert await run() == (Line("much", sweep.rule, 1500, 2000, 0, stopped=True),)
    assert await run(dry_run=True, confirmed=True) == (Line("much", sweep.rule, 1500, 2000, 0, stopped=False),)
    assert runs == []
    assert (await run(confirmed=True))[0].gone == 1500 and runs == [1]


async def test_a_step_that_fails_does_not_keep_the_others_from_running(
    pool: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []

    async def fail() -> Tally:
        raise RuntimeError("no")

    async def tally() -> Tally:
        return Tally(1, 10)

    async def let_go() -> int:
        runs.append(1)
        return 1

    first, second = replace(SWEEPS[0], tally=fail), replace(SWEEPS[1], tally=tally, let_go=let_go)
    monkeypatch.setattr(retention_run, "SWEEPS", (first, second))
    with pytest.raises(RuntimeError):
        await run()
    assert runs == [1]


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_small_night_never_stops_and_a_fifth_of_a_large_table_does(due: int, more: int) -> None:
    assert is_too_much(due, due + more) == (due > 1000 and 5 * due > due + more)


def test_the_report_names_each_step_and_what_was_stopped() -> None:
    text = report(
        [Line("letters", "short", 3, 9, 3, stopped=False), Line("drafts", "draft", 5000, 5001, 0, stopped=True)]
    )
    assert [line.split() for line in text.splitlines()] == [
        ["step", "rule", "due", "of", "deleted"],
        ["letters", "short", "3", "9", "3"],
        ["drafts", "draft", "5000", "5001", "0", "STOPPED"],
    ]
