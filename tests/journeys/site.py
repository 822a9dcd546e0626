"""The app as it runs for people: a web process and a worker of their own, in front of the tests' database."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import asyncpg
import httpx

from domain.settings import Settings
from tasks.embedded_postgres import ensure_test_server
from tests.conftest import with_database

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0


@dataclass(frozen=True, slots=True)
class Site:
    """Where it is, and where its letters are kept."""

    url: str
    mail: Path

    def link_in_letter(self, to: str, pattern: str) -> str:
        """The first address that matches in the text of a letter to this person; waits until it is there."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for path in sorted(self.mail.glob("*.eml")):
                letter = message_from_bytes(path.read_bytes(), policy=policy.default)
                body = letter.get_body(("plain",))
                found = re.search(pattern, body.get_content()) if body and to in str(letter["to"]) else None
                if found:
                    return found[0]
            time.sleep(0.05)
        raise AssertionError(f"no letter to {to} with {pattern}")


@contextmanager
def own_database() -> Iterator[tuple[str, str]]:
    """(owner's address, app's address) of a fresh, migrated database."""
    server = ensure_test_server()
    name = f"test_site_{os.getpid()}_{uuid.uuid4().hex[:6]}"
    _psql(server.owner_url, f"create database {name}")
    owner_url = with_database(server.owner_url, name)
    # In a process of its own: this one has a pool open to another database.
    subprocess.run(
        [sys.executable, "-m", "models.migrate"], cwd=ROOT, check=True, capture_output=True,
        env={**os.environ, "SMARTFAKTURA_MIGRATION_DATABASE_URL": owner_url},
    )  # fmt: skip
    yield owner_url, with_database(server.app_url, name)
    _psql(server.owner_url, f"drop database if exists {name} with (force)")


def _psql(owner_url: str, statement: str) -> None:
    """Outside of any transaction, and in a thread: the test's own event loop may be running."""

    async def run() -> None:
        connection = await asyncpg.connect(with_database(owner_url, "postgres"))
        await connection.execute(statement)
        await connection.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    thread.join()


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
