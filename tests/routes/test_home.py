"""The first page of somebody signed in: "all is well" is said only when it is."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import asyncpg

from actions import plans, quotes, supplier_documents
from actions.supplier_documents import Details
from models.ids import new_id
from tests.actions.making import TODAY, issued, line
from tests.actions.test_quotes import sent_quote
from tests.routes.furnished import plan_of, received
from tests.world import Company, World

WELL = "All is well. Nothing waits for you."


async def needs(company: Company) -> dict[str, str]:
    """What waits: the link of each, and what it says."""
    page = (await company.get("/")).text
    found = re.search(r'<ul class="todo">(.*?)</ul>', page, re.S)
    items = re.findall(r'<a href="([^"]+)">(.*?)</a>', found[1], re.S) if found else []
    assert not (items and WELL in page)
    return {href: " ".join(re.sub(r"<[^>]+>", " ", said).split()) for href, said in items}


async def accepted_quote(company: Company, customer: UUID) -> UUID:
    quote_id = await sent_quote(company, customer)
    await quotes.answer(company.id, quote_id, "accepted", "Ola Nordmann")
    return quote_id


async def test_all_is_well_when_nothing_waits(world: World) -> None:
    company = await world.company()
    await issued(company, await world.customer(company), line("1000"))
    assert await needs(company) == {} and WELL in (await company.get("/")).text


async def test_an_accepted_quote_waits_until_it_is_invoiced(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    first = await accepted_quote(company, customer)
    assert await needs(company) == {
        f"/quotes/{first}": "1 accepted quote is not invoiced yet Make the invoice with one click"
    }
    await accepted_quote(company, customer)
    assert "2 accepted quotes" in (await needs(company))["/quotes?state=accepted"]
    await quotes.to_invoice(company.id, company.person_id, first, new_id())
    waiting = await needs(company)
    assert any(href.startswith("/quotes/") for href in waiting) and "/invoices?state=draft" in waiting


async def test_a_quote_that_was_not_delivered_is_named(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company))
    await owner.execute("update quote set delivery_state = 'failed' where id = $1", quote_id)
    assert (await needs(company))[f"/quotes/{quote_id}"] == "1 quote was not delivered See why, and send again"
    await quotes.answer(company.id, quote_id, "declined", "Ola Nordmann")
    assert "todo" not in (await company.get("/")).text


async def test_a_plan_that_asks_is_named_until_it_is_answered(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    plan_id = await plan_of(company, await world.customer(company), line("100"))
    assert await needs(company) == {}
    yesterday = TODAY - timedelta(days=1)
    await owner.execute("update plan set next_on = $2, asked_on = $2 where id = $1", plan_id, yesterday)
    said = (await needs(company))[f"/plans/{plan_id}"]
    assert said.startswith("1 recurring invoice asks you something")
    await plans.stop(company.id, company.person_id, plan_id)
    assert await needs(company) == {}


async def test_what_a_supplier_sent_is_named_from_the_day_it_is_due_until_it_is_paid(world: World) -> None:
    company = await world.company()
    document_id, _ = await received(company, "Strøm AS")
    for days, expected in ((1, None), (0, "Due today"), (-3, "The oldest since")):
        details = Details(TODAY + timedelta(days=days), "")
        await supplier_documents.change(company.id, company.person_id, document_id, details)
        said = (await needs(company)).get("/inbox?state=open")
        assert (said is None) if expected is None else said is not None and expected in said
    assert said is not None and said.startswith("1 invoice from a supplier is due")
    await supplier_documents.mark_paid(company.id, company.person_id, document_id, TODAY)
    assert await needs(company) == {}


async def test_a_new_company_is_told_what_waits_beside_where_to_begin(world: World) -> None:
    company = await world.company()
    assert "todo" not in (await company.get("/")).text
    await accepted_quote(company, await world.customer(company))
    page = (await company.get("/")).text
    assert "Write your first invoice" in page and "1 accepted quote" in page
