"""The pool: what it lets no statement do, and what it knows before the first request."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from domain.settings import Settings
from models import engine
from models.database_away import is_database_away
from models.together import Part, send_together
from models.unit_of_work import unit_of_work


@pytest.fixture
async def fresh_pool(pool: None, settings: Settings) -> AsyncIterator[None]:
    """Connections that nobody has used yet."""
    of_all, config = engine.DB.pool, engine.DB.config
    await engine.open_pool(settings.database_url or "", size=1)
    yield
    await engine.close_pool()
    engine.DB.pool, engine.DB.config = of_all, config


async def test_every_connection_of_the_pool_has_its_limits(pool: None) -> None:
    for name, value in {**engine.LIMITS, "idle_in_transaction_session_timeout": "1min"}.items():
        assert await engine.pool().fetchval("select current_setting($1)", name) == value


async def test_a_statement_that_takes_too_long_ends_as_busy_and_its_connection_lives(pool: None) -> None:
    with pytest.raises(asyncpg.QueryCanceledError) as ended:
        async with unit_of_work(None) as work:
            await work.connection.execute("set local statement_timeout = 1")
            await work.connection.execute("select pg_sleep(60)")
    assert is_database_away(ended.value)
    assert await engine.pool().fetchval("select current_setting('statement_timeout')") == "20s"


async def test_waiting_too_long_for_a_row_that_another_has_ends_as_busy(
    pool: None, owner: asyncpg.Connection
) -> None:
    async with owner.transaction():
        await owner.execute("lock table attempt in access exclusive mode")
        with pytest.raises(asyncpg.LockNotAvailableError) as ended:
            async with unit_of_work(None) as work:
                await work.connection.execute("set local lock_timeout = 1")
                await work.connection.execute("select from attempt")
    assert is_database_away(ended.value)


async def test_migrations_have_no_limit_of_the_app(database: tuple[str, str], owner: asyncpg.Connection) -> None:
    """They run on a connection of their own: the limits belong to the pool, not to the database or a role."""
    for url in database:
        connection = await asyncpg.connect(url)
        try:
            assert await connection.fetchval("select current_setting('statement_timeout')") == "0"
        finally:
            await connection.close()


async def test_the_first_request_does_not_pay_for_learning_the_types(fresh_pool: None, statements: list[str]) -> None:
    statements.clear()
    with contextlib.suppress(ZeroDivisionError):
        async with unit_of_work(None) as work:
            for kind in ("uuid", "text", "numeric", "smallint", "timestamptz", "date", "bool", "bigint"):
                await work.connection.fetchval(f"select $1::{kind}[]", [])
            work.enqueue("nothing", {}, after=timedelta(days=1), dedupe_key="of test_engine")
            await send_together(work, Part("nothing", "select 1", ()))
            raise ZeroDivisionError
    assert len(statements) > 8
    assert [text for text in statements if "typeinfo" in text] == []
