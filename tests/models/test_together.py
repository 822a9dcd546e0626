from __future__ import annotations

import contextlib
from datetime import timedelta

import asyncpg
import pytest

from models.ids import new_id
from models.together import Part, send_together
from models.unit_of_work import reading, unit_of_work
from tests.world import World

COUNTED = "insert into number_series (organisation_id, series, year, last) values ($1, $2, $3, $4)"
_FOLLOWS = "insert into number_series (organisation_id, series, year, last) select $1, $2, $3, last from taken"


async def test_parts_are_one_statement_and_each_gets_its_own_answer(world: World, statements: list[str]) -> None:
    company = await world.company()
    answers: dict[str, object] = {}
    async with unit_of_work(company.id) as work:
        statements.clear()
        await send_together(
            work,
            Part("first", f"{COUNTED} returning last", (company.id, "a", 2026, 7), lambda n: answers.update(first=n)),
            Part("quiet", COUNTED, (company.id, "b", 2026, 8)),
            Part("none", "select $1::int where false", (1,), lambda n: answers.update(none=n)),
        )
        await work.connection.fetchval("select 1")
        assert len(statements) <= 2
    assert answers == {"first": 7, "none": None}
    async with reading(company.id) as work:
        rows = await work.connection.fetch("select series, last from number_series order by series")
    assert [tuple(row) for row in rows] == [("a", 7), ("b", 8)]


async def test_a_part_may_hang_on_what_another_answered(world: World) -> None:
    company = await world.company()
    async with unit_of_work(company.id) as work:
        await send_together(
            work,
            Part("taken", f"{COUNTED} on conflict do nothing returning last", (company.id, "a", 0, 1)),
            Part("follows", _FOLLOWS, (company.id, "b", 1)),
        )
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select last from number_series where series = 'b'") == 1


async def test_when_one_part_fails_none_is_written(world: World) -> None:
    company = await world.company()
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with unit_of_work(company.id) as work:
            await send_together(
                work,
                Part("good", COUNTED, (company.id, "a", 2026, 1)),
                Part(
                    "bad",
                    "insert into einvoice (organisation_id, invoice_id, state, to_business, reference, findings, problem,"
                    " queued_at) values ($1, $2, 'queued', true, '', '[]', '', now())",
                    (company.id, new_id()),
                ),
            )
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select count(*) from number_series") == 0


async def test_jobs_queued_before_go_with_the_parts_and_come_to_nothing_with_them(
    world: World, statements: list[str]
) -> None:
    company = await world.company()
    for fails in (True, False):
        with contextlib.suppress(ZeroDivisionError):
            async with unit_of_work(company.id) as work:
                work.enqueue(
                    "nothing", {"organisation_id": str(company.id)}, after=timedelta(days=1), dedupe_key="once"
                )
                work.enqueue(
                    "nothing", {"organisation_id": str(company.id)}, after=timedelta(days=1), dedupe_key="once"
                )
                statements.clear()
                await send_together(work, Part("first", COUNTED, (company.id, f"a{fails}", 2026, 7)))
                assert len(statements) == 1
                if fails:
                    raise ZeroDivisionError
        async with unit_of_work(company.id) as work:
            queued = await work.connection.fetch(
                "select execute_after - now() > interval '23 hours' as later from pgqueuer where entrypoint = 'nothing' "
                "and convert_from(payload, 'UTF8')::json ->> 'organisation_id' = $1",
                str(company.id),
            )
        assert [row["later"] for row in queued] == ([] if fails else [True])
