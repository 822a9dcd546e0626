"""The app to measure: a PostgreSQL and a web process of its own, in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from bench.client import YARDSTICK, Plan, Run
from bench.server import COMPANY, OWNER_URL
from domain.settings import Settings, from_env
from models.migrate import migrate
from tasks.embedded_postgres import EmbeddedPostgres
from tasks.instance import CHECKOUT, environment

SECRET = "only for measuring, and thrown away after it"


@dataclass(frozen=True, slots=True)
class Instance:
    """`env` is what the programs are told."""

    settings: Settings
    env: dict[str, str]
    owner_url: str


@contextmanager
def instance(folder: Path, *, fresh: bool) -> Iterator[Instance]:
    """A running, migrated database; the folder is emptied first when `fresh`."""
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = EmbeddedPostgres(folder)
    urls = server.start()
    try:
        asyncio.run(migrate(urls.owner_url))
        ours = {"SMARTFAKTURA_DATA_DIR": str(folder), "SMARTFAKTURA_PORT": str(_free_port())}
        # Counted as ever, but no company sends as much as a benchmark.
        ours["SMARTFAKTURA_DAILY_EMAILS"] = "100000"
        others = {name: value for name, value in os.environ.items() if not name.startswith("SMARTFAKTURA_")}
        told = environment(from_env(ours, CHECKOUT), urls, SECRET, others | ours)
        yield Instance(from_env(told, CHECKOUT), told, urls.owner_url)
    finally:
        server.stop()


@asynccontextmanager
async def web_process(running: Instance, company_id: UUID) -> AsyncIterator[None]:
    """One web process as `bin/run` starts it, with its log thrown away."""
    env = running.env | {OWNER_URL: running.owner_url, COMPANY: str(company_id)}
    command = [sys.executable, "-m", "tasks.web", "--app", "bench.server:app"]
    process = subprocess.Popen(command, env=env, cwd=CHECKOUT, stderr=subprocess.DEVNULL)
    try:
        await _wait_for(running.settings.port, process)
        await _warm(process)
        yield
    finally:
        process.terminate()
        process.wait(20)


async def run_client(plan: Plan) -> Run:
    """Run the plan in the client's process."""
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.client", cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    out, _ = await client.communicate(plan.to_json().encode())
    if client.returncode:
        raise RuntimeError("the client failed: see above")
    return Run.from_json(out)


async def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as visitor:
        for _ in range(600):
            if process.poll() is not None:
                break
            try:
                if (await visitor.get(YARDSTICK)).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    raise RuntimeError("the web process did not start")


async def _warm(process: subprocess.Popen[bytes]) -> None:
    """Wait until its templates are compiled, which it does for some seconds beside its first requests."""
    used, before = _processor_time(process.pid), -1.0
    while used - before > 0.1:
        await asyncio.sleep(1)
        used, before = _processor_time(process.pid), used


def _processor_time(pid: int) -> float:
    """Seconds the process has computed, as Linux tells it; 0 elsewhere."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
