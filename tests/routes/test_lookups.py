"""Forms fill themselves from the register of companies, and VAT numbers are checked: over real HTTP, against fakes that
speak as the registers do. Nothing here ever keeps anybody from saving."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from actions import lookups
from tasks.gateways.brreg import Brreg
from tasks.gateways.vies import Vies
from tests.actions.registering import customer
from tests.tasks.gateways.test_brreg import ENTRY, NUMBER
from tests.tasks.gateways.test_vies import ANSWER
from tests.tasks.register_server import Register, register
from tests.world import Company, World

GERMAN = {"country": "DE", "vat_number": "DE136695976"}
# A machine may be busy; only the test of patience has little.
PATIENCE = 60.0


@dataclass(frozen=True)
class Registers:
    """The two fakes."""

    companies: Register
    vat_numbers: Register


@pytest.fixture
def registers(app: Any) -> Iterator[Registers]:
    with register() as companies, register() as vat_numbers:
        companies.says(ENTRY)
        vat_numbers.says(ANSWER)
        lookups.use(Brreg(companies.base, patience=PATIENCE), Vies(vat_numbers.base, patience=PATIENCE))
        yield Registers(companies, vat_numbers)
    lookups.use(Brreg(None), Vies(None))


def value(answer: httpx.Response, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', answer.text)
    assert found, name
    return unescape(found[1])


async def of_customer(owner: asyncpg.Connection, customer_id: UUID) -> dict[str, Any]:
    return dict(await owner.fetchrow("select * from customer where id = $1", customer_id))


def form(**values: str) -> dict[str, str]:
    return {"kind": "business", "name": "", "country": "NO", "language": "nb", "currency": "NOK", **values}


async def test_a_new_customer_is_filled_from_its_number(world: World, registers: Registers) -> None:
    company = await world.company()
    assert "/customers/lookup" in (await company.get("/customers/new")).text
    typed = form(organisation_number="923 609 016", email="ola@fjell.example", reference="Ola")
    answer = await company.post("/customers/lookup", typed)
    assert answer.status_code == 200
    shown = {name: value(answer, name) for name in ("name", "address_line1", "postcode", "city", "vat_number")}
    assert shown == {
        "name": "FJELLVETTEN AS", "address_line1": "c/o Kari Nordmann", "postcode": "5303", "city": "FOLLESE",
        "vat_number": "NO923609016MVA",
    }  # fmt: skip
    assert (value(answer, "email"), value(answer, "reference")) == ("ola@fjell.example", "Ola")
    assert "Fetched from Brønnøysundregistrene: FJELLVETTEN AS." in answer.text
    assert registers.companies.asked == [("GET", f"/enheter/{NUMBER}", None)]


async def test_a_customer_that_is_there_is_filled_and_nothing_is_saved(
    world: World, registers: Registers, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    made = await customer(company, "Fjellvett")
    before = await of_customer(owner, made)
    answer = await company.post(
        f"/customers/{made}/lookup", form(name="Fjellvett", organisation_number=NUMBER, version="1"),
        headers={"HX-Request": "true", "HX-Request-Type": "partial"},
    )  # fmt: skip
    assert "<html" not in answer.text and value(answer, "name") == "FJELLVETTEN AS"
    assert f'action="/customers/{made}"' in answer.text and value(answer, "version") == "1"
    assert await of_customer(owner, made) == before


async def test_a_bankrupt_company_is_told_of(world: World, registers: Registers) -> None:
    registers.companies.says({**ENTRY, "konkurs": True})
    answer = await (await world.company()).post("/customers/lookup", form(organisation_number=NUMBER))
    assert "It is bankrupt or being wound up." in answer.text


@pytest.mark.parametrize("status", [500, 503, 302])
async def test_a_silent_register_keeps_what_was_typed(world: World, registers: Registers, status: int) -> None:
    registers.companies.status = status
    answer = await (await world.company()).post(
        "/customers/lookup", form(name="Mitt navn", organisation_number=NUMBER)
    )
    assert answer.status_code == 200 and value(answer, "name") == "Mitt navn"
    assert "did not answer" in answer.text


async def test_a_number_of_nobody_and_a_wrong_number_are_told_apart(world: World, registers: Registers) -> None:
    company = await world.company()
    registers.companies.says({}, 404)
    nobody = await company.post("/customers/lookup", form(organisation_number="974760673"))
    assert "There is no company with this number" in nobody.text
    wrong = await company.post("/customers/lookup", form(name="Ola", organisation_number="123456789"))
    assert wrong.status_code == 422 and "This is not a valid organisation number" in wrong.text
    assert len(registers.companies.asked) == 1


async def test_the_first_company_is_filled_from_its_number(world: World, registers: Registers) -> None:
    client, csrf = await world.sign_in((await world.person())[0])
    typed = {
        "_csrf_token": csrf,
        "organisation_number": NUMBER,
        "country": "NO",
        "form": "ENK",
        "email": "k@x.example",
    }
    answer = await client.post("/companies/lookup", data=typed)
    assert answer.status_code == 200
    assert (value(answer, "name"), value(answer, "city")) == ("FJELLVETTEN AS", "FOLLESE")
    assert '<option value="AS" selected>' in answer.text
    assert re.search(r'id="f-vat-registered"[^>]* checked', answer.text)


async def test_with_the_registers_switched_off_nothing_is_offered(world: World) -> None:
    company = await world.company()
    assert "lookup" not in (await company.get("/customers/new")).text
    made = await customer(company, "Muster GmbH", **GERMAN)
    assert "vat-check" not in (await company.get(f"/customers/{made}")).text
    answer = await company.post("/customers/lookup", form(organisation_number=NUMBER))
    assert "did not answer" in answer.text


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (ANSWER, "valid", "The VAT number is valid."),
        ({**ANSWER, "valid": False}, "invalid", "The VAT number is not valid"),
        ({**ANSWER, "valid": False, "userError": "MS_UNAVAILABLE"}, "", "neither valid nor not"),
    ],
)
async def test_a_vat_number_is_valid_not_valid_or_not_known(
    world: World, registers: Registers, owner: asyncpg.Connection, answer: dict[str, Any], status: str, words: str
) -> None:
    registers.vat_numbers.says(answer)
    company = await world.company()
    made = await customer(company, "Muster GmbH", **GERMAN)
    assert "Not checked" in (await company.get(f"/customers/{made}")).text
    done = await company.post(f"/customers/{made}/vat-check")
    page = await company.get(done.headers["location"])
    kept = await of_customer(owner, made)
    assert words in page.text
    assert kept["vat_status"] == status and (kept["vat_checked_at"] is not None) == bool(status)
    async with owner.transaction():
        actions = await owner.fetch("select action from audit_event where subject_id = $1 order by seq", made)
    assert ("customer.vat_number_checked" in [row["action"] for row in actions]) == bool(status)


async def test_another_number_is_not_checked_yet(
    world: World, registers: Registers, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    made = await customer(company, "Muster GmbH", **GERMAN)
    await company.post(f"/customers/{made}/vat-check")
    assert (await of_customer(owner, made))["vat_status"] == "valid"
    same = form(name="Muster", **GERMAN, version="1")
    await company.post(f"/customers/{made}", same)
    assert (await of_customer(owner, made))["vat_status"] == "valid"
    await company.post(f"/customers/{made}", {**same, "country": "FR", "vat_number": "FR40303265045", "version": "2"})
    kept = await of_customer(owner, made)
    assert (kept["vat_number"], kept["vat_status"], kept["vat_checked_at"]) == ("FR40303265045", "", None)


async def test_a_seller_in_the_eu_tells_its_own_number_and_keeps_the_proof(
    world: World, registers: Registers, owner: asyncpg.Connection
) -> None:
    registers.vat_numbers.says({**ANSWER, "requestIdentifier": "WAPIAAAAX1"})
    company = await world.company(country="SE", organisation_number="SE556703748501")
    made = await customer(company, "Muster GmbH", **GERMAN)
    await company.post(f"/customers/{made}/vat-check")
    assert registers.vat_numbers.asked[0][2]["requesterNumber"] == "556703748501"
    assert (await of_customer(owner, made))["vat_consultation"] == "WAPIAAAAX1"


async def test_a_norwegian_number_is_no_business_of_vies(world: World, registers: Registers) -> None:
    company: Company = await world.company()
    made = await customer(company, "Nordlys", vat_number="NO923609016MVA")
    assert "vat-check" not in (await company.get(f"/customers/{made}")).text
    await company.post(f"/customers/{made}/vat-check")
    assert registers.vat_numbers.asked == []
