"""Deleting what a company keeps about one customer: what served to reach them goes, what the law wants stays (P-30)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from actions import erasure_ledger, quote_letters, quotes
from actions.customer_erasure import customer_plan, erase, erase_customer
from actions.outcomes import Locked, NotFound
from actions.restrictions import Wish, restrict
from domain.privacy.restriction import Scope
from domain.settings import Settings
from models.ids import new_id
from models.unit_of_work import unit_of_work
from tests.actions.making import TODAY, draft, first_save, issued, saved
from tests.actions.test_quotes import sent_quote
from tests.ledger import own_store
from tests.world import Company, World

CANARY = "zq7canary"


@pytest.fixture
async def shop(app: Any, settings: Settings, tmp_path: Path) -> AsyncIterator[World]:
    made = World(app, settings)
    with own_store(settings, tmp_path):
        yield made
    await made.close()


async def known_customer(world: World, company: Company) -> Any:
    """A private person with a word in every field that could name them."""
    return await world.customer(
        company, name=f"{CANARY} Hansen", kind="consumer", organisation_number="", email=f"{CANARY}@example.test",
        phone=f"{CANARY}1", notes=f"{CANARY} is nice", reference=f"{CANARY}r", address_line1=f"{CANARY} gate 1",
        delivery_line1=f"{CANARY} vei",
    )  # fmt: skip


async def places_of(owner: asyncpg.Connection, company: Company) -> set[str]:
    """Table.column wherever the canary is still to be read in this company."""
    found = set()
    for row in await owner.fetch(
        "select table_name, column_name from information_schema.columns where table_schema = 'public' "
        "and table_name in (select table_name from information_schema.columns where column_name = 'organisation_id')"
    ):
        table, column = row["table_name"], row["column_name"]
        statement = f'select true from "{table}" where organisation_id = $1 and "{column}"::text like $2 limit 1'
        if await owner.fetchval(statement, company.id, f"%{CANARY}%"):
            found.add(f"{table}.{column}")
    return found


async def erased(company: Company, customer_id: Any) -> Any:
    async with unit_of_work(company.id, company.person_id) as work:
        return await erase_customer(work, customer_id)


async def test_p30_reach_goes_and_what_is_issued_keeps_name_and_address(
    shop: World, owner: asyncpg.Connection
) -> None:
    company = await shop.company()
    customer = await known_customer(shop, company)
    await issued(company, customer, send=True)
    await saved(company, customer)
    quote = draft(customer, valid_until=TODAY + timedelta(days=9))
    await quote_letters.send(company.id, company.person_id, quote.id, quote, first_save())
    agreed = await sent_quote(company, customer)
    await quotes.answer(company.id, agreed, "accepted", "Ola")
    told = await erased(company, customer)
    # What is printed, the reference in the e-invoice, and the words by which the company finds the document.
    held = {"invoice.buyer", "invoice.customer_name", "einvoice.reference", "search_word.word"}
    held |= {"quote.document", "quote.customer_name"}
    assert await places_of(owner, company) == held
    for kept in (
        "select buyer from invoice where organisation_id = $1",
        "select document -> 'buyer' from quote where organisation_id = $1",
    ):
        buyer = await owner.fetchval(kept, company.id)
        assert '"email": ""' in buyer and '"phone": ""' in buyer and f"{CANARY} gate 1" in buyer, kept
    assert told.deleted == {"draft": 1, "quote": 1, "message": 4}
    assert [(held.name, held.count, held.until) for held in told.held] == [
        ("issued", 1, date(TODAY.year + 5, 12, 31)),
        ("agreed_quote", 1, date(TODAY.year + 5, 12, 31)),
    ]
    row = await owner.fetchrow("select name, archived_at from customer where id = $1", customer)
    assert row["name"].startswith("deleted-") and row["archived_at"] is not None
    again = await erased(company, customer)
    assert again.deleted == {} and again.held == told.held
    assert await owner.fetchval("select name from customer where id = $1", customer) == row["name"]


async def test_p30_a_customer_whom_nothing_names_goes_whole(shop: World, owner: asyncpg.Connection) -> None:
    company = await shop.company()
    customer = await known_customer(shop, company)
    assert (await erased(company, customer)).is_whole
    assert await owner.fetchval("select count(*) from customer where id = $1", customer) == 0
    assert await places_of(owner, company) == set()
    with pytest.raises(NotFound):
        await erased(company, customer)


async def test_p33_who_is_restricted_is_not_deleted(shop: World, owner: asyncpg.Connection) -> None:
    company = await shop.company()
    customer = await known_customer(shop, company)
    async with unit_of_work(company.id, company.person_id) as work:
        await restrict(work, Scope.CUSTOMER, customer, Wish("c", "Hansen"))
    with pytest.raises(Locked):
        await erased(company, customer)
    assert await owner.fetchval("select email from customer where id = $1", customer) == f"{CANARY}@example.test"


async def test_what_changed_since_the_plan_is_shown_again(shop: World) -> None:
    company = await shop.company()
    customer = await known_customer(shop, company)
    plan = await customer_plan(company.id, customer)
    await saved(company, customer)
    changed = await erase(company.id, company.person_id, customer, plan.fingerprint)
    assert changed is not None and changed.deleted == {"draft": 1}
    assert await erase(company.id, company.person_id, customer, changed.fingerprint) is None


async def test_another_s_customer_is_unknown(shop: World) -> None:
    mine, other = await shop.company(), await shop.company()
    customer = await known_customer(shop, other)
    with pytest.raises(NotFound):
        await erased(mine, customer)
    with pytest.raises(NotFound):
        await customer_plan(mine.id, new_id())


async def test_p26_it_is_written_down_outside_of_the_database(shop: World, owner: asyncpg.Connection) -> None:
    company = await shop.company()
    await erased(company, await known_customer(shop, company))
    erasure_id = await owner.fetchval("select id from erasure where company_id = $1", company.id)
    await erasure_ledger.note(erasure_id)
    assert erasure_id not in {entry.id for entry in await erasure_ledger.unknown()}
    await owner.execute("delete from erasure where id = $1", erasure_id)
    (entry,) = [entry for entry in await erasure_ledger.unknown() if entry.id == erasure_id]
    assert (entry.scope, entry.company_ref) == ("customer", company.id)


async def test_the_page_says_what_goes_and_does_it(shop: World, owner: asyncpg.Connection) -> None:
    company = await shop.company()
    customer = await known_customer(shop, company)
    await issued(company, customer)
    assert "Delete personal data …" in (await company.get(f"/customers/{customer}")).text
    page = (await company.get(f"/customers/{customer}/erasure")).text
    assert (
        "Kept by law" in page and "bokføringsloven § 13" in page and "1 invoice to this customer is not paid" in page
    )
    plan = await customer_plan(company.id, customer)
    done = await company.post(f"/customers/{customer}/erasure", {"fingerprint": plan.fingerprint})
    assert done.headers["location"] == "/customers?done=customer-erased"
    assert await owner.fetchval("select email from customer where id = $1", customer) == ""
