"""What is ordered to be kept is not deleted by request, with its company, or at night (GDPR Art. 17(3)(e))."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import erasure_run, erasures, holds, retention_run
from actions.account_rights import lift_company, restrict_account, restrict_company
from actions.clock import now
from actions.customer_erasure import customer_plan, erase, erase_customer
from actions.erasures import Blocked, Waiting
from actions.holds import Hold
from domain.refusals import Refused
from domain.settings import Settings
from models.ids import new_id
from models.queries.erasures import account_plan, company_plan
from models.unit_of_work import unit_of_work
from tests.actions.making import issued, saved
from tests.ledger import own_store
from tests.people import at, somewhere
from tests.world import Company, World

YEARS_3 = timedelta(days=3 * 366)


@pytest.fixture
async def shop(app: Any, settings: Settings, tmp_path: Path) -> AsyncIterator[World]:
    made = World(app, settings)
    with own_store(settings, tmp_path):
        yield made
    await made.close()


async def ordered(company: Company, scope: str, subject_id: UUID, **values: Any) -> UUID:
    hold = Hold(new_id(), scope, "Sak 26-17", "Tvist om levering", subject_id, **values)
    await holds.put(company.id, company.person_id, hold)
    return hold.id


async def test_p24_nothing_of_a_customer_under_an_order_is_deleted_and_the_page_says_who_why_and_until_when(
    shop: World, owner: asyncpg.Connection
) -> None:
    company = await shop.company()
    customer = await shop.customer(company, email="zq7canary@example.test")
    until = now().date() + timedelta(days=400)
    hold_id = await ordered(company, "customer", customer, until=until)
    plan = await customer_plan(company.id, customer)
    assert plan.is_held
    place = f"/customers/{customer}/erasure"
    page = (await company.get(place)).text
    for told in ("Ordered to be kept", "Sak 26-17", "Tvist om levering", "Kari Nordmann", f"{until.year}"):
        assert told in page, told
    assert "Delete the personal data" not in page
    crafted = await company.post(place, {"fingerprint": plan.fingerprint})
    assert crafted.status_code == 422 and "Sak 26-17" in crafted.text
    with pytest.raises(Refused):
        async with unit_of_work(company.id, company.person_id) as work:
            await erase_customer(work, customer)
    assert await owner.fetchval("select email from customer where id = $1", customer) == "zq7canary@example.test"
    await holds.lift(company.id, company.person_id, hold_id)
    lifted = await customer_plan(company.id, customer)
    assert not lifted.orders and await erase(company.id, company.person_id, customer, lifted.fingerprint) is None
    assert await owner.fetchval("select count(*) from customer where id = $1", customer) == 0


async def test_p24_a_document_under_an_order_stays_as_it_is_until_the_order_is_lifted(
    shop: World, owner: asyncpg.Connection
) -> None:
    company = await shop.company()
    customer = await shop.customer(company, email="zq7canary@example.test")
    kept, other = [(await issued(company, customer, send=True)).invoice_id for _ in range(2)]
    hold_id = await ordered(company, "invoice", kept)
    assert "These documents stay as they are" in (await company.get(f"/customers/{customer}/erasure")).text
    async with unit_of_work(company.id, company.person_id) as work:
        told = await erase_customer(work, customer)
    assert [order.basis for order in told.orders] == ["Sak 26-17"] and not told.is_held

    async def addresses(invoice_id: UUID) -> list[str]:
        row = await owner.fetchrow(
            "select i.buyer::jsonb->>'email' as buyer, m.recipient from invoice i join message m on m.invoice_id = i.id "
            "where i.id = $1", invoice_id,
        )  # fmt: skip
        return [row["buyer"], row["recipient"]]

    assert await addresses(other) == ["", ""]
    assert await addresses(kept) == ["zq7canary@example.test"] * 2
    await holds.lift(company.id, company.person_id, hold_id)
    assert await addresses(kept) == ["", ""]


async def test_an_order_that_ends_by_its_day_lets_the_night_take_what_it_kept(
    shop: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await shop.company()
    customer = await shop.customer(company, email="zq7canary@example.test")
    invoice_id = (await issued(company, customer)).invoice_id
    await ordered(company, "customer", customer)
    await owner.execute("update legal_hold set until = current_date - 1 where organisation_id = $1", company.id)
    await ordered(company, "invoice", invoice_id, until=now().date())
    async with unit_of_work(company.id, company.person_id) as work:
        await erase_customer(work, customer)
    buyer = "select buyer::jsonb->>'email' from invoice where id = $1"
    await retention_run.run(only={"ended_orders"})
    assert await owner.fetchval(buyer, invoice_id) == "zq7canary@example.test"
    await owner.execute("update legal_hold set until = current_date - 1 where organisation_id = $1", company.id)
    (line,) = await retention_run.run(only={"ended_orders"})
    assert line.gone >= 1 and await owner.fetchval(buyer, invoice_id) == ""


async def test_p24_a_company_with_an_order_can_not_be_closed_and_the_page_says_why(shop: World) -> None:
    company = await shop.company()
    customer = await shop.customer(company)
    hold_id = await ordered(company, "customer", customer)
    for place in ("/company/closing", "/account/deletion"):
        page = (await company.get(place)).text
        assert "can not be closed" in page and "Sak 26-17" in page and "until it is lifted" in page, place
        assert 'name="typed"' not in page, place
    plan = await company_plan(company.id, company.person_id)
    asked = await erasures.close_company(company.id, company.person_id, plan.fingerprint, somewhere())
    assert isinstance(asked, Blocked)
    own = await account_plan(company.person_id, company.email)
    gone = await erasures.close_account(company.person_id, company.email, own.fingerprint, somewhere())
    assert isinstance(gone, Blocked)
    await holds.lift(company.id, company.person_id, hold_id)
    assert 'name="typed"' in (await company.get("/company/closing")).text


async def test_p24_an_order_put_after_the_confirmation_is_asked_for_when_the_day_has_come(
    shop: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await shop.company()
    customer = await shop.customer(company)
    plan = await account_plan(company.person_id, company.email)
    asked = await erasures.close_account(company.person_id, company.email, plan.fingerprint, somewhere())
    assert isinstance(asked, Waiting)
    erasure_id = await owner.fetchval(
        "select id from erasure where person_id = $1 and kind = 'account'", company.person_id
    )
    hold_id = await ordered(company, "customer", customer)
    at(monkeypatch, asked.due_at + timedelta(hours=1))
    await erasure_run.execute(erasure_id)
    states = "select array_agg(distinct state) from erasure where person_id = $1"
    assert await owner.fetchval(states, company.person_id) == ["waiting"]
    assert await owner.fetchval("select count(*) from customer where id = $1", customer) == 1
    await holds.lift(company.id, company.person_id, hold_id)
    await erasure_run.execute(erasure_id)
    assert await owner.fetchval(states, company.person_id) == ["done"]
    assert await owner.fetchval("select count(*) from customer where id = $1", customer) == 0


async def test_p10_the_nights_leave_a_customer_under_an_order_with_its_drafts_and_say_so(
    shop: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await shop.company()
    lonely, busy = await shop.customer(company), await shop.customer(company, name="Kyst AS")
    draft_id = await saved(company, busy)
    holds_of = [await ordered(company, "customer", one) for one in (lonely, busy)]

    async def only() -> AsyncIterator[UUID]:
        yield company.id

    for module in ("actions.unused_customers", "actions.retention", "actions.retention_run"):
        monkeypatch.setattr(f"{module}.organisations", only)
    at(monkeypatch, now() + YEARS_3)
    steps = {"unused_customers", "drafts"}
    lines = {line.name: line for line in await retention_run.run(only=steps)}
    assert [(lines[name].gone, lines[name].due, lines[name].held) for name in sorted(steps)] == [(0, 0, 1), (0, 0, 1)]
    for hold_id in holds_of:
        await holds.lift(company.id, company.person_id, hold_id)
    lines = {line.name: line for line in await retention_run.run(only=steps)}
    assert lines["drafts"].gone == 1 and draft_id is not None
    assert await owner.fetchval("select count(*) from customer where organisation_id = $1", company.id) == 0


async def test_p33_of_a_restricted_company_the_nights_delete_nothing_and_say_so(
    shop: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await shop.company()
    await shop.customer(company)
    await saved(company, await shop.customer(company, name="Kyst AS"))
    await restrict_company(company.id, company.person_id, "c", "Tvist")

    async def only() -> AsyncIterator[UUID]:
        yield company.id

    for module in ("actions.unused_customers", "actions.retention", "actions.retention_run"):
        monkeypatch.setattr(f"{module}.organisations", only)
    at(monkeypatch, now() + YEARS_3)
    steps = {"unused_customers", "drafts"}
    lines = {line.name: line for line in await retention_run.run(only=steps)}
    assert [(lines[name].gone, lines[name].restricted) for name in sorted(steps)] == [(0, 1), (0, 1)]
    await lift_company(company.id, company.person_id)
    lines = {line.name: line for line in await retention_run.run(only=steps)}
    assert [lines[name].gone for name in sorted(steps)] == [1, 2]


async def test_p33_what_happened_to_a_restricted_account_is_kept_for_its_holder(
    shop: World, owner: asyncpg.Connection
) -> None:
    kept, other = await shop.company(), await shop.company()
    await restrict_account(kept.person_id, "c", "Kontoen ble misbrukt")
    for company in (kept, other):
        await owner.execute(
            "insert into security_event (id, person_id, kind, at, ip_prefix, browser) "
            "values (gen_random_uuid(), $1, 'sign_in', now() - interval '2 years', '', '')", company.person_id,
        )  # fmt: skip
    (line,) = await retention_run.run(only={"security_log"}, confirmed=True)
    assert line.gone >= 1 and line.restricted >= 1
    old = "select count(*) from security_event where person_id = $1 and at < now() - interval '1 year'"
    assert await owner.fetchval(old, kept.person_id) == 1 and await owner.fetchval(old, other.person_id) == 0
    await owner.execute("delete from security_event where person_id = $1", kept.person_id)


async def test_p10_a_recurring_invoice_that_ended_goes_after_its_time_and_its_invoices_stay(
    shop: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await shop.company()
    customer = await shop.customer(company)
    kept = (await issued(company, customer)).invoice_id
    plans = {state: new_id() for state in ("finished", "active", "draft")}
    old = now() - timedelta(days=731)
    for state, plan_id in plans.items():
        await owner.execute(
            "insert into plan (organisation_id, id, state, version, created_at, changed_at, listed_at, customer_id, "
            "customer_name, content) values ($1, $2, $3, 1, $4, $4, $4, $5, 'zq7canary', '{}')",
            company.id, plan_id, state, old, customer,
        )  # fmt: skip
    await owner.execute(
        "insert into plan_run (organisation_id, plan_id, day, state, invoice_id, made_at) "
        "values ($1, $2, current_date - 800, 'issued', $3, $4)", company.id, plans["finished"], kept, old,
    )  # fmt: skip

    async def only() -> AsyncIterator[UUID]:
        yield company.id

    for module in ("actions.retention", "actions.retention_run"):
        monkeypatch.setattr(f"{module}.organisations", only)
    (line,) = await retention_run.run(only={"plans"})
    assert (line.due, line.gone) == (2, 2)
    (again,) = await retention_run.run(only={"plans"})
    assert (again.due, again.gone) == (0, 0)
    left = await owner.fetch("select id from plan where organisation_id = $1", company.id)
    assert [row["id"] for row in left] == [plans["active"]]
    assert await owner.fetchval("select number from invoice where id = $1", kept) is not None


async def test_a_fresh_time_of_a_recurring_invoice_is_not_deleted_by_a_wrong_clock(
    shop: World, owner: asyncpg.Connection
) -> None:
    company = await shop.company()
    plan_id = new_id()
    await owner.execute(
        "insert into plan (organisation_id, id, state, version, created_at, changed_at, listed_at, content) "
        "values ($1, $2, 'finished', 1, now(), now(), now(), '{}')", company.id, plan_id,
    )  # fmt: skip
    await owner.execute(
        "insert into plan_run (organisation_id, plan_id, day, state, made_at) "
        "values ($1, $2, current_date, 'skipped', now())", company.id, plan_id,
    )  # fmt: skip
    async with unit_of_work(company.id) as work:
        gone = await work.connection.execute("delete from plan_run where organisation_id = $1", company.id)
    assert gone == "DELETE 0"
