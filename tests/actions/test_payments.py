from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from actions.outcomes import NotFound
from actions.payments import PaymentEntry, register, reverse
from domain.refusals import Refused
from models.ids import new_id
from models.queries.invoices import stored
from models.unit_of_work import reading
from tests.actions.making import TODAY, issued, line, saved
from tests.world import Company, World


def payment(amount: str, **values: Any) -> PaymentEntry:
    return PaymentEntry(**{"id": new_id(), "amount": Decimal(amount), "paid_on": TODAY, **values})


async def invoice_of(world: World, price: str = "1000") -> tuple[Company, UUID, UUID]:
    company = await world.company()
    customer = await world.customer(company)
    return company, customer, (await issued(company, customer, line(price))).invoice_id


async def row_of(company: Company, invoice_id: UUID) -> Any:
    async with reading(company.id) as work:
        found = await stored(work, invoice_id)
    assert found is not None
    return found.row


async def test_part_payments_add_up_until_the_invoice_is_paid(world: World) -> None:
    company, _, invoice_id = await invoice_of(world)
    await register(company.id, company.person_id, invoice_id, payment("500"))
    assert (await row_of(company, invoice_id))["state"] == "open"
    done = await register(company.id, company.person_id, invoice_id, payment("750"))
    assert done.open_amount == 0
    assert (await row_of(company, invoice_id))["state"] == "paid"


async def test_what_is_paid_too_much_is_the_customer_s_credit(world: World) -> None:
    company, customer, invoice_id = await invoice_of(world)
    done = await register(company.id, company.person_id, invoice_id, payment("1300"))
    assert (done.open_amount, done.to_credit) == (Decimal("0.00"), Decimal("50.00"))
    async with reading(company.id) as work:
        credit = await work.connection.fetchval("select amount from customer_credit where customer_id = $1", customer)
    assert credit == Decimal("50.00")


async def test_the_same_form_twice_registers_one_payment(world: World) -> None:
    company, _, invoice_id = await invoice_of(world)
    entry = payment("400")
    await asyncio.gather(*(register(company.id, company.person_id, invoice_id, entry) for _ in range(5)))
    assert (await row_of(company, invoice_id))["paid_amount"] == Decimal("400.00")


async def test_undoing_brings_the_open_amount_and_the_credit_back(world: World) -> None:
    company, customer, invoice_id = await invoice_of(world)
    entry = payment("1300")
    await register(company.id, company.person_id, invoice_id, entry)
    done = await reverse(company.id, company.person_id, entry.id, new_id())
    assert done.open_amount == Decimal("1250.00")
    row = await row_of(company, invoice_id)
    assert (row["state"], row["paid_amount"]) == ("open", Decimal("0.00"))
    async with reading(company.id) as work:
        assert (
            await work.connection.fetchval("select amount from customer_credit where customer_id = $1", customer) == 0
        )
        assert await work.connection.fetchval("select sum(amount) from payment") == 0


async def test_a_payment_is_undone_once_however_often_it_is_asked(world: World) -> None:
    company, _, invoice_id = await invoice_of(world)
    entry = payment("1250")
    await register(company.id, company.person_id, invoice_id, entry)
    await asyncio.gather(*(reverse(company.id, company.person_id, entry.id, new_id()) for _ in range(5)))
    assert (await row_of(company, invoice_id))["open_amount"] == Decimal("1250.00")


async def test_an_undoing_is_not_undone(world: World) -> None:
    company, _, invoice_id = await invoice_of(world)
    entry, reversal = payment("10"), new_id()
    await register(company.id, company.person_id, invoice_id, entry)
    await reverse(company.id, company.person_id, entry.id, reversal)
    with pytest.raises(Refused) as refused:
        await reverse(company.id, company.person_id, reversal, new_id())
    assert refused.value.refusals[0].code == "payment.is_a_reversal"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": Decimal(0)}, "payment.amount_not_positive"),
        ({"amount": Decimal("-5")}, "payment.amount_not_positive"),
        ({"paid_on": TODAY + timedelta(days=2)}, "payment.in_the_future"),
        ({"paid_on": TODAY - timedelta(days=800)}, "payment.long_before_invoice"),
    ],
)
async def test_a_payment_that_can_not_be_is_refused(world: World, change: dict[str, Any], code: str) -> None:
    company, _, invoice_id = await invoice_of(world)
    with pytest.raises(Refused) as refused:
        await register(company.id, company.person_id, invoice_id, replace(payment("10"), **change))
    assert refused.value.refusals[0].code == code
    assert (await row_of(company, invoice_id))["paid_amount"] == 0


async def test_a_draft_takes_no_payment(world: World) -> None:
    company = await world.company()
    made = await saved(company, await world.customer(company))
    with pytest.raises(Refused) as refused:
        await register(company.id, company.person_id, made.id, payment("10"))
    assert refused.value.refusals[0].code == "payment.invoice_is_draft"


async def test_payments_of_another_company_are_not_found(world: World) -> None:
    company, _, invoice_id = await invoice_of(world)
    entry = payment("10")
    await register(company.id, company.person_id, invoice_id, entry)
    other = await world.company()
    with pytest.raises(NotFound):
        await register(other.id, other.person_id, invoice_id, payment("10"))
    with pytest.raises(NotFound):
        await reverse(other.id, other.person_id, entry.id, new_id())


async def test_the_kept_sums_equal_what_adding_up_gives(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    made = [(await issued(company, customer, line(str(100 * n)))).invoice_id for n in range(1, 6)]
    await saved(company, customer)
    for invoice_id, amount in zip(made, ("125", "50", "1000", "500", "1"), strict=True):
        await register(company.id, company.person_id, invoice_id, payment(amount))
    async with reading(company.id) as work:
        fetch = work.connection.fetch
        kept = await fetch("select state, invoices, amount from state_sum where invoices <> 0 order by 1")
        real = await fetch(
            "select state, count(*)::int as invoices, sum(gross) as amount from invoice group by 1 order by 1"
        )
        due = await fetch("select due_on, invoices, amount from due_sum where invoices <> 0 order by 1")
        open_ones = await fetch(
            "select due_on, count(*)::int as invoices, sum(open_amount) as amount from invoice "
            "where state = 'open' group by 1 order by 1"
        )
        month = await fetch("select sum(paid) as paid, sum(net + vat) as gross from month_sum")
    assert [tuple(row) for row in kept] == [tuple(row) for row in real]
    assert [tuple(row) for row in due] == [tuple(row) for row in open_ones]
    assert month[0]["paid"] == Decimal("1676.00") and month[0]["gross"] == Decimal("1875.00")
