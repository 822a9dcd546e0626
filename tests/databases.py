"""Databases for tests: copies of one that was migrated once, for to migrate takes longer than most tests do."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def fresh_database(label: str = "run") -> Iterator[tuple[str, str]]:
    """(owner's address, app's address) of a migrated database with nothing in it, of nobody else's."""
    from tasks.shared_postgres import ensure_test_server

    server = ensure_test_server()
    name = f"test_{label}_{os.getpid()}_{uuid.uuid4().hex[:6]}"
    with _lock():
        _run(server.owner_url, f"create database {name} template {_template(server.owner_url)}")
    yield with_database(server.owner_url, name), with_database(server.app_url, name)
    _run(server.owner_url, f"drop database if exists {name} with (force)")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[None]:
    """This process has its pool there, and its own again afterwards."""
    from models import engine

    of_all, config = engine.DB.pool, engine.DB.config
    await engine.open_pool(url, size=4)
    try:
        yield
    finally:
        await engine.close_pool()
        engine.DB.pool, engine.DB.config = of_all, config


@contextmanager
def _lock() -> Iterator[None]:
    from tasks.shared_postgres import FOLDER

    with (FOLDER / "template").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _template(owner_url: str) -> str:
    """The database to copy, made anew whenever the models have changed."""
    name = f"template_{_models()}"
    known = {
        row["datname"] for row in _run(owner_url, r"select datname from pg_database where datname ~ '^template_'")
    }
    if name in known:
        return name
    for old in known:
        _run(owner_url, f"drop database {old}")
    made = f"test_template_{os.getpid()}"  # so named that it goes if this is broken off
    _run(owner_url, f"create database {made}")
    # In a process of its own: this one may have a pool open to another database.
    subprocess.run(
        [sys.executable, "-m", "models.migrate"], cwd=ROOT, check=True, capture_output=True,
        env={**os.environ, "SMARTFAKTURA_MIGRATION_DATABASE_URL": with_database(owner_url, made)},
    )  # fmt: skip
    _run(owner_url, f"alter database {made} rename to {name}")
    return name


def _models() -> str:
    """What the migrated database depends on."""
    found = hashlib.sha256()
    for path in sorted((ROOT / "models").rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _run(owner_url: str, statement: str) -> list[Any]:
    """Outside of any transaction, and in a thread: the test's own event loop may be running."""

    async def run() -> list[Any]:
        import asyncpg

        connection = await asyncpg.connect(with_database(owner_url, "postgres"))
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()
