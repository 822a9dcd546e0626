"""The copy of somebody's data: made once a day, fetched a few times, gone after three days."""

from __future__ import annotations

import asyncio
import html
import io
import os
import signal
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from actions import data_exports
from actions.clock import now
from actions.data_exports import Gone, TooSoon
from domain.access import Role
from domain.settings import Settings
from models.queries.data_exports import ExportView, export_of
from models.unit_of_work import unit_of_work
from tests.actions.exporting import asked, odd_shop
from tests.people import at, letters_asked, somewhere
from tests.world import World

pytestmark = pytest.mark.usefixtures("plain_documents")

ROOT = Path(__file__).resolve().parents[2]


async def test_p21_a_worker_killed_at_any_point_leaves_nothing_half_and_the_job_ends_well(
    world: World, settings: Settings, owner: asyncpg.Connection
) -> None:
    company = await odd_shop(world)
    export = await asked(company, company.id)
    for point in ("export.written", "export.stored"):
        assert await run_worker(export.id, settings, point) == -signal.SIGKILL
        found = await export_of(export.id)
        assert found is not None and found.state == "making" and found.sha256 is None
        assert await data_exports.link(export.id, company.person_id) is None
    assert await run_worker(export.id, settings, "") == 0
    ready = await export_of(export.id)
    assert ready is not None and ready.state == "ready"
    content = b"".join([piece async for piece in data_exports.content(ready)])
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    # The job runs again, as after a lost heartbeat: nothing happens, and nobody gets a second letter.
    await data_exports.make(export.id)
    assert (await letters_asked(company.email)).count("export_ready") == 1
    assert await owner.fetchval("select count(*) from data_export where person_id = $1", company.person_id) == 1


async def run_worker(export_id: UUID, settings: Settings, failpoint: str) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.tasks.standins.make_export", str(export_id), cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "SMARTFAKTURA_DATA_DIR": str(settings.data_dir),
            "SMARTFAKTURA_DATABASE_URL": settings.database_url or "",
            "SMARTFAKTURA_FAILPOINT": f"{failpoint}:kill" if failpoint else "",
            "SMARTFAKTURA_TESTING": "1",
        },
    )  # fmt: skip
    return await process.wait()


async def test_one_copy_a_day_and_two_clicks_are_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    company = await world.company()
    first, second = await asyncio.gather(asked(company, company.id), asked(company, company.id))
    assert first.id == second.id
    await data_exports.make(first.id)
    refused = await data_exports.ask(company.person_id, company.id, somewhere())
    assert isinstance(refused, TooSoon)
    moment = now()
    at(monkeypatch, moment + timedelta(hours=24, minutes=1))
    assert (await asked(company, company.id)).id != first.id


async def test_p19_after_three_days_the_file_is_gone_from_the_disk(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    export = await asked(company, company.id)
    await data_exports.make(export.id)
    file = settings.data_dir / "files" / "exports" / f"{export.id}.zip"
    token = await data_exports.link(export.id, company.person_id)
    assert file.exists() and token is not None
    moment = now()
    at(monkeypatch, moment + timedelta(hours=72, minutes=1))
    assert isinstance(await data_exports.fetch(token, company.person_id, somewhere()), Gone)
    assert await data_exports.purge_files() >= 1
    assert not file.exists()
    assert await data_exports.link(export.id, company.person_id) is None
    at(monkeypatch, moment + timedelta(days=366))
    assert await data_exports.purge_notes() >= 1
    assert await export_of(export.id) is None


async def test_a_copy_is_fetched_five_times_at_most(world: World) -> None:
    company = await world.company()
    export = await asked(company, None)
    await data_exports.make(export.id)
    token = await data_exports.link(export.id, company.person_id) or ""
    for _ in range(5):
        assert isinstance(await data_exports.fetch(token, company.person_id, somewhere()), ExportView)
    assert isinstance(await data_exports.fetch(token, company.person_id, somewhere()), Gone)


async def test_p29_a_member_who_may_not_change_the_company_takes_only_the_account(world: World) -> None:
    viewer = await world.company(role=Role.VIEWER)
    page = (await viewer.get("/account/export")).text
    assert "An owner or administrator" in html.unescape(page)
    await viewer.post("/account/export")
    async with unit_of_work(None, viewer.person_id) as work:
        row = await work.connection.fetchrow("select * from data_export where person_id = $1", viewer.person_id)
    assert row["company_id"] is None
