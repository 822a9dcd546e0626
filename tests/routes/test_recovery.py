from __future__ import annotations

import pytest

from models.ids import new_id
from tests.people import GOOD_PASSWORD, browser, letters_asked, link_to
from tests.world import PASSWORD, World


async def test_a_forgotten_password_is_replaced_by_a_link(world: World) -> None:
    company, client = await world.company(), browser(world)
    page = await client.post("/forgot", data={"email": company.email})
    assert page.status_code == 200 and "a link is on its way" in page.text
    link = await link_to(company.email)
    shown = await client.get(link)
    assert shown.status_code == 200 and company.email in shown.text
    assert shown.headers["referrer-policy"] == "no-referrer"
    changed = await client.post(link, data={"password": GOOD_PASSWORD})
    assert (changed.status_code, changed.headers["location"]) == (303, "/login?done=password-changed")
    # The user signs in afterwards; everybody else is out.
    assert (await client.get("/account")).status_code == 303
    assert (await company.get("/account")).status_code == 303
    entered = await client.post("/login", data={"email": company.email, "password": GOOD_PASSWORD})
    assert entered.headers["location"] == "/"


async def test_known_and_unknown_addresses_get_the_same_page(world: World) -> None:
    """S-14: byte for byte, and the same is written down."""
    _, known = await world.person()
    unknown = f"{new_id().hex[:12]}@example.test"
    pages = [await browser(world).post("/forgot", data={"email": email}) for email in (known, unknown)]
    assert pages[0].text.replace(known, "") == pages[1].text.replace(unknown, "")
    assert await letters_asked(known) == await letters_asked(unknown) == ["reset_password"]


async def test_s14_known_and_unknown_addresses_cost_the_same_work(
    world: World, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-14: status, headers and page, and the same statements in the same order; no password is hashed for either.

    Counted, not timed: what takes as many steps takes as long.
    """
    _, confirmed = await world.person()
    company = await world.company()
    unknown = f"{new_id().hex[:12]}@example.test"
    hashed: list[str] = []
    for name in ("hash", "verify"):
        monkeypatch.setattr(f"argon2.PasswordHasher.{name}", lambda *_, **__: hashed.append("once"))
    seen = []
    for email in (confirmed, company.email, unknown):
        client = browser(world)
        await client.get("/forgot")  # whatever a first visit does
        statements.clear()
        answer = await client.post("/forgot", data={"email": email})
        headers = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "date")}
        headers["content-length"] = str(int(headers["content-length"]) - answer.text.count(email) * len(email))
        ours = [text for text in statements if "typeinfo" not in text and "'jit'" not in text]  # not the driver's own
        seen.append((answer.status_code, headers, answer.text.replace(email, ""), ours))
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == 200 and len(seen[0][3]) > 3
    assert hashed == []


@pytest.mark.parametrize("password", ["", "short", "password123456", PASSWORD[:9]])
async def test_a_weak_password_is_refused_and_the_link_still_works(world: World, password: str) -> None:
    _, email = await world.person()
    client = browser(world)
    await client.post("/forgot", data={"email": email})
    link = await link_to(email)
    page = await client.post(link, data={"password": password})
    assert page.status_code == 422 and 'id="f-password-error"' in page.text
    assert (await client.post(link, data={"password": GOOD_PASSWORD})).status_code == 303


async def test_a_link_works_once(world: World) -> None:
    """S-16."""
    _, email = await world.person()
    client = browser(world)
    await client.post("/forgot", data={"email": email})
    link = await link_to(email)
    await client.post(link, data={"password": GOOD_PASSWORD})
    for answer in (await client.get(link), await client.post(link, data={"password": "yet another password"})):
        assert answer.status_code == 404 and "This link no longer works" in answer.text
        assert 'href="/forgot"' in answer.text


async def test_the_link_names_the_configured_host_whoever_asks(world: World) -> None:
    """S-01, S-16."""
    _, email = await world.person()
    answer = await browser(world).post(
        "/forgot", data={"email": email}, headers={"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
    )
    assert answer.status_code == 200
    from tests.people import newest_letter

    letter = await newest_letter(email)
    assert letter is not None and letter.context["link"].startswith(world.settings.public_url + "/reset/")


@pytest.mark.parametrize("email", ["", "x", "a@b", "a@b.test\nBcc: c@d.test"])
async def test_what_is_no_address_is_said_beside_the_field(world: World, email: str) -> None:
    page = await browser(world).post("/forgot", data={"email": email})
    assert page.status_code == 422 and 'id="f-email-error"' in page.text


async def test_one_network_asks_only_so_often(world: World) -> None:
    client = browser(world)
    answers = [await client.post("/forgot", data={"email": f"{new_id().hex}@example.test"}) for _ in range(21)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) > 0


async def test_the_form_works_for_somebody_signed_in(world: World) -> None:
    company = await world.company()
    assert (await company.get("/forgot")).status_code == 200
    assert (await company.post("/forgot", {"email": company.email})).status_code == 200
