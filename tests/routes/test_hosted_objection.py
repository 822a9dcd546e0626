"""P-38: a customer says no to more of these letters, on the page or by the button of a mail program (RFC 8058)."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import httpx

from actions import quote_letters
from actions.quote_letters import token_of
from tasks.letters import invoice_letter
from tests.actions.making import TODAY, draft, first_save, issued
from tests.tasks.paper import ENVELOPE, LINK, PDF, invoice
from tests.tasks.test_letters import received
from tests.world import Company, World


async def hosted(company: Company, invoice_id: object) -> str:
    text = (await company.get(f"/invoices/{invoice_id}")).text
    return "/i/" + text.partition("/i/")[2].partition('"')[0]


def mail_program(world: World) -> httpx.AsyncClient:
    """Comes from no page: no cookie, no origin."""
    client = world.visitor()
    del client.headers["Sec-Fetch-Site"]
    return client


async def test_p38_one_click_in_a_mail_program_ends_the_reminders(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    customer = await world.customer(company)
    done = await issued(company, customer, send=True)
    place = f"{await hosted(company, done.invoice_id)}/objection"
    click = {"List-Unsubscribe": "One-Click"}
    evil = {"Origin": "https://evil.test"}
    assert (await mail_program(world).post(place, data=click, headers=evil)).status_code == 403
    for _ in range(2):
        assert (await mail_program(world).post(place, data=click)).status_code == 200
    assert await owner.fetchval("select objects_to from customer where id = $1", customer) == "reminders"
    assert (await mail_program(world).post("/i/" + "x" * 43 + "/objection", data=click)).status_code == 404
    shown = (await company.get(f"/customers/{customer}")).text
    assert "Reminders of invoices they have got already" in shown


async def test_p38_the_page_asks_and_then_says_that_it_is_noted(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    customer = await world.customer(company, language="en")
    quote = draft(customer, valid_until=TODAY + timedelta(days=9), language="en")
    await quote_letters.send(company.id, company.person_id, quote.id, quote, first_save())
    place = f"/q/{token_of(company.id, quote.id)}/objection"
    visitor = world.visitor()
    asked = await visitor.get(place)
    assert "No more of these letters" in asked.text and asked.headers["cache-control"] == "no-store"
    assert "Noted. You get no more of them from Fjord Design ENK" in (await visitor.post(place)).text
    assert await owner.fetchval("select objects_to from customer where id = $1", customer) == "offers"
    again = draft(customer, valid_until=TODAY + timedelta(days=9))
    refused = await quote_letters.send(company.id, company.person_id, again.id, again, first_save())
    assert [refusal.code for refusal in refused.refusals] == ["objection.offers"]
    once_more = await company.post(f"/quotes/{quote.id}/deliveries", {"recipient": "kari@kunde.example"})
    assert once_more.status_code == 422 and "does not want" in once_more.text


def test_only_a_reminder_or_an_offer_offers_to_be_the_last() -> None:
    first = received(invoice_letter(invoice(), ENVELOPE, link=LINK, pdf=PDF))
    assert "List-Unsubscribe" not in first and "objection" not in first.as_string()
    again = received(invoice_letter(invoice(), ENVELOPE, link=LINK, pdf=PDF, objection=f"{LINK}/objection"))
    assert again["List-Unsubscribe"] == f"<{LINK}/objection>"
    assert again["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
