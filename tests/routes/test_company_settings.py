from __future__ import annotations

import re
from html import unescape

import asyncpg
import pytest

from domain.access import Role
from tests.people import browser
from tests.world import Company, World


def fields(page: str) -> dict[str, str]:
    """The settings form as a browser would send it unchanged."""
    form = page.split('action="/company"')[1].split("</form>")[0]
    values: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        picked = re.search(r'type="(radio|checkbox)"', tag) is None or " checked" in tag
        if name and value and picked and " disabled" not in tag:
            values[name[1]] = unescape(value[1])
    for name, options in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    return values


async def opened(company: Company) -> dict[str, str]:
    page = await company.get("/company")
    assert page.status_code == 200
    return {name: value for name, value in fields(page.text).items() if name != "_csrf_token"}


def said(page: str, field: str) -> str:
    found = re.search(rf'id="f-{field}-error">(.*?)</p>', page, re.DOTALL)
    return found[1] if found else ""


async def test_saving_the_page_as_it_is_changes_nothing(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company(iban="NO9386011117947")
    data = await opened(company)
    answer = await company.post("/company", data)
    assert (answer.status_code, answer.headers["location"]) == (303, "/company?done=saved")
    assert await opened(company) == data
    assert await owner.fetchval("select version from organisation where id = $1", company.id) == 1


async def test_everything_can_be_changed(world: World) -> None:
    company = await world.company()
    wanted = {
        **await opened(company),
        "name": "Elv & Foss <AS>",
        "form": "AS",
        "organisation_number": "974 760 673",
        "foretaksregisteret": "on",
        "legal_addition": "under avvikling",
        "address_line1": "Elvegata 2",
        "address_line2": "Bakgården",
        "postcode": "9008",
        "city": "Tromsø",
        "email": "post@elv.example",
        "phone": "+47 55 55 55 55",
        "bank_account": "NO93 8601 1117 947",
        "bic": "DNBANOKKXXX",
        "due_days": "30",
        "language": "nn",
        "currency": "EUR",
        "accent": "own",
        "own_accent": "7A1F3D",
        "kid_length": "11",
        "numbering": "yearly",
        "first_number": "1",
    }
    answer = await company.post("/company", wanted)
    assert answer.status_code == 303
    stored = await opened(company)
    shown = {**wanted, "version": "2", "bank_account": "8601 11 17947", "own_accent": "#7a1f3d"}
    assert stored == shown
    assert "Elv &amp; Foss &lt;AS&gt;" in (await company.get("/company")).text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Fill in this field."),
        ("due_days", "-1", "from 0 to 365"),
        ("due_days", "2.5", "too many decimals"),
        ("due_days", "soon", "can not read this as a number"),
        ("due_days", "", "Fill in this field."),
        ("first_number", "0", "from 1 to 999999999"),
        ("first_number", "1e9", "can not read"),
        ("kid_length", "3", "Choose one from the list."),
        ("kid_length", "26", "Choose one from the list."),
        ("bic", "DNB", "not a valid BIC"),
        ("currency", "XXX", "Choose one from the list."),
        ("language", "en-GB", "Choose one from the list."),
        ("own_accent", "url(x)", "Write a colour"),
        ("own_accent", "#ffff99", "too light"),
        ("numbering", "", "Choose one from the list."),
        ("phone", "x" * 41, "too long"),
    ],
)
async def test_a_fault_is_said_beside_its_field_and_everything_is_kept(
    world: World, field: str, value: str, sentence: str
) -> None:
    company = await world.company()
    data = {**await opened(company), "city": "Voss", field: value}
    if field == "own_accent":
        data["accent"] = "own"
    page = await company.post("/company", data)
    assert page.status_code == 422
    assert sentence in said(page.text, field.replace("_", "-"))
    assert 'value="Voss"' in page.text
    assert (await opened(company))["city"] == "Bergen"


async def test_a_kid_must_have_room_for_the_numbers(world: World) -> None:
    company = await world.company()
    page = await company.post("/company", {**await opened(company), "numbering": "yearly", "kid_length": "10"})
    assert page.status_code == 422 and "at least 11" in said(page.text, "kid-length")


async def test_two_windows_do_not_overwrite_each_other(world: World) -> None:
    company = await world.company()
    first, second = await opened(company), await opened(company)
    assert (await company.post("/company", {**first, "city": "Oslo"})).status_code == 303
    page = await company.post("/company", {**second, "name": "Fjord AS"})
    assert page.status_code == 409
    assert "Somebody else saved these settings" in page.text
    assert 'value="Fjord AS"' in page.text and "Saved meanwhile: Oslo." in said(page.text, "city")
    # Having seen it, saving once more is a decision.
    again = fields(page.text)
    assert again["version"] == "2"
    again["_csrf_token"] = company.csrf
    assert (await company.post("/company", again)).status_code == 303
    assert (await opened(company))["name"] == "Fjord AS"


@pytest.mark.parametrize("version", ["", "x", "-1", "1.0", "9" * 30, "²"])
async def test_a_made_up_version_overwrites_nothing(world: World, version: str) -> None:
    company = await world.company()
    page = await company.post("/company", {**await opened(company), "version": version, "name": "Elv"})
    assert page.status_code == 409


async def test_the_first_number_stands_once_an_invoice_is_issued(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    await owner.execute(
        "insert into number_series (organisation_id, series, year, last) values ($1, 'invoice', 0, 7)", company.id
    )
    data = await opened(company)
    assert "first_number" not in data
    assert (await company.post("/company", {**data, "first_number": "500", "city": "Voss"})).status_code == 303
    row = await owner.fetchrow("select first_number, city from organisation where id = $1", company.id)
    assert (row["first_number"], row["city"]) == (1, "Voss")


@pytest.mark.parametrize(("role", "status"), [(Role.ADMIN, 303), (Role.BOOKKEEPER, 403), (Role.VIEWER, 403)])
async def test_settings_are_changed_by_those_who_may(world: World, role: Role, status: int) -> None:
    company = await world.company(role=role)
    page = await company.get("/company")
    assert page.status_code == 200
    assert ("your role does not include changing it" in page.text) == (status == 403)
    assert ('<fieldset class="form" disabled' in page.text) == (status == 403)
    assert (await company.post("/company", {**fields(page.text), "_csrf_token": company.csrf})).status_code == status


async def test_nobody_reaches_the_settings_of_another_company(world: World) -> None:
    mine, theirs = await world.company(), await world.company("Elv AS")
    wanted = {**await opened(mine), "organisation_id": str(theirs.id), "id": str(theirs.id), "name": "Taken"}
    assert (await mine.post("/company", wanted)).status_code == 303
    assert (await opened(theirs))["name"] == "Elv AS"
    assert (await opened(mine))["name"] == "Taken"


async def test_a_visitor_is_sent_to_sign_in(world: World) -> None:
    assert (await browser(world).get("/company")).headers["location"] == "/login?next=/company"
    assert (await browser(world).post("/company")).headers["location"] == "/login"


async def test_a_person_without_a_company_is_asked_for_one(world: World) -> None:
    client, _ = await world.sign_in((await world.person())[0])
    assert (await client.get("/company")).headers["location"] == "/companies/new"


async def test_the_page_asks_little(world: World, statements: list[str]) -> None:
    company = await world.company()
    data = await opened(company)
    statements.clear()
    await company.get("/company")
    assert len(statements) == 4, statements
    statements.clear()
    await company.post("/company", {**data, "city": "Voss"})
    assert len(statements) <= 9, statements


async def test_page_and_fragment_hold_the_same(world: World) -> None:
    company = await world.company()
    part = await company.get("/company", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" not in part.text and 'action="/company"' in part.text
