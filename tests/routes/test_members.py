"""The pages of members and invitations: who sees what, the ways in, handing over, leaving."""

from __future__ import annotations

import re
import uuid

import asyncpg
import httpx
import pytest

from actions.sessions import start_session
from domain.access import Role
from models.ids import new_id
from tests.people import GOOD_PASSWORD, browser, letters_asked, link_to
from tests.routes.furnished import invited
from tests.routes.test_invoice_routes import budget, form_of
from tests.world import PASSWORD, Company, World

PLACE = "/company/members"


def address() -> str:
    return f"{uuid.uuid4().hex[:12]}@ny.example"


def token_of(page: str) -> str:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


async def post(client: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    """Fill in a form on the page `page` as whoever is signed in there."""
    token = token_of((await client.get(page)).text)
    return await client.post(path, data={"_csrf_token": token, **fields})


async def as_member(company: Company, world: World, role: Role) -> tuple[httpx.AsyncClient, uuid.UUID]:
    person_id, _ = await world.member(company, role, name="Ola Nordmann")
    client, _ = await world.sign_in(person_id, company.id, role)
    return client, person_id


async def test_invited_signed_up_at_work_handed_over_and_the_first_owner_gone(
    world: World, owner: asyncpg.Connection
) -> None:
    """The whole way of a company from one person to the next (privacy.md 2.6)."""
    company, email = await world.company(name="Fjord Design ENK"), address()
    customer = await world.customer(company)
    done = await company.post(f"{PLACE}/invitations", {"email": email, "role": "bookkeeper"})
    assert done.headers["location"] == f"{PLACE}?done=member-invited"
    assert email in (await company.get(PLACE)).text

    newcomer, invitation = browser(world), await link_to(email)
    page = (await newcomer.get(invitation)).text
    assert "Work with Fjord Design ENK" in page and email in page and 'name="password"' in page
    done = await newcomer.post(f"{invitation}/account", data={"name": "Ny Nordmann", "password": GOOD_PASSWORD})
    assert done.headers["location"] == "/?done=company-joined"
    draft = new_id()
    form = form_of(customer_id=str(customer), customer="Nordlys AS")
    done = await post(newcomer, "/invoices/new", f"/invoices/{draft}/issuance", **form)
    assert done.headers["location"].startswith(f"/invoices/{draft}")
    who = await owner.fetchrow("select state, issued_by from invoice where id = $1", draft)
    person_id = await owner.fetchval("select id from person where email = $1", email)
    assert who is not None and (who["state"], who["issued_by"]) == ("open", person_id)

    # Alone at the top, the first owner can neither leave nor delete the account, and each page says where to go on.
    refused = await company.post("/company/leaving")
    assert refused.status_code == 409 and 'href="/company/handover"' in refused.text
    assert 'href="/company/handover"' in (await company.get("/account/deletion")).text
    done = await company.post("/company/handover", {"member": str(person_id), "stays_as": "gone"})
    assert done.headers["location"] == "/companies?done=company-handed-over"
    assert (await company.get(PLACE)).headers["location"] == "/companies/new"
    assert 'id="confirm"' in (await company.get("/account/deletion")).text
    assert "Close this company" in (await newcomer.get("/company")).text
    assert await letters_asked(email) == ["invitation", "made_owner"]


async def test_everybody_sees_who_works_there_and_only_who_may_sees_addresses_and_invitations(world: World) -> None:
    company = await world.company()
    reader, _ = await as_member(company, world, Role.VIEWER)
    email = address()
    await invited(company, email)
    own, theirs = (await company.get(PLACE)).text, (await reader.get(PLACE)).text
    for page in (own, theirs):
        assert "Ola Nordmann" in page and "What the roles may do" in page and "2 members" in page
    assert company.email in own and email in own and 'id="invite"' in own
    assert company.email not in theirs and email not in theirs and 'id="invite"' not in theirs


async def test_a_company_of_many_asks_the_database_no_more_than_one_of_few(
    world: World, statements: list[str]
) -> None:
    company = await world.company()
    for _ in range(4):
        await world.member(company)
        await invited(company, address())
    with budget(statements, 6):
        assert "5 members" in (await company.get(PLACE)).text


@pytest.mark.parametrize("known", [True, False])
async def test_the_answer_to_an_invitation_tells_nothing_of_the_address(world: World, known: bool) -> None:
    """S-14"""
    company = await world.company()
    email = (await world.person())[1] if known else address()
    answer = await company.post(f"{PLACE}/invitations", {"email": email, "role": "viewer"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PLACE}?done=member-invited")
    page = (await company.get(PLACE)).text.replace(email, "")
    assert "Reader · the link works until" in page


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"email": "x", "role": "viewer"}, "f-email-error"),
        ({"email": "x@y.example", "role": "owner"}, "f-role-error"),
        ({"email": "x@y.example", "role": "king"}, "f-role-error"),
        ({}, "f-email-error"),
    ],
)
async def test_an_invitation_that_says_too_little_is_refused_beside_its_field(
    world: World, fields: dict[str, str], at: str
) -> None:
    company = await world.company()
    answer = await company.post(f"{PLACE}/invitations", fields)
    assert answer.status_code == 422 and at in answer.text


async def test_an_account_that_is_not_signed_in_is_led_there_and_back(world: World) -> None:
    company = await world.company()
    _, email = await world.person()
    await invited(company, email)
    invitation, visitor = await link_to(email), browser(world)
    page = (await visitor.get(invitation)).text
    assert f'href="/login?next={invitation}"' in page and 'name="password"' not in page
    done = await visitor.post("/login", data={"email": email, "password": PASSWORD, "next": invitation})
    assert done.headers["location"] == invitation
    done = await post(visitor, invitation, invitation)
    assert done.headers["location"] == "/?done=company-joined"
    assert "is accepted already" in (await visitor.get(invitation)).text
    # A form to make an account changes nothing for an address that has one.
    other = browser(world)
    done = await other.post(f"{invitation}/account", data={"name": "x", "password": GOOD_PASSWORD})
    assert done.status_code == 404


async def test_with_another_account_the_page_says_so_and_nothing_happens(
    world: World, owner: asyncpg.Connection
) -> None:
    company, stranger, email = await world.company(), await world.company(), address()
    await invited(company, email)
    invitation = await link_to(email)
    page = await stranger.get(invitation)
    assert f"It went to {email}, and you are signed in as {stranger.email}." in page.text
    assert (await stranger.post(invitation)).status_code == 409
    done = await stranger.post(f"{invitation}/account", {"name": "x", "password": GOOD_PASSWORD})
    assert "another account" in done.text
    members = await owner.fetchval("select count(*) from membership where organisation_id = $1", company.id)
    assert members == 1


async def test_who_is_taken_out_sees_nothing_from_the_next_click_on(world: World) -> None:
    company = await world.company()
    client, person_id = await as_member(company, world, Role.ADMIN)
    assert (await client.get("/invoices")).status_code == 200
    token = token_of((await client.get("/company")).text)
    assert (await company.post(f"{PLACE}/{person_id}/removal")).headers["location"].endswith("done=member-removed")
    for path in ("/invoices", PLACE, "/company", "/invoices/download/csv"):
        assert (await client.get(path)).headers["location"] == "/companies/new", path
    answer = await client.post(
        f"{PLACE}/invitations", data={"_csrf_token": token, "email": "x@y.no", "role": "admin"}
    )
    assert answer.status_code == 303 and PLACE not in answer.headers["location"]
    assert (await company.post(f"{PLACE}/{person_id}/removal")).status_code == 404


async def test_a_role_is_changed_and_counts_at_once(world: World) -> None:
    company = await world.company()
    client, person_id = await as_member(company, world, Role.VIEWER)
    assert (await client.get("/invoices/new")).status_code == 403
    assert (await company.get(f"{PLACE}/{person_id}")).status_code == 200
    done = await company.post(f"{PLACE}/{person_id}/role", {"role": "bookkeeper"})
    assert done.headers["location"] == f"{PLACE}?done=member-role-changed"
    assert (await client.get("/invoices/new")).status_code in (200, 303)
    for wrong in ("owner", "", "king"):
        assert (await company.post(f"{PLACE}/{person_id}/role", {"role": wrong})).status_code == 422


async def test_an_owner_loses_the_role_only_by_another_owner_who_gives_the_password(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    other, _ = await world.member(company, Role.OWNER)
    admin, _ = await as_member(company, world, Role.ADMIN)
    path = f"{PLACE}/{other}"
    page = (await admin.get(path)).text
    assert "Only an owner can change or remove an owner." in page and "Change the role" not in page
    assert (await post(admin, "/company", f"{path}/role", role="viewer")).status_code == 422
    assert (await company.post(f"{path}/removal")).status_code == 422
    await owner.execute(
        "update session set authenticated_at = now() - interval '1 hour' where person_id = $1", company.person_id
    )
    answer = await company.post(f"{path}/role", {"role": "viewer", "password": "feil"})
    assert answer.status_code == 422 and "f-password-error" in answer.text
    answer = await company.post(f"{path}/role", {"role": "viewer", "password": PASSWORD})
    assert answer.headers["location"].endswith("done=member-role-changed")


async def test_handing_over_asks_for_the_password_and_for_somebody_who_is_there(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    assert "There is nobody to hand it over to yet" in (await company.get("/company/handover")).text
    admin, person_id = await as_member(company, world, Role.ADMIN)
    assert (await admin.get("/company/handover")).status_code == 403
    assert (await post(admin, "/company", "/company/handover", member=str(person_id))).status_code == 403
    stranger, _ = await world.person()
    for wrong in (
        {"member": "x", "stays_as": "gone"},
        {"member": str(stranger), "stays_as": "gone"},
        {"member": str(person_id), "stays_as": "king"},
    ):
        assert (await company.post("/company/handover", wrong)).status_code == 422
    await owner.execute(
        "update session set authenticated_at = now() - interval '1 hour' where person_id = $1", company.person_id
    )
    assert 'name="password"' in (await company.get("/company/handover")).text
    wanted = {"member": str(person_id), "stays_as": "owner"}
    assert (await company.post("/company/handover", {**wanted, "password": "feil"})).status_code == 422
    done = await company.post("/company/handover", {**wanted, "password": PASSWORD})
    assert done.headers["location"] == f"{PLACE}?done=company-handed-over"
    roles = await owner.fetch("select role from membership where organisation_id = $1", company.id)
    assert [row["role"] for row in roles] == ["owner", "owner"]


async def test_who_leaves_goes_on_in_another_company_if_there_is_one(world: World) -> None:
    company = await world.company(name="Fjord Design ENK")
    ola = await world.person("Ola Nordmann")
    await world.company(name="Elv AS", person=ola)
    person_id, _ = await world.member(company, Role.BOOKKEEPER, person=ola)
    started = await start_session(person_id, company.id, Role.BOOKKEEPER, ip="", browser="")
    client = browser(world)
    client.cookies.set(started.cookie_name, started.cookie_value, domain="127.0.0.1")
    done = await post(client, "/company/leaving", "/company/leaving")
    assert done.headers["location"] == "/companies?done=company-left"
    page = (await client.get(PLACE)).text
    assert "1 member" in page and "Elv AS" in page


async def test_the_only_one_in_a_company_closes_it_instead_of_leaving(world: World) -> None:
    company = await world.company()
    page = (await company.get("/company/leaving")).text
    assert "Nobody else is in this company" in page and 'href="/company/closing"' in page
    assert (await company.post("/company/leaving")).status_code == 409


async def test_the_way_from_the_deletion_of_an_account_leads_into_the_company_that_waits(world: World) -> None:
    ola = await world.person("Ola Nordmann")
    await world.company(name="Elv AS", person=ola)
    company = await world.company(name="Fjord Design ENK", person=ola)
    await world.member(company)
    elsewhere = browser(world)
    started = await start_session(ola[0], None, None, ip="", browser="")
    elsewhere.cookies.set(started.cookie_name, started.cookie_value, domain="127.0.0.1")
    done = await post(elsewhere, "/account/deletion", f"/companies/{company.id}/selection", next="/company/handover")
    assert done.headers["location"] == "/company/handover"
    done = await post(elsewhere, "/account", f"/companies/{company.id}/selection", next="//evil.example")
    assert done.headers["location"] == "/?done=company-selected"
