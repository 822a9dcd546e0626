"""Visits are counted in the background: nothing is lost when the app stops or the database is away for a moment."""

from __future__ import annotations

from datetime import date

import asyncpg
import pytest

from actions import visits
from actions.visits import count, visit_of

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("last", "visit"),
    [
        (None, "new"),
        ("", "new"),
        ("2026-11-23", "more"),
        ("2026-11-22", "back"),
        ("2026-11-24", "new"),
        ("x" * 4000, "new"),
        ("2026-11-23' or 1=1", "new"),
    ],
)
def test_the_date_of_the_last_visit_tells_whether_it_is_a_return(last: str | None, visit: str) -> None:
    assert visit_of(last, DAY) == visit


async def counted(owner: asyncpg.Connection, page: str) -> dict[str, int]:
    rows = await owner.fetch("select visit, views from visit_count where page = $1", page)
    return {row["visit"]: row["views"] for row in rows}


async def test_what_was_gathered_is_written_when_the_app_stops(pool: None, owner: asyncpg.Connection) -> None:
    async with visits.counting():
        count("/stopping", "new", DAY)
        count("/stopping", "more", DAY)
        count("/stopping", "more", DAY)
    assert await counted(owner, "/stopping") == {"new": 1, "more": 2}


async def test_what_can_not_be_written_now_is_written_the_next_time(
    pool: None, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    count("/away", "new", DAY)
    with monkeypatch.context() as away:
        away.setattr(visits, "_ADD", "select from nothing")
        with pytest.raises(asyncpg.PostgresError):
            await visits.flush()
    count("/away", "new", DAY)
    await visits.flush()
    await visits.flush()
    assert await counted(owner, "/away") == {"new": 2}


async def test_no_more_is_gathered_than_memory_has_room_for(pool: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "_gathered", visits._Gathered())
    monkeypatch.setattr(visits, "MOST", 2)
    for number in range(5):
        count(f"/{number}", "new", DAY)
    assert len(visits._gathered.views) == 2


async def test_without_anything_to_write_the_database_is_left_alone(
    pool: None, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "_gathered", visits._Gathered())
    await visits.flush()
    assert statements == []
