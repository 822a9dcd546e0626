"""No input is an error: bytes that are no text, NUL, halves of characters, forms that are no forms (S-25)."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from actions import files
from actions.logos import redraw
from domain.refusals import Refusal
from models.ids import new_id
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
    for path in ("/company/logo", "/company", "/account/profile", f"/invoices/{new_id()}/files"):
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


def png() -> bytes:
    written = io.BytesIO()
    Image.effect_noise((80, 40), 50).save(written, "PNG")
    return written.getvalue()


PICTURE = png()
WRONG_FILES = {
    "random bytes": bytes(range(256)) * 40,
    "a picture cut off": PICTURE[: len(PICTURE) // 2],
    "only the head of a picture": PICTURE[:33],
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "an SVG that calls itself XML": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
    "nothing": b"",
    "NUL": b"\0" * 1000,
    "text": "🐎 \u202eabc \u05d0\u05d1".encode(),
    "10 MB": PICTURE[:8] + b"\0" * 10_000_000,
}


@pytest.mark.parametrize("kind", WRONG_FILES)
async def test_no_file_of_the_wrong_kind_is_an_error(world: World, kind: str) -> None:
    files.open_store(world.settings)
    company = await world.company()
    answer = await company.post("/company/logo", files={"logo": ("logo.png", WRONG_FILES[kind], "image/png")})
    assert answer.status_code == (413 if kind == "10 MB" else 422), kind
    assert (await company.get("/company/logo")).status_code == 404


@given(data=st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda rest: PICTURE[:60] + rest)))
def test_no_bytes_are_an_error_to_who_redraws_a_logo(data: bytes) -> None:
    assert isinstance(redraw(data), bytes | Refusal)


@given(at=st.integers(0, len(PICTURE) - 1), byte=st.integers(0, 255), cut=st.integers(0, len(PICTURE)))
def test_no_spoilt_picture_is_an_error_to_who_redraws_a_logo(at: int, byte: int, cut: int) -> None:
    spoilt = bytearray(PICTURE)
    spoilt[at] = byte
    assert isinstance(redraw(bytes(spoilt)), bytes | Refusal)
    assert isinstance(redraw(PICTURE[:cut]), bytes | Refusal)


def forms(invoice_id: UUID) -> dict[str, str]:
    """Each form with a text field, and one such field."""
    return {
        "/account/profile": "name", "/account/email": "new_email", "/account/password": "current_password",
        "/companies": "name", "/company": "name", "/customers": "name",
        "/products": "name", f"/invoices/{invoice_id}/draft": "note", f"/invoices/{invoice_id}/issuance": "note",
        f"/invoices/{invoice_id}/draft/customers": "customer", f"/invoices/{invoice_id}/draft/customer": "note",
        f"/invoices/{invoice_id}/draft/customer/new": "customer",
        f"/invoices/{invoice_id}/draft/customer/creation": "name",
        f"/invoices/{invoice_id}/draft/customer/lookup": "name", f"/invoices/{invoice_id}/draft/lines": "note",
        "/login": "email", "/signup": "name", "/forgot": "email", "/signup/confirmation": "proof",
    }  # fmt: skip


async def test_a_field_of_10_mb_is_too_much_for_every_form(world: World) -> None:
    company = await world.company()
    headers = {"Content-Type": FORM, "X-CSRF-Token": company.csrf}
    for path, field in forms(new_id()).items():
        for body in (field.encode() + b"=" + b"x" * 10_000_000, field.encode() + b"=" + b"%00" * 3_500_000):
            answer = await company.client.post(path, content=body, headers=headers)
            assert answer.status_code == 413 and ">413<" in answer.text, path


PASSWORDS = ("/account/email", "/account/password")
ODD_TEXTS = (
    "\0",
    "a\0b",
    "🐎🏔️",
    "\u202eabc",
    "\u05d0\u05d1\u05d2",
    "e\u0301" * 50,
    "\ufeff",
    "\u2028",
    "١٢٣",
    "x" * 5000,
)


async def test_no_odd_text_in_any_field_is_an_error(world: World) -> None:
    company = await world.company()
    invoice_id = new_id()
    names = (
        "name", "email", "notes", "note", "customer", "description", "lines.0.description", "lines.0.quantity",
        "lines.0.unit_price", "lines.0.id", "lines.0.unit", "unit_price", "delivery_from", "due_days", "currency",
        "language", "country", "version", "editor", "key", "customer_id", "organisation_number", "vat_number",
        "bank_account", "accent", "own_accent", "exchange_rate", "unit", "vat_treatment",
    )  # fmt: skip
    for path in forms(invoice_id):
        # Tries of a password are counted for each network, and this one is the other tests' too.
        client = browser(world) if path in VISITORS else company.client
        for text in ODD_TEXTS if path not in PASSWORDS else ():
            data = dict.fromkeys(names, text) | {"_csrf_token": company.csrf}
            answer = await client.post(path, data=data)
            assert answer.status_code < 500, (path, text[:9])
