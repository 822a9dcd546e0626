"""The pages of what was corrected: read by owners and administrators, and by each person of their own account."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions import companies, customers, profile
from domain.access import Role
from models.ids import new_id
from models.queries.companies import company_settings
from models.unit_of_work import unit_of_work
from tests.actions.test_corrections import NORDLYS, corrected
from tests.routes.test_invoice_routes import budget
from tests.routes.test_members import as_member
from tests.world import World

OWN = "/account/privacy/corrections"


async def test_p22_owners_and_administrators_read_who_when_and_both_values_in_plain_words(world: World) -> None:
    company = await world.company()
    customer_id = await corrected(company, name="<b>Nordlys</b>", country="SE", delivery="print", notes="én\nto")
    path = f"/customers/{customer_id}/corrections"
    assert path in (await company.get(f"/customers/{customer_id}")).text
    for role in (Role.OWNER, Role.ADMIN):
        client, _ = await as_member(company, world, role)
        text = (await client.get(path)).text
        for words in ("Kari Nordmann", "Nordlys AS", "&lt;b&gt;Nordlys", "Norway", "Sweden", "On paper", "én\nto"):
            assert words in text
    in_norwegian = await world.company(language="nb")
    text = (await in_norwegian.get(f"/customers/{await corrected(in_norwegian, country='SE')}/corrections")).text
    assert "Hva som er rettet" in text and "Norge" in text and "Sverige" in text


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.VIEWER])
async def test_other_members_read_no_values(world: World, role: Role) -> None:
    company = await world.company()
    customer_id = await corrected(company, name="Zqny AS")
    client, _ = await as_member(company, world, role)
    for path in (f"/customers/{customer_id}/corrections", "/company/corrections"):
        answer = await client.get(path)
        assert answer.status_code == 403 and "Nordlys AS" not in answer.text
    assert "/corrections" not in (await client.get(f"/customers/{customer_id}")).text
    assert "/corrections" not in (await client.get("/company")).text


async def test_the_page_says_who_got_the_customer_s_data_before(world: World) -> None:
    """GDPR Art. 19: so that they can be told."""
    company = await world.company()
    customer_id = await corrected(company, email="ny@nordlys.example")
    async with unit_of_work(company.id, company.person_id) as work:
        await work.connection.execute(
            "update customer set vat_number = 'SE556012579001', vat_checked_at = now() where organisation_id = $1",
            company.id,
        )
    text = (await company.get(f"/customers/{customer_id}/corrections")).text
    assert "GDPR Art. 19" in text and "SE556012579001" in text and "credit note and a new invoice" in text


async def test_the_company_s_page_shows_its_own_profile_and_no_customer(world: World) -> None:
    company = await world.company()
    await corrected(company, name="Zqny AS")
    empty = (await company.get("/company/corrections")).text
    assert "Nothing was corrected yet" in empty and "/company/corrections" in (await company.get("/company")).text
    stored = await company_settings(company.id)
    wanted = replace(stored.company, form="AS", vat_registered=False, kid_length=12, accounting_year_ends=6)
    await companies.change(company.id, company.person_id, stored.version, wanted)
    text = (await company.get("/company/corrections")).text
    for words in (
        "Sole proprietorship (ENK)",
        "Limited company (AS)",
        "Yes",
        "No KID",
        "12 digits",
        "December",
        "June",
    ):
        assert words in text
    assert "Zqny AS" not in text


async def test_an_account_s_page_shows_what_the_person_corrected_and_nobody_else_s(world: World) -> None:
    company, other = await world.company(), await world.company()
    await profile.rename(company.person_id, "Kari Hansen", "en")
    assert OWN in (await company.get("/account/privacy")).text
    text = (await company.get(OWN)).text
    assert "Kari Nordmann" in text and "Kari Hansen" in text
    assert "Kari Hansen" not in (await other.get(OWN)).text


async def test_a_value_that_came_with_a_copy_from_elsewhere_is_shown_as_it_is(world: World) -> None:
    company = await world.company()
    customer_id = new_id()
    await customers.add(company.id, company.person_id, customer_id, NORDLYS)
    odd = [
        ("accounting_year_ends", "99"),
        ("due_days", "²"),
        ("kid_length", "x"),
        ("language", "tlh"),
        ("zq_field", "1"),
    ]
    async with unit_of_work(company.id, company.person_id) as work:
        await work.connection.executemany(
            "insert into correction (organisation_id, id, customer_id, field, old_value, new_value, reference, "
            "corrected_at) values ($1, $2, $3, $4, $5, '', 'SF-1', now())",
            [(company.id, new_id(), customer_id, *one) for one in odd],
        )
    text = (await company.get(f"/customers/{customer_id}/corrections")).text
    assert "zq field" in text and "as the customer asked, SF-1" in text and "tlh" in text


async def test_the_pages_ask_the_database_for_little(world: World, statements: list[str]) -> None:
    company = await world.company()
    customer_id = await corrected(company, name="Ny AS")
    for path, most in ((f"/customers/{customer_id}/corrections", 6), ("/company/corrections", 5), (OWN, 3)):
        with budget(statements, most):
            assert (await company.get(path)).status_code == 200
