"""What the benchmark writes by itself is what the app would have written."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from actions import files
from actions.issuing import amount_words
from actions.payments import PaymentEntry, register
from actions.search_words import chosen
from actions.sessions import start_session
from bench import company as companies
from bench import invoices
from bench.company import Bench
from bench.targets import targets_for
from domain.access import Role
from domain.settings import Settings
from models.audit_chain import first_fault
from models.ids import new_id
from models.queries.invoices import stored
from models.unit_of_work import reading
from tests.actions.making import TODAY
from tests.issuing import open_shop

SIZE = 60


@dataclass(frozen=True, slots=True)
class Filled:
    """A company that the benchmark filled, and a connection that sees everything."""

    company: Bench
    owner: Any


@pytest.fixture(scope="module")
async def filled(database: tuple[str, str], settings: Settings, pool: None) -> AsyncIterator[Filled]:
    files.open_store(settings)
    owner = await asyncpg.connect(database[0])
    chance = random.Random(1)
    company = await companies.found(owner, companies.name_for(SIZE), 20, chance)
    pdf = b"%PDF-1.7 a document"
    stored_pdf = (await files.put(company.id, pdf), len(pdf))
    await invoices.fill(owner, company, SIZE, datetime.now(UTC) - timedelta(days=1), stored_pdf, chance)
    yield Filled(company, owner)
    await owner.close()


async def sums_of(owner: Any, company_id: UUID) -> list[tuple[Any, ...]]:
    """Every kept sum that is not nought."""
    rows = []
    for table, key in (("state_sum", "state"), ("due_sum", "due_on"), ("month_sum", "month")):
        figures = "invoices, net, vat, paid" if table == "month_sum" else "invoices, amount"
        found = await owner.fetch(
            f"select '{table}', {key}, currency, {figures} from {table} where organisation_id = $1 order by 2, 3",
            company_id,
        )
        rows += [tuple(row) for row in found if any(row[3:])]
    return rows


async def test_sums_are_made_as_the_triggers_keep_them(settings: Settings, pool: None, filled: Filled) -> None:
    async with open_shop(settings) as shop:
        await shop.saved_draft()
        await shop.issue(send=False)
        paid, part = await shop.issue(send=False), await shop.issue(send=False)
        for invoice_id, amount in ((paid, Decimal(1300)), (part, Decimal(500))):
            await register(shop.id, shop.company.person_id, invoice_id, PaymentEntry(new_id(), amount, TODAY))
        kept = await sums_of(filled.owner, shop.id)
        for table in ("state_sum", "due_sum", "month_sum"):
            await filled.owner.execute(f"delete from {table} where organisation_id = $1", shop.id)
        await invoices.rebuild_sums(filled.owner, shop.id)
        assert await sums_of(filled.owner, shop.id) == kept
        assert len(kept) > 3


async def test_numbers_run_without_a_gap_in_the_order_of_days(filled: Filled) -> None:
    rows = await filled.owner.fetch(
        "select counter, issued_on from invoice where organisation_id = $1 order by counter", filled.company.id
    )
    assert len(rows) >= SIZE  # another test issues one more
    assert [row["counter"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["issued_on"] for row in rows] == sorted(row["issued_on"] for row in rows)


async def test_every_event_is_linked_to_the_one_before(filled: Filled) -> None:
    async with reading(filled.company.id) as work:
        assert await first_fault(work) is None


async def test_an_invoice_is_found_by_what_issuing_would_have_written(filled: Filled) -> None:
    async with reading(filled.company.id) as work:
        row = await work.connection.fetchrow("select id from invoice order by counter limit 1")
        found = await stored(work, row["id"])
        written = await work.connection.fetch("select word from search_word where subject_id = $1", row["id"])
    assert found is not None
    document = found.issued()
    lines = [line.description for line in document.lines]
    texts = [document.number, document.kid, *amount_words(document.totals), document.buyer.name, *lines]
    assert {word["word"] for word in written} == set(chosen([*texts, document.order_number, document.your_reference]))


async def test_every_target_answers_as_it_should(filled: Filled, client: httpx.AsyncClient) -> None:
    company = filled.company
    started = await start_session(company.person_id, company.id, Role.OWNER, ip="127.0.0.1", browser="Bench")
    client.cookies.set(started.cookie_name, started.cookie_value, domain="127.0.0.1")
    targets = await targets_for(filled.owner, company, started.csrf_token)
    for target in targets.reading:
        answer = await client.get(target.paths[0])
        assert answer.status_code == target.status, target.name
    new = str(new_id())
    answer = await client.post(
        targets.issuing.paths[0].replace("{new}", new),
        content=targets.issuing.body.replace("{new}", new),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == targets.issuing.status, answer.text
