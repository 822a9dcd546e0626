"""A backup that is put back: what was deleted since goes again before anybody is let in and before any job (P-26)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from actions import erasure_ledger, erasure_run, erasures, files
from actions.erasures import Waiting
from domain.settings import Settings
from models import engine
from models.queries.erasures import account_plan
from models.unit_of_work import unit_of_work
from tasks import worker
from tasks.handlers.handler import Payload
from tasks.jobs import Jobs
from tasks.stopping import Stopping
from tests.databases import _run, connected, fresh_database, with_database
from tests.ledger import own_store
from tests.people import at, somewhere
from tests.world import Company, World

CANARY = "Zq7canary Nordmann"


@pytest.fixture
def two_databases() -> Iterator[tuple[tuple[str, str], str]]:
    """(owner's and app's address of a database), and where its backup will be put back."""
    with fresh_database("restored") as (owner_url, app_url):
        restored = f"{name_of(owner_url)}_restored"
        yield (owner_url, app_url), restored
        _run(owner_url, f"drop database if exists {restored} with (force)")


def name_of(url: str) -> str:
    return urlsplit(url).path[1:]


class Looker:
    """A job that was waiting when the backup was taken: what does it find when it runs?"""

    pauses = (timedelta(seconds=1),)

    def __init__(self, stopping: Stopping) -> None:
        self.names: list[str] = []
        self._stopping = stopping

    async def run(self, payload: Payload) -> None:
        self.names = [row["name"] for row in await engine.pool().fetch("select name from person")]
        self._stopping.ask()

    async def put_off(self, payload: Payload, failure: Any) -> None: ...

    async def give_up(self, payload: Payload, problem: Any) -> None: ...


async def delete_account(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = await account_plan(company.person_id, company.email)
    asked = await erasures.close_account(company.person_id, company.email, plan.fingerprint, somewhere())
    assert isinstance(asked, Waiting)
    at(monkeypatch, asked.due_at + timedelta(days=1))
    await erasure_run.execute(await engine.pool().fetchval("select id from erasure where kind = 'account'"))


async def test_p26_after_a_restore_no_page_is_shown_and_no_job_runs_before_the_deletions_are_repeated(
    app: Any,
    settings: Settings,
    two_databases: tuple[tuple[str, str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (owner_url, app_url), name = two_databases
    restored_url = with_database(app_url, name)
    world = World(app, settings)
    with own_store(settings, tmp_path):
        async with connected(app_url):
            gone, other = await world.company(person=await world.person(CANARY)), await world.company()
            async with unit_of_work(None) as work:
                work.enqueue("look", {})
        _run(owner_url, f"create database {name} template {name_of(owner_url)}")  # the backup
        async with connected(app_url):
            await delete_account(gone, monkeypatch)
        async with connected(restored_url), erasure_ledger.watching():
            await nobody_is_let_in(world, other)
        stopping = Stopping(1)
        looker = Looker(stopping)
        monkeypatch.setattr(worker, "SCHEDULE", ())
        before, engine.DB.pool = engine.DB.pool, None
        try:
            await worker._keep_at_it(
                replace(settings, database_url=restored_url), worker.Pace(poll=0.2), stopping,
                Jobs({"look": looker}, stopping),
            )  # fmt: skip
        finally:
            engine.DB.pool = before
        assert sorted(looker.names)[0] == "Kari Nordmann" and CANARY not in looker.names
        assert any(name.startswith("deleted-") for name in looker.names)
        async with connected(restored_url), erasure_ledger.watching():
            assert (await world.visitor().get("/readyz")).status_code == 200
            assert (await other.get("/customers")).status_code == 303  # let in: to sign in again, after fifteen days
    await world.close()


async def nobody_is_let_in(world: World, other: Company) -> None:
    assert await engine.pool().fetchval("select count(*) from person where name = $1", CANARY) == 1
    visitor = world.visitor()
    for path in ("/", "/customers", "/login", "/privacy"):
        answer = await other.get(path)
        assert answer.status_code == 503 and answer.headers["retry-after"], path
        assert "was put back from a backup" in answer.text and "Traceback" not in answer.text
    kept = await other.post(
        "/customers", {"name": "Ny"}, headers={"HX-Request": "true", "HX-Request-Type": "partial"}
    )
    assert kept.status_code == 503 and "nothing was saved just now" in kept.text
    assert kept.headers["hx-retarget"] == "#flash"  # what was typed stays on the screen
    assert (await visitor.get("/healthz")).status_code == 200 and (await visitor.get("/readyz")).status_code == 503
    assert (await visitor.get("/static/css/base.css")).status_code == 200


async def test_a_ledger_that_can_not_be_read_at_the_start_lets_nobody_in_until_it_can(
    app: Any, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(prefix: str) -> list[str]:
        raise files.StoreUnavailable("away")

    monkeypatch.setattr(erasure_ledger, "SECONDS_BETWEEN_TRIES", 0.01)
    world = World(app, settings)
    with own_store(settings, tmp_path), monkeypatch.context() as patched:
        patched.setattr(files, "names", away)
        async with erasure_ledger.watching():
            assert (await world.visitor().get("/privacy")).status_code == 503
            patched.undo()
            async with asyncio.timeout(20):
                while erasure_ledger.holds_back():
                    await asyncio.sleep(0.01)
            assert (await world.visitor().get("/privacy")).status_code == 200
    await world.close()


async def test_a_worker_does_nothing_while_the_ledger_can_not_be_read(
    settings: Settings, pool: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping, tries = Stopping(0), []

    async def away(prefix: str) -> list[str]:
        tries.append(prefix)
        stopping.ask()
        raise files.StoreUnavailable("away")

    async def serve(*_: Any) -> None:
        raise AssertionError("it worked all the same")

    monkeypatch.setattr(files, "names", away)
    monkeypatch.setattr(worker, "_serve", serve)
    before, config = engine.DB.pool, engine.DB.config
    with own_store(settings, tmp_path):
        await worker._keep_at_it(settings, worker.Pace(), stopping, Jobs({}, stopping))
    engine.DB.pool, engine.DB.config = before, config
    assert tries == [erasure_ledger.FOLDER]
