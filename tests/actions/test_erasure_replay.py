"""The ledger of deletions outlives a backup: what was deleted before it was restored goes again."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import (
    erasure_ledger,
    erasure_replay,
    erasure_run,
    erasures,
    files,
)
from actions.clock import now
from actions.customer_erasure import erase_customer
from actions.erasure_replay import replay
from domain.access import Role
from models.ids import new_id
from models.unit_of_work import unit_of_work
from tests.actions.erasing import DAYS_15, Killed, ask
from tests.people import at, letters_asked, somewhere
from tests.world import World

pytestmark = pytest.mark.usefixtures("own_ledger")


async def test_p26_the_ledger_holds_it_before_the_first_row_goes(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    erasure_id = await ask(company)
    at(monkeypatch, now() + DAYS_15)

    async def dies(name: str) -> None:
        assert name == "erasure.noted"
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(erasure_run, "failpoint", dies)
        with pytest.raises(Killed):
            await erasure_run.execute(erasure_id)
    assert f"erasures/{erasure_id}.json" in await files.names(erasure_ledger.FOLDER)
    assert await owner.fetchval("select name from organisation where id = $1", company.id) == "Fjord Design ENK"
    assert await erasures.keep_account(company.person_id, b"", somewhere()) is None
    await erasure_run.execute(erasure_id)


async def test_p26_a_restored_backup_is_not_ready_until_the_ledger_is_replayed(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    """The rows of these companies as they were stand in for the backup: the rest of the database is other tests'."""
    company, shop = await world.company(name="Zq7canary AS"), await world.company()
    customer = await world.customer(shop, name="Zq7canary Hansen")
    saved = {
        table: await owner.fetch(f"select * from {table} where id = any($1)", ids)
        for table, ids in (
            ("person", [company.person_id]), ("organisation", [company.id]), ("customer", [customer]),
        )
    }  # fmt: skip
    member = await owner.fetchrow("select * from membership where organisation_id = $1", company.id)
    erasure_id = await ask(company)
    at(monkeypatch, now() + DAYS_15)
    await erasure_run.execute(erasure_id)
    async with unit_of_work(shop.id, shop.person_id) as work:
        await erase_customer(work, customer)
    note = await owner.fetchval("select id from erasure where customer_id = $1", customer)
    await erasure_ledger.note(note)
    visitor = world.visitor()
    erasure_ledger.look_again()
    assert (await visitor.get("/readyz")).status_code == 200

    # The restore: the rows of yesterday, and no word of the deletions.
    gone = await owner.fetch(
        "select id from erasure where id = any($1) or with_id = $2", [erasure_id, note], erasure_id
    )
    ids = [row["id"] for row in gone]
    await owner.execute("delete from erasure_step where erasure_id = any($1)", ids)
    await owner.execute("delete from erasure where id = any($1)", ids)
    for table, rows in saved.items():
        for row in rows:
            await put_back(owner, table, row)
    await put_back(owner, "membership", member)
    erasure_ledger.look_again()
    assert (await visitor.get("/readyz")).status_code == 503
    assert await owner.fetchval("select name from person where id = $1", company.person_id) == "Kari Nordmann"

    assert await replay() == 3
    assert (await visitor.get("/readyz")).status_code == 200
    assert await replay() == 0
    for table, row_id in (("person", company.person_id), ("organisation", company.id)):
        name = await owner.fetchval(f"select name from {table} where id = $1", row_id)
        assert name.startswith("deleted-"), table
    assert await owner.fetchval("select count(*) from customer where id = $1", customer) == 0
    assert await letters_asked(company.email) == []  # nobody is told twice


async def in_the_ledger(scope: str, subject: UUID, company_id: UUID | None = None) -> None:
    """A deletion that the backup knows nothing of."""
    line = {"id": str(new_id()), "scope": scope, "subject_ref": str(subject), "executed_at": now().isoformat(),
            "company_ref": company_id and str(company_id)}  # fmt: skip
    await files.put_named(f"{erasure_ledger.FOLDER}/{line['id']}.json", json.dumps(line).encode())


async def test_p26_a_repetition_that_is_killed_lets_nobody_in_before_it_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    company, visitor = await world.company(), world.visitor()
    customer = await world.customer(company)
    await in_the_ledger("customer", customer, company.id)
    await in_the_ledger("account", (person := await world.person())[0])

    async def dies(*_: Any) -> None:
        raise Killed

    for module, name in ((erasure_replay, "erase_again"), (erasure_run, "failpoint")):
        with monkeypatch.context() as broken:
            broken.setattr(module, name, dies)
            with pytest.raises(Killed):
                await replay()
        erasure_ledger.look_again()
        assert (await visitor.get("/readyz")).status_code == 503, name
    assert await replay() == 1  # the customer was dealt with before the second died
    assert (await visitor.get("/readyz")).status_code == 200
    assert await owner.fetchval("select count(*) from customer where id = $1", customer) == 0
    assert (await owner.fetchval("select name from person where id = $1", person[0])).startswith("deleted-")
    assert await letters_asked(person[1]) == []


async def test_p26_who_has_worked_there_longest_owns_a_company_whose_owner_the_backup_still_had(
    world: World, owner: asyncpg.Connection
) -> None:
    company, alone = await world.company(), await world.company()
    await world.member(company, Role.BOOKKEEPER)
    first, email = await world.member(company, Role.ADMIN)
    await world.member(company, Role.ADMIN)
    await world.member(alone, Role.VIEWER)  # who only reads does not come to own it
    for gone in (company, alone):
        await in_the_ledger("account", gone.person_id)
    assert await replay() == 2
    owns = "select person_id from membership where organisation_id = $1 and role = 'owner'"
    assert [row["person_id"] for row in await owner.fetch(owns, company.id)] == [first]
    assert await letters_asked(email) == ["made_owner"]
    assert await owner.fetch(owns, alone.id) == []
    assert await owner.fetchval("select count(*) from membership where organisation_id = $1", alone.id) == 1


async def put_back(owner: asyncpg.Connection, table: str, row: Any) -> None:
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    names = ", ".join(row.keys())
    changed = "UPDATE 0"
    if "id" in row.keys():  # noqa: SIM118 - a record is no mapping
        place = list(row.keys()).index("id") + 1
        changed = await owner.execute(
            f"update {table} set ({names}) = row({places}) where id = ${place}", *row.values()
        )
    if changed == "UPDATE 0":
        await owner.execute(f"insert into {table} ({names}) values ({places})", *row.values())
