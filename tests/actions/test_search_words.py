"""The words by which things are found are those of their texts, and of nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from actions import search_words
from models.ids import new_id
from models.unit_of_work import unit_of_work
from tests.world import Company, World

MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def indexed(company: Company, subject: UUID, *texts: str, at: datetime = MOMENT) -> None:
    async with unit_of_work(company.id, company.person_id) as work:
        await search_words.index(work, "customer", subject, at, texts)


async def words_of(owner: asyncpg.Connection, subject: UUID) -> set[str]:
    return {row["word"] for row in await owner.fetch("select word from search_word where subject_id = $1", subject)}


async def test_indexing_again_leaves_only_the_words_of_now(world: World, owner: asyncpg.Connection) -> None:
    company, subject = await world.company(), new_id()
    await indexed(company, subject, "Ærlig Bjørnø AS")
    assert await words_of(owner, subject) == {"aerlig", "bjorno", "as"}
    await indexed(company, subject, "Bjørnø Båt", "båt")
    assert await words_of(owner, subject) == {"bjorno", "bat"}
    await indexed(company, subject)
    assert await words_of(owner, subject) == set()


async def test_words_move_with_their_place_in_time(world: World, owner: asyncpg.Connection) -> None:
    company, subject = await world.company(), new_id()
    await indexed(company, subject, "Nordlys")
    later = datetime(2027, 1, 1, tzinfo=UTC)
    await indexed(company, subject, "Nordlys", at=later)
    assert await owner.fetchval("select array_agg(listed_at) from search_word where subject_id = $1", subject) == [
        later
    ]


async def test_words_that_stay_are_not_written_again(world: World, owner: asyncpg.Connection) -> None:
    company, subject = await world.company(), new_id()
    places = "select array_agg(ctid::text order by word) from search_word where subject_id = $1"
    await indexed(company, subject, "Nordlys Kaffe")
    before = await owner.fetchval(places, subject)
    await indexed(company, subject, "Kaffe nordlys")
    assert await owner.fetchval(places, subject) == before


async def test_a_text_of_any_length_and_kind_gives_a_hundred_words_at_most(
    world: World, owner: asyncpg.Connection
) -> None:
    company, subject = await world.company(), new_id()
    odd = ["\0", "😀 \u202egnp", "%_'\"\\", "x" * 10_000, " ".join(f"ord{n}" for n in range(5000))]
    await indexed(company, subject, *odd)
    found = await words_of(owner, subject)
    assert len(found) == 100
    assert max(len(word) for word in found) <= 32


async def test_forgetting_takes_every_word_of_one_subject_only(world: World, owner: asyncpg.Connection) -> None:
    company, gone, kept = await world.company(), new_id(), new_id()
    await indexed(company, gone, "Nordlys")
    await indexed(company, kept, "Nordlys")
    async with unit_of_work(company.id, company.person_id) as work:
        await search_words.forget(work, "customer", gone)
    assert await words_of(owner, gone) == set()
    assert await words_of(owner, kept) == {"nordlys"}
