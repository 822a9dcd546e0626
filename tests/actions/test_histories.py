"""Whatever follows whatever, many at once and with connections cut: the figures add up and the walls stand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from uuid import UUID

import asyncpg
import pytest

from actions import credits, customer_credit, drafts, payments
from actions.credits import Crediting
from actions.invoices import issue
from actions.outcomes import Locked, NotFound
from actions.payments import PaymentEntry
from domain.refusals import Refused
from domain.settings import Settings
from models.audit_chain import first_fault
from models.database_away import is_database_away
from models.engine import pool as open_pool
from models.ids import new_id
from models.unit_of_work import reading
from tests.actions.making import TODAY, draft, first_save, issued, line
from tests.actions.restraining import lifted, restricted
from tests.actions.test_credits import rest_of
from tests.databases import connected, fresh_database
from tests.world import Company, World

D = Decimal
STEPS = 40
CUT = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'smartfaktura_app'"


@pytest.fixture(scope="module")
async def own_server_side(app: object, pool: None) -> AsyncIterator[asyncpg.Connection]:
    """A database of our own, whose connections are cut; who cuts them."""
    with fresh_database("history") as (owner_url, app_url):
        async with connected(app_url):
            owner = await asyncpg.connect(owner_url)
            yield owner
            await owner.close()


@dataclass
class History:
    """What one person does in a company, one after the other; the same for the same seed."""

    company: Company
    customers: list[UUID]
    chance: Random
    done: dict[str, int] = field(default_factory=dict)
    invoices: list[UUID] = field(default_factory=list)
    entries: list[UUID] = field(default_factory=list)

    async def go(self, steps: int, between: Callable[[int], Awaitable[None]] | None = None) -> None:
        ways = [
            self.write,
            self.write,
            self.pay,
            self.pay,
            self.undo,
            self.credit,
            self.use,
            self.pay_back,
            self.rest,
        ]
        for step in range(steps):
            if between is not None:
                await between(step)
            await self.until_answered(self.chance.choice(ways)())

    async def until_answered(self, act: Callable[[], Awaitable[object]]) -> None:
        """As a person who presses the same button of the same form again when the answer did not come."""
        for _ in range(20):
            try:
                await act()
            except (Refused, Locked, NotFound) as refusal:
                self.count(type(refusal).__name__)
                return
            except Exception as error:
                if not is_database_away(error):
                    raise
                self.count("away")
            else:
                self.count("done")
                return
        raise AssertionError("the database never came back")

    def count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1

    def write(self) -> Callable[[], Awaitable[object]]:
        price = D(self.chance.randrange(1, 200_000)) / 100
        made = draft(self.chance.choice(self.customers), line(str(price), str(self.chance.randrange(1, 9))))
        own, editing, send = self.company, first_save(), self.chance.random() < 0.5
        self.invoices.append(made.id)

        async def act() -> None:
            await drafts.save(own.id, own.person_id, made, editing)
            await issue(own.id, own.person_id, made.id, None, None, send)

        return act

    def entry(self) -> PaymentEntry:
        return PaymentEntry(new_id(), D(self.chance.randrange(1, 100_000)) / 100, TODAY)

    def some(self, of: list[UUID]) -> UUID:
        return self.chance.choice(of) if of else new_id()

    def pay(self) -> Callable[[], Awaitable[object]]:
        entry, invoice_id = self.entry(), self.some(self.invoices)
        self.entries.append(entry.id)
        return lambda: payments.register(self.company.id, self.company.person_id, invoice_id, entry)

    def undo(self) -> Callable[[], Awaitable[object]]:
        entry_id, reversal_id = self.some(self.entries), new_id()
        return lambda: payments.reverse(self.company.id, self.company.person_id, entry_id, reversal_id)

    def credit(self) -> Callable[[], Awaitable[object]]:
        invoice_id, note_id = self.some(self.invoices), new_id()

        async def act() -> None:
            async with reading(self.company.id) as work:
                if not await work.connection.fetchval("select number <> '' from invoice where id = $1", invoice_id):
                    raise NotFound
            asked = Crediting(id=note_id, lines=await rest_of(self.company, invoice_id))
            await credits.issue(self.company.id, self.company.person_id, invoice_id, asked, send=False)

        return act

    def use(self) -> Callable[[], Awaitable[object]]:
        invoice_id, entry = self.some(self.invoices), self.entry()
        own = self.company
        return lambda: customer_credit.use(own.id, own.person_id, invoice_id, entry.id, entry.amount)

    def pay_back(self) -> Callable[[], Awaitable[object]]:
        customer, entry, own = self.chance.choice(self.customers), self.entry(), self.company
        return lambda: customer_credit.refund(own.id, own.person_id, customer, "NOK", entry)

    def rest(self) -> Callable[[], Awaitable[object]]:
        customer, begins = self.chance.choice(self.customers), self.chance.random() < 0.4
        return lambda: restricted(self.company, customer) if begins else lifted(self.company, customer, told="letter")


async def assert_all_adds_up(company: Company) -> int:
    """Every kept figure is what the documents and the entries give when they are added up; the number of documents."""
    async with reading(company.id) as work:
        for kept, real in SUMS.items():
            found = [tuple(row) for row in await work.connection.fetch(kept)]
            assert found == [tuple(row) for row in await work.connection.fetch(real)], kept
        numbers = [row["counter"] for row in await work.connection.fetch(NUMBERS)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert await work.connection.fetchval(UNSENT) == 0
        assert await first_fault(work) is None
    return len(numbers)


async def seen(company: Company) -> list[object]:
    async with reading(company.id) as work:
        return [tuple(row) for row in await work.connection.fetch("select id, state, open_amount from invoice")]


async def test_t11_any_history_keeps_the_sums_the_numbers_and_the_walls(world: World) -> None:
    company, neighbour = await world.company(), await world.company()
    await issued(neighbour, await world.customer(neighbour))
    before = await seen(neighbour)
    history = History(company, [await world.customer(company) for _ in range(3)], Random(2))
    await history.go(STEPS)
    assert await assert_all_adds_up(company) > 5
    assert history.done["done"] > STEPS / 4 and "away" not in history.done
    assert await seen(neighbour) == before and len(before) == 1


async def test_t12_many_at_once_whose_connections_are_cut_leave_the_same_totals(
    app: object, settings: Settings, own_server_side: asyncpg.Connection
) -> None:
    world = World(app, settings)
    company = await world.company()
    name = await own_server_side.fetchval("select current_database()")
    customers = [await world.customer(company) for _ in range(3)]
    histories = [History(company, customers, Random(seed)) for seed in range(4)]

    async def cut(step: int) -> None:
        if step % 6 == 5:
            await own_server_side.execute(CUT, name)

    await asyncio.gather(histories[0].go(STEPS, cut), *(one.go(STEPS) for one in histories[1:]))
    documents: list[int] = []

    async def check() -> None:
        documents.append(await assert_all_adds_up(company))

    await histories[0].until_answered(check)  # the last ones that were cut may not know it yet
    assert documents[-1] > 3
    assert await own_server_side.fetchval(LEFT_OPEN, name) == 0
    assert open_pool().get_idle_size() == open_pool().get_size()
    await world.close()


# What is kept, and how the same is found by adding up.
SUMS = {
    "select state, invoices, amount from state_sum where invoices <> 0 order by 1": (
        "select state, count(*)::int, sum(case state when 'note' then -gross else gross end) "
        "from invoice group by 1 order by 1"
    ),
    "select due_on, invoices, amount from due_sum where invoices <> 0 order by 1": (
        "select due_on, count(*)::int, sum(open_amount) from invoice where state = 'open' group by 1 order by 1"
    ),
    "select customer_id, amount from customer_credit where amount <> 0 order by 1": (
        "select customer_id, sum(to_credit) from payment group by 1 having sum(to_credit) <> 0 order by 1"
    ),
    "select id, gross - open_amount from invoice where number <> '' and kind = 'invoice' order by 1": (
        "select i.id, coalesce(sum(p.to_invoice), 0) from invoice i left join payment p on p.invoice_id = i.id "
        "where i.number <> '' and i.kind = 'invoice' group by 1 order by 1"
    ),
}
NUMBERS = "select counter from invoice where number <> '' order by counter"
UNSENT = """
select count(*) from message m where m.invoice_id is not null and not exists (
    select from pgqueuer q where convert_from(q.payload, 'utf8')::jsonb ->> 'message_id' = m.id::text)
"""
LEFT_OPEN = "select count(*) from pg_stat_activity where datname = $1 and state like 'idle in%'"
