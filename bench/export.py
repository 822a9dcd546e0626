"""`python -m bench.export`: how long a copy of a company's data takes, and how much memory, at two sizes.

Each copy is made in a process of its own, as the worker makes it, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg

from actions import data_exports, files
from actions import instance as settings_of
from bench import company as companies
from bench import invoices
from bench.instance import Instance, instance
from domain.settings import from_env
from models.engine import close_pool, open_pool
from models.ids import new_id
from models.queries.data_exports import export_of
from tasks.instance import CHECKOUT

PDF_SIZE = 60_000
MOST_SECONDS = 180


def main() -> int:
    """Print one line for each size; 1 when the largest took more than three minutes."""
    parser = argparse.ArgumentParser(prog="python -m bench.export", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000], metavar="INVOICES")
    parser.add_argument("--folder", type=Path, default=CHECKOUT / "data" / "bench-export")
    parser.add_argument("--make", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.make:
        asyncio.run(_make(UUID(given.make)))
        return 0
    slowest = 0.0
    with instance(given.folder.absolute(), fresh=True) as running:
        for size in given.sizes:
            export_id = asyncio.run(_company(running, size))
            print(f"{size:>7,} invoices, load {os.getloadavg()[0]:.1f}: ", end="", flush=True)
            command = [sys.executable, "-m", "bench.export", "--make", str(export_id)]
            done = subprocess.run(command, env=running.env, cwd=CHECKOUT, stdout=subprocess.PIPE, check=True)
            told = done.stdout.decode().strip().splitlines()[-1]
            print(told)
            slowest = max(slowest, float(told.split()[0]))
    shutil.rmtree(given.folder)
    return int(slowest > MOST_SECONDS)


async def _company(running: Instance, size: int) -> UUID:
    """A company with its invoices, each with a stored file, and a copy of it that is asked for."""
    settings_of.begin(running.settings)
    files.open_store(running.settings)
    chance = random.Random(size)
    owner = await asyncpg.connect(running.owner_url)
    made = await companies.found(owner, companies.name_for(size), max(size // 50, 20), chance)
    pdf = b"%PDF-1.7\n" + chance.randbytes(PDF_SIZE)
    stored = (await files.put(made.id, pdf), len(pdf))
    await invoices.fill(owner, made, size, datetime.now(UTC) - timedelta(days=1), stored, chance)
    await owner.execute("vacuum (analyze)")
    export_id = new_id()
    await owner.execute(
        "insert into data_export (id, person_id, company_id, state, asked_at) values ($1, $2, $3, 'queued', now())",
        export_id, made.person_id, made.id,
    )  # fmt: skip
    await owner.close()
    return export_id


async def _make(export_id: UUID) -> None:
    settings = from_env(os.environ, CHECKOUT)
    settings_of.begin(settings)
    files.open_store(settings)
    await open_pool(settings.database_url or "", 4)
    before, started = _peak(), time.perf_counter()
    await data_exports.make(export_id)
    seconds = time.perf_counter() - started
    done = await export_of(export_id)
    assert done is not None and done.state == "ready" and done.size is not None
    await close_pool()
    print(f"{seconds:.1f} s, {done.size / 1e6:.0f} MB, at most {_peak():.0f} MiB of memory ({before:.0f} before)")


def _peak() -> float:
    """MiB. The kernel's other figure, ru_maxrss, begins with what the parent had."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    raise SystemExit(main())
