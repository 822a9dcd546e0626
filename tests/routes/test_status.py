"""What everybody may know of how the service is doing (S-62)."""

from __future__ import annotations

import html
import os
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from actions.clock import now
from domain.settings import Settings
from routes import status
from routes.filters import Filters


async def shown(client: httpx.AsyncClient) -> str:
    answer = await client.get("/status")
    assert answer.status_code == 200
    return html.unescape(answer.text)


async def test_s62_the_page_tells_when_the_worker_was_seen_and_when_old_data_went(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaned = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)

    async def ran() -> dict[str, datetime]:
        return {"take_in_mail": now() - timedelta(minutes=1), "retention": cleaned}

    monkeypatch.setattr(status, "last_runs", ran)
    page = await shown(client)
    assert "Runs" in page and "22 Nov 2026 03:07" in page

    async def long_ago() -> dict[str, datetime]:
        return {"take_in_mail": now() - timedelta(minutes=6)}

    monkeypatch.setattr(status, "last_runs", long_ago)
    page = await shown(client)
    assert "Not seen in the last minutes" in page and "Not yet" in page


async def test_s62_what_nobody_noted_is_not_claimed(client: httpx.AsyncClient, settings: Settings) -> None:
    marker = settings.data_dir / status.RESTORED
    marker.unlink(missing_ok=True)
    assert (await shown(client)).count("Not noted here") == 2
    settings.data_dir.mkdir(exist_ok=True)
    marker.touch()
    yesterday = (now() - timedelta(seconds=86_400)).astimezone(ZoneInfo("Europe/Oslo")).date()
    os.utime(marker, times=(now().timestamp() - 86_400, now().timestamp() - 86_400))
    page = await shown(client)
    assert page.count("Not noted here") == 1 and Filters("en").day(yesterday) in page
    os.utime(marker, times=(now().timestamp() + 86_400, now().timestamp() + 86_400))
    assert (await shown(client)).count("Not noted here") == 2
    marker.unlink()


async def test_s62_the_page_says_nothing_of_the_machine_and_costs_one_statement(
    client: httpx.AsyncClient, settings: Settings, statements: list[str]
) -> None:
    answer = await client.get("/status")
    assert len(statements) == 1 and answer.headers["cache-control"] == "public, max-age=300"
    for private in (str(settings.data_dir), "PostgreSQL", "postgres", "Python", "/srv", "/tmp/"):
        assert private not in answer.text
