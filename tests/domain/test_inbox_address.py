from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.inbox_address import address_for, claim_of

SECRET = b"s" * 32
COMPANY = UUID("01a20000-0000-7000-8000-000000000001")


def organisation_of(address: str, secret: bytes, turn: int = 0) -> UUID | None:
    claim = claim_of(address)
    return claim.organisation_id if claim is not None and claim.holds(secret, turn) else None


def test_the_address_leads_to_its_company_in_any_case_and_fits_before_the_at() -> None:
    for company in (COMPANY, uuid4()):
        address = address_for("inn@faktura.example", SECRET, company)
        local, _, host = address.partition("@")
        assert local.startswith("inn+") and len(local) <= 64 and host == "faktura.example"
        assert organisation_of(address, SECRET) == organisation_of(address.upper(), SECRET) == company


def test_no_other_address_leads_anywhere() -> None:
    address = address_for("inn@faktura.example", SECRET, COMPANY)
    assert organisation_of(address, b"t" * 32) is None
    changed = address.replace(address[4], "b" if address[4] == "a" else "a", 1)
    for other in ("", "inn@faktura.example", "inn+@x", "inn+abc@x", "inn+æøå@x", address[:-20], changed):
        assert organisation_of(other, SECRET) is None, other


def test_a_renewed_address_is_another_and_each_holds_in_its_own_turn_only() -> None:
    addresses = [address_for("inn@faktura.example", SECRET, COMPANY, turn) for turn in range(4)]
    assert len(set(addresses)) == 4
    for turn, address in enumerate(addresses):
        held = [organisation_of(address, SECRET, other) for other in range(4)]
        assert held == [COMPANY if other == turn else None for other in range(4)]


@pytest.mark.parametrize("base", ["a@b.no"])
def test_two_companies_have_two_addresses(base: str) -> None:
    assert address_for(base, SECRET, COMPANY) != address_for(base, SECRET, uuid4())
