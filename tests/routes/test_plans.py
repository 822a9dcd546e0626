"""Recurring invoices over HTTP: written, started, asked about, stopped."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actions import plan_runs, plans
from domain.access import Role
from domain.reading import show_date
from domain.recurring import Rise, day_of, first_raised
from models.ids import new_id
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import TODAY, line, saved
from tests.actions.test_plan_runs import FIRST, at, page, started
from tests.routes.test_invoice_routes import budget
from tests.world import World

__all__ = ["at"]


def rhythm(**values: str) -> dict[str, str]:
    day = show_date(TODAY + timedelta(days=3), "en")
    return {"every": "1", "unit": "month", "first_on": day, "mode": "issue", **values}


async def test_a_plan_is_written_given_a_rhythm_and_started_without_a_script(world: World) -> None:
    company = await world.company()
    customer, plan_id = await world.customer(company), new_id()
    assert "{period}" in (await company.get("/plans/new")).text
    typed = {
        "editor": str(new_id()), "version": "0", "customer_id": str(customer), "currency": "NOK", "language": "nb",
        "due_days": "14", "lines.0.description": "Leie {month} {year}", "lines.0.quantity": "1",
        "lines.0.unit": "MON", "lines.0.unit_price": "1000", "lines.0.treatment": "standard",
    }  # fmt: skip
    answer = await company.post(f"/plans/{plan_id}/draft", typed)
    assert answer.headers["location"] == f"/plans/{plan_id}?done=draft-saved"
    answer = await company.post(f"/plans/{plan_id}/start", rhythm())
    assert answer.headers["location"] == f"/plans/{plan_id}?done=plan-started"
    shown = (await company.get(f"/plans/{plan_id}")).text
    assert "Every month" in shown.replace("every month", "Every month") and "Active" in shown
    assert shown.count("</span><p><strong>") == 3
    assert re.search(r"Leie \w+ 20\d\d", shown)
    assert "Nordlys AS" in (await company.get("/plans")).text


async def test_an_invoice_is_repeated_by_one_button(world: World) -> None:
    company = await world.company()
    invoice, plan_id = await saved(company, await world.customer(company)), str(new_id())
    assert "Repeat it regularly" in (await company.get(f"/invoices/{invoice.id}")).text
    for _ in range(2):
        answer = await company.post("/plans", {"invoice_id": str(invoice.id), "plan_id": plan_id})
        assert answer.headers["location"] == f"/plans/{plan_id}"
    assert (await company.get("/plans")).text.count('class="go"') == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"every": "0"}, "every"),
        ({"every": "99"}, "every"),
        ({"first_on": "yesterday"}, "first-on"),
        ({"first_on": "31/12/9999"}, "too far away"),
        ({"first_on": "1/1/2020"}, "This day has passed"),
        ({"ends_on": "1/1/2020"}, "before the first invoice"),
        ({"ends_on": "1/1/2090", "times": "3"}, "not both"),
        ({"unit": "fortnight"}, "unit"),
    ],
)
async def test_what_is_wrong_with_a_rhythm_stands_beside_its_field(
    world: World, values: dict[str, str], words: str
) -> None:
    company = await world.company()
    invoice, plan_id = await saved(company, await world.customer(company)), str(new_id())
    await company.post("/plans", {"invoice_id": str(invoice.id), "plan_id": plan_id})
    answer = await company.post(f"/plans/{plan_id}/start", rhythm(**values))
    assert answer.status_code == 422 and words in answer.text and "aria-invalid" in answer.text


async def test_when_several_are_due_the_page_asks_and_the_answer_makes_drafts(world: World, at: Any) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company))
    at(date(2027, 3, 31))
    await plan_runs.run_due(company.id)
    company.client, company.csrf = await world.sign_in(company.person_id, company.id, Role.OWNER)
    shown = (await company.get(f"/plans/{plan_id}")).text
    assert "3 invoices are due at once" in shown
    assert "Waits for you" in (await company.get("/plans")).text
    data = {"until": "2027-03-31", "choice": "make"}
    answer = await company.post(f"/plans/{plan_id}/catching-up", data)
    assert answer.headers["location"].endswith("plan-caught-up")
    assert len((await page(company, plan_id)).runs) == 3
    late = await company.post(f"/plans/{plan_id}/catching-up", data)
    assert late.status_code == 422 and "Nothing is due any more" in late.text


async def test_a_plan_is_paused_taken_up_and_stopped(world: World, at: Any) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company))
    for path, state in (("pause", "paused"), ("resumption", "active"), ("stop", "stopped")):
        assert (await company.post(f"/plans/{plan_id}/{path}")).status_code == 303
        assert (await page(company, plan_id)).plan.row["state"] == state
    refused = await company.post(f"/plans/{plan_id}/resumption")
    assert refused.status_code == 422 and "This plan has ended" in refused.text
    assert (await company.get(f"/plans/{plan_id}/edit")).status_code == 303


@pytest.mark.parametrize("path", ["/plans", "/plans/{id}"])
async def test_a_page_of_plans_asks_little_of_the_database(
    world: World, statements: list[str], at: Any, path: str
) -> None:
    company = await world.company()
    plan_id = await started(company, await world.customer(company), first_on=FIRST)
    await plans.pause(company.id, company.person_id, plan_id)
    with budget(statements, 9):
        await company.get(path.format(id=plan_id))


async def test_a_yearly_rise_is_typed_shown_in_what_comes_and_found_in_the_invoice(world: World, at: Any) -> None:
    company = await world.company()
    invoice, plan_id = await saved(company, await world.customer(company), line("100")), new_id()
    await company.post("/plans", {"invoice_id": str(invoice.id), "plan_id": str(plan_id)})
    first = TODAY + timedelta(days=400)
    begins = date(first.year + 1, first.month, 1)
    typed = rhythm(first_on=show_date(first, "en"), rise_percent="3", rise_from=show_date(begins, "en"))
    assert (await company.post(f"/plans/{plan_id}/start", typed)).status_code == 303
    shown = (await company.get(f"/plans/{plan_id}")).text
    assert 'value="3"' in shown and show_date(begins, "en") in shown
    assert shown.count("125.00") >= 3 and "128.75" in shown and shown.count("New price") == 1
    found = (await page(company, plan_id)).plan.rhythm
    assert found is not None and found.rise == Rise(begins, percent=Decimal("3.00"))
    raised = day_of(found, first_raised(found, 0) or 0)
    async with unit_of_work(company.id) as work:
        await work.connection.execute("update plan set first_on = $2, next_on = $2 where id = $1", plan_id, raised)
    listed = (await company.get("/plans")).text
    assert "128.75" in listed and "125.00" not in listed  # what the next one costs, not what was written once
    at(raised)
    assert await plan_runs.run_due(company.id) == 1
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select max(gross) from invoice") == Decimal("128.75")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"rise_percent": "3"}, "Say from which day prices rise"),
        ({"rise_from": "1/1/2030"}, "Say by how much prices rise"),
        ({"rise_percent": "3", "rise_amount": "5", "rise_from": "1/1/2030"}, "not both"),
        ({"rise_percent": "101", "rise_from": "1/1/2030"}, "rise-percent"),
        ({"rise_amount": "0", "rise_from": "1/1/2030"}, "rise-amount"),
        ({"rise_amount": "5", "rise_from": "1/1/9000"}, "too far away"),
    ],
)
async def test_what_is_wrong_with_a_rise_stands_beside_its_field(
    world: World, values: dict[str, str], words: str
) -> None:
    company = await world.company()
    invoice, plan_id = await saved(company, await world.customer(company)), str(new_id())
    await company.post("/plans", {"invoice_id": str(invoice.id), "plan_id": plan_id})
    answer = await company.post(f"/plans/{plan_id}/start", rhythm(**values))
    assert answer.status_code == 422 and words in answer.text and "aria-invalid" in answer.text
