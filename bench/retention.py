"""`python -m bench.retention`: the nightly deletion with a million rows due, and how long a writer waits meanwhile.

The rows are security events, the table that grows with every sign-in. The writer adds one to the same table, over and
over, as the app does, and remembers its longest wait; first alone, then beside the deletion.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg

from actions import files
from actions import instance as settings_of
from actions.retention_run import run
from bench.instance import Instance, instance
from models.engine import close_pool, open_pool
from models.ids import new_id
from models.unit_of_work import unit_of_work
from tasks.instance import CHECKOUT

ALONE = 5.0  # seconds
_FILL = """
insert into security_event (id, person_id, kind, at, ip_prefix, browser)
select gen_random_uuid(), $1, 'signed_in', now() - interval '400 days' - n * interval '1 second', '10.0.0.0/24', 'Test'
from generate_series(1, $2::integer) n
"""
_WRITE = """
insert into security_event (id, person_id, kind, at, ip_prefix, browser)
values ($1, $2, 'signed_in', now(), '10.0.0.0/24', 'Test')
"""


@dataclass(slots=True)
class Writer:
    """Somebody who signs in all the time."""

    person_id: UUID
    waits: list[float] = field(default_factory=list)

    async def write(self) -> None:
        started = time.perf_counter()
        async with unit_of_work(None, self.person_id) as work:
            await work.connection.execute(_WRITE, new_id(), self.person_id)
        self.waits.append(time.perf_counter() - started)

    async def until(self, done: asyncio.Event) -> str:
        self.waits.clear()
        while not done.is_set():
            await self.write()
            await asyncio.sleep(0.002)
        waits = sorted(self.waits)
        return (
            f"{len(waits):,} writes, median {1000 * waits[len(waits) // 2]:.1f} ms, "
            f"p99 {1000 * waits[int(len(waits) * 0.99)]:.1f} ms, longest {1000 * waits[-1]:.0f} ms"
        )


def main() -> None:
    """Print what was deleted in which time, and the writer's waits alone and beside it."""
    parser = argparse.ArgumentParser(prog="python -m bench.retention", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=CHECKOUT / "data" / "bench-retention")
    given = parser.parse_args()
    with instance(given.folder.absolute(), fresh=True) as running:
        asyncio.run(_measure(running, given.rows))
    shutil.rmtree(given.folder)


async def _measure(running: Instance, rows: int) -> None:
    settings_of.begin(running.settings)
    files.open_store(running.settings)
    owner = await asyncpg.connect(running.owner_url)
    writer = Writer(await _person(owner))
    await owner.execute(_FILL, writer.person_id, rows)
    await owner.execute("vacuum (analyze) security_event")
    await open_pool(running.settings.database_url or "", 4)
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(ALONE, done.set)
    print(f"writer alone: {await writer.until(done)}", flush=True)
    done = asyncio.Event()
    beside = asyncio.create_task(writer.until(done))
    started = time.perf_counter()
    (line,) = await run(confirmed=True, only={"security_log"})
    seconds = time.perf_counter() - started
    done.set()
    print(f"load {os.getloadavg()[0]:.1f}: {line.gone:,} rows in {seconds:.1f} s, {line.gone / seconds:,.0f} rows/s")
    print(f"writer meanwhile: {await beside}")
    left = await owner.fetchval("select count(*) from security_event where at < now() - interval '399 days'")
    assert left == 0, left
    await close_pool()
    await owner.close()


async def _person(owner: asyncpg.Connection) -> UUID:
    person_id = new_id()
    await owner.execute(
        "insert into person (id, name, email, email_key, password_hash, language, email_confirmed_at, created_at) "
        "values ($1, 'Mari Måling', $2, $2, '', 'nb', now(), now())",
        person_id, f"{person_id.hex}@malestokk.test",
    )  # fmt: skip
    return person_id


if __name__ == "__main__":
    main()
