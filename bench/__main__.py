"""`bin/bench`: fill a company with 10,000, then one with 100,000 invoices, and measure the pages over HTTP.

All is told in yardsticks F: one query of 50 rows and a plain table behind Litestar, measured in the same run by the
same client. Ratios can be compared from machine to machine, milliseconds can not.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import importlib.util
import random
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from actions import files
from actions import instance as settings_of
from actions.sessions import Started, start_session
from bench import company as companies
from bench import invoices
from bench.company import Bench
from bench.counting import Count, count, observe
from bench.instance import Instance, instance, web_process
from bench.measuring import Measuring, check_numbers, note_counts
from bench.report import Report
from bench.targets import targets_for
from domain.access import Role
from models.engine import close_pool, open_pool
from tasks.instance import CHECKOUT

CUSTOMER_FOR = 50  # invoices
PDF_SIZE = 60_000


@dataclass(frozen=True, slots=True)
class Options:
    """How much is measured, and where. `keep` leaves the data there for the next time."""

    sizes: tuple[int, ...]
    rounds: int
    folder: Path
    keep: bool


def main() -> int:
    """The command: 0 when every goal was reached."""
    options, report = _options(), Report()
    with instance(options.folder, fresh=not options.keep) as running:
        for size in options.sizes:
            asyncio.run(_measure(running, size, options, report))
    if not options.keep:
        shutil.rmtree(options.folder)
    if importlib.util.find_spec("bench.pdf"):
        importlib.import_module("bench.pdf").add_to(report)
    print("\n".join(report.lines()))
    return 0 if report.all_reached else 1


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small companies and few rounds: does it run at all?")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="INVOICES")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--folder", type=Path, default=CHECKOUT / "data" / "bench")
    parser.add_argument("--keep", action="store_true", help="use companies of an earlier run, and leave them")
    given = parser.parse_args()
    sizes, rounds = ((500, 2000), 20) if given.quick else ((10_000, 100_000), 300)
    return Options(tuple(given.sizes or sizes), given.rounds or rounds, given.folder.absolute(), given.keep)


async def _measure(running: Instance, size: int, options: Options, report: Report) -> None:
    owner = await asyncpg.connect(running.owner_url)
    company = await _company(running, owner, size)
    started, counts = await _signed_in(running, owner, company)
    headers = {"Cookie": f"{started.cookie_name}={started.cookie_value}", "Sec-Fetch-Site": "same-origin"}
    targets = await targets_for(owner, company, started.csrf_token)
    measuring = Measuring(running, headers, size, options.rounds, report)
    async with web_process(running, company.id):
        await measuring.one_client(targets)
        await measuring.many_clients(targets)
        if size == options.sizes[-1]:
            await measuring.issue_together(targets.issuing)
            await check_numbers(owner, company, report)
            note_counts(counts, report)
    await owner.close()


async def _company(running: Instance, owner: Any, size: int) -> Bench:
    """The company of this size, made unless an earlier run left it."""
    left = await owner.fetchval("select id from organisation where name = $1", companies.name_for(size))
    if left is not None:
        return await companies.load(owner, left)
    print(f"Making {size:,} invoices ...", flush=True)
    settings_of.begin(running.settings)
    files.open_store(running.settings)
    chance = random.Random(size)
    made = await companies.found(owner, companies.name_for(size), max(size // CUSTOMER_FOR, 20), chance)
    pdf = b"%PDF-1.7\n" + chance.randbytes(PDF_SIZE)
    stored = (await files.put(made.id, pdf), len(pdf))
    await invoices.fill(owner, made, size, datetime.now(UTC) - timedelta(days=1), stored, chance)
    await owner.execute("vacuum (analyze)")
    await owner.execute("checkpoint")  # the disk is done with the filling before anything is measured
    return made


async def _signed_in(running: Instance, owner: Any, company: Bench) -> tuple[Started, list[Count]]:
    """A session of the company's owner, and what its pages cost in statements and bytes."""
    settings_of.begin(running.settings)
    observe()
    await open_pool(running.settings.database_url or "", 4)
    started = await start_session(company.person_id, company.id, Role.OWNER, ip="127.0.0.1", browser="Bench")
    targets = await targets_for(owner, company, started.csrf_token)
    headers = {"Cookie": f"{started.cookie_name}={started.cookie_value}"}
    counts = await count(running.settings, headers, targets.reading)
    await close_pool()
    return started, counts


if __name__ == "__main__":
    raise SystemExit(main())
