"""One worker at a job, also when the queue believes its worker dead.

The queue gives a job to another worker when the heartbeat of the first is late. Late is not dead: a machine under load
is enough, and the customer would get the letter twice. So whoever is at a job holds an advisory lock on it, and the
database lets go of that exactly when the worker's connection ends: a killed worker's jobs go on at once, a slow
worker's jobs wait for it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg

NAMESPACE = 7226002  # any number, the same in every worker
PAUSE = 0.5
_LARGEST = 2**31
# A machine that vanished without a word is noticed within a minute.
_SETTINGS = {
    "application_name": "smartfaktura",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}


class Leases:
    """The locks of one worker, on one connection of their own."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    def when_lost(self, act: Callable[[], None]) -> None:
        """Call `act` when the connection ends: from then on nothing keeps others off our jobs."""
        self._connection.add_termination_listener(lambda _: act())

    @asynccontextmanager
    async def hold(self, job_id: int) -> AsyncIterator[None]:
        """Wait until no other worker is at the job, and keep them off it until the block ends."""
        # The other one is another process: there is nothing of ours to wait for but time.
        while not await self._ask("select pg_try_advisory_lock($1, $2)", job_id):  # noqa: ASYNC110
            await asyncio.sleep(PAUSE)
        try:
            yield
        finally:
            # When the connection is gone, so is the lock.
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await asyncio.shield(self._ask("select pg_advisory_unlock($1, $2)", job_id))

    async def _ask(self, question: str, job_id: int) -> bool:
        async with self._turn:
            return bool(await self._connection.fetchval(question, NAMESPACE, job_id % _LARGEST))


@asynccontextmanager
async def open_leases(database_url: str) -> AsyncIterator[Leases]:
    """Raises what the database raises when it is away. Behind a pooler of transactions this can not work, nor LISTEN."""
    connection = await asyncpg.connect(database_url, server_settings=_SETTINGS)
    try:
        yield Leases(connection)
    finally:
        with contextlib.suppress(Exception):
            await connection.close(timeout=1)
        connection.terminate()
