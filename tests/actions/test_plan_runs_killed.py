"""A real process, killed with signal 9 while a plan makes and issues its invoice; then another goes on."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import plan_runs
from domain.settings import Settings
from tests.actions.test_plan_runs import FIRST, at, noon, runs, started
from tests.world import World

__all__ = ["at"]
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import asyncio, os, sys
from datetime import date
from uuid import UUID
from actions import instance, plan_runs, printing
from domain.settings import from_env
from models.engine import open_pool
from tasks.gateways import pdf_coverage

async def main(organisation_id, plan_id, day):
    settings = from_env(os.environ, ".")
    instance.begin(settings)
    printing.use(pdf_coverage.coverages)
    await open_pool(settings.database_url, 2)
    await plan_runs.run_due(organisation_id)
    await plan_runs.issue(organisation_id, plan_id, day)

asyncio.run(main(UUID(sys.argv[1]), UUID(sys.argv[2]), date.fromisoformat(sys.argv[3])))
"""


async def work(settings: Settings, failpoint: str, organisation_id: UUID, plan_id: UUID, day: date) -> int:
    """What one worker does when the day has come; how the process ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, str(organisation_id), str(plan_id), day.isoformat(), cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SMARTFAKTURA_DATA_DIR": str(settings.data_dir),
            "SMARTFAKTURA_DATABASE_URL": settings.database_url or "",
            "SMARTFAKTURA_TEST_CLOCK": noon(day).isoformat(),
            "SMARTFAKTURA_FAILPOINT": f"{failpoint}:kill",
            "SMARTFAKTURA_TESTING": "1",
        },
    )  # fmt: skip
    return await process.wait()


@pytest.mark.parametrize("window", ["plan.before-commit", "plan.after-commit", "issue.after-number", "plan.issued"])
async def test_a_worker_killed_on_the_way_leaves_one_invoice_and_one_e_mail(
    world: World, settings: Settings, owner: asyncpg.Connection, at: Any, window: str
) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company))
    assert await work(settings, window, company.id, plan_id, FIRST) == -9
    at(FIRST)
    await plan_runs.run_due(company.id)
    await plan_runs.issue(company.id, plan_id, FIRST)
    assert await runs(company, plan_id) == [(FIRST, "issued", "open")]
    numbers = await owner.fetch("select number from invoice where organisation_id = $1", company.id)
    assert [row["number"] for row in numbers] == ["1"]
    assert await owner.fetchval("select count(*) from message where organisation_id = $1", company.id) == 1
