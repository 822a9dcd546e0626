"""The one connection pool of this process, and how it is opened.

Piccolo's own engine asks the server for its version while modules are imported; ours stays silent until
`open_pool`, so that a command or a test can import the tables without a database.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine

QueryObserver = Callable[[str], None]

# Tests and benchmarks append to this to see each statement that is sent.
observers: list[QueryObserver] = []


class QuietEngine(PostgresEngine):
    """Connects when told, not when imported."""

    async def check_version(self) -> None:
        """Checked by `open_pool` instead."""

    async def prep_database(self) -> None:
        """No extension is needed."""


DB = QuietEngine(config={"dsn": os.environ.get("SMARTFAKTURA_DATABASE_URL", "postgresql:///smartfaktura")})


# A statement that takes longer, or waits longer for a row that another has, ends as an error that the pages call "busy";
# a transaction that its process forgot gives its locks back. A long list comes by a cursor: each step is a statement.
# Migrations have a connection of their own and none of these.
LIMITS = {
    "statement_timeout": "20s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}


async def open_pool(database_url: str, size: int = 16) -> None:
    """Open the pool as the app role. Without a pool Piccolo would connect anew for each query."""
    DB.config = {"dsn": database_url}
    DB.pool = await asyncpg.create_pool(
        dsn=database_url,
        min_size=min(4, size),
        max_size=size,
        init=_prepare,
        reset=_reset,
        max_inactive_connection_lifetime=0,
        # Statements are planned once for each connection, not for each company: the plans for one are those for all.
        server_settings={
            "application_name": "smartfaktura",
            "jit": "off",
            "plan_cache_mode": "force_generic_plan",
            **LIMITS,
        },
    )


async def close_pool(patience: float = 5.0) -> None:
    """Let what is under way finish, for `patience` seconds; then cut it off, and the database rolls it back."""
    await settled(patience)
    pool, DB.pool = DB.pool, None
    if pool is None:
        return
    try:
        await asyncio.wait_for(pool.close(), patience)
    except TimeoutError:
        pool.terminate()


def pool() -> asyncpg.Pool:
    """The open pool; an assertion when the app forgot to open it."""
    assert DB.pool is not None, "the database pool is not open"
    return DB.pool


async def let_go(connection: Any) -> None:
    """Give the connection back whatever happened; a transaction still open here has failed.

    One that was lost has nothing to roll back, and the pool has it already; what its loss broke off tells the caller.
    """
    try:
        with contextlib.suppress(asyncpg.InterfaceError, asyncpg.PostgresConnectionError, OSError):
            if connection.is_in_transaction():
                await connection.execute("ROLLBACK")
    finally:
        await pool().release(connection)


# The tasks of `close_soon`: the loop itself holds no task.
_closing: set[asyncio.Task[None]] = set()


async def close_soon(connection: Any) -> None:
    """End a transaction that only read, and give its connection back, without anybody waiting for it."""
    task = asyncio.create_task(close_now(connection))
    _closing.add(task)
    task.add_done_callback(_closing.discard)


async def settled(patience: float = 5.0) -> None:
    """Wait until nothing is left to close, for who counts statements or closes the pool."""
    if _closing:
        await asyncio.wait(_closing, timeout=patience)
    await asyncio.sleep(0)  # the driver notes a statement a moment after its answer


async def close_now(connection: Any) -> None:
    """End a transaction that only read, and give its connection back."""
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        await connection.execute("COMMIT")
    await let_go(connection)


async def _prepare(connection: Any) -> None:
    """Learn what arrays and rows within rows look like before the first request needs one: the driver asks the server
    at the first sight of each. A database that is not migrated yet has no such rows."""
    with contextlib.suppress(asyncpg.UndefinedObjectError):
        await connection.fetchrow(_NESTED_TYPES)
    if observers:
        connection.add_query_logger(_observe)


def _observe(record: Any) -> None:
    for observer in observers:
        observer(record.query)


async def _reset(connection: Any) -> None:
    """All settings are transaction-local, so a connection needs no clean-up round trip, only a closed transaction."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


_ROWS = (
    "organisation",
    "customer",
    "invoice",
    "invoice_line[]",
    "payment[]",
    "message[]",
    "record[]",
    "transmission",
)
_ARRAYS = (
    "bool", "bytea", "date", "int2", "int4", "int8", "interval", "jsonb", "numeric", "text", "timestamptz", "uuid",
    "varchar",
)  # fmt: skip
_NESTED_TYPES = "select " + ", ".join(f"null::{kind}" for kind in (*_ROWS, *(f"{each}[]" for each in _ARRAYS)))
