from __future__ import annotations

import re

import pytest

from models.ids import new_id
from tests.people import GOOD_PASSWORD, browser, letters_asked, link_to, newest_letter
from tests.world import PASSWORD, World


def answers(**changes: str) -> dict[str, str]:
    email = f"{new_id().hex}@example.test"
    return {"name": "Kari Nordmann", "email": email, "password": GOOD_PASSWORD, **changes}


async def test_the_form_asks_for_three_things_and_no_more(world: World) -> None:
    """P-01."""
    page = (await browser(world).get("/signup")).text
    names = re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page.split("</form>")[0])
    assert names == ["name", "email", "password"]
    assert 'type="hidden"' not in page.split("<main")[1].split("</main>")[0]


async def test_a_newcomer_signs_up_confirms_and_signs_in(world: World) -> None:
    client, wanted = browser(world), answers()
    page = await client.post("/signup", data=wanted)
    assert page.status_code == 200 and "Check your e-mail" in page.text and wanted["email"] in page.text
    assert 'href="/mailbox"' in page.text and "spam" not in page.text
    link = await link_to(wanted["email"])
    shown = await client.get(link)
    assert shown.status_code == 200 and wanted["email"] in shown.text
    assert shown.headers["referrer-policy"] == "no-referrer"
    confirmed = await client.post(link)
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, "/login?done=email-confirmed")
    door = (await client.get(confirmed.headers["location"])).text
    assert "is confirmed" in door and "Almost there" in door and "Welcome back" not in door
    entered = await client.post("/login", data={"email": wanted["email"], "password": GOOD_PASSWORD})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert (await client.get("/")).headers["location"] == "/companies/new"


async def test_a_known_and_an_unknown_address_get_the_same_page(world: World) -> None:
    """S-14: byte for byte, but for the address that was typed."""
    _, known = await world.person()
    unknown = f"{new_id().hex[:12]}@example.test"
    pages = [await browser(world).post("/signup", data=answers(email=email)) for email in (known, unknown)]
    assert pages[0].status_code == pages[1].status_code == 200
    assert pages[0].text.replace(known, "") == pages[1].text.replace(unknown, "")
    letter = await newest_letter(known)
    assert letter is not None and letter.template == "already_registered"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "  ", "Fill in this field."),
        ("name", "x" * 201, "This is too long."),
        ("email", "", "Fill in this field."),
        ("email", "not an address", "This is not a valid e-mail address."),
        ("email", "a@b.test, c@d.test", "This is not a valid e-mail address."),
        ("email", "a@b.test\r\nBcc: x@evil.test", "This"),
        ("password", "", "Fill in this field."),
        ("password", "short", "Use at least 10 characters."),
        ("password", "password123456", "Many people use this password"),
        ("password", "x" * 129, "Use at most 128 characters."),
        ("password", "Nordmann-Kari7", "made from your name"),
    ],
)
async def test_a_fault_is_said_beside_its_field_and_the_rest_is_kept(
    world: World, field: str, value: str, sentence: str
) -> None:
    wanted = answers(**{field: value})
    page = await browser(world).post("/signup", data=wanted)
    assert page.status_code == 422
    said = re.search(rf'id="f-{field}-error">(.*?)</p>', page.text, re.DOTALL)
    assert said is not None and sentence in said[1]
    assert await letters_asked(wanted["email"]) == []
    if field != "name":
        assert 'value="Kari Nordmann"' in page.text
    assert GOOD_PASSWORD not in page.text


async def test_all_faults_are_said_at_once(world: World) -> None:
    page = await browser(world).post("/signup", data={})
    assert page.status_code == 422
    assert [f"f-{name}-error" in page.text for name in ("name", "email", "password")] == [True] * 3


async def test_fields_that_nobody_asked_for_are_left_out(world: World) -> None:
    """S-17."""
    wanted = answers(is_operator="true", email_confirmed_at="2020-01-01", role="owner", id=str(new_id()))
    await browser(world).post("/signup", data=wanted)
    entered = await browser(world).post("/login", data={"email": wanted["email"], "password": GOOD_PASSWORD})
    assert entered.status_code == 422 and "not confirmed yet" in entered.text


@pytest.mark.parametrize("path", ["/confirm/" + "a" * 43, "/confirm/x", "/confirm/%00", "/confirm/" + "a" * 3000])
async def test_a_link_that_does_not_work_says_so(world: World, path: str) -> None:
    for answer in (await browser(world).get(path), await browser(world).post(path)):
        assert answer.status_code == 404 and "This link no longer works" in answer.text


async def test_somebody_who_did_not_confirm_can_have_the_letter_again(world: World) -> None:
    client, wanted = browser(world), answers()
    await client.post("/signup", data=wanted)
    wrong = await client.post("/login", data={"email": wanted["email"], "password": PASSWORD})
    assert "not confirmed" not in wrong.text
    page = await client.post("/login", data={"email": wanted["email"], "password": GOOD_PASSWORD})
    assert page.status_code == 422 and "set-cookie" not in page.headers
    proof = re.search(r'name="proof" value="([^"]+)"', page.text)
    assert proof is not None
    again = await client.post("/signup/confirmation", data={"proof": proof[1], "email": wanted["email"]})
    assert again.status_code == 200 and "Check your e-mail" in again.text
    assert await letters_asked(wanted["email"]) == ["sign_up", "confirm_email"]


async def test_a_false_proof_gets_the_same_page_and_no_letter(world: World) -> None:
    page = await browser(world).post("/signup/confirmation", data={"proof": "x", "email": "a@b.test"})
    assert page.status_code == 200
    assert await letters_asked("a@b.test") == []


async def test_somebody_signed_in_is_sent_on(world: World) -> None:
    company = await world.company()
    assert (await company.get("/signup")).headers["location"] == "/"
