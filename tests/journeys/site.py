"""The app as it runs for people: a web process and a worker of their own, in front of the tests' database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from domain.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Site:
    """Where it is, and where its letters are kept."""

    url: str
    mail: Path


@contextmanager
def running_site(settings: Settings) -> Iterator[Site]:
    """Both processes, from ready to stopped."""
    port = _free_port()
    env = {
        **os.environ,
        "SMARTFAKTURA_DATA_DIR": str(settings.data_dir),
        "SMARTFAKTURA_DATABASE_URL": settings.database_url or "",
        "SMARTFAKTURA_PORT": str(port),
        "SMARTFAKTURA_OPERATORS": ",".join(settings.operators),
        "SMARTFAKTURA_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    site = Site(f"http://127.0.0.1:{port}", settings.data_dir / "mail")
    with _process("tasks.web", env, settings), _process("tasks.worker", env, settings):
        _wait_for(site)
        yield site


@contextmanager
def _process(module: str, env: Mapping[str, str], settings: Settings) -> Iterator[None]:
    log = settings.data_dir / f"{module}.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, env=env, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(site: Site) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{site.url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("the app did not start in time")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port
