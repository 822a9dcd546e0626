from __future__ import annotations

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from actions import companies
from actions.account_tokens import hash_of
from actions.companies import ChangedElsewhere, Saved
from actions.sessions import resume, start_session
from domain.access import Role
from models.queries.companies import companies_of, company_settings
from tests.domain.test_company import FJORD
from tests.world import Company, World


async def test_who_makes_a_company_owns_it_and_works_for_it(world: World, owner: asyncpg.Connection) -> None:
    person_id, _ = await world.person()
    started = await start_session(person_id, None, None, ip="", browser="")
    id_hash = hash_of(started.cookie_value)
    assert id_hash is not None
    organisation_id, moved = await companies.found(person_id, id_hash, FJORD)
    assert await resume(started.cookie_value) is None
    found = await resume(moved.cookie_value)
    assert found is not None and (found[1].organisation_id, found[1].role) == (organisation_id, "owner")
    assert [(line.id, line.name, line.role) for line in await companies_of(person_id)] == [
        (organisation_id, "Fjord Design ENK", Role.OWNER)
    ]
    settings = await company_settings(organisation_id)
    assert settings.company == FJORD
    assert (settings.version, settings.numbers_in_use, settings.logo_sha256) == (1, False, None)
    actions = await owner.fetch("select action from audit_event where organisation_id = $1", organisation_id)
    assert [row["action"] for row in actions] == ["organisation.founded"]


async def test_a_foreign_company_keeps_the_days_of_its_own_country(world: World, owner: asyncpg.Connection) -> None:
    person_id, _ = await world.person()
    id_hash = hash_of((await start_session(person_id, None, None, ip="", browser="")).cookie_value)
    assert id_hash is not None
    organisation_id, _ = await companies.found(person_id, id_hash, replace(FJORD, country="GB", bank_account=""))
    zone = await owner.fetchval("select time_zone from organisation where id = $1", organisation_id)
    assert zone == "Europe/London"


async def test_only_what_changed_is_written_and_named_in_the_audit(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    stored = await company_settings(company.id)
    changed = replace(stored.company, city="Oslo", due_days=30)
    done = await companies.change(company.id, company.person_id, 1, changed)
    assert isinstance(done, Saved) and set(done.fields) == {"city", "due_days"}
    after = await company_settings(company.id)
    assert (after.company.city, after.company.due_days, after.version) == ("Oslo", 30, 2)
    row = await owner.fetchrow("select action, fields from audit_event where organisation_id = $1", company.id)
    assert (row["action"], row["fields"]) == ("organisation.changed", ["city", "due_days"])


async def test_saving_what_is_saved_already_writes_nothing(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    stored = await company_settings(company.id)
    assert await companies.change(company.id, company.person_id, 1, stored.company) == Saved(())
    assert (await company_settings(company.id)).version == 1
    assert await owner.fetchval("select count(*) from audit_event where organisation_id = $1", company.id) == 0


@pytest.mark.parametrize("version", [0, 2, 99])
async def test_another_version_is_not_overwritten(world: World, version: int) -> None:
    company = await world.company()
    stored = await company_settings(company.id)
    done = await companies.change(company.id, company.person_id, version, replace(stored.company, name="Elv"))
    assert isinstance(done, ChangedElsewhere) and done.stored.company == stored.company
    assert (await company_settings(company.id)).company.name == "Fjord Design ENK"


async def test_of_two_who_save_at_once_one_is_told(world: World) -> None:
    company = await world.company()
    stored = await company_settings(company.id)
    outcomes = await asyncio.gather(
        *(
            companies.change(company.id, company.person_id, 1, replace(stored.company, city=city))
            for city in ("Oslo", "Voss")
        )
    )
    assert {type(outcome) for outcome in outcomes} == {Saved, ChangedElsewhere}


async def test_the_first_number_stands_once_an_invoice_is_issued(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    await _issue_something(owner, company)
    stored = await company_settings(company.id)
    assert stored.numbers_in_use
    await companies.change(company.id, company.person_id, 1, replace(stored.company, first_number=500, city="Oslo"))
    after = await company_settings(company.id)
    assert (after.company.first_number, after.company.city) == (1, "Oslo")


async def test_the_settings_of_another_company_are_out_of_reach(world: World) -> None:
    mine, theirs = await world.company(), await world.company("Elv AS")
    assert [line.id for line in await companies_of(mine.person_id)] == [mine.id]
    assert (await company_settings(theirs.id)).company.name == "Elv AS"


async def _issue_something(owner: asyncpg.Connection, company: Company) -> None:
    await owner.execute(
        "insert into number_series (organisation_id, series, year, last) values ($1, 'invoice', 0, 1)", company.id
    )
