from __future__ import annotations

import re

import pytest

from models.ids import new_id
from tests.people import GOOD_PASSWORD, browser, letters_asked, link_to
from tests.world import PASSWORD, World

PATHS = ("/account/profile", "/account/email", "/account/password", "/account/sessions/others/ending")


def said(page: str, field: str) -> str:
    found = re.search(rf'id="f-{field}-error">(.*?)</p>', page, re.DOTALL)
    return found[1] if found else ""


async def test_the_page_shows_the_person_their_browsers_and_what_happened(world: World) -> None:
    company = await world.company()
    await browser(world).post("/login", data={"email": company.email, "password": PASSWORD})
    page = (await company.get("/account")).text
    assert 'value="Kari Nordmann"' in page and company.email in page
    assert "Firefox, Linux" in page and "(this one)" in page
    assert "Signed in" in page.split('id="events"')[1]


async def test_the_page_asks_three_times(world: World, statements: list[str]) -> None:
    company = await world.company()
    statements.clear()
    await company.get("/account")
    assert len(statements) == 3


async def test_page_and_fragment_hold_the_same(world: World) -> None:
    company = await world.company()
    whole = await company.get("/account")
    part = await company.get("/account", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" in whole.text and "<html" not in part.text
    assert 'id="sessions"' in whole.text and 'id="sessions"' in part.text


@pytest.mark.parametrize("path", PATHS)
async def test_a_visitor_is_sent_to_sign_in(world: World, path: str) -> None:
    answer = await browser(world).post(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


async def test_somebody_without_a_company_has_an_account_all_the_same(world: World) -> None:
    client, _ = await world.sign_in((await world.person())[0])
    assert (await client.get("/account")).status_code == 200


async def test_name_and_language_are_changed(world: World) -> None:
    company = await world.company()
    answer = await company.post("/account/profile", {"name": " Kari Hansen ", "language": "nb"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=saved")
    page = (await company.get("/account")).text
    assert 'value="Kari Hansen"' in page and '<html lang="nb">' in page and "Kontoen din" in page


async def test_a_name_that_can_not_be_saved_is_kept_on_the_page(world: World) -> None:
    company = await world.company()
    page = await company.post("/account/profile", {"name": "x" * 201, "language": "tlh"})
    assert page.status_code == 422
    assert said(page.text, "name") and said(page.text, "language")
    assert "x" * 201 in page.text


async def test_a_new_password_keeps_this_browser_and_ends_the_others(world: World) -> None:
    company = await world.company()
    other, _ = await world.sign_in(company.person_id)
    old = company.client.cookies.get("sf_session")
    answer = await company.post("/account/password", {"current_password": PASSWORD, "new_password": GOOD_PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=password-renewed")
    assert company.client.cookies.get("sf_session") != old
    assert (await company.get("/account")).status_code == 200
    assert (await other.get("/account")).status_code == 303
    assert await letters_asked(company.email) == ["password_changed"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"current_password": "wrong", "new_password": GOOD_PASSWORD}, "current-password"),
        ({"current_password": "", "new_password": GOOD_PASSWORD}, "current-password"),
        ({"current_password": PASSWORD, "new_password": "short"}, "new-password"),
        ({"current_password": PASSWORD, "new_password": "Nordmann-Kari7"}, "new-password"),
        ({}, "new-password"),
    ],
)
async def test_a_password_that_is_not_taken_is_said_beside_its_field(
    world: World, data: dict[str, str], field: str
) -> None:
    company = await world.company()
    page = await company.post("/account/password", data)
    assert page.status_code == 422 and said(page.text, field)
    assert GOOD_PASSWORD not in page.text and PASSWORD not in page.text


async def test_a_new_address_is_confirmed_from_its_own_mailbox(world: World) -> None:
    """S-13."""
    company, new = await world.company(), f"{new_id().hex}@example.test"
    answer = await company.post("/account/email", {"new_email": new, "email_password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=check-new-email")
    assert company.email in (await company.get("/account")).text
    link = await link_to(new)
    assert new in (await company.get(link)).text
    mailbox = browser(world)
    confirmed = await mailbox.post(link)
    assert confirmed.headers["location"] == "/login?done=email-changed"
    assert (await company.get("/account")).status_code == 303
    entered = await mailbox.post("/login", data={"email": new, "password": PASSWORD})
    assert entered.status_code == 303
    assert await letters_asked(company.email) == ["email_changed"]


@pytest.mark.parametrize(
    ("new", "password", "field"),
    [
        ("not an address", PASSWORD, "new-email"),
        ("", PASSWORD, "new-email"),
        ("OWN", PASSWORD, "new-email"),
        ("new@example.test", "wrong", "email-password"),
        ("new@example.test", "", "email-password"),
    ],
)
async def test_an_address_that_is_not_taken_is_said_beside_its_field(
    world: World, new: str, password: str, field: str
) -> None:
    company = await world.company()
    wanted = company.email.upper() if new == "OWN" else new
    page = await company.post("/account/email", {"new_email": wanted, "email_password": password})
    assert page.status_code == 422 and said(page.text, field)
    assert f'value="{wanted}"' in page.text
    assert await letters_asked("new@example.test") == []


async def test_after_many_wrong_passwords_there_is_a_pause(world: World) -> None:
    company = await world.company()
    data = {"current_password": "wrong", "new_password": GOOD_PASSWORD}
    statuses = [(await company.post("/account/password", data)).status_code for _ in range(8)]
    assert statuses[0] == 422 and statuses[-1] == 429


async def test_a_browser_is_signed_out_from_another_one(world: World) -> None:
    """S-05."""
    company = await world.company()
    other, _ = await world.sign_in(company.person_id)
    page = (await company.get("/account")).text
    (handle,) = re.findall(r'action="/account/sessions/([0-9a-f]{64})/ending"', page)
    answer = await company.post(f"/account/sessions/{handle}/ending")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=session-ended")
    assert (await other.get("/account")).status_code == 303
    assert (await company.post(f"/account/sessions/{handle}/ending")).status_code == 404


async def test_the_browser_of_another_person_is_unknown(world: World) -> None:
    mine, theirs = await world.company(), await world.company("Elv AS")
    await world.sign_in(theirs.person_id)
    page = (await theirs.get("/account")).text
    (handle,) = re.findall(r'action="/account/sessions/([0-9a-f]{64})/ending"', page)
    assert (await mine.post(f"/account/sessions/{handle}/ending")).status_code == 404
    assert (await mine.post("/account/sessions/x/ending")).status_code == 404


async def test_all_other_browsers_are_signed_out(world: World) -> None:
    company = await world.company()
    others = [(await world.sign_in(company.person_id))[0] for _ in range(2)]
    answer = await company.post("/account/sessions/others/ending")
    assert answer.headers["location"] == "/account?done=sessions-ended"
    assert [(await other.get("/account")).status_code for other in others] == [303, 303]
    assert (await company.get("/account")).status_code == 200


async def test_what_people_typed_can_not_become_markup(world: World) -> None:
    company = await world.company()
    name = '"><img src=x onerror=alert(1)>'
    await company.post("/account/profile", {"name": name, "language": "en"})
    page = (await company.get("/account")).text
    assert "<img src=x" not in page and "&gt;&lt;img src=x" in page
