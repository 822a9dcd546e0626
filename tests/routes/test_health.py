"""Alive, ready, how it is doing; and what happens while the database is away (S-40, S-60)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import httpx
import pytest

from actions import logs
from domain.settings import Settings
from models import engine
from models.migrate import expected_ids
from routes import health
from routes.health import HealthController
from tasks.embedded_postgres import EmbeddedPostgres
from tests.conftest import ROOT, new_client


async def test_a_healthy_app_is_alive_and_ready(client: httpx.AsyncClient) -> None:
    for path, word in (("/healthz", "ok\n"), ("/readyz", "ready\n")):
        answer = await client.get(path)
        assert answer.status_code == 200 and answer.text == word


async def test_being_alive_asks_nothing_of_the_database(client: httpx.AsyncClient, statements: list[str]) -> None:
    statements.clear()
    await client.get("/healthz", headers={"Cookie": "sf_session=" + "A" * 43})
    assert statements == []


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    written: list[str] = []
    monkeypatch.setattr(logs, "write_line", written.append)
    return written


async def not_ready(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "not ready\n"


async def test_a_database_that_lacks_a_migration_is_not_ready(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.setattr(health, "NEEDED", frozenset(expected_ids() | {"2099-01-01T00:00:00:000000"}))
    await not_ready(client)
    assert "not_migrated" in lines[0]


async def test_a_database_that_is_ahead_is_ready_so_that_the_old_version_serves_until_it_is_replaced(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "NEEDED", frozenset(list(expected_ids())[1:]))
    assert (await client.get("/readyz")).status_code == 200


async def test_s40_as_the_owner_of_the_tables_the_app_is_not_ready(
    client: httpx.AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    as_owner = await asyncpg.create_pool(settings.migration_database_url, min_size=1, max_size=1)
    monkeypatch.setattr(engine.DB, "pool", as_owner)
    await not_ready(client)
    assert "role_above_the_rules" in lines[0]
    await as_owner.close()


@pytest.mark.parametrize("power", ["bypassrls", "superuser"])
async def test_s40_a_role_above_the_rules_is_not_ready(
    client: httpx.AsyncClient,
    settings: Settings,
    owner: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    power: str,
) -> None:
    name = f"strong_{os.getpid()}_{power}"
    await owner.execute(f"create role {name} login {power} in role smartfaktura_app")
    try:
        url = (settings.database_url or "").replace("smartfaktura_app@", f"{name}@")
        strong = await asyncpg.create_pool(url, min_size=1, max_size=1)
        monkeypatch.setattr(engine.DB, "pool", strong)
        await not_ready(client)
        await strong.close()
    finally:
        await owner.execute(f"drop role {name}")


async def test_s40_a_member_of_the_owner_is_not_ready(
    client: httpx.AsyncClient, settings: Settings, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, table_owner = f"member_{os.getpid()}", f"table_owner_{os.getpid()}"
    await owner.execute(
        f"create role {table_owner}; create role {name} login in role smartfaktura_app, {table_owner}"
    )
    await owner.execute(f"create table owned_for_a_moment (); alter table owned_for_a_moment owner to {table_owner}")
    try:
        url = (settings.database_url or "").replace("smartfaktura_app@", f"{name}@")
        member = await asyncpg.create_pool(url, min_size=1, max_size=1)
        monkeypatch.setattr(engine.DB, "pool", member)
        await not_ready(client)
        await member.close()
    finally:
        await owner.execute(f"drop table owned_for_a_moment; drop role {name}; drop role {table_owner}")


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        (("127.0.0.1", 1), {}, 200),
        (("::1", 1), {}, 200),
        (("10.0.0.5", 1), {}, 404),
        (("127.0.0.1", 1), {"X-Forwarded-For": "10.0.0.5"}, 404),
        (("127.0.0.1", 1), {"Forwarded": "for=10.0.0.5"}, 404),
        (("127.0.0.1", 1), {"Via": "1.1 proxy"}, 404),
        (("unix", 1), {}, 404),
    ],
)
async def test_the_figures_are_for_this_machine_only(
    app: Any, settings: Settings, peer: tuple[str, int], headers: dict[str, str], status: int
) -> None:
    transport = httpx.ASGITransport(app=app, client=peer)
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_url, headers=headers) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == status
    assert ("smartfaktura_request_seconds" in answer.text) is (status == 200)


async def test_the_figures_name_routes_and_nobody(client: httpx.AsyncClient) -> None:
    token = "Zq7canary" + "A" * 34
    await client.get(f"/i/{token}")
    text = (await client.get("/metrics")).text
    assert 'route="/i/{token}"' in text and "Zq7canary" not in text


def test_health_needs_no_session() -> None:
    assert HealthController.guards is not None and len(HealthController.guards) == 1


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server that this test may stop."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("own"), {"fsync": "off"})
    try:
        # In a process of its own: here the app's pool is open on another database.
        owner = {"SMARTFAKTURA_MIGRATION_DATABASE_URL": server.start().owner_url}
        subprocess.run([sys.executable, "-m", "models.migrate"], env=os.environ | owner, cwd=ROOT, check=True)
        yield server
    finally:
        server.stop()


@pytest.fixture
async def own_pool(own_server: EmbeddedPostgres, pool: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The app's pool, connected to that server."""
    of_all, config = engine.DB.pool, engine.DB.config
    await engine.open_pool(own_server.urls().app_url, size=4)
    yield
    await engine.close_pool()
    engine.DB.pool, engine.DB.config = of_all, config


async def timed(client: httpx.AsyncClient, path: str, **headers: str) -> tuple[int, float, str]:
    began = time.perf_counter()
    answer = await client.get(path, headers=headers)
    return answer.status_code, time.perf_counter() - began, answer.text


# Who waits for the database waits for minutes; how soon the app gives up is what it says, whatever else the machine does.
PATIENCE = 20
SIGNED_IN = {"Cookie": "sf_session=" + "A" * 43}


async def until_ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await timed(client, "/readyz"))[0] != 200:
            await asyncio.sleep(0.05)


async def while_away(client: httpx.AsyncClient) -> None:
    status, _, text = await timed(client, "/healthz")
    assert (status, text) == (200, "ok\n")
    status, seconds, text = await timed(client, "/readyz")
    assert (status, text) == (503, "not ready\n") and seconds < PATIENCE
    assert (await timed(client, "/privacy"))[0] == 200


async def test_s60_while_the_database_is_stopped_it_says_so_and_recovers_by_itself(
    app: Any, settings: Settings, own_server: EmbeddedPostgres, own_pool: None, lines: list[str]
) -> None:
    async with new_client(app, settings) as client:
        await until_ready(client)
        own_server.stop()
        await while_away(client)
        status, seconds, text = await timed(client, "/invoices", **SIGNED_IN)
        assert status == 503 and seconds < PATIENCE
        assert "Back in a moment" in text and "Traceback" not in text and "asyncpg" not in text
        own_server.start()
        await until_ready(client)
        assert (await timed(client, "/invoices", **SIGNED_IN))[0] == 303


async def test_s60_while_the_database_hangs_readiness_does_not(
    app: Any, settings: Settings, own_server: EmbeddedPostgres, own_pool: None, lines: list[str]
) -> None:
    async with new_client(app, settings) as client:
        await until_ready(client)
        pids = own_server.processes()
        try:
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            await while_away(client)
            assert any("database_silent" in line for line in lines)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        await until_ready(client)
