from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from actions import files
from domain.access import Role
from tests.actions.test_logos import claiming, picture
from tests.people import browser
from tests.world import Company, World


@pytest.fixture(autouse=True)
def _store(world: World) -> None:
    files.open_store(world.settings)


async def upload(company: Company, data: bytes, name: str = "logo.png", kind: str = "image/png") -> tuple[int, str]:
    answer = await company.post("/company/logo", files={"logo": (name, data, kind)})
    return answer.status_code, answer.text


async def test_a_logo_is_put_shown_and_removed(world: World) -> None:
    company = await world.company()
    assert (await upload(company, picture((2400, 800))))[0] == 303
    page = (await company.get("/company")).text
    source = re.search(r'src="(/company/logo\?v=[0-9a-f]{12})"', page)
    assert source is not None
    shown = await company.get(source[1])
    assert shown.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(shown.content)).size == (1200, 400)
    assert (await company.post("/company/logo/removal")).status_code == 303
    assert (await company.get("/company/logo")).status_code == 404
    assert "/company/logo?v=" not in (await company.get("/company")).text


async def test_a_logo_is_served_so_that_nothing_in_it_can_run(world: World) -> None:
    """S-18, ASVS 3.2.1."""
    company = await world.company()
    await upload(company, picture())
    headers = (await company.get("/company/logo")).headers
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"].startswith("private")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.php.png", b"<?php system('id'); ?>"),
        ("../../app.py", b"print(1)"),
        ('"><svg onload>.png', b"<svg onload=alert(1)>"),
        ("polyglot.pdf", b"%PDF-1.7\n<html><script>alert(1)</script></html>"),
        ("bomb.zip", b"PK\x03\x04" + b"\0" * 1000),
        ("huge.png", claiming(31_623, 31_623)),
        ("empty.png", b""),
    ],
)
async def test_a_hostile_file_is_refused_beside_its_field(world: World, name: str, data: bytes) -> None:
    """S-18."""
    company = await world.company()
    status, page = await upload(company, data, name)
    assert status == 422
    assert 'id="f-logo-error"' in page and "<svg onload" not in page
    assert 'value="Fjord Design ENK"' in page
    assert (await company.get("/company/logo")).status_code == 404


async def test_the_name_of_a_file_leads_nowhere(world: World) -> None:
    """S-18: only the content counts, whatever the file is called and says of itself."""
    company = await world.company()
    assert (await upload(company, picture(), "../../../etc/passwd\0.php", "text/html"))[0] == 303
    assert (await company.get("/company/logo")).headers["content-type"] == "image/png"


async def test_a_file_that_is_too_large_is_refused(world: World) -> None:
    """S-18."""
    company = await world.company()
    assert (await upload(company, b"\x89PNG\r\n\x1a\n" + b"\0" * (5 * 1024 * 1024 + 10)))[0] in (413, 422)
    assert (await upload(company, b"\x89PNG\r\n\x1a\n" + b"\0" * (11 * 1024 * 1024)))[0] == 413


async def test_a_form_of_very_many_parts_is_refused(world: World) -> None:
    """S-18."""
    company = await world.company()
    parts = {f"part{n}": ("x", b"x", "text/plain") for n in range(2500)}
    answer = await company.client.post("/company/logo", files=parts, headers={"X-CSRF-Token": company.csrf})
    assert answer.status_code in (400, 413, 422)


@pytest.mark.parametrize("data", [{}, {"logo": "text instead of a file"}])
async def test_a_form_without_a_file_is_said_beside_its_field(world: World, data: dict[str, str]) -> None:
    company = await world.company()
    answer = await company.post("/company/logo", data)
    assert answer.status_code == 422 and "Choose a picture first." in answer.text


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.VIEWER])
async def test_only_those_who_may_change_the_company_change_its_logo(world: World, role: Role) -> None:
    company = await world.company(role=role)
    assert (await upload(company, picture()))[0] == 403
    assert (await company.post("/company/logo/removal")).status_code == 403
    assert "/company/logo" not in (await company.get("/company")).text.split('id="logo"')[1].split("</section>")[0]


async def test_the_logo_of_another_company_is_out_of_reach(world: World) -> None:
    mine, theirs = await world.company(), await world.company("Elv AS")
    await upload(theirs, picture())
    assert (await mine.get("/company/logo")).status_code == 404


async def test_a_visitor_is_sent_to_sign_in(world: World) -> None:
    client = browser(world)
    assert (await client.get("/company/logo")).headers["location"].startswith("/login")
    assert (await client.post("/company/logo")).headers["location"] == "/login"
    assert (await client.post("/company/logo/removal")).headers["location"] == "/login"
