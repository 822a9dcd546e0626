"""The edge in front of the real app: headers and cookies on every kind of answer (S-01, C-01)."""

from __future__ import annotations

import re

import httpx
import pytest
from litestar import Litestar

from actions import logs
from routes import ROUTES
from routes.middleware.body_limit import LARGER
from routes.middleware.headers import FOR_EVER, SECRET_PATHS, common_headers
from tests.routes.middleware.cookie_watch import assert_cookies_are_registered, assert_no_cookies
from tests.routes.middleware.small_app import LOOPBACK
from tests.world import World

VISITED = (
    "/", "/privacy", "/privacy/2026-02-16", "/privacy/versions", "/cookies", "/login", "/signup", "/forgot",
    "/i/" + "A" * 43, "/reset/" + "A" * 43, "/confirm/" + "A" * 43, "/no/such/page", "/invoices", "/account",
    "/static/css/base.css", "/static/nothing.css", "/static/img/icons.svg", "/healthz", "/readyz", "/metrics",
    "/.well-known/security.txt", "/.well-known/gpc.json", "/.well-known/change-password",
)  # fmt: skip


@pytest.mark.parametrize("path", VISITED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_c01_s01_a_visitor_gets_every_header_and_no_cookie(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code in (200, 303, 404)
    assert_no_cookies(answer)
    for name, value in common_headers(LOOPBACK):
        assert answer.headers[name.decode()] == value.decode(), name
    assert answer.headers["x-request-id"] and answer.headers["referrer-policy"] and "server" not in answer.headers


@pytest.mark.parametrize("path", ["/i/", "/reset/", "/confirm/", "//i/"])
async def test_a_page_with_a_secret_in_its_address_tells_it_to_nobody(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"http://127.0.0.1:8000{path}{'A' * 43}")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


async def test_every_style_and_script_of_a_page_is_kept_for_ever(client: httpx.AsyncClient) -> None:
    page = (await client.get("/privacy")).text
    addresses = re.findall(r'(?:href|src)="(/static/[^"#]+)"', page)
    assert len(addresses) > 5
    for address in addresses:
        answer = await client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["cache-control"] == FOR_EVER.decode(), address


async def test_a_file_of_a_style_is_kept_for_ever_when_its_folder_says_which_version(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/static/fonts/inter-5.3.0/latin.woff2")
    assert answer.headers["cache-control"] == FOR_EVER.decode()


async def test_c14_whatever_is_set_while_somebody_works_is_registered(world: World) -> None:
    company = await world.company()
    seen = [await company.get(path) for path in ("/", "/invoices", "/account", "/cookies", "/login")]
    seen.append(await company.post("/language", {"language": "en", "next": "/"}))
    seen.append(await company.post("/logout"))
    assert_cookies_are_registered(*seen)
    assert "set-cookie" in seen[-1].headers


async def test_s01_another_host_gets_no_page_however_it_is_named(client: httpx.AsyncClient) -> None:
    for headers in ({"Host": "evil.test"}, {"Host": "evil.test", "X-Forwarded-Host": "127.0.0.1:8000"}):
        answer = await client.get("/forgot", headers=headers)
        assert answer.status_code == 400 and "evil" not in answer.text


async def test_s18_a_form_of_ten_megabytes_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/login", data={"email": "a" * 10_000_000, "password": "x"})
    assert answer.status_code == 413 and "</html>" in answer.text


async def test_s07_json_in_disguise_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/login", content=b'{"email":"a"}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "DELETE", "PATCH", "BREW", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/login", "/privacy"])
async def test_a_method_that_is_not_served_is_refused_and_nothing_is_reflected(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path, headers={"X-Canary": "zq7canary"})
    assert answer.status_code in (204, 405) and "zq7canary" not in answer.text
    assert_no_cookies(answer)


def test_the_paths_that_are_named_at_the_edge_exist() -> None:
    paths = [route.path for route in Litestar(ROUTES, openapi_config=None).routes]
    for named in (*LARGER, *SECRET_PATHS):
        assert any(path.startswith(named) for path in paths), named
    for path in paths:
        assert path.startswith(SECRET_PATHS) or "{token" not in path, "a link that came by letter"


async def test_s53_what_people_type_is_in_no_log(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    monkeypatch.setattr(logs, "write_line", lines.append)
    name, email, password, token = (
        "Kari Zq7canary",
        "zq7canary@example.test",
        "zq7canary hemmelig ord",
        "zq7canary" + "A" * 34,
    )
    company = await world.company()
    await client.post("/signup", data={"name": name, "email": email, "password": password})
    await client.post("/login?next=/zq7canary", data={"email": email, "password": password})
    await client.post("/forgot", data={"email": email})
    for path in (f"/i/{token}", f"/reset/{token}", f"/confirm/{token}", f"/{token}", f"/search?q={name}"):
        await client.get(path, headers={"User-Agent": name, "Referer": f"http://127.0.0.1:8000/{token}"})
    await company.post("/customers", {"name": name, "email": email, "kind": "consumer", "country": "NO"})
    await company.get(f"/invoices?q={name}")
    client.cookies.set("sf_session", token)
    await client.get("/account")
    assert len(lines) > 8
    assert not [line for line in lines if "zq7canary" in line.lower()]
