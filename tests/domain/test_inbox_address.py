from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.inbox_address import address_for, organisation_of

SECRET = b"s" * 32
COMPANY = UUID("01a20000-0000-7000-8000-000000000001")


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


@pytest.mark.parametrize("base", ["a@b.no"])
def test_two_companies_have_two_addresses(base: str) -> None:
    assert address_for(base, SECRET, COMPANY) != address_for(base, SECRET, uuid4())
