from __future__ import annotations

import asyncio
import re

import asyncpg
import pytest

from models.ids import new_id
from tests.people import browser
from tests.world import World

ESSENTIALS = {
    "name": "Fossen Design",
    "form": "ENK",
    "organisation_number": "923 609 016",
    "vat_registered": "on",
    "address_line1": "Strandgaten 1",
    "postcode": "5013",
    "city": "Bergen",
    "country": "NO",
    "bank_account": "8601 11 17947",
    "email": "post@fossen.example",
}


def said(page: str, field: str) -> str:
    found = re.search(rf'id="f-{field}-error">(.*?)</p>', page, re.DOTALL)
    return found[1] if found else ""


async def test_a_first_company_is_made_and_worked_for(world: World) -> None:
    client, csrf = await world.sign_in((await world.person())[0])
    page = await client.get("/companies/new")
    assert page.status_code == 200 and "Who do you invoice for?" in page.text
    answer = await client.post("/companies", data={**ESSENTIALS, "_csrf_token": csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?done=company-created")
    settings = (await client.get("/company")).text
    for value in ("Fossen Design", "923 609 016", "Strandgaten 1", "5013", "8601 11 17947", "post@fossen.example"):
        assert f'value="{value}"' in settings
    assert "Fossen Design" in (await client.get("/companies")).text


async def test_a_limited_company_shows_its_register_from_the_start(world: World) -> None:
    client, csrf = await world.sign_in((await world.person())[0])
    await client.post("/companies", data={**ESSENTIALS, "form": "AS", "_csrf_token": csrf})
    settings = (await client.get("/company")).text
    assert re.search(r'id="f-foretaksregisteret"[^>]* checked', settings)


async def test_the_name_alone_is_enough_to_begin(world: World) -> None:
    client, csrf = await world.sign_in((await world.person())[0])
    data = {"name": "Fossen", "form": "ENK", "country": "NO", "_csrf_token": csrf}
    assert (await client.post("/companies", data=data)).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Fill in this field."),
        ("name", "x" * 201, "too long"),
        ("form", "LTD", "Choose one from the list."),
        ("country", "XX", "Choose one from the list."),
        ("organisation_number", "923609017", "not a valid organisation number"),
        ("organisation_number", "", "registered for VAT has an organisation number"),
        ("bank_account", "86011117948", "not a valid account number"),
        ("bank_account", "NO9386011117948", "not a valid account number"),
        ("email", "nobody", "not a valid e-mail address"),
        ("city", "Ber\x07gen", "invisible characters"),
    ],
)
async def test_a_fault_is_said_beside_its_field_and_everything_is_kept(
    world: World, field: str, value: str, sentence: str
) -> None:
    client, csrf = await world.sign_in((await world.person())[0])
    page = await client.post("/companies", data={**ESSENTIALS, field: value, "_csrf_token": csrf})
    assert page.status_code == 422
    assert sentence in said(page.text, field.replace("_", "-"))
    kept = "Fossen Design" if field != "name" else "Strandgaten 1"
    assert f'value="{kept}"' in page.text
    assert (await client.get("/")).headers["location"] == "/companies/new"


async def test_all_faults_are_said_at_once(world: World) -> None:
    client, csrf = await world.sign_in((await world.person())[0])
    page = await client.post("/companies", data={"_csrf_token": csrf, "bank_account": "x", "email": "x"})
    assert page.status_code == 422
    assert all(said(page.text, field) for field in ("name", "form", "country", "bank-account", "email"))
    assert 'id="error-summary"' in page.text


async def test_a_foreign_company_gets_the_habits_of_its_country(world: World) -> None:
    client, csrf = await world.sign_in((await world.person())[0])
    data = {
        **ESSENTIALS,
        "country": "DE",
        "form": "OTHER",
        "organisation_number": "136695976",
        "bank_account": "DE89 3704 0044 0532 0130 00",
        "_csrf_token": csrf,
    }
    assert (await client.post("/companies", data=data)).status_code == 303
    settings = (await client.get("/company")).text
    assert 'value="DE136695976"' in settings and 'value="DE89 3704 0044 0532 0130 00"' in settings
    assert re.search(r'<option value="EUR" selected', settings)


async def test_fields_that_nobody_asked_for_are_left_out(world: World, owner: asyncpg.Connection) -> None:
    """S-17."""
    client, csrf = await world.sign_in((await world.person())[0])
    wrong_id = str(new_id())
    more = {"id": wrong_id, "organisation_id": wrong_id, "version": "99", "role": "viewer", "_csrf_token": csrf}
    await client.post("/companies", data={**ESSENTIALS, "name": "Mass Assignment AS", **more})
    row = await owner.fetchrow(
        "select o.id::text, o.version, m.role from organisation o join membership m on m.organisation_id = o.id "
        "where o.name = 'Mass Assignment AS'"
    )
    assert (row["version"], row["role"]) == (1, "owner") and row["id"] != wrong_id


async def test_a_person_moves_between_their_companies(world: World) -> None:
    company = await world.company("Alfa AS")
    answer = await company.post("/companies", {**ESSENTIALS, "name": "Beta AS"})
    assert answer.status_code == 303
    page = (await company.get("/companies")).text
    assert page.index("Alfa AS") < page.rindex("Beta AS") and "You are here" in page
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page)
    assert token is not None
    old = company.client.cookies["sf_session"]
    chosen = await company.client.post(f"/companies/{company.id}/selection", data={"_csrf_token": token[1]})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/?done=company-selected")
    assert company.client.cookies["sf_session"] != old
    assert 'value="Alfa AS"' in (await company.get("/company")).text
    # The form that was opened for the other company can not be saved into this one.
    stale = await company.client.post("/company", data={"name": "Beta AS", "_csrf_token": token[1]})
    assert stale.status_code == 403


async def test_the_company_of_somebody_else_is_unknown(world: World) -> None:
    mine, theirs = await world.company(), await world.company("Elv AS")
    assert (await mine.post(f"/companies/{theirs.id}/selection")).status_code == 404
    assert (await mine.post(f"/companies/{new_id()}/selection")).status_code == 404
    assert (await mine.post("/companies/x/selection")).status_code == 404
    assert "Elv AS" not in (await mine.get("/companies")).text
    assert "Fjord Design ENK" in (await mine.get("/companies")).text


@pytest.mark.parametrize("path", ["/companies", "/companies/new"])
async def test_a_visitor_is_sent_to_sign_in_and_back(world: World, path: str) -> None:
    answer = await browser(world).get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={path}")


async def test_the_list_asks_little(world: World, statements: list[str]) -> None:
    company = await world.company()
    for path in ("/companies", "/companies/new"):
        statements.clear()
        await company.get(path)
        assert len(statements) <= 4, statements


async def test_making_a_company_asks_little(world: World, statements: list[str]) -> None:
    company = await world.company()
    statements.clear()
    assert (await company.post("/companies", ESSENTIALS)).status_code == 303
    assert len(statements) <= 8, statements


async def test_a_double_click_makes_one_company_and_leaves_its_maker_signed_in(
    world: World, owner: asyncpg.Connection
) -> None:
    person_id, _ = await world.person()
    client, csrf = await world.sign_in(person_id)
    form = {**ESSENTIALS, "_csrf_token": csrf}
    answers = await asyncio.gather(*(client.post("/companies", data=form) for _ in range(3)))
    assert [one.headers.get("location") for one in answers].count("/?done=company-created") == 1
    assert all(one.status_code < 500 for one in answers)
    assert await owner.fetchval("select count(*) from membership where person_id = $1", person_id) == 1
    assert (await client.get("/company")).status_code == 200
