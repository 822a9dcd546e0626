from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tasks.demo import EMAIL, PASSWORD
from tasks.embedded_postgres import ensure_test_server
from tests.conftest import with_database

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of an empty, migrated database of its own."""
    server = ensure_test_server()
    name = f"test_demo_{os.getpid()}_{uuid.uuid4().hex[:6]}"
    _sql(server.owner_url, f"create database {name}")
    env = {
        "PATH": os.environ["PATH"],
        "SMARTFAKTURA_DATA_DIR": str(tmp_path_factory.mktemp("demo")),
        "SMARTFAKTURA_DATABASE_URL": with_database(server.app_url, name),
        "SMARTFAKTURA_MIGRATION_DATABASE_URL": with_database(server.owner_url, name),
    }
    subprocess.run([sys.executable, "-m", "models.migrate"], cwd=CHECKOUT, env=env, check=True, capture_output=True)
    yield env
    _sql(server.owner_url, f"drop database if exists {name} with (force)")


def _sql(owner_url: str, statement: str) -> None:
    import asyncio

    async def run() -> None:
        connection = await asyncpg.connect(with_database(owner_url, "postgres"))
        await connection.execute(statement)
        await connection.close()

    asyncio.run(run())


def demo(env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tasks.demo"], cwd=CHECKOUT, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout


async def test_the_sample_company_has_life_on_every_screen_and_is_made_once(empty: dict[str, str]) -> None:
    said = demo(empty)
    assert EMAIL in said and PASSWORD in said
    owner = await asyncpg.connect(empty["SMARTFAKTURA_MIGRATION_DATABASE_URL"])
    try:
        counts = dict(await owner.fetch("select state, count(*) from invoice group by 1"))
        assert counts["draft"] == 3 and counts["open"] > 5 and counts["paid"] > 400
        assert sum(counts.values()) == 503
        assert await owner.fetchval("select count(*) from invoice where state = 'open' and due_on < current_date") > 0
        assert await owner.fetchval("select count(*) from invoice where delivery_state = 'failed'") > 0
        assert await owner.fetchval("select count(*) from invoice where paid_amount > gross") > 0
        assert await owner.fetchval("select count(*) from invoice where open_amount > 0 and paid_amount > 0") > 0
        assert (
            await owner.fetchval("select max(counter) - min(counter) + 1 - count(*) from invoice where number <> ''")
            == 0
        )
        later = (
            "select count(*) from invoice a join invoice b on b.counter = a.counter + 1 "
            "where b.issued_on < a.issued_on"
        )
        assert await owner.fetchval(later) == 0
        assert await owner.fetchval("select count(distinct currency) from invoice") == 2
        addresses = await owner.fetch("select email from customer where email <> '' union select email from person")
        assert all(row["email"].endswith(".example") for row in addresses)
    finally:
        await owner.close()
    assert "already" in demo(empty)
