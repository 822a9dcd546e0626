from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import customers, drafts, instance, plan_runs, plans
from actions.outcomes import NotFound, Stale
from actions.plans import Terms
from domain.delivery import Problem
from domain.recurring import Rhythm
from domain.refusals import Refused
from models.ids import new_id
from models.queries.plans import PlanPage, plan_page
from models.unit_of_work import unit_of_work
from tasks.handlers.issue_planned import IssuePlanned
from tests.actions.making import draft, first_save, line, saved
from tests.actions.restraining import restricted
from tests.world import Company, World

FIRST = date(2027, 1, 31)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the app's clock: `at(date(2027, 1, 31))` is noon of that day."""

    def set_clock(moment: date | datetime) -> None:
        moment = moment if isinstance(moment, datetime) else noon(moment)
        monkeypatch.setattr(instance, "_settings", replace(instance.settings(), test_clock=moment))

    set_clock(FIRST - timedelta(days=10))
    return set_clock


async def started(company: Company, customer: UUID | None, *, automatic: bool = True, **changes: Any) -> UUID:
    """A monthly plan from 31 January 2027 on."""
    made = draft(customer, line("100"), delivery_from=None, note="For {period}")
    await plans.save(company.id, company.person_id, made, first_save())
    terms = Terms(replace(Rhythm("month", 1, FIRST), **changes), automatic)
    await plans.start(company.id, company.person_id, made.id, terms)
    return made.id


async def page(company: Company, plan_id: UUID) -> PlanPage:
    found = await plan_page(company.id, plan_id)
    assert found is not None
    return found


async def runs(company: Company, plan_id: UUID) -> list[tuple[date, str, str | None]]:
    """Oldest first: the day, what came of it, and how the invoice stands."""
    return [(run.day, run.state, run.invoice_state) for run in reversed((await page(company, plan_id)).runs)]


async def issue_all(company: Company, plan_id: UUID) -> None:
    for run in (await page(company, plan_id)).runs:
        await plan_runs.issue(company.id, plan_id, run.day)


async def letters(owner: asyncpg.Connection, plan_id: UUID) -> Sequence[str]:
    rows = await owner.fetch("select kind from message where plan_id = $1", plan_id)
    return [row["kind"] for row in rows]


async def code_of(action: Any) -> str:
    with pytest.raises(Refused) as refused:
        await action
    return refused.value.refusals[0].code


async def test_trap_8_six_schedulers_at_once_make_one_invoice_and_one_e_mail(
    world: World, owner: asyncpg.Connection, at: Any
) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company))
    at(FIRST)
    made = await asyncio.gather(*(plan_runs.run_due(company.id) for _ in range(6)))
    assert sum(made) == 1
    await asyncio.gather(*(plan_runs.issue(company.id, plan_id, FIRST) for _ in range(6)))
    assert await runs(company, plan_id) == [(FIRST, "issued", "open")]
    assert await owner.fetchval("select count(*) from invoice where organisation_id = $1", company.id) == 1
    assert await owner.fetchval("select count(*) from message where organisation_id = $1", company.id) == 1


async def test_the_database_refuses_a_second_run_of_a_day_whoever_asks(world: World, at: Any) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company))
    at(FIRST)
    await plan_runs.run(company.id, plan_id)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with unit_of_work(company.id) as work:
            await work.connection.execute(
                "insert into plan_run (organisation_id, plan_id, day, state, made_at) "
                "values ($1, $2, $3, 'drafted', now())",
                company.id, plan_id, FIRST,
            )  # fmt: skip


async def test_trap_8_the_anchor_is_kept_from_month_to_month(world: World, at: Any) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company), automatic=False)
    expected = [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]
    for day in expected:
        at(day)
        assert await plan_runs.run_due(company.id) == 1
        assert await plan_runs.run_due(company.id) == 0
    assert [day for day, _, _ in await runs(company, plan_id)] == expected


async def test_the_day_is_the_company_s_own(world: World, at: Any) -> None:
    company = await world.company(time_zone="Europe/Oslo")
    await started(company, await world.customer(company))
    at(datetime(2027, 1, 30, 22, 30, tzinfo=UTC))
    assert await plan_runs.run_due(company.id) == 0
    at(datetime(2027, 1, 30, 23, 30, tzinfo=UTC))  # the 31st in Oslo
    assert await plan_runs.run_due(company.id) == 1


async def test_the_invoice_says_its_period_and_is_issued_in_the_name_of_who_started_it(
    world: World, owner: asyncpg.Connection, at: Any
) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company), first_on=date(2027, 2, 1))
    at(date(2027, 2, 1))
    await plan_runs.run_due(company.id)
    await issue_all(company, plan_id)
    row = await owner.fetchrow("select * from invoice where organisation_id = $1", company.id)
    assert (row["note"], row["number"], row["issued_by"]) == ("For februar 2027", "1", company.person_id)
    assert (row["delivery_from"], row["delivery_to"]) == (date(2027, 2, 1), date(2027, 2, 28))


async def test_trap_8_thirty_six_periods_behind_sends_nothing_and_asks_once(
    world: World, owner: asyncpg.Connection, at: Any
) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company))
    at(date(2029, 12, 31))
    for _ in range(3):
        assert await plan_runs.run_due(company.id) == 0
    assert await runs(company, plan_id) == []
    assert await letters(owner, plan_id) == ["plan_asks"]


@pytest.mark.parametrize("make", [True, False])
async def test_the_user_says_what_becomes_of_what_is_due_and_none_of_it_is_issued_by_itself(
    world: World, at: Any, make: bool
) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company))
    today = date(2027, 3, 31)
    at(today)
    await plan_runs.run_due(company.id)
    made = await plan_runs.catch_up(company.id, company.person_id, plan_id, today, make=make)
    assert made == (3 if make else 0)
    states = {(state, invoice) for _, state, invoice in await runs(company, plan_id)}
    assert states == ({("drafted", "draft")} if make else {("skipped", None)})
    again = plan_runs.catch_up(company.id, company.person_id, plan_id, today, make=make)
    assert await code_of(again) == "plan.nothing_due"
    at(date(2027, 4, 30))
    assert await plan_runs.run_due(company.id) == 1  # and it goes on as before


async def test_two_who_answer_at_once_make_each_day_once(world: World, at: Any) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company))
    at(date(2027, 3, 31))
    answers = [
        plan_runs.catch_up(company.id, company.person_id, plan_id, date(2027, 3, 31), make=True) for _ in range(4)
    ]
    done = await asyncio.gather(*answers, return_exceptions=True)
    assert sorted(isinstance(one, Refused) for one in done) == [False, True, True, True]
    assert len(await runs(company, plan_id)) == 3


async def test_a_pause_skips_nothing_unasked_and_a_stop_is_for_good(world: World, at: Any) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company))
    await plans.pause(company.id, company.person_id, plan_id)
    at(date(2027, 3, 31))
    assert await plan_runs.run_due(company.id) == 0
    await plans.resume(company.id, company.person_id, plan_id)
    assert await plan_runs.run_due(company.id) == 0
    assert (await page(company, plan_id)).plan.row["asked_on"] is not None
    await plans.stop(company.id, company.person_id, plan_id)
    assert await plan_runs.run_due(company.id) == 0
    assert await code_of(plans.resume(company.id, company.person_id, plan_id)) == "plan.stopped"


async def test_a_plan_ends_after_its_last_time(world: World, at: Any) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company), automatic=False, times=1)
    at(FIRST)
    assert await plan_runs.run_due(company.id) == 1
    row = (await page(company, plan_id)).plan.row
    assert (row["state"], row["next_on"]) == ("finished", None)


async def test_what_can_not_be_issued_stays_a_draft_and_its_owner_is_told_once(
    world: World, owner: asyncpg.Connection, at: Any
) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company, email=""))
    at(FIRST)
    await plan_runs.run_due(company.id)
    for _ in range(2):
        await issue_all(company, plan_id)
    assert await runs(company, plan_id) == [(FIRST, "refused", "draft")]
    assert await letters(owner, plan_id) == ["plan_refused"]


async def test_what_never_succeeds_is_given_up_and_told_once(
    world: World, owner: asyncpg.Connection, at: Any
) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company))
    at(FIRST)
    await plan_runs.run_due(company.id)
    payload = {"organisation_id": str(company.id), "plan_id": str(plan_id), "day": FIRST.isoformat()}
    for _ in range(2):
        await IssuePlanned().give_up(payload, Problem("unexpected"))
    assert await runs(company, plan_id) == [(FIRST, "refused", "draft")]
    assert await letters(owner, plan_id) == ["plan_refused"]


async def test_nothing_is_issued_to_a_customer_who_was_archived_and_the_owner_is_told(
    world: World, owner: asyncpg.Connection, at: Any
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    plan_id = await started(company, customer)
    await customers.archive(company.id, company.person_id, customer)
    at(FIRST)
    assert await plan_runs.run_due(company.id) == 1
    await issue_all(company, plan_id)
    assert [(state, invoice) for _, state, invoice in await runs(company, plan_id)] == [("refused", "draft")]
    assert await letters(owner, plan_id) == ["plan_refused"]


async def test_a_plan_that_fails_keeps_no_other_waiting(
    world: World, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    for _ in range(2):
        await started(company, customer, automatic=False)
    at(FIRST)
    run = plan_runs.run

    async def fails_once(organisation_id: UUID, plan_id: UUID) -> bool:
        monkeypatch.setattr(plan_runs, "run", run)
        raise OSError

    monkeypatch.setattr(plan_runs, "run", fails_once)
    assert await plan_runs.run_due(company.id) == 1
    assert await plan_runs.run_due(company.id) == 1


async def test_another_rhythm_goes_on_after_what_was_made(world: World, at: Any) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company), automatic=False)
    at(FIRST)
    await plan_runs.run_due(company.id)
    await plans.start(company.id, company.person_id, plan_id, Terms(Rhythm("week", 1, FIRST), False))
    assert (await page(company, plan_id)).plan.row["next_on"] == FIRST + timedelta(days=7)


async def test_a_plan_starts_only_with_somebody_to_invoice_and_something_to_say(world: World, at: Any) -> None:
    company = await world.company()
    made = replace(draft(None), lines=())
    await plans.save(company.id, company.person_id, made, first_save())
    terms = Terms(Rhythm("month", 0, FIRST - timedelta(days=99)), True)
    with pytest.raises(Refused) as refused:
        await plans.start(company.id, company.person_id, made.id, terms)
    assert {one.code for one in refused.value.refusals} == {
        "plan.no_customer", "plan.no_lines", "plan.every_out_of_range", "plan.begins_in_the_past",
    }  # fmt: skip


async def test_a_plan_is_made_of_an_invoice_once_and_two_windows_do_not_overwrite_each_other(world: World) -> None:
    company = await world.company()
    invoice, plan_id = await saved(company, await world.customer(company), note="Hei"), new_id()
    for _ in range(2):
        await plans.from_invoice(company.id, company.person_id, invoice.id, plan_id)
    content = (await page(company, plan_id)).plan.draft()
    assert (content.note, content.delivery_from, len(content.lines)) == ("Hei", None, 1)
    await plans.save(company.id, company.person_id, replace(content, note="A"), drafts.Editing(1, new_id()))
    with pytest.raises(Stale):
        await plans.save(company.id, company.person_id, replace(content, note="B"), drafts.Editing(1, new_id()))
    with pytest.raises(NotFound):
        await plans.from_invoice((await world.company()).id, company.person_id, invoice.id, new_id())


async def test_p32_a_plan_for_a_restricted_customer_is_passed_over_and_says_so(
    world: World, owner: asyncpg.Connection, at: Any
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    plan_id = await started(company, customer)
    drafted = await started(company, customer, first_on=FIRST)
    at(FIRST)
    await plan_runs.run(company.id, drafted)
    await restricted(company, customer)
    assert await plan_runs.run_due(company.id) == 0
    await plan_runs.issue(company.id, drafted, FIRST)
    assert await runs(company, plan_id) == [(FIRST, "held", None)]
    assert await runs(company, drafted) == [(FIRST, "held", "draft")], "what was made stays a draft"
    assert await letters(owner, plan_id) == [] and await letters(owner, drafted) == []
    events = await owner.fetch("select action from audit_event where subject_id = $1", plan_id)
    assert "plan.held" in {row["action"] for row in events}
