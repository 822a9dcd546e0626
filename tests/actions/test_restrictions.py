from __future__ import annotations

import json

import asyncpg
import pytest

from actions import deliveries, restrictions
from actions.outcomes import Locked, NotFound
from actions.restrictions import Wish
from domain.privacy.restriction import Scope
from domain.refusals import Refused
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import issued, saved
from tests.actions.restraining import excepted, lifted, restricted
from tests.world import Company, World


async def codes(company: Company, scope: Scope, subject: object, wish: Wish) -> list[str]:
    with pytest.raises(Refused) as refused:
        async with unit_of_work(company.id, company.person_id) as work:
            await restrictions.restrict(work, scope, subject, wish)  # type: ignore[arg-type]
    return [refusal.code for refusal in refused.value.refusals]


async def test_a_restriction_has_a_ground_and_somebody_who_asks(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    found = await codes(company, Scope.CUSTOMER, customer, Wish("e", " "))
    assert found == ["restriction.ground_missing", "restriction.requester_missing"]


async def test_what_is_restricted_already_stays_as_it_is(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    assert await restricted(company, customer) == await restricted(company, customer, ground="c")


async def test_a_draft_is_changed_or_deleted_but_not_restricted(world: World) -> None:
    company = await world.company()
    draft = await saved(company, await world.customer(company))
    assert await codes(company, Scope.INVOICE, draft.id, Wish("a", "Kari")) == ["restriction.of_draft"]


async def test_a_customer_of_another_company_can_not_be_restricted(world: World) -> None:
    company, other = await world.company(), await world.company()
    with pytest.raises(NotFound):
        await restricted(company, await world.customer(other))


async def test_p35_lifting_queues_the_notice_in_the_same_transaction(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    customer = await world.customer(company, email="kari@kunde.example")
    restriction = await restricted(company, customer)
    await lifted(company, customer)
    message = await owner.fetchrow("select * from message where restriction_id = $1", restriction)
    assert message is not None and (message["recipient"], message["state"]) == ("kari@kunde.example", "queued")
    jobs = await owner.fetch("select payload from pgqueuer where entrypoint = 'send_restriction_notice'")
    assert any(json.loads(job["payload"])["message_id"] == str(message["id"]) for job in jobs)


async def test_p35_nothing_is_lifted_while_nobody_was_told(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    customer = await world.customer(company, email="")
    restriction = await restricted(company, customer)
    with pytest.raises(Refused, match=r"restriction\.not_told"):
        await lifted(company, customer)
    assert await owner.fetchval("select lifted_at is null from restriction where id = $1", restriction)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("update restriction set lifted_at = now() where id = $1", restriction)
    await lifted(company, customer, told="By letter on Monday")
    assert await owner.fetchval("select told from restriction where id = $1", restriction) == "By letter on Monday"


async def test_what_was_lifted_can_be_restricted_again(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    first = await restricted(company, customer)
    await lifted(company, customer)
    assert await restricted(company, customer) != first


async def test_an_exception_needs_an_operation_that_knows_one_a_ground_and_a_reason(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    with pytest.raises(NotFound):
        await excepted(company, customer, "credit")
    await restricted(company, customer)
    with pytest.raises(Refused) as refused:
        async with unit_of_work(company.id, company.person_id) as work:
            await restrictions.except_once(work, Scope.CUSTOMER, customer, "quote", "convenience", " ")
    assert [refusal.code for refusal in refused.value.refusals] == [
        "restriction.operation_missing",
        "restriction.exception_ground_missing",
        "restriction.reason_missing",
    ]


async def test_the_words_of_a_customer_and_their_documents_leave_the_search_and_come_back(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, "Sølvrev AS")
    first, second = await issued(company, customer), await issued(company, customer)

    async def words() -> dict[str, set[str]]:
        async with reading(company.id) as work:
            rows = await work.connection.fetch("select kind, word from search_word")
        return {kind: {row["word"] for row in rows if row["kind"] == kind} for kind in {row["kind"] for row in rows}}

    before = await words()
    await restricted(company, second.invoice_id, Scope.INVOICE)
    await restricted(company, customer)
    assert set(await words()) == {"held"}
    await lifted(company, customer)
    assert "held" in await words(), "the second document is still restricted by itself"
    await lifted(company, second.invoice_id, Scope.INVOICE)
    after = await words()
    assert after.get("invoice") == before["invoice"] and "held" not in after
    assert first.number is not None


async def test_everything_about_a_restriction_stands_in_the_audit_trail(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    await restricted(company, customer)
    await excepted(company, customer, "send")
    await lifted(company, customer)
    rows = await owner.fetch("select action from audit_event where organisation_id = $1 order by seq", company.id)
    assert [row["action"] for row in rows] == [
        "customer.restricted",
        "restriction.excepted",
        "customer.restriction_lifted",
    ]


async def test_an_exception_is_for_one_invoice_within_a_day(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    customer = await world.customer(company)
    await restricted(company, customer)
    await excepted(company, customer, "invoice")
    assert (await issued(company, customer, send=True)).number is not None
    with pytest.raises(Locked):
        await saved(company, customer)
    await excepted(company, customer, "invoice")
    await owner.execute(
        "update restriction_exception set made_at = made_at - interval '25 hours' where used_at is null"
    )
    with pytest.raises(Locked):
        await saved(company, customer)


async def test_what_an_exception_was_made_for_is_sent_and_nothing_else(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    before = await issued(company, customer, send=True)
    await restricted(company, customer)
    await excepted(company, customer, "invoice")
    done = await issued(company, customer, send=True)
    rows = await owner.fetch("select id, invoice_id from message where organisation_id = $1", company.id)
    begun = {row["invoice_id"]: await deliveries.begin_attempt(company.id, row["id"]) for row in rows}
    assert begun[done.invoice_id] is not None and begun[before.invoice_id] is None
