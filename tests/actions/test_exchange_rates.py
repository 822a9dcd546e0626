"""Published rates: kept once, found for the day of issue, and beaten by what somebody types.

The table is everybody's, so each test has a currency of its own or a day long ago.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actions import instance
from actions.clock import now
from actions.exchange_rates import keep
from domain.exchange_rates import DailyRates, from_euro
from domain.kroner import Rate
from domain.settings import Registers, Settings
from models.queries.exchange_rates import rate_on
from models.queries.invoice_page import invoice_page
from models.queries.invoices import stored
from models.unit_of_work import reading
from tasks.rates import import_rates
from tests.actions.making import TODAY, issued, line
from tests.actions.test_credits import pay
from tests.domain.test_exchange_rates import HEADER, row
from tests.tasks.gateways.test_exchange_rates import ECB
from tests.tasks.register_server import register
from tests.world import World


def published(source: str, day: date, currency: str, nok: str) -> DailyRates:
    return from_euro(source, day, {"NOK": Decimal(10), currency: Decimal(10) / Decimal(nok)})


async def found(currency: str, day: date) -> Rate | None:
    async with reading(None) as work:
        return await rate_on(work, currency, day)


async def test_a_day_is_kept_once_however_often_it_comes(pool: None) -> None:
    rates = published("ECB", date(2002, 5, 3), "CZK", "0.25")
    counts = await asyncio.gather(*(keep(rates) for _ in range(6)))
    assert sorted(counts) == [0, 0, 0, 0, 0, 2]  # the koruna and the euro
    other = published("ECB", date(2002, 5, 3), "CZK", "0.5")
    assert await keep(other) == 0
    assert await found("CZK", date(2002, 5, 3)) == Rate(Decimal("0.25"), "ECB", date(2002, 5, 3))


async def test_the_rate_of_a_day_is_that_of_the_banking_day_before_it_and_norges_bank_s_first(pool: None) -> None:
    friday, monday = date(2003, 5, 2), date(2003, 5, 5)
    await keep(published("ECB", friday, "HUF", "0.04"))
    await keep(published("Norges Bank", friday, "HUF", "0.05"))
    await keep(published("ECB", monday, "HUF", "0.06"))
    sunday = await found("HUF", date(2003, 5, 4))
    assert sunday is not None and (sunday.nok, sunday.source, sunday.day) == (Decimal("0.05"), "Norges Bank", friday)
    later = await found("HUF", monday)
    assert later is not None and later.source == "ECB"
    assert await found("HUF", monday + timedelta(days=11)) is None
    assert await found("HUF", date(2003, 5, 1)) is None


async def document(world: World, currency: str, **values: Any) -> dict[str, Any]:
    """An issued invoice of 100 and VAT, as stored."""
    company = await world.company()
    done = await issued(company, await world.customer(company), line("100"), currency=currency, **values)
    async with reading(company.id) as work:
        kept = await stored(work, done.invoice_id)
    assert kept is not None
    return dict(kept.row)


async def test_an_invoice_takes_the_rate_of_its_day_and_says_where_it_is_from(world: World) -> None:
    await keep(published("Norges Bank", TODAY - timedelta(days=1), "ISK", "0.08"))
    kept = await document(world, "ISK")
    assert (kept["exchange_rate"], kept["rate_source"], kept["rate_on"]) == (
        Decimal("0.08"), "Norges Bank", TODAY - timedelta(days=1),
    )  # fmt: skip
    assert kept["vat_nok"] == Decimal("2.00")


async def test_a_typed_rate_wins_and_names_no_bank(world: World) -> None:
    await keep(published("Norges Bank", TODAY, "PLN", "2.7"))
    kept = await document(world, "PLN", exchange_rate=Decimal("2.65"))
    assert (kept["exchange_rate"], kept["rate_source"], kept["rate_on"]) == (Decimal("2.65"), "", None)


async def test_a_payment_at_another_rate_shows_its_gain_and_leaves_the_vat_alone(world: World) -> None:
    """Trap 5: EUR 1250.00 at 11.5000, paid at 11.8000. Here in a currency that no other test has rates of."""
    await keep(published("Norges Bank", TODAY, "UYU", "11.8"))
    company = await world.company()
    customer = await world.customer(company)
    done = await issued(company, customer, line("1000"), currency="UYU", exchange_rate=Decimal("11.5"))
    await pay(company, done.invoice_id, "1250")
    page = await invoice_page(company.id, done.invoice_id, now())
    assert page is not None
    paid = page.invoice.row
    assert (paid["open_amount"], paid["vat_nok"]) == (0, Decimal("2875.00"))
    assert [one.nok for one in page.gains.values()] == [Decimal("375.00")]
    assert "Exchange gain: 375.00 NOK" in (await company.get(f"/invoices/{done.invoice_id}")).text


async def test_without_any_rate_an_invoice_with_vat_waits_for_one(world: World) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company), line("100"), currency="MXN")
    assert [refusal.code for refusal in done.refusals] == ["invoice.exchange_rate_missing"]


@pytest.fixture
def switched_on(settings: Settings, pool: None) -> Iterator[list[Registers]]:
    """Registers to ask, instead of none."""
    told: list[Registers] = []
    yield told
    instance.begin(settings)


async def test_the_job_asks_both_banks_and_keeps_what_they_say(
    settings: Settings, switched_on: list[Registers]
) -> None:
    yesterday = TODAY - timedelta(days=1)  # what a bank says of a day that has not begun is not taken
    with register() as ecb, register() as norges_bank:
        ecb.body = ECB.replace(b"2026-11-20", b"2004-11-19")
        norges_bank.body = (HEADER + row("PHP", "0.33", day=yesterday.isoformat())).encode()
        here = Registers(ecb_url=ecb.base, norges_bank_url=norges_bank.base)
        instance.begin(replace(settings, registers=here))
        assert await import_rates() == 4  # PHP; EUR, USD and JPY
        assert await import_rates() == 0
    assert await found("PHP", TODAY) == Rate(Decimal("0.33"), "Norges Bank", yesterday)
    euro = await found("EUR", date(2004, 11, 20))
    assert euro is not None and euro.nok == Decimal("11.7345")


async def test_nobody_is_asked_unless_it_is_switched_on_and_a_silent_bank_is_no_failure(
    settings: Settings, switched_on: list[Registers]
) -> None:
    assert await import_rates() == 0
    with register() as silent:
        silent.status = 503
        instance.begin(replace(settings, registers=Registers(ecb_url=silent.base, norges_bank_url=silent.base)))
        assert await import_rates() == 0
        assert len(silent.asked) == 2
