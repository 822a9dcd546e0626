"""No input is an error: bytes that are no text, NUL, halves of characters, forms that are no forms (S-25)."""

from __future__ import annotations

import pytest

from tests.people import browser
from tests.world import World

FORM = "application/x-www-form-urlencoded"
VISITORS = ("/login", "/signup", "/forgot", "/signup/confirmation", "/logout", "/reset/%00", "/confirm/%ED%A0%80")
MEMBERS = (
    "/account/profile",
    "/account/email",
    "/account/password",
    "/account/sessions/%00/ending",
    "/account/sessions/%FF/ending",
    "/account/sessions/%ED%A0%80/ending",
    "/companies",
    "/companies/%00/selection",
    "/company",
    "/company/logo",
)
FIELDS = ("name", "email", "password", "proof", "next", "new_email", "email_password", "current_password", "city")
VALUES = (
    b"%ED%A0%80",
    b"%FF%FE",
    b"\xff\xfe",
    b"%00",
    b"%E2%80%AE%F0%9F%90%8E",
    b"x" * 20_000,
    b"%27%20or%201%3D1--",
)
BODIES = [b"&".join(name.encode() + b"=" + value for name in FIELDS) for value in VALUES]
BODIES += [b"", b"&&&===", b"%00=1", b"name=1&name=2&name=3", b"name[]=x"]


@pytest.mark.parametrize("path", VISITORS)
async def test_no_form_of_a_visitor_is_an_error(world: World, path: str) -> None:
    for body in BODIES:
        answer = await browser(world).post(path, content=body, headers={"Content-Type": FORM})
        assert answer.status_code < 500, (path, body[:60])


@pytest.mark.parametrize("path", MEMBERS)
async def test_no_form_of_a_member_is_an_error(world: World, path: str) -> None:
    company = await world.company()
    headers = {"Content-Type": FORM, "X-CSRF-Token": company.csrf}
    for body in BODIES:
        answer = await company.client.post(path, content=body, headers=headers)
        assert answer.status_code < 500, (path, body[:60])


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary="]
)
@pytest.mark.parametrize(
    "body",
    [b"", b"junk", b'--x\r\nContent-Disposition: form-data; name="logo"; filename="a"\r\n\r\nabc', b"--x--\r\n"],
)
async def test_no_half_upload_is_an_error(world: World, kind: str, body: bytes) -> None:
    company = await world.company()
    headers = {"Content-Type": kind, "X-CSRF-Token": company.csrf}
    for path in ("/company/logo", "/company", "/account/profile"):
        assert (await company.client.post(path, content=body, headers=headers)).status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "/reset/%00", "/reset/%FF", "/confirm/%ED%A0%80", "/login?next=%00", "/login?next=%ff%fe", "/account?done=%00",
        "/login?next=/%0d%0aSet-Cookie:x=1", "/login?next=/%E6%97%A5%E6%9C%AC", "/company/logo?v=%00", "/companies/%00",
    ],
)  # fmt: skip
async def test_no_address_is_an_error(world: World, path: str) -> None:
    company = await world.company()
    for client in (company.client, browser(world)):
        answer = await client.get(path)
        assert answer.status_code < 500
        assert "\n" not in answer.headers.get("location", "") and "set-cookie" not in answer.headers


async def test_a_page_with_a_name_of_its_own_letters_is_returned_to(world: World) -> None:
    company = await world.company()
    answer = await company.get("/login", params={"next": "/customers?q=Bjørn%20og"})
    assert answer.headers["location"] == "/customers?q=Bj%C3%B8rn%20og"
