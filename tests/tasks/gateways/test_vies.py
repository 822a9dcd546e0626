from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.vat_proposal import VatNumber
from tasks.gateways.vies import Vies
from tests.tasks.register_server import Register, register

NUMBER = "DE136695976"
# A machine may be busy; only the test of patience has little.
PATIENCE = 60.0
ANSWER: dict[str, Any] = {
    "countryCode": "DE",
    "vatNumber": "136695976",
    "requestDate": "2026-11-23T10:00:00.000Z",
    "valid": True,
    "requestIdentifier": "",
    "name": "---",
    "address": "---",
    "traderNameMatch": "NOT_PROCESSED",
}


@pytest.fixture
def server() -> Iterator[Register]:
    with register() as told:
        yield told


async def test_a_number_in_use_is_valid(server: Register) -> None:
    server.says({**ANSWER, "name": "Muster GmbH", "address": "Musterweg 1\n10115 BERLIN"})
    checked = await Vies(server.base, patience=PATIENCE).check(NUMBER)
    assert checked.status is VatNumber.VALID and checked.asked_at is not None
    assert (checked.name, checked.address) == ("Muster GmbH", "Musterweg 1 10115 BERLIN")
    assert server.asked == [("POST", "/check-vat-number", {"countryCode": "DE", "vatNumber": "136695976"})]


async def test_the_asker_s_own_number_brings_a_number_of_the_consultation(server: Register) -> None:
    server.says({**ANSWER, "requestIdentifier": "WAPIAAAAX1", "userError": "VALID"})
    checked = await Vies(server.base, patience=PATIENCE).check(NUMBER, "SE556703748501")
    assert checked.consultation_number == "WAPIAAAAX1" and checked.name == ""
    assert server.asked[0][2] == {
        "countryCode": "DE", "vatNumber": "136695976",
        "requesterMemberStateCode": "SE", "requesterNumber": "556703748501",
    }  # fmt: skip


@pytest.mark.parametrize("answer", [{**ANSWER, "valid": False}, {**ANSWER, "valid": False, "userError": "INVALID"}])
async def test_a_number_that_nobody_uses_is_invalid(server: Register, answer: dict[str, Any]) -> None:
    server.says(answer)
    assert (await Vies(server.base, patience=PATIENCE).check(NUMBER)).status is VatNumber.INVALID


@pytest.mark.parametrize(
    "error",
    ["MS_UNAVAILABLE", "MS_MAX_CONCURRENT_REQ", "GLOBAL_MAX_CONCURRENT_REQ", "SERVICE_UNAVAILABLE", "TIMEOUT",
     "INVALID_INPUT", "SOMETHING_NEW"],
)  # fmt: skip
@pytest.mark.parametrize("status", [200, 400, 500])
async def test_unknown_is_not_invalid(server: Register, error: str, status: int) -> None:
    server.says({**ANSWER, "valid": False, "userError": error}, status)
    vies = Vies(server.base, patience=PATIENCE)
    assert (await vies.check(NUMBER)).status is VatNumber.UNCHECKED
    server.says({"actionSucceed": False, "errorWrappers": [{"error": error}]}, status)
    assert (await vies.check(NUMBER)).status is VatNumber.UNCHECKED
    server.says(ANSWER)
    assert (await vies.check(NUMBER)).status is VatNumber.VALID


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"null",
        b"[1]",
        b"{}",
        b'{"valid": "yes"}',
        b'{"valid": true, "userError": "INVALID"}',
        b"[" * 10**5,
    ],
)
async def test_an_answer_that_nobody_understands_is_unknown(server: Register, body: bytes) -> None:
    server.body = body
    assert (await Vies(server.base, patience=PATIENCE).check(NUMBER)).status is VatNumber.UNCHECKED


async def test_the_same_number_is_asked_for_only_once(server: Register) -> None:
    server.says(ANSWER)
    vies = Vies(server.base, patience=PATIENCE)
    assert await vies.check(NUMBER) == await vies.check(NUMBER)
    assert len(server.asked) == 1


async def test_nobody_waits_long_for_an_answer(server: Register) -> None:
    server.holds = True
    assert (await Vies(server.base, patience=0.1).check(NUMBER)).status is VatNumber.UNCHECKED


async def test_without_an_address_nobody_is_asked() -> None:
    assert (await Vies(None).check(NUMBER)).status is VatNumber.UNCHECKED
