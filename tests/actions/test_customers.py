"""Customers are added once, changed by version, archived and taken back, and each change leaves its trace."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import customers
from actions.outcomes import NotFound, Stale
from models.ids import new_id
from models.unit_of_work import unit_of_work
from tests.actions.making import saved
from tests.actions.registering import customer, details
from tests.world import Company, World


async def row(owner: asyncpg.Connection, customer_id: UUID) -> dict[str, Any]:
    found = await owner.fetchrow("select * from customer where id = $1", customer_id)
    assert found is not None
    return dict(found)


async def events(owner: asyncpg.Connection, subject: UUID) -> list[tuple[str, list[str]]]:
    rows = await owner.fetch("select action, fields from audit_event where subject_id = $1 order by seq", subject)
    return [(event["action"], event["fields"]) for event in rows]


async def change(company: Company, customer_id: UUID, version: int, **values: Any) -> None:
    changed = replace(details(), **values)
    await customers.change(company.id, company.person_id, customer_id, version, changed)


async def test_everything_typed_is_kept(world: World, owner: asyncpg.Connection) -> None:
    company, made = await world.company(), new_id()
    given = details("Ærlig Bjørnø AS", due_days=30, notes="Ringer først.\nHelst før ti.", delivery_line1="Kai 4")
    await customers.add(company.id, company.person_id, made, given)
    stored = await row(owner, made)
    assert {name: stored[name] for name in asdict(given)} == asdict(given)
    assert (stored["name_key"], stored["version"], stored["archived_at"]) == ("aerlig bjorno as", 1, None)


async def test_sending_the_form_twice_adds_one_customer_and_keeps_the_first(
    world: World, owner: asyncpg.Connection
) -> None:
    company, made = await world.company(), new_id()
    for name in ("Første AS", "Andre AS"):
        await customers.add(company.id, company.person_id, made, details(name))
    assert (await row(owner, made))["name"] == "Første AS"
    assert [action for action, _ in await events(owner, made)] == ["customer.added"]


async def test_the_same_id_in_two_companies_is_two_customers(world: World, owner: asyncpg.Connection) -> None:
    made = new_id()
    for name in ("Min AS", "Din AS"):
        company = await world.company()
        await customers.add(company.id, company.person_id, made, details(name))
    names = await owner.fetch("select name from customer where id = $1 order by name", made)
    assert [one["name"] for one in names] == ["Din AS", "Min AS"]


async def test_a_change_is_noted_by_column_and_never_by_value(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await customer(company)
    await change(company, made, 1, email="hemmelig@nordlys.example", notes="Skriv aldri dette i loggen")
    assert await events(owner, made) == [
        ("customer.added", sorted(asdict(details()))),
        ("customer.changed", ["email", "notes"]),
    ]
    everything = await owner.fetchval("select string_agg(e::text, '') from audit_event e where subject_id = $1", made)
    assert "hemmelig" not in everything and "Skriv" not in everything and "Nordlys" not in everything
    assert (await row(owner, made))["version"] == 2


async def test_saving_without_a_change_writes_nothing(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await customer(company)
    before = await row(owner, made)
    await change(company, made, 1)
    assert await row(owner, made) == before
    assert len(await events(owner, made)) == 1


async def test_whoever_saves_second_is_told_and_overwrites_nothing(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await customer(company)
    await change(company, made, 1, city="Bergen")
    with pytest.raises(Stale) as stale:
        await change(company, made, 1, city="Bodø")
    assert stale.value.stored["city"] == "Bergen"
    stored = await row(owner, made)
    assert (stored["city"], stored["version"]) == ("Bergen", 2)
    assert len(await events(owner, made)) == 2


async def test_saving_the_same_change_twice_is_no_conflict(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await customer(company)
    await change(company, made, 1, city="Bergen")
    await change(company, made, 1, city="Bergen")
    assert (await row(owner, made))["version"] == 2


async def test_a_new_name_is_found_and_the_old_one_is_not(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await customer(company, "Gammelt Navn AS")
    await change(company, made, 1, name="Nytt Navn AS")
    found = {one["word"] for one in await owner.fetch("select word from search_word where subject_id = $1", made)}
    assert {"nytt", "navn", "as"} <= found
    assert "gammelt" not in found


async def test_numbers_and_phones_are_found_whole_and_in_groups(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await customer(company, organisation_number="974760673", phone="+47 22 33 44 55")
    found = {one["word"] for one in await owner.fetch("select word from search_word where subject_id = $1", made)}
    assert {"974760673", "974", "760", "673", "4722334455", "22334455", "22", "33"} <= found


async def test_archiving_and_taking_back_are_noted_once_each(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await customer(company)
    for _ in range(2):
        await customers.archive(company.id, company.person_id, made)
    assert (await row(owner, made))["archived_at"] is not None
    for _ in range(2):
        await customers.restore(company.id, company.person_id, made)
    assert (await row(owner, made))["archived_at"] is None
    assert [action for action, _ in await events(owner, made)][1:] == ["customer.archived", "customer.restored"]


@pytest.mark.parametrize("verb", [customers.archive, customers.restore])
async def test_nobody_archives_or_takes_back_what_is_not_theirs(world: World, verb: Any) -> None:
    theirs, mine = await world.company(), await world.company()
    made = await customer(theirs)
    for unknown in (made, new_id()):
        with pytest.raises(NotFound):
            await verb(mine.id, mine.person_id, unknown)


async def test_nobody_changes_what_is_not_theirs(world: World, owner: asyncpg.Connection) -> None:
    theirs, mine = await world.company(), await world.company()
    made = await customer(theirs)
    for unknown in (made, new_id()):
        with pytest.raises(NotFound):
            await change(mine, unknown, 1, name="Stjålet AS")
    assert (await row(owner, made))["name"] == "Nordlys Kaffe AS"


async def test_a_customer_with_an_invoice_can_not_be_deleted_even_by_sql(world: World) -> None:
    company = await world.company()
    made = await customer(company)
    await saved(company, made)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with unit_of_work(company.id, company.person_id) as work:
            await work.connection.execute("delete from customer where id = $1", made)


async def test_a_name_that_folding_makes_longer_still_fits(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await customer(company, "Æ" * 100 + "ﷺ" * 100)
    assert len((await row(owner, made))["name_key"]) == 200
