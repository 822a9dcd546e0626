"""What is sought is found by the beginnings of its words, newest first, and by ranges of the index."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from actions import search_words
from domain.words import terms, words
from models.ids import new_id
from models.queries import search
from models.queries.keyset import Place
from models.queries.search import EVERYTHING, NOTHING, Matches, Newest, look_up, newest
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import saved
from tests.actions.registering import customer
from tests.world import Company, World

START = datetime(2026, 1, 1, tzinfo=UTC)


async def sought(company: Company, query: str, limit: int = 8) -> list[UUID]:
    async with reading(company.id) as work:
        return [row["id"] for row in await newest(work, "customer", query, limit, "id")]


async def asked(company: Company, query: str, only: Newest | None = None, kind: str = "customer") -> Matches:
    async with reading(company.id) as work:
        return await look_up(work, kind, query, only)


async def indexed(company: Company, *texts: str, kind: str = "invoice") -> list[str]:
    """Subjects with these texts, a day apart, the oldest first."""
    made = [new_id() for _ in texts]
    async with unit_of_work(company.id, company.person_id) as work:
        for n, (subject, text) in enumerate(zip(made, texts, strict=True)):
            await search_words.index(work, kind, subject, START + timedelta(days=n), [text])
    return [str(one) for one in made]


@pytest.mark.parametrize(
    "query", ["nord", "NORDLYS", "nordlys as", "as nord", "aerlig", "Ærlig", "974760673", "974 760", "post@nordlys"]
)
async def test_a_customer_is_found_by_the_beginnings_of_its_words_in_any_order(world: World, query: str) -> None:
    company = await world.company()
    made = await customer(company, "Ærlig Nordlys AS", organisation_number="974760673")
    await customer(company, "Sørlys AS", email="hei@sor.example", city="Bodø")
    assert await sought(company, query) == [made]


@pytest.mark.parametrize(
    "query", ["ordlys", "nordlyset", "nord sor", "%", "_", "n%s", "n_rdlys", "'", '"', "\\", "😀", "\0"]
)
async def test_nothing_else_is_found(world: World, query: str) -> None:
    """S-25: a percent sign or an underscore seeks itself and is in no word."""
    company = await world.company()
    await customer(company, "Nordlys AS")
    assert await sought(company, query) == []


async def test_a_word_of_signs_does_not_hide_the_words_beside_it(world: World) -> None:
    company = await world.company()
    made = await customer(company, "Hansen & Lie AS")
    assert await sought(company, "hansen & lie") == [made]


async def test_the_newest_come_first_and_no_more_than_asked_for(world: World) -> None:
    company = await world.company()
    made = [await customer(company, f"Nordlys {n}") for n in range(5)]
    assert await sought(company, "nordlys", 3) == made[:1:-1]


async def test_another_company_s_words_are_not_there(world: World) -> None:
    await customer(await world.company(), "Nordlys AS")
    assert await sought(await world.company(), "nordlys") == []


async def test_a_blank_query_asks_for_nothing_and_one_of_signs_finds_nothing(world: World) -> None:
    company = await world.company()
    assert await asked(company, "  ") == EVERYTHING and EVERYTHING.everything
    assert await asked(company, "%%%") == NOTHING and not NOTHING.everything


@pytest.mark.parametrize("query", ["nordlys", "nordlys as", "as", "as kaffe", "n"])
async def test_common_words_find_the_same_as_rare_ones(
    world: World, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    for n in range(6):
        await customer(company, f"Nordlys {n} AS" if n % 2 else f"Kaffe {n} AS")
    rare = await sought(company, query)
    monkeypatch.setattr(search, "COMMON", dict.fromkeys(search.COMMON, 3))
    monkeypatch.setattr(search, "FEW_SPELLINGS", 0)
    assert await sought(company, query) == rare
    monkeypatch.setattr(search, "COMMON", dict.fromkeys(search.COMMON, 0))
    assert await sought(company, query) == rare


async def test_an_invoice_is_found_by_what_it_says_until_it_is_deleted(world: World) -> None:
    company = await world.company()
    draft = await saved(company, await customer(company, "Fjellheim AS"), note="Uvanlig notat")
    for query in ("fjellheim", "rådgivning", "uvanlig not"):
        async with reading(company.id) as work:
            assert [row["id"] for row in await newest(work, "invoice", query, 5, "id")] == [draft.id]


async def test_of_a_beginning_with_few_spellings_only_the_newest_are_read(world: World) -> None:
    company = await world.company()
    ids = await indexed(company, *(f"konsulent{'time' * (n % 2)} {n}" for n in range(9)))
    found = await asked(company, "kons", Newest(4), "invoice")
    assert (found.ids, found.lows, found.is_cut) == (ids[:4:-1], [], True)
    rest = await asked(company, "kons", Newest(6, Place(START + timedelta(days=5), UUID(ids[5]))), "invoice")
    assert (rest.ids, rest.is_cut) == (ids[4::-1], False)


async def test_a_beginning_of_many_words_is_sought_as_a_range(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEW_SPELLINGS", 2)
    company = await world.company()
    ids = await indexed(company, "konsul", "konsulent", "konsulat")
    found = await asked(company, "kons", Newest(1), "invoice")
    assert (set(found.ids or []), found.is_cut) == (set(ids), False)


NAMES = ["nordlys as", "nordlys kaffe as", "as", "ærlig bjørnø", "kaffe 12", "kaffe 123", "12 12", "nordisk lys"]


@pytest.fixture(scope="module")
async def named(app: object, settings: object) -> Company:
    company = await World(app, settings).company()  # type: ignore[arg-type]
    await indexed(company, *NAMES, kind="product")
    return company


@given(
    query=st.lists(st.sampled_from(["n", "nord", "as", "kaffe", "12", "bj", "æ", "lys", "x"]), max_size=3).map(
        " ".join
    )
)
@hypothesis_settings(max_examples=40)
async def test_every_way_of_seeking_agrees_with_reading_all(named: Company, query: str) -> None:
    expected = sum(all(any(word.startswith(term) for word in words(name)) for term in terms(query)) for name in NAMES)
    for only in (None, Newest(50)):
        found = await asked(named, query, only, "product")
        assert found.everything if not query.strip() else len(found.ids or []) == expected


async def plan_of(company: Company, statement: str, *values: object) -> str:
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select current_user") == "smartfaktura_app"
        await work.connection.execute("set local enable_seqscan = off")
        rows = await work.connection.fetch(f"explain (costs off) {statement}", *values)
    return "\n".join(row[0] for row in rows)


async def test_a_word_is_sought_by_a_range_of_the_index_under_row_level_security(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    await owner.execute(
        "insert into search_word (organisation_id, kind, word, listed_at, subject_id) "
        "select $1, 'customer', 'ord' || n, now(), gen_random_uuid() from generate_series(1, 3000) n",
        company.id,
    )
    await owner.execute("analyze search_word")
    plan = await plan_of(company, search._SUBJECTS, company.id, "customer", ["nord"], ["nore"], 100)
    condition = re.search(r"Index Only Scan using search_word_pkey.*\n\s+Index Cond: (.*)", plan)
    assert condition is not None, plan
    assert (
        "word >=" in condition[1] and "word <" in condition[1] and "Filter" not in plan.replace("One-Time Filter", "")
    )


async def test_a_row_is_asked_for_its_words_by_the_index_too(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    # So many that no other way would do, whatever the planner learned of what other tests wrote.
    await owner.execute(
        "insert into search_word (organisation_id, kind, word, listed_at, subject_id) "
        "select $1, 'customer', 'as' || n, now(), gen_random_uuid() from generate_series(1, 3000) n",
        company.id,
    )
    await owner.execute("analyze search_word")
    values = (company.id, 8, "customer", ["as"], ["at"], 100)
    asked = search.has_words(Matches(None, ["as"], ["at"]), kind="$3", lows="$4", ends="$5")
    plan = await plan_of(company, search.among_newest("customer", "s.id").format(has_words=asked), *values)
    condition = re.search(r"Index Only Scan using search_word_by_subject.*\n\s+Index Cond: (.*)", plan)
    assert condition is not None, plan
    assert "subject_id" in condition[1] and "word >=" in condition[1]
