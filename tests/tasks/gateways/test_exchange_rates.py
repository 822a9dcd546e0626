from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from tasks.gateways.exchange_rates import EcbRates, NorgesBankRates, read_ecb
from tests.domain.test_exchange_rates import HEADER, row
from tests.tasks.register_server import Register, register

SUNDAY = date(2026, 11, 22)
# A machine may be busy; only the test of patience has little.
PATIENCE = 60.0
ECB = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
 <gesmes:subject>Reference rates</gesmes:subject>
 <gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
 <Cube><Cube time='2026-11-20'>
  <Cube currency='USD' rate='1.0812'/><Cube currency='JPY' rate='168.39'/><Cube currency='NOK' rate='11.7345'/>
 </Cube></Cube>
</gesmes:Envelope>"""


@pytest.fixture
def server() -> Iterator[Register]:
    with register() as told:
        yield told


async def test_the_ecb_s_daily_file_is_read(server: Register) -> None:
    server.body = ECB
    bank = EcbRates(server.base, patience=PATIENCE)
    rates = await bank.latest()
    assert rates is not None and rates.day == date(2026, 11, 20)
    assert rates.rate("EUR", "NOK") == Decimal("11.7345")
    assert await bank.latest() is rates
    assert server.asked == [("GET", "/eurofxref-daily.xml", None)]


async def test_norges_bank_is_asked_for_the_banking_day_before_a_sunday(server: Register) -> None:
    server.body = (HEADER + row("EUR", "11.7345") + row("SEK", "107.52", "2")).encode("utf-8-sig")
    bank = NorgesBankRates(server.base, patience=PATIENCE)
    rates = await bank.on(SUNDAY)
    assert rates is not None and rates.day == date(2026, 11, 20)
    assert rates.rate("SEK", "NOK") == Decimal("1.0752")
    assert await bank.on(SUNDAY) is rates
    period = "startPeriod=2026-11-12&endPeriod=2026-11-22"
    assert server.asked == [("GET", f"/EXR/B..NOK.SP?format=csv&locale=en&{period}", None)]


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-11"])
async def test_a_rate_of_another_time_than_asked_for_is_not_used(server: Register, day: str) -> None:
    server.body = (HEADER + row("EUR", "11.7345", day=day)).encode()
    assert await NorgesBankRates(server.base, patience=PATIENCE).on(SUNDAY) is None


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_a_bank_in_trouble_has_no_rate(server: Register, status: int) -> None:
    server.status, server.body = status, ECB
    assert await EcbRates(server.base, patience=PATIENCE).latest() is None
    assert await NorgesBankRates(server.base, patience=PATIENCE).on(SUNDAY) is None


async def test_nobody_waits_long_for_a_bank(server: Register) -> None:
    server.holds = True
    assert await EcbRates(server.base, patience=0.1).latest() is None
    assert await NorgesBankRates(server.base, patience=0.1).on(SUNDAY) is None


async def test_without_an_address_no_bank_is_asked() -> None:
    assert await EcbRates(None).latest() is None
    assert await NorgesBankRates(None).on(SUNDAY) is None


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "body",
    [
        b"", b"not xml", b"<x/>", ECB[:-20],
        ECB.replace(b"?>\n", b"?>\n" + LAUGHS), ECB.replace(b"?>\n", b"?>\n" + OUTSIDE),
        ECB.replace(b"UTF-8", b"UTF-16").decode().encode("utf-16"),
        ECB.replace(b"11.7345", b"-1"), ECB.replace(b"NOK", b"norwegian"), ECB.replace(b"2026-11-20", b"today"),
        b"<x>" * 30_000,
    ],
    ids=["nothing", "text", "other", "cut", "laughs", "outside", "utf-16", "negative", "name", "day", "deep"],
)  # fmt: skip
def test_a_file_that_is_not_the_ecb_s_is_not_used(body: bytes) -> None:
    with pytest.raises(ValueError):
        read_ecb(body)
