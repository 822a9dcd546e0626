from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tasks.demo import EMAIL, PASSWORD
from tests.databases import fresh_database

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a migrated database of its own."""
    with fresh_database("demo") as (owner_url, app_url):
        yield {
            "PATH": os.environ["PATH"],
            "SMARTFAKTURA_DATA_DIR": str(tmp_path_factory.mktemp("demo")),
            "SMARTFAKTURA_DATABASE_URL": app_url,
            "SMARTFAKTURA_MIGRATION_DATABASE_URL": owner_url,
        }


@pytest.fixture
def empty(database: dict[str, str]) -> dict[str, str]:
    """The same with nothing in it, whatever test came before."""
    _sql(database["SMARTFAKTURA_MIGRATION_DATABASE_URL"], _EMPTY_AGAIN)
    return database


def _sql(owner_url: str, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(owner_url)
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
        assert (counts["note"], counts["credited"]) == (3, 2)
        assert sum(counts.values()) == 508
        waiting = await owner.fetch("select entrypoint from pgqueuer order by 1")
        jobs = ["make_einvoice", "render_invoice", "send_invoice"] * 2
        jobs += ["check_supplier_document"] * 3 + ["send_account_message"]
        assert [row["entrypoint"] for row in waiting] == sorted(jobs)
        roles = await owner.fetch("select role from membership union all select role || ', asked' from invitation")
        assert sorted(row["role"] for row in roles) == ["owner", "viewer", "viewer, asked"]
        received = dict(await owner.fetch("select state, count(*) from supplier_document group by 1"))
        assert received == {"open": 2, "paid": 1}
        assert await owner.fetchval("select count(*) from invoice where issued_at > now()") == 0
        assert await owner.fetchval("select count(*) from audit_event where at > now()") == 0
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
        states = dict(await owner.fetch("select state, count(*) from quote group by 1"))
        plans = dict(await owner.fetch("select state, count(*) from plan group by 1"))
        assert plans == {"draft": 1, "active": 1, "paused": 1}
        assert states == {"draft": 1, "sent": 3, "accepted": 1, "declined": 1}
        assert await owner.fetchval("select count(distinct currency) from invoice") == 2
        assert await owner.fetchval("select count(*) from customer_credit where amount > 0") > 0
        addresses = await owner.fetch("select email from customer where email <> '' union select email from person")
        assert all(row["email"].endswith(".example") for row in addresses)
    finally:
        await owner.close()
    assert "already" in demo(empty)


def test_where_others_can_reach_it_the_password_is_nobody_elses(empty: dict[str, str]) -> None:
    public = {"SMARTFAKTURA_PUBLIC_URL": "https://faktura.example", "SMARTFAKTURA_SECRET_KEY": "s" * 32}
    said = demo(empty | public)
    assert EMAIL in said and PASSWORD not in said


_EMPTY_AGAIN = """
do $$ declare name text; begin
    perform set_config('session_replication_role', 'replica', true);
    for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'migration' loop
        execute format('delete from %I', name);
    end loop;
end $$
"""
