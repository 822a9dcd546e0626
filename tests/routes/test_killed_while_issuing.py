"""T-03: a real web process, killed with signal 9 at each window of issuing, then the same form sent to another."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from domain.settings import Settings
from models.unit_of_work import reading
from tests.actions.making import issued, saved
from tests.world import Company, World

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = ("issue.before-number", "issue.after-number", "issue.before-commit", "issue.after-commit")


@asynccontextmanager
async def web(settings: Settings, failpoint: str) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """One web process on a free port, dying at `failpoint`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "uvicorn", "app:app", "--port", str(port), "--log-level", "error",
        cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        env={
            "PATH": os.environ["PATH"],
            "SMARTFAKTURA_PORT": str(port),
            "SMARTFAKTURA_DATA_DIR": str(settings.data_dir),
            "SMARTFAKTURA_DATABASE_URL": settings.database_url or "",
            "SMARTFAKTURA_FAILPOINT": f"{failpoint}:kill",
            "SMARTFAKTURA_TESTING": "1",
        },
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    try:
        await _until_it_answers(base)
        yield base, process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _until_it_answers(base: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(300):
            try:
                if (await client.get(f"{base}/healthz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    raise AssertionError("the web process does not answer")


async def press_issue(company: Company, base: str, path: str) -> httpx.Response:
    headers = {"Origin": base, "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(base_url=base, cookies=company.client.cookies, headers=headers) as client:
        return await client.post(path, data={"_csrf_token": company.csrf})


@pytest.mark.parametrize("window", WINDOWS)
async def test_a_web_process_killed_while_issuing_leaves_one_invoice_and_no_gap(
    world: World, settings: Settings, window: str
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    await issued(company, customer)
    draft = await saved(company, customer)
    path = f"/invoices/{draft.id}/issuance"
    async with web(settings, window) as (base, process):
        with pytest.raises(httpx.TransportError):
            await press_issue(company, base, path)
        assert await process.wait() == -9
    answer = await company.post(path)  # the tests' own process serves the same database
    assert answer.status_code == 303
    async with reading(company.id) as work:
        rows = await work.connection.fetch("select counter, delivery_state from invoice order by counter")
        messages = await work.connection.fetchval("select count(*) from message")
    assert [row["counter"] for row in rows] == [1, 2]
    assert messages == 1
