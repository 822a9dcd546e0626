"""Visits: counted by page and day of who agreed, never of who objected, and seen as sums only."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import httpx

from actions import visits
from actions.objections import object_to
from domain.access import Role
from domain.privacy.objection import Interest
from models.unit_of_work import unit_of_work
from tests.actions.making import issued
from tests.asking import VISIT, begin_again, choose, cookies_set, hidden, told
from tests.routes.middleware.cookie_watch import assert_no_cookies
from tests.world import World


async def seen(owner: asyncpg.Connection, page: str) -> int:
    """How often this page was counted."""
    await visits.flush()
    found = await owner.fetchval("select coalesce(sum(views), 0)::int from visit_count where page = $1", page)
    assert isinstance(found, int)
    return found


async def test_r21_nothing_is_asked_or_counted_on_a_customer_s_page(site: World, owner: asyncpg.Connection) -> None:
    from tests.journeys.steps import hosted_page

    company = await site.company()
    done = await issued(company, await site.customer(company))
    guest = site.visitor()
    await choose(guest, "accept_all")
    answer = await guest.get(hosted_page(company, done.invoice_id))
    assert answer.status_code == 200 and "/consent" not in answer.text
    assert_no_cookies(answer)
    assert await seen(owner, "/i/{token}") == 0


async def test_p08_a_question_for_the_headers_alone_is_no_visit(site: World, owner: asyncpg.Connection) -> None:
    visitor = site.visitor()
    await choose(visitor, "accept_all")
    before = await seen(owner, "/terms")
    answer = await visitor.head("/terms")
    assert answer.status_code == 200 and VISIT not in cookies_set(answer)
    assert await seen(owner, "/terms") == before
    await visitor.get("/terms")
    assert await seen(owner, "/terms") == before + 1


async def test_p43_the_record_of_processing_has_a_line_of_the_statistics_only_where_they_are_switched_on(
    site: World, client: httpx.AsyncClient
) -> None:
    place, ground = "/privacy/record/download/json", "Consent, GDPR Art. 6(1)(a)"
    lines = [line for line in (await site.visitor().get(place)).json()["activities"] if line["legal_basis"] == ground]
    assert [(line["purpose"], line["deletion"]) for line in lines] == [
        ("Improve platform functionality", "25 months")
    ]
    page = (await site.visitor().get("/privacy/record")).text
    assert "Visitors who said yes to it" in page


async def test_visits_are_counted_by_page_and_day_and_only_of_who_agreed(
    site: World, owner: asyncpg.Connection
) -> None:
    before = await seen(owner, "/privacy/processors")
    silent, no, yes = (site.visitor() for _ in range(3))
    await choose(no, "reject_all")
    await choose(yes, "accept_all")
    for one in (silent, no, yes, yes):
        await one.get("/privacy/processors")
    assert await seen(owner, "/privacy/processors") == before + 2
    value = yes.cookies[VISIT]
    assert value == visits.today().isoformat(), "a date and no number that would follow anybody"
    rows = await owner.fetch("select * from visit_count where page = '/privacy/processors'")
    assert {name for row in rows for name in row.keys()} == {"day", "page", "visit", "views"}  # noqa: SIM118


async def test_p36_who_objects_to_improvement_is_not_counted_from_the_next_request_whatever_they_agreed_to(
    site: World, owner: asyncpg.Connection
) -> None:
    company = await site.company()
    await company.post("/consent", {**hidden((await company.get("/terms")).text), "choice": "accept_all"})
    assert VISIT in cookies_set(await company.get("/account/export"))
    before = await seen(owner, "/account/export")
    async with unit_of_work(None, company.person_id) as work:
        await object_to(work, company.person_id, Interest.IMPROVEMENT, "account")
    other, _ = await site.sign_in(company.person_id, company.id, Role.OWNER)
    for client in (company.client, other):
        page = await client.get("/account/export")
        assert page.status_code == 200 and 'id="consent"' not in page.text
    assert "objected" in (await company.get("/cookies")).text and VISIT not in company.client.cookies
    assert await seen(owner, "/account/export") == before


async def test_p08_the_operator_sees_sums_and_nothing_else(site: World, owner: asyncpg.Connection) -> None:
    await begin_again(owner)
    visitor = site.visitor()
    await choose(visitor, "accept_all")
    await visitor.get("/privacy/record")
    await visits.flush()
    operator = await site.operator()
    page = await operator.get("/operator/visits")
    assert "/privacy/record" in page.text and "kept, and the chain" in page.text
    with told(replace(site.settings, statistics=False)):
        assert "switched off" in (await operator.get("/operator/visits")).text
