from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import asyncpg
import pytest

from models.database_away import is_database_away
from models.engine import DB, close_soon, pool, settled
from models.queries.home import HOME
from models.queries.invoice_page import PAGE
from models.unit_of_work import CommitFailed, alone, read_alone, reading, unit_of_work
from tests.actions.making import saved
from tests.world import World


async def customers(company_id: object) -> int:
    async with reading(company_id) as work:  # type: ignore[arg-type]
        count: int = await work.connection.fetchval("select count(*) from customer")
    return count


async def test_an_exception_leaves_nothing_behind(world: World) -> None:
    company = await world.company()
    with pytest.raises(RuntimeError):
        async with unit_of_work(company.id) as work:
            await work.connection.execute("update organisation set name = 'changed'")
            work.audit("organisation.changed", "organisation", company.id, ["name"])
            work.enqueue("render_invoice", {"organisation_id": str(company.id)})
            raise RuntimeError
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select name from organisation") != "changed"
        assert await work.connection.fetchval("select count(*) from audit_event") == 0
    assert DB.current_transaction.get() is None


async def test_a_failing_commit_is_an_error_and_leaks_no_connection(world: World, owner: asyncpg.Connection) -> None:
    """T-06: fifty times, with a pool of sixteen."""
    company = await world.company()
    await owner.execute(
        f"""
        create function refuse_{company.id.hex}() returns trigger language plpgsql as
            $$ begin raise exception 'refused at commit'; end $$;
        create constraint trigger refuse_{company.id.hex} after update on organisation deferrable initially deferred
            for each row when (new.id = '{company.id}') execute function refuse_{company.id.hex}();
        """
    )
    try:
        for _ in range(50):
            with pytest.raises(asyncpg.RaiseError):
                async with unit_of_work(company.id) as work:
                    await work.connection.execute("update organisation set name = 'never'")
    finally:
        await owner.execute(f"drop trigger refuse_{company.id.hex} on organisation")
    idle = await owner.fetchval(
        "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in%'"
    )
    assert idle == 0
    assert pool().get_idle_size() == pool().get_size()


async def test_what_is_thought_while_the_database_commits_changes_nothing_of_what_holds(world: World) -> None:
    company, thought = await world.company(), []

    async def rename(name: str, think: Callable[[], object], then: str = "select 1") -> None:
        async with unit_of_work(company.id) as work:
            await work.connection.execute(f"update organisation set name = '{name}'")
            work.meanwhile(think)
            with suppress(asyncpg.DivisionByZeroError):
                await work.connection.execute(then)

    async def name() -> str:
        async with reading(company.id) as work:
            return str(await work.connection.fetchval("select name from organisation"))

    await rename("one", lambda: thought.append(1))
    assert (await name(), thought) == ("one", [1])
    with pytest.raises(CommitFailed):
        await rename("two", lambda: thought.append(2), "select 1/0")
    assert await name() == "one"
    with pytest.raises(ZeroDivisionError):
        await rename("three", lambda: 1 // 0)
    assert await name() == "three"  # it was sent
    assert pool().get_idle_size() == pool().get_size()


async def test_a_swallowed_error_is_never_reported_as_saved(world: World) -> None:
    """T-07: COMMIT of a transaction that failed on the way is a silent ROLLBACK in PostgreSQL."""
    company = await world.company()
    with pytest.raises(CommitFailed):
        async with unit_of_work(company.id) as work:
            await work.connection.execute("update organisation set name = 'half'")
            with suppress(asyncpg.DivisionByZeroError):
                await work.connection.execute("select 1/0")
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select name from organisation") != "half"


async def test_reading_can_not_write(world: World) -> None:
    company = await world.company()
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with reading(company.id) as work:
            await work.connection.execute("update organisation set name = 'x'")


async def test_nobody_waits_for_the_end_of_a_reading_and_its_connection_comes_back(
    world: World, monkeypatch: pytest.MonkeyPatch, statements: list[str]
) -> None:
    company = await world.company()
    monkeypatch.setattr("models.engine.close_soon", close_soon)
    statements.clear()
    async with reading(company.id) as work:
        await work.connection.fetchval("select 1")
    assert "COMMIT" not in statements
    await settled()
    assert "COMMIT" in statements
    assert pool().get_idle_size() == pool().get_size()


async def test_a_reading_whose_connection_is_lost_harms_nobody(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    monkeypatch.setattr("models.engine.close_soon", close_soon)
    async with reading(company.id) as work:
        await owner.execute("select pg_terminate_backend($1, 5000)", work.connection.get_server_pid())
    await settled()
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select 1") == 1


LOOKED_AT = alone("select c.id, c.name, o.name as own from customer c join organisation o on o.id = c.organisation_id "
                  "where c.organisation_id = tenant.id and c.id = $2")  # fmt: skip


async def test_a_statement_that_opens_its_tenant_itself_sees_that_one_and_leaves_nothing_open(world: World) -> None:
    """S-42, S-43"""
    mine, theirs = await world.company(), await world.company()
    my_customer, their_customer = await world.customer(mine), await world.customer(theirs)
    assert (await read_alone(LOOKED_AT, mine.id, my_customer))["id"] == my_customer
    assert await read_alone(LOOKED_AT, mine.id, their_customer) is None
    async with pool().acquire() as connection:
        for _ in range(2):
            assert (await connection.fetchrow(LOOKED_AT, mine.id, my_customer))["id"] == my_customer
            assert (
                await connection.fetchval("select coalesce(current_setting('app.organisation_id', true), '')") == ""
            )
            assert await connection.fetchval("select count(*) from customer") == 0


@pytest.mark.parametrize(
    "way", ["nestloop", "hashjoin", "mergejoin", "seqscan", "indexscan", "bitmapscan", "material"]
)
async def test_its_answer_does_not_hang_on_the_order_that_the_database_chooses(world: World, way: str) -> None:
    """With each way of joining and looking switched off: never another company's row, and always one's own."""
    mine, theirs = await world.company(), await world.company()
    own, draft = await world.customer(mine), await saved(mine, await world.customer(mine))
    async with pool().acquire() as connection:
        await connection.execute(f"set enable_{way} = off")
        try:
            assert (await connection.fetchrow(LOOKED_AT, mine.id, own))["own"] == "Fjord Design ENK"
            assert (await connection.fetchrow(PAGE, mine.id, draft.id))["own"]["id"] == mine.id
            assert await connection.fetchrow(PAGE, theirs.id, draft.id) is None
            figures = await connection.fetchrow(HOME, mine.id, datetime.now(UTC), -1, 91)
            assert (figures["drafts"], figures["has_customers"], figures["currency"]) == (1, True, "NOK")
        finally:
            await connection.execute(f"reset enable_{way}")


async def test_units_of_work_do_not_nest(world: World) -> None:
    company = await world.company()
    with pytest.raises(AssertionError):
        async with unit_of_work(company.id), unit_of_work(company.id):
            pass


async def test_a_connection_that_dies_in_the_middle_is_replaced(world: World, owner: asyncpg.Connection) -> None:
    """T-05, once."""
    company = await world.company()
    with pytest.raises(Exception) as ended:
        async with unit_of_work(company.id) as work:
            mine = await work.connection.fetchval("select pg_backend_pid()")
            await owner.execute("select pg_terminate_backend($1)", mine)
            await work.connection.execute("select pg_sleep(30)")
    assert is_database_away(ended.value)
    assert await customers(company.id) == 0


@pytest.mark.parametrize("turns", [0, 1, 100])
async def test_t05_a_connection_lost_between_two_statements_is_the_database_that_is_away(
    world: World, owner: asyncpg.Connection, turns: int
) -> None:
    """However far the driver has come with hearing of it: the page says to try again, and not that it is our fault."""
    company = await world.company()
    with pytest.raises(Exception) as ended:
        async with unit_of_work(company.id) as work:
            await owner.execute("select pg_terminate_backend($1, 5000)", work.connection.get_server_pid())
            for _ in range(turns):
                await asyncio.sleep(0)
            await work.connection.execute("select 1")
    assert is_database_away(ended.value)
    assert await customers(company.id) == 0


async def test_piccolo_s_own_queries_run_inside_the_unit_of_work(world: World) -> None:
    from models.customer import Customer

    mine, theirs = await world.company(), await world.company()
    await world.customer(mine)
    await world.customer(theirs)
    async with reading(mine.id):
        rows = await Customer.select(Customer.organisation_id)
    assert [row["organisation_id"] for row in rows] == [mine.id]
