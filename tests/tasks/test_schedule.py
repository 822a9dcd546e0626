"""What happens by the clock: once, however many workers there are."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from pgqueuer import PgQueuer

from actions import instance
from domain.settings import Settings
from models.engine import pool as open_pool
from models.unit_of_work import unit_of_work
from tasks import held_jobs
from tasks.jobs import register_schedule
from tasks.schedule import SCHEDULE, Entry, purge_kept_mail
from tests.databases import connected, fresh_database
from tests.ledger import own_store


async def test_every_entry_has_a_name_of_its_own_and_a_time(pool: None) -> None:
    assert len({entry.name for entry in SCHEDULE}) == len(SCHEDULE)
    queue = PgQueuer.from_asyncpg_pool(open_pool())
    register_schedule(queue, SCHEDULE)  # refuses what is no time
    assert len(queue.sm.registry) == len(SCHEDULE)


async def test_every_entry_can_run(pool: None, settings: Settings, tmp_path: Path) -> None:
    """In an installation of its own: a deletion that is due, or a ledger, may be another test's."""
    with fresh_database("schedule") as (_, app_url), own_store(settings, tmp_path):
        async with connected(app_url):
            for entry in SCHEDULE:
                assert await entry.run() >= 0


async def test_what_is_due_runs_once_with_several_workers(pool: None) -> None:
    runs = 0

    async def run() -> int:
        nonlocal runs
        runs += 1
        await asyncio.sleep(0.1)
        return 1

    entry = Entry(f"test_{uuid.uuid4().hex}", "0 3 * * *", run)
    queues = [PgQueuer.from_asyncpg_pool(open_pool()) for _ in range(3)]
    for queue in queues:
        register_schedule(queue, [entry])
        await queue.sm.queries.insert_schedule({key: timedelta(seconds=-5) for key in queue.sm.registry})
    running = [asyncio.create_task(queue.sm.run()) for queue in queues]
    async with asyncio.timeout(30):
        while not runs:
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)  # time for a second one
    for queue in queues:
        queue.shutdown.set()
    await asyncio.gather(*running)
    assert runs == 1


async def test_a_failing_entry_stops_neither_the_others_nor_its_next_time(pool: None) -> None:
    async def fail() -> int:
        failed.append(1)
        raise RuntimeError

    failed: list[int] = []

    queue = PgQueuer.from_asyncpg_pool(open_pool())
    entry = Entry(f"test_{uuid.uuid4().hex}", "0 3 * * *", fail)
    register_schedule(queue, [entry])
    await queue.sm.queries.insert_schedule({key: timedelta(seconds=-5) for key in queue.sm.registry})
    running = asyncio.create_task(queue.sm.run())
    comes_again = (
        "select true from pgqueuer_schedules where entrypoint = $1 and status = 'queued' and next_run > now()"
    )
    async with asyncio.timeout(30):
        while not await open_pool().fetchval(comes_again, entry.name):
            await asyncio.sleep(0.02)
    queue.shutdown.set()
    await running
    assert failed


async def test_a_job_that_the_queue_parked_is_taken_up_again(pool: None) -> None:
    name = uuid.uuid4().hex
    insert = "insert into pgqueuer (priority, status, entrypoint, dedupe_key, attempts) values (0, $1, $2, $3, 3)"
    async with unit_of_work(None) as work:
        for status, key in (("failed", None), ("failed", f"{name}-a"), ("queued", f"{name}-a")):
            await work.connection.execute(insert, status, name, key)
    assert await held_jobs.take_up() >= 1
    async with unit_of_work(None) as work:
        rows = await work.connection.fetch("select status, dedupe_key from pgqueuer where entrypoint = $1", name)
        await work.connection.execute("delete from pgqueuer where entrypoint = $1", name)
    assert sorted((row["status"], row["dedupe_key"] or "") for row in rows) == [
        ("queued", ""),
        ("queued", f"{name}-a"),
    ]


async def test_kept_mail_goes_after_thirty_days(
    pool: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "_settings", Settings(data_dir=tmp_path))
    folder = tmp_path / "mail"
    folder.mkdir()
    for name, age in (("new.eml", 29), ("old.eml", 31), ("half.unfinished", 31)):
        (folder / name).write_text("x")
        os.utime(folder / name, (time.time(), time.time() - age * 86400))
    assert await purge_kept_mail() == 2
    assert [path.name for path in folder.iterdir()] == ["new.eml"]
