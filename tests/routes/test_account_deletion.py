"""The pages of a deletion: the plan that is confirmed, the fourteen days, the way back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from actions import deliveries, plan_runs
from actions.clock import now
from actions.tenants import open_organisations
from domain.access import Role
from models.ids import new_id
from models.unit_of_work import unit_of_work
from tests.actions.making import TODAY, issued
from tests.people import at, browser, letters_asked, newest_letter
from tests.world import PASSWORD, Company, World

PLACE = "/account/deletion"


def fingerprint(page: str) -> str:
    found = re.search(r'name="fingerprint" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


async def ask(company: Company, **changes: str) -> Any:
    plan = (await company.get(PLACE)).text
    return await company.post(PLACE, {"typed": company.email, "fingerprint": fingerprint(plan), **changes})


async def sign_in(world: World, email: str) -> Any:
    visitor = browser(world)
    answer = await visitor.post("/login", data={"email": email, "password": PASSWORD})
    return visitor, answer


async def member(company: Company, world: World, role: Role = Role.BOOKKEEPER) -> str:
    person_id, email = await world.person("Ola Nordmann")
    async with unit_of_work(company.id, person_id) as work:
        await work.connection.execute(
            "insert into membership (organisation_id, person_id, role, created_at) values ($1, $2, $3, now())",
            company.id, person_id, role.value,
        )  # fmt: skip
    return email


async def request_state(owner: asyncpg.Connection, company: Company) -> tuple[str, str]:
    row = await owner.fetchrow("select kind, state from rights_request where person_id = $1", company.person_id)
    return (row["kind"], row["state"])


async def test_the_plan_says_what_goes_what_stays_by_which_law_and_until_when(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    await issued(company, customer)
    page = (await company.get(PLACE)).text
    assert "Fjord Design ENK is closed" in page and "bokføringsloven § 13" in page
    assert f"Kept by law until 31 Dec {TODAY.year + 5}" in page and "Customers" in page
    assert "First take a copy of your data" in page


@pytest.mark.parametrize("typed", ["", "somebody@else.example"])
async def test_the_address_is_typed_by_hand(world: World, owner: asyncpg.Connection, typed: str) -> None:
    company = await world.company()
    answer = await ask(company, typed=typed)
    assert answer.status_code == 422 and 'id="f-typed-error"' in answer.text
    assert await owner.fetchval("select closes_at from person where id = $1", company.person_id) is None


async def test_without_a_fresh_password_it_is_asked_for(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    await owner.execute(
        "update session set authenticated_at = authenticated_at - interval '11 minutes' where person_id = $1",
        company.person_id,
    )
    assert 'name="password"' in (await company.get(PLACE)).text
    answer = await ask(company, password="feil")
    assert answer.status_code == 422 and 'id="f-password-error"' in answer.text
    assert (await ask(company, password=PASSWORD)).headers["location"] == "/login?done=account-closing"


async def test_what_changed_since_the_plan_was_shown_is_shown_and_nothing_is_done(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    old = fingerprint((await company.get(PLACE)).text)
    await company.post("/customers", {"key": str(new_id()), "kind": "consumer", "name": "Ny Kunde"})
    answer = await ask(company, fingerprint=old)
    assert answer.status_code == 409 and "Something changed since you saw the plan" in answer.text
    assert await owner.fetchval("select closes_at from person where id = $1", company.person_id) is None
    again = await company.post(PLACE, {"typed": company.email, "fingerprint": fingerprint(answer.text)})
    assert again.status_code == 303


async def test_a_sole_owner_hands_over_or_closes_first(world: World) -> None:
    company = await world.company()
    await member(company, world)
    page = (await company.get(PLACE)).text
    assert "1 other person works in this company" in page and "Close this company" in page
    assert 'id="confirm"' not in page
    forced = await company.post(PLACE, {"typed": company.email, "fingerprint": "0" * 64})
    assert forced.status_code == 409


async def test_p25_for_fourteen_days_there_is_one_page_and_everything_can_come_back(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    await issued(company, customer, send=True)
    message = await owner.fetchval("select id from message where organisation_id = $1", company.id)
    assert (await ask(company)).headers["location"] == "/login?done=account-closing"
    assert (await company.get("/account")).headers["location"].startswith("/login")
    assert await letters_asked(company.email) == ["deletion_asked"]
    letter = await newest_letter(company.email)
    assert letter is not None and letter.context["day"]
    assert await deliveries.begin_attempt(company.id, message) is None
    assert await request_state(owner, company) == ("deletion", "verified")
    assert company.id not in [one async for one in open_organisations()]

    at(monkeypatch, now() + timedelta(days=13))
    visitor, answer = await sign_in(world, company.email)
    assert answer.status_code == 303
    for path in ("/", "/account", "/companies", "/companies/new", "/invoices", "/search?q=a"):
        answer = await visitor.get(path)
        while answer.headers.get("location") == "/companies/new":
            answer = await visitor.get("/companies/new")
        assert answer.headers.get("location") == PLACE, path
    page = (await visitor.get(PLACE)).text
    assert "Keep my account" in page and "Download my data" in page
    copy = (await visitor.get("/account/export")).text
    assert "Make a copy of my data" in copy and "All of the company that is closed with your account" in copy
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page)
    assert token is not None
    kept = await visitor.post(f"{PLACE}/cancellation", data={"_csrf_token": token[1]})
    assert kept.headers["location"] == "/account?done=account-kept"
    assert await request_state(owner, company) == ("deletion", "withdrawn")
    assert (await visitor.get("/invoices")).status_code == 200
    assert await deliveries.begin_attempt(company.id, message) is not None
    jobs = await owner.fetchval(
        "select count(*) from pgqueuer where entrypoint = 'send_invoice' and convert_from(payload, 'utf8') like $1",
        f"%{message}%",
    )
    assert jobs == 2  # the one that had nothing to do, and the one that goes on


async def test_a_company_closes_alone_and_everybody_in_it_is_told(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company(name="Én AS")
    colleague = await member(company, world)
    page = (await company.get("/company/closing")).text
    assert "1 other person works in this company. We tell them by e-mail." in page
    done = await company.post("/company/closing", {"typed": "én as", "fingerprint": fingerprint(page)})
    assert done.headers["location"] == "/companies?done=company-closing"
    assert await letters_asked(colleague) == ["company_closes"] == await letters_asked(company.email)
    assert (await company.get("/invoices")).headers["location"] == "/companies/new"
    assert "Én AS is about to be closed" in (await company.get("/companies")).text
    assert (await company.post(f"/companies/{company.id}/selection")).status_code == 404
    assert (await company.post(f"/companies/{company.id}/reopening")).status_code == 303
    assert (await company.post(f"/companies/{company.id}/selection")).status_code == 303
    trail = await owner.fetch("select action from audit_event where organisation_id = $1 order by seq", company.id)
    assert [row["action"] for row in trail] == ["organisation.closing", "organisation.reopened"]
    assert await plan_runs.run_due(company.id) == 0


@pytest.mark.parametrize("role", [Role.ADMIN, Role.BOOKKEEPER])
async def test_only_an_owner_closes_a_company(world: World, role: Role) -> None:
    company = await world.company(role=role)
    assert (await company.get("/company/closing")).status_code == 403
    assert (await company.post("/company/closing", {"typed": "x", "fingerprint": "0"})).status_code == 403


async def test_nobody_keeps_another_s_company(world: World, owner: asyncpg.Connection) -> None:
    company, stranger = await world.company(name="Én AS"), await world.company()
    page = (await company.get("/company/closing")).text
    await company.post("/company/closing", {"typed": "Én AS", "fingerprint": fingerprint(page)})
    assert (await stranger.post(f"/companies/{company.id}/reopening")).status_code == 404
    assert (await stranger.post(f"/companies/{new_id()}/reopening")).status_code == 404
    assert await owner.fetchval("select closes_at is not null from organisation where id = $1", company.id)


async def test_a_form_left_open_in_another_browser_does_nothing_any_more(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    second, token = await world.sign_in(company.person_id, company.id, Role.OWNER)
    assert (await ask(company)).status_code == 303
    answer = await second.post(f"/customers/{customer}/archival", data={"_csrf_token": token})
    assert answer.status_code in (303, 403) and "/customers" not in answer.headers.get("location", "")
    assert (await second.get("/account/deletion")).headers["location"].startswith("/login")


async def test_of_two_owners_who_leave_the_one_who_stays_after_all_keeps_the_company(
    world: World, owner: asyncpg.Connection
) -> None:
    first = await world.company(name="Begge AS")
    email = await member(first, world, Role.OWNER)
    second_id = await owner.fetchval("select id from person where email = $1", email)
    client, csrf = await world.sign_in(second_id, first.id, Role.OWNER)
    second = Company(first.id, second_id, email, client, csrf, world.app)
    assert "You leave Begge AS" in (await first.get(PLACE)).text
    assert (await ask(first)).status_code == 303
    assert "Begge AS is closed" in (await second.get(PLACE)).text
    assert (await ask(second)).status_code == 303
    visitor, _ = await sign_in(world, first.email)
    token = re.search(r'name="_csrf_token" value="([^"]+)"', (await visitor.get(PLACE)).text)
    assert token is not None
    kept = await visitor.post(f"{PLACE}/cancellation", data={"_csrf_token": token[1]})
    assert kept.status_code == 303
    page = (await visitor.get("/companies")).text
    assert "Begge AS is about to be closed" in page
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = await visitor.post(f"/companies/{first.id}/reopening", data={"_csrf_token": token[1]})
    assert answer.headers["location"] == "/companies?done=company-kept"
