"""The figures of the first page, against the same sums worked out row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from domain.dates import AGE_BUCKETS, age_bucket
from domain.settings import Settings
from models.queries.home import Due, Month, home
from models.unit_of_work import unit_of_work
from tests.issuing import open_shop

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)
# Every edge of the aged list, and far beyond its last step.
LATE = (-30, -1, 0, 1, 30, 31, 60, 61, 90, 91, 400)


async def put_due(organisation_id: UUID, late: int, currency: str, invoices: int, amount: Decimal) -> None:
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(
            "insert into due_sum (organisation_id, due_on, currency, invoices, amount) values ($1, $2, $3, $4, $5)",
            organisation_id, TODAY - timedelta(days=late), currency, invoices, amount,
        )  # fmt: skip


async def put_month(organisation_id: UUID, month: date, currency: str, net: Decimal, paid: Decimal) -> None:
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(
            "insert into month_sum (organisation_id, month, currency, invoices, net, vat, paid) "
            "values ($1, $2, $3, 1, $4, $5, $6)",
            organisation_id, month, currency, net, net / 4, paid,
        )  # fmt: skip


async def test_every_day_counts_in_its_step_of_the_aged_list(settings: Settings, pool: None) -> None:
    async with open_shop(settings) as shop:
        for place, late in enumerate(LATE, start=1):
            await put_due(shop.id, late, "NOK", 1, Decimal(2**place))
        await put_due(shop.id, 5, "EUR", 3, Decimal(77))
        await put_due(shop.id, 6, "NOK", 0, Decimal(0))
        found = await home(shop.id, NOON)
    expected = dict.fromkeys(AGE_BUCKETS, Decimal(0))
    for place, late in enumerate(LATE, start=1):
        expected[age_bucket(TODAY - timedelta(days=late), TODAY)] += 2**place
    assert dict(found.ages) == expected
    assert found.outstanding == sum(expected.values())
    overdue = [2**place for place, late in enumerate(LATE, start=1) if late > 0]
    assert found.overdue == [
        Due("EUR", 3, Decimal(77), TODAY - timedelta(days=5)),
        Due("NOK", len(overdue), Decimal(sum(overdue)), TODAY - timedelta(days=400)),
    ]


async def test_twelve_months_are_shown_those_without_money_too(settings: Settings, pool: None) -> None:
    async with open_shop(settings) as shop:
        await put_month(shop.id, date(2025, 11, 1), "NOK", Decimal(4000), Decimal(1))
        await put_month(shop.id, date(2025, 12, 1), "NOK", Decimal(400), Decimal(300))
        await put_month(shop.id, date(2026, 11, 1), "NOK", Decimal(40), Decimal(30))
        await put_month(shop.id, date(2026, 11, 1), "EUR", Decimal(99), Decimal(99))
        found = await home(shop.id, NOON)
    assert [month.month for month in found.months][:: len(found.months) - 1] == [date(2025, 12, 1), date(2026, 11, 1)]
    assert len(found.months) == 12
    assert found.months[0] == Month(date(2025, 12, 1), Decimal(500), Decimal(300))
    assert found.months[-1] == Month(date(2026, 11, 1), Decimal(50), Decimal(30))
    assert {month.invoiced for month in found.months[1:-1]} == {Decimal(0)}


async def test_the_day_is_the_companys(settings: Settings, pool: None) -> None:
    async with open_shop(settings, time_zone="Pacific/Auckland") as shop:
        found = await home(shop.id, datetime(2026, 12, 31, 12, tzinfo=UTC))
    assert found.today == date(2027, 1, 1)
    assert found.months[-1].month == date(2027, 1, 1)


async def test_a_company_without_anything_is_new(settings: Settings, pool: None) -> None:
    async with open_shop(settings, bank_account="") as shop:
        found = await home(shop.id, NOON)
    assert found.is_new and not found.has_customers and not found.has_bank_account
    assert (found.overdue, found.outstanding, found.undelivered) == ([], Decimal(0), 0)
