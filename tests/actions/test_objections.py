from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from actions import objections
from actions.outcomes import NotFound
from domain.privacy.objection import CustomerPurpose, Interest, State
from domain.privacy.requests import due_day
from domain.refusals import Refused
from models.restriction import NOT_WANTED
from models.unit_of_work import reading, unit_of_work
from tests.world import World


async def raised(person_id: UUID, purpose: Interest) -> State:
    async with unit_of_work(None, person_id) as work:
        return await objections.object_to(work, person_id, purpose, "account")


async def objected(person_id: UUID, purpose: Interest) -> bool:
    async with reading(None) as work:
        said = f"select {NOT_WANTED.format(person='$1', purpose='$2')}"  # as every path that processes asks
        return bool(await work.connection.fetchval(said, person_id, purpose.value))


async def test_p36_improvement_stops_at_once_and_for_nobody_else(world: World) -> None:
    person, _ = await world.person()
    other, _ = await world.person()
    assert not await objected(person, Interest.IMPROVEMENT)
    assert await raised(person, Interest.IMPROVEMENT) is State.UPHELD
    assert await objected(person, Interest.IMPROVEMENT)
    assert not await objected(other, Interest.IMPROVEMENT)
    assert not await objected(person, Interest.SECURITY)


async def test_p37_what_is_weighed_has_a_due_date_and_rests_meanwhile(
    world: World, owner: asyncpg.Connection
) -> None:
    person, _ = await world.person()
    assert await raised(person, Interest.FRAUD) is State.ASSESSING
    assert await objected(person, Interest.FRAUD)
    row = await owner.fetchrow("select * from objection where person_id = $1", person)
    assert row is not None and row["due_on"] == due_day(row["raised_at"].date())
    with pytest.raises(Refused):
        async with unit_of_work(None) as work:
            await objections.decide(work, row["id"], upheld=False, decision=" ")
    async with unit_of_work(None) as work:
        whose = await objections.decide(work, row["id"], upheld=False, decision="Passwords must not be guessed.")
    assert whose == person and not await objected(person, Interest.FRAUD)
    with pytest.raises(NotFound):
        async with unit_of_work(None) as work:
            await objections.decide(work, row["id"], upheld=True, decision="Again")


async def test_the_second_objection_is_the_first_and_one_that_was_refused_is_weighed_anew(
    world: World, owner: asyncpg.Connection
) -> None:
    person, _ = await world.person()
    await raised(person, Interest.SECURITY)
    await raised(person, Interest.SECURITY)
    (row,) = await owner.fetch("select id from objection where person_id = $1", person)
    async with unit_of_work(None) as work:
        await objections.decide(work, row["id"], upheld=False, decision="Needed")
    assert await raised(person, Interest.SECURITY) is State.ASSESSING
    assert await owner.fetchval("select decision from objection where id = $1", row["id"]) == ""


async def test_an_objection_is_taken_back_by_its_holder(world: World) -> None:
    person, _ = await world.person()
    await raised(person, Interest.IMPROVEMENT)
    async with unit_of_work(None, person) as work:
        await objections.withdraw(work, person, Interest.IMPROVEMENT)
    assert not await objected(person, Interest.IMPROVEMENT)


async def test_a_customers_objections_stand_on_the_customer(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    customer = await world.customer(company)
    for purpose in (CustomerPurpose.REMINDERS, CustomerPurpose.OFFERS, CustomerPurpose.REMINDERS):
        async with unit_of_work(company.id, company.person_id) as work:
            await objections.customer_objects(work, customer, purpose, "business")
    assert await owner.fetchval("select objects_to from customer where id = $1", customer) == "offers reminders"
    async with unit_of_work(company.id, company.person_id) as work:
        await objections.customer_withdraws(work, customer, CustomerPurpose.OFFERS)
    assert await owner.fetchval("select objects_to from customer where id = $1", customer) == "reminders"
    other = await world.company()
    with pytest.raises(NotFound):
        async with unit_of_work(other.id, other.person_id) as work:
            await objections.customer_objects(work, customer, CustomerPurpose.OFFERS, "business")
