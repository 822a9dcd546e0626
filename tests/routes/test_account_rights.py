"""Restricting and objecting in the privacy centre."""

from __future__ import annotations

import re

import asyncpg

from actions import requests, security_log
from actions.clock import now
from actions.security_log import Client
from domain.access import Role
from domain.privacy.requests import Decision, due_day
from models.queries.plans import due_plans
from models.queries.requests import requests_of
from models.unit_of_work import reading, unit_of_work
from tests.world import World

PLACE = "/account/privacy"


async def test_p36_objecting_to_improvement_stops_it_at_once_and_is_kept_as_done(world: World) -> None:
    company = await world.company()
    assert (await company.post(f"{PLACE}/objections", {"purpose": "improvement"})).status_code == 303
    text = (await company.get(PLACE)).text
    assert re.search(r"You object since .{6,20}: it has stopped", text)
    (one,) = await requests_of(company.person_id, now())
    assert (one.kind, one.subject, one.is_open) == ("objection", "improvement", False)
    assert (await company.post(f"{PLACE}/objections/ending", {"purpose": "improvement"})).status_code == 303
    assert "it has stopped" not in (await company.get(PLACE)).text
    assert (await company.post(f"{PLACE}/objections", {"purpose": "everything"})).status_code == 404


async def test_p37_what_is_weighed_shows_status_due_date_decision_and_where_to_complain(world: World) -> None:
    company = await world.company()
    asked = {"purpose": "fraud", "objection_reason": "Jeg deler nett med naboen"}
    assert (await company.post(f"{PLACE}/objections", asked)).status_code == 303
    (one,) = await requests_of(company.person_id, now())
    text = (await company.get(PLACE)).text
    assert "Under assessment. You get an answer by" in text and one.reference in text
    assert one.clock.due_on == due_day(one.clock.received_on)
    await requests.decide(one.id, company.person_id, Decision.REFUSED, "Without it anybody could guess passwords.")
    text = (await company.get(PLACE)).text
    assert "we have grounds that weigh more" in text and "Without it anybody could guess passwords." in text
    assert "Complain to Datatilsynet" in text


async def test_p37_the_security_log_rests_its_optional_part_while_an_objection_is_weighed(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    other = await world.company()
    await company.post(f"{PLACE}/objections", {"purpose": "security"})
    for one in (company, other):
        async with unit_of_work(None, one.person_id) as work:
            await security_log.note(work, one.person_id, "signed_in", Client("192.0.2.7", "Firefox, Linux"))
    rows = await owner.fetch(
        "select person_id, ip_prefix, browser from security_event where person_id = any($1)",
        [company.person_id, other.person_id],
    )
    kept = {row["person_id"]: (row["ip_prefix"], row["browser"]) for row in rows}
    assert kept[company.person_id] == ("", "") and kept[other.person_id][1] == "Firefox, Linux"
    (request,) = await requests_of(company.person_id, now())
    await requests.withdraw(company.person_id, request.id)
    assert "Under assessment" not in (await company.get(PLACE)).text


async def test_an_account_is_restricted_by_its_holder_and_told_by_letter_when_that_ends(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    refused = await company.post(f"{PLACE}/restriction", {"ground": "z", "restriction_reason": "Navnet"})
    assert refused.status_code == 422 and "Choose why" in refused.text and "Navnet" in refused.text
    assert (await company.post(f"{PLACE}/restriction", {"ground": "a"})).status_code == 303
    assert "Your account, since" in (await company.get(PLACE)).text
    for _ in range(2):
        assert (await company.post(f"{PLACE}/restriction/ending")).status_code == 303
    letters = await owner.fetch("select kind from account_message where email = $1", company.email)
    assert [row["kind"] for row in letters].count("restriction_ends") == 1


async def test_a_restricted_company_makes_no_recurring_invoices_by_itself(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    moment = now()
    await owner.execute(
        "insert into plan (organisation_id, id, state, customer_id, customer_name, currency, gross, content, unit, "
        "every, in_arrears, is_automatic, next_on, version, created_at, changed_at, listed_at) values "
        "($1, $2, 'active', $3, 'X', 'NOK', 1, '{}', 'month', 1, false, true, $4, 1, $5, $5, $5)",
        company.id, company.id, customer, moment.date(), moment,
    )  # fmt: skip

    async def due() -> int:
        async with reading(company.id) as work:
            return len(await due_plans(work, moment))

    assert await due() == 1
    assert (await company.post("/company/restriction", {"ground": "c"})).status_code == 303
    assert await due() == 0 and "No recurring invoices are made by themselves" in (await company.get(PLACE)).text
    assert (await company.post("/company/restriction/ending")).status_code == 303
    assert await due() == 1
    viewer = await world.company(role=Role.VIEWER)
    assert "Restrict your account" in (text := (await viewer.get(PLACE)).text) and "Restrict Fjord" not in text
