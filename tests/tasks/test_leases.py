"""One worker at a job: a slow one keeps it, a dead one does not."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from domain.settings import Settings
from tasks import leases
from tasks.leases import open_leases

JOB = 2**40 + 17  # ids are larger than a lock's number


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "PAUSE", 0.02)


async def test_a_second_worker_waits_until_the_first_is_done(settings: Settings) -> None:
    order = []
    async with open_leases(settings.database_url or "") as first, open_leases(settings.database_url or "") as second:

        async def work(at: leases.Leases, name: str) -> None:
            async with at.hold(JOB):
                order.append(f"{name} begins")
                await asyncio.sleep(0.1)
                order.append(f"{name} ends")

        one = asyncio.create_task(work(first, "first"))
        while not order:
            await asyncio.sleep(0.01)
        await asyncio.gather(one, work(second, "second"))
    assert order == ["first begins", "first ends", "second begins", "second ends"]


async def test_other_jobs_are_free(settings: Settings) -> None:
    address = settings.database_url or ""
    async with open_leases(address) as first, open_leases(address) as second:  # noqa: SIM117 - one line would be two
        async with asyncio.timeout(30), first.hold(1), first.hold(2), second.hold(3):
            pass


async def test_a_dead_workers_job_is_free_at_once(settings: Settings, owner: asyncpg.Connection) -> None:
    first = await asyncpg.connect(settings.database_url)
    held = leases.Leases(first).hold(JOB)
    await held.__aenter__()
    first.terminate()  # as the kernel does with the connections of a killed process
    async with open_leases(settings.database_url or "") as second, asyncio.timeout(30), second.hold(JOB):
        pass


async def test_a_job_that_fails_lets_go(settings: Settings) -> None:
    async with open_leases(settings.database_url or "") as first, open_leases(settings.database_url or "") as second:
        with pytest.raises(ZeroDivisionError):
            async with first.hold(JOB):
                raise ZeroDivisionError
        async with asyncio.timeout(30), second.hold(JOB):
            pass
