from __future__ import annotations

import re
from datetime import timedelta

import pytest

from actions.clock import now
from domain.cookies import SESSION, cookie_name
from domain.sessions import IDLE
from tests.people import at, browser
from tests.world import PASSWORD, World

NAME = cookie_name(SESSION, https=False)


async def test_signing_in_leads_home(world: World) -> None:
    company, client = await world.company(), browser(world)
    assert (await client.get("/login")).status_code == 200
    answer = await client.post("/login", data={"email": company.email, "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert company.email in (await client.get("/account")).text


async def test_signing_in_leads_back_to_the_page_that_was_asked_for(world: World) -> None:
    company, client = await world.company(), browser(world)
    asked = await client.get("/invoices?status=open&q=a b")
    form = await client.get(asked.headers["location"])
    back = re.search(r'name="next" value="([^"]+)"', form.text)
    assert back is not None
    data = {"email": company.email, "password": PASSWORD, "next": back[1].replace("&amp;", "&")}
    answer = await client.post("/login", data=data)
    assert answer.headers["location"] == "/invoices?status=open&q=a%20b"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.test",
        "https:evil.test",
        "https://evil.test/",
        "/\\evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "/logout",
        "/login?next=/login",
        "x" * 5000,
        "",
    ],
)
async def test_signing_in_leads_nowhere_else(world: World, target: str) -> None:
    """C-06."""
    company = await world.company()
    data = {"email": company.email, "password": PASSWORD, "next": target}
    assert (await browser(world).post("/login", data=data)).headers["location"] == "/"
    signed_in = await company.get("/login", params={"next": target})
    assert signed_in.headers["location"] == "/"


async def test_a_wrong_password_and_an_unknown_address_get_the_same_page(world: World) -> None:
    """S-14: byte for byte."""
    _, known = await world.person()
    unknown = f"{'0' * 12}@example.test"
    pages = [await browser(world).post("/login", data={"email": x, "password": "wrong"}) for x in (known, unknown)]
    assert [page.status_code for page in pages] == [422, 422]
    assert pages[0].text.replace(known, "") == pages[1].text.replace(unknown, "")
    assert "The e-mail address or the password is not right." in pages[0].text
    assert f'value="{known}"' in pages[0].text and "wrong" not in pages[0].text


async def test_an_unknown_address_costs_the_same_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """S-14: one hash of the same strength either way; the statements are compared in tests/actions/test_accounts.py."""
    from actions import passwords

    checked: list[str] = []

    class Counting:
        def verify(self, password_hash: str, password: bytes) -> bool:
            checked.append(password_hash)
            return real.verify(password_hash, password)

        hash = staticmethod(passwords.HASHER.hash)

    real, person = passwords.HASHER, await world.person()
    monkeypatch.setattr(passwords, "HASHER", Counting())
    for email in (person[1], f"{'1' * 12}@example.test"):
        await browser(world).post("/login", data={"email": email, "password": "wrong"})
    assert len(checked) == 2
    assert checked[1].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_after_many_tries_there_is_a_pause_and_it_is_said(world: World) -> None:
    _, email = await world.person()
    for _ in range(9):
        answer = await browser(world).post("/login", data={"email": email, "password": "wrong"})
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) >= 1
    assert "Too many tries." in answer.text and f'value="{email}"' in answer.text


async def test_one_network_that_tries_many_addresses_is_slowed_down(world: World) -> None:
    """S-15: a made-up X-Forwarded-For changes nothing."""
    client = browser(world)
    statuses = []
    for n in range(34):
        headers = {"X-Forwarded-For": f"198.51.100.{n}"}
        data = {"email": f"nobody{n}@example.test", "password": "wrong"}
        statuses.append((await client.post("/login", data=data, headers=headers)).status_code)
    assert statuses[0] == 422 and statuses[-1] == 429


async def test_a_planted_id_is_replaced_when_its_victim_signs_in(world: World) -> None:
    """S-03."""
    company, client = await world.company(), browser(world)
    client.cookies.set(NAME, "a" * 43, domain="127.0.0.1")
    await client.post("/login", data={"email": company.email, "password": PASSWORD})
    values = {cookie.value for cookie in client.cookies.jar if cookie.name == NAME}
    thief = browser(world)
    answer = await thief.get("/account", headers={"Cookie": f"{NAME}={'a' * 43}"})
    assert values != {"a" * 43} and answer.status_code == 303


async def test_signing_out_ends_it_and_leaves_nothing_behind(world: World) -> None:
    """S-04, C-16."""
    company = await world.company()
    copied = company.client.cookies[NAME]
    answer = await company.post("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?done=signed-out")
    (header,) = answer.headers.get_list("set-cookie")
    assert header.startswith(f"{NAME}=;") and "Max-Age=0" in header
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    replayed = await browser(world).get("/account", headers={"Cookie": f"{NAME}={copied}"})
    assert replayed.headers["location"].startswith("/login")


async def test_signing_out_twice_is_no_fault(world: World) -> None:
    answer = await browser(world).post("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?done=signed-out")


async def test_signing_out_is_never_a_link(world: World) -> None:
    company = await world.company()
    assert (await company.get("/logout")).status_code == 405
    assert (await company.get("/account")).status_code == 200


async def test_a_form_sent_after_the_session_was_over_is_not_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    at(monkeypatch, now() + IDLE + timedelta(seconds=1))
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    form = {"name": "Kari Hansen", "language": "en"}
    lost = await company.post("/account/profile", form, headers=headers)
    assert (lost.status_code, lost.headers["hx-retarget"]) == (401, "#flash")
    assert "nothing you wrote is lost" in lost.text and "hx-redirect" not in lost.headers
    await company.client.post("/login", data={"email": company.email, "password": PASSWORD})
    saved = await company.post("/account/profile", form, headers=headers)
    assert saved.status_code == 200 and saved.headers["hx-redirect"].startswith("/account")
    assert "Kari Hansen" in (await company.get("/account")).text


@pytest.mark.parametrize("data", [{}, {"email": "x"}, {"email": "\0", "password": "\0"}, {"email": "æ" * 10_000}])
async def test_no_answer_is_an_error(world: World, data: dict[str, str]) -> None:
    assert (await browser(world).post("/login", data=data)).status_code in (422, 429)


async def test_the_statements_of_a_sign_in_are_few(world: World, statements: list[str]) -> None:
    """Counting tries (2), the account, and one transaction; then the tries are forgotten (2)."""
    company, client = await world.company(), browser(world)
    await client.post("/login", data={"email": company.email, "password": PASSWORD})
    statements.clear()
    client.cookies.clear()
    await client.post("/login", data={"email": company.email, "password": PASSWORD})
    assert len(statements) <= 10
