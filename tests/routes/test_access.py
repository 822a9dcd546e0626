"""The battery: every route of the app, held against the access matrix and against everybody who has no business there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar

from domain.access import Permission, Role, may
from domain.settings import Settings
from models.tables import TENANT_TABLES
from tests.routes.furnished import CANARY, Furnished, furnish
from tests.world import Company, World

MATRIX: dict[str, str] = tomllib.loads((Path(__file__).parent / "access.toml").read_text(encoding="utf-8"))
GETS = [route for route in MATRIX if route.startswith("GET ")]
POSTS = [route for route in MATRIX if route.startswith("POST ")]
CLOSED = [route for route, who in MATRIX.items() if who != "public"]
# An id that is not there yet is a new draft: the editor brings the id of what it writes. In another company it is that
# company's own new draft, and the one with the same id elsewhere is neither seen nor touched.
CREATING = (
    "/draft",
    "/draft/lines",
    "/draft/customers",
    "/draft/customer/new",
    "/draft/customer/creation",
    "/draft/customer/lookup",
    "/up",
    "/down",
    "{line_id:str}/removal",
)
# These name no object: what kind of file, and what the fields of an editor offer.
NAMELESS = ("/download/{kind:str}", "/{draft_id:uuid}/customers", "/{draft_id:uuid}/products")
OBJECTS = [
    route for route in CLOSED if re.search(r"{\w+:(uuid|str)}", route) and not route.endswith((*CREATING, *NAMELESS))
]


def routes_of(app: Any) -> dict[str, list[str]]:
    """Every route of the running app with the names of its guards."""
    while not isinstance(app, Litestar):
        app = app.app
    found = {}
    for route in app.routes:
        for method, handler in getattr(route, "route_handler_map", {}).items():
            if method not in ("OPTIONS", "HEAD"):
                handler = handler[0] if isinstance(handler, tuple) else handler
                guards = handler.resolve_guards()
                found[f"{method} {route.path}"] = [getattr(guard, "func", guard).__name__ for guard in guards]
    return found


@pytest.fixture(scope="module")
async def world_of_two(app: Any, settings: Settings) -> AsyncIterator[tuple[Furnished, Furnished, World]]:
    world = World(app, settings)
    yield await furnish(world), await furnish(world), world
    await world.close()


async def ask(company: Company, route: str, path: str, **headers: str) -> httpx.Response:
    method = route.split()[0]
    data = {"_csrf_token": company.csrf} if method == "POST" else None
    return await company.client.request(method, path, data=data, headers=headers)


async def asker(route: str, company: Company, world: World) -> Company:
    """Who has business there: for the operator's desks the operator, else the company."""
    return await world.operator() if MATRIX[route] == "operator" else company


def path_of(route: str, owner: Furnished) -> str:
    return owner.path(route.split()[1])


async def test_the_matrix_names_every_route_with_its_one_guard(app: Any) -> None:
    """S-10: a new route without its line fails here."""
    assert {route: [who] for route, who in MATRIX.items()} == routes_of(app)


@pytest.mark.parametrize("route", CLOSED)
async def test_a_visitor_is_led_to_the_sign_in_page(
    route: str, world_of_two: tuple[Furnished, Furnished, World]
) -> None:
    mine, _, world = world_of_two
    answer = await world.visitor().request(route.split()[0], path_of(route, mine))
    assert answer.status_code in (303, 403)
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/login")
    assert CANARY not in answer.text


@pytest.mark.parametrize("route", OBJECTS)
async def test_what_belongs_to_another_company_is_not_there(
    route: str, world_of_two: tuple[Furnished, Furnished, World]
) -> None:
    """S-10, IDOR: by page, form, file and fragment."""
    mine, theirs, _ = world_of_two
    path = path_of(route, theirs)
    for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
        answer = await ask(mine.company, route, path, **headers)
        assert answer.status_code == 404, (route, answer.status_code)


@pytest.mark.parametrize("route", [route for route in POSTS if route.endswith(CREATING)])
async def test_writing_under_the_id_of_another_company_s_draft_leaves_that_draft_alone(
    route: str, world_of_two: tuple[Furnished, Furnished, World], owner: asyncpg.Connection
) -> None:
    _, theirs, world = world_of_two
    before = await contents(owner, theirs.company)
    answer = await ask(await world.company(), route, path_of(route, theirs))
    assert answer.status_code < 500
    assert CANARY not in answer.text
    assert await contents(owner, theirs.company) == before


@pytest.mark.parametrize("route", [route for route in CLOSED if MATRIX[route].startswith("may_")])
async def test_a_viewer_does_only_what_a_viewer_may_and_what_is_the_owner_s_no_administrator(
    route: str, world_of_two: tuple[Furnished, Furnished, World]
) -> None:
    mine, _, world = world_of_two
    permission = Permission(MATRIX[route].removeprefix("may_"))
    role = Role.ADMIN if permission is Permission.OWN else Role.VIEWER
    answer = await ask(await world.company(role=role), route, path_of(route, mine))
    assert (answer.status_code == 403) == (not may(role, permission)), answer.status_code


@pytest.mark.parametrize("route", [route for route, who in MATRIX.items() if who == "operator"])
async def test_the_operator_s_desks_are_there_for_the_operator_only(
    route: str, world_of_two: tuple[Furnished, Furnished, World]
) -> None:
    """A company's owner finds nothing there; the operator finds the desk, and no company on it."""
    mine, theirs, world = world_of_two
    assert (await ask(mine.company, route, path_of(route, theirs))).status_code == 404
    if "{" not in route:
        answer = await ask(await world.operator(), route, path_of(route, mine))
        assert answer.status_code in (200, 303, 422) and CANARY not in answer.text


@pytest.mark.parametrize("route", POSTS)
async def test_a_form_without_the_session_s_own_token_is_refused(
    route: str, world_of_two: tuple[Furnished, Furnished, World]
) -> None:
    """S-07"""
    mine, theirs, world = world_of_two
    path, company = path_of(route, mine), await asker(route, mine.company, world)
    for data in ({}, {"_csrf_token": theirs.company.csrf}, {"_csrf_token": "x"}):
        answer = await company.client.post(path, data=data)
        assert answer.status_code == 403, (route, data, answer.status_code)


@pytest.mark.parametrize("route", POSTS)
async def test_a_form_from_another_site_is_refused_even_with_the_token(
    route: str, world_of_two: tuple[Furnished, Furnished, World]
) -> None:
    """S-07"""
    mine, _, world = world_of_two
    path, company = path_of(route, mine), await asker(route, mine.company, world)
    for headers in (
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.test", "Sec-Fetch-Site": ""},
    ):
        clients = [company.client, *([world.visitor()] if MATRIX[route] == "public" else [])]
        for client in clients:
            answer = await client.post(path, data={"_csrf_token": company.csrf}, headers=headers)
            assert answer.status_code == 403, (route, headers, answer.status_code)


@pytest.mark.parametrize("route", [route for route in MATRIX if ":uuid}" in route])
async def test_an_id_that_is_none_is_not_found(route: str, world_of_two: tuple[Furnished, Furnished, World]) -> None:
    mine, _, _ = world_of_two
    for bad in ("0", "not-an-id", "%00", "'", "../x"):
        path = re.sub(r"{\w+:uuid}", bad, route.split()[1], count=1)
        answer = await ask(mine.company, route, re.sub(r"{\w+:\w+}", "x", path))
        assert answer.status_code in (400, 404, 405), (path, answer.status_code)


async def test_no_get_changes_anything(
    world_of_two: tuple[Furnished, Furnished, World], owner: asyncpg.Connection
) -> None:
    """S-08: all pages twice, whole and as fragments."""
    mine, _, _ = world_of_two
    before = await contents(owner, mine.company)
    for _ in range(2):
        for route in GETS:
            if "/pdf" in route:
                continue  # asks the worker for the document when it is not there yet
            for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
                answer = await ask(mine.company, route, path_of(route, mine), **headers)
                assert answer.status_code < 500, (route, answer.status_code)
    assert await contents(owner, mine.company) == before


async def test_p07_no_page_loads_anything_from_elsewhere_or_sends_anything_there(
    world_of_two: tuple[Furnished, Furnished, World],
) -> None:
    """Nobody else can learn of a visit: what a page loads, and where its forms go, is the app itself. In a real browser
    every journey holds the same (tests/journeys/browsing.py), and those of test_accessibility.py go to every page."""
    mine, _, world = world_of_two
    outward = re.compile(r"""(?:\ssrc|\ssrcset|\saction|\sformaction|\sposter|<link[^>]*\shref)=["'](?:[a-z]+:)?//""")
    for route in (route for route in GETS if "/pdf" not in route):
        company = await asker(route, mine.company, world)
        answer = await ask(company, route, path_of(route, mine))
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert not outward.search(answer.text), route


async def contents(owner: asyncpg.Connection, company: Company) -> dict[str, str]:
    found = {}
    for table in TENANT_TABLES:
        name = table._meta.tablename
        column = "id" if name == "organisation" else "organisation_id"
        found[name] = await owner.fetchval(
            f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {name} t where {column} = $1",
            company.id,
        )
    return found


PAGES = [route for route in GETS if MATRIX[route] != "public" and not route.endswith("/pdf")]


@pytest.mark.parametrize("route", PAGES)
async def test_every_page_is_whole_without_htmx_and_a_part_with_it(
    route: str, world_of_two: tuple[Furnished, Furnished, World]
) -> None:
    mine, _, world = world_of_two
    company = await asker(route, mine.company, world)
    path = path_of(route, mine)
    whole = await ask(company, route, path)
    part = await ask(company, route, path, **{"HX-Request": "true", "HX-Request-Type": "partial"})
    if not whole.headers.get("content-type", "").startswith("text/html") or whole.status_code != 200:
        return
    assert "<html" not in part.text
    if "<html" in whole.text:
        assert 'id="main"' in whole.text and "HX-Request" in whole.headers["vary"]
        assert whole.headers["cache-control"] == "no-store"


HOSTILE = (
    "",
    " ",
    "\0",
    "a\r\nBcc: x@evil.test",
    "<img src=x onerror=alert(1)>",
    "'; drop table invoice; --",
    "😀" * 50,
    "\u202eabc\u0000",
    "9" * 400,
    "NaN",
    "-1e999",
    "99.99.9999",
    "x" * 10_000,
    "../../etc/passwd",
    "%s%s%n{0}{{7*7}}",
    "\ud7ff\U0010ffff",
)
FIELDS = """
    name email password version editor customer customer_id currency language due_days due_on delivery_from delivery_to
    delivery_place your_reference our_reference order_number note discount_percent discount_amount exchange_rate
    project_reference contract_reference accounting_reference
    lines.0.id lines.0.description lines.0.quantity lines.0.unit lines.0.unit_price lines.0.discount_percent
    lines.0.treatment lines.0.charge lines.0.charge_text charge_percent charge_amount charge_text
    lines.9999.description lines.x.description amount paid_on payment_id copy_id reversal_id recipient
    picked_customer picked_product form organisation_number vat_number address_line1 postcode city country bank_account
    iban bic accent kid_length first_number unit unit_price vat_treatment kind reference notes next current_password
    supply new_password send overwrite invoice every first_on ends_on times in_arrears mode until choice answer again
    valid_until plan_id invoice_id draft became_aware_at facts decision people records occurred_from numbers audience
    subject_nb text_nb subject_en text_en breach_id notice_id role member stays_as
""".split()  # noqa: SIM905 - a list of this length is for reading


@pytest.mark.parametrize(
    "route", [route for route in POSTS if route not in ("POST /logout", "POST /account/password")]
)
async def test_nothing_that_can_be_typed_breaks_a_form(
    route: str, world_of_two: tuple[Furnished, Furnished, World]
) -> None:
    """Every field of every form, filled with what nobody should type: a clear answer, never a 500."""
    _, theirs, world = world_of_two
    for value in HOSTILE:
        company = await asker(route, theirs.company, world)
        data = {"_csrf_token": company.csrf, **dict.fromkeys(FIELDS, value)}
        client = company.client if MATRIX[route] != "public" else world.visitor()
        answer = await client.post(path_of(route, theirs), data=data)
        assert answer.status_code < 500, (route, value[:30], answer.status_code)


@pytest.mark.parametrize("route", [route for route in GETS if not route.endswith(("path}", "/pdf"))])
async def test_nothing_in_an_address_breaks_a_page(
    route: str, world_of_two: tuple[Furnished, Furnished, World]
) -> None:
    """S-25: search, places, filters and whatever else an address may hold."""
    mine, _, world = world_of_two
    company = await asker(route, mine.company, world)
    names = (
        "q",
        "state",
        "customer",
        "from",
        "to",
        "delivery",
        "after",
        "done",
        "deleted",
        "next",
        "name",
        "invoice",
        "year",
        "term",
    )
    for value in HOSTILE[:12]:
        answer = await company.client.get(path_of(route, mine), params=dict.fromkeys(names, value[:300]))
        assert answer.status_code < 500, (route, value[:30], answer.status_code)
        assert "postgres" not in answer.text.lower() or "/privacy" in route


async def test_extra_fields_are_ignored(world_of_two: tuple[Furnished, Furnished, World]) -> None:
    """S-17, mass assignment"""
    mine, theirs, _ = world_of_two
    from models.queries.invoices import stored
    from models.unit_of_work import reading

    form = {
        "editor": "01a20000-0000-7000-8000-000000000001", "version": "99", "overwrite": "1", "currency": "NOK",
        "language": "nb", "lines.0.description": "x", "lines.0.quantity": "1", "lines.0.unit": "C62",
        "lines.0.unit_price": "5", "lines.0.treatment": "standard", "lines.0.net": "1", "state": "paid",
        "number": "1", "organisation_id": str(theirs.company.id), "open_amount": "0", "gross": "0", "role": "owner",
    }  # fmt: skip
    await mine.company.post(f"/invoices/{mine.draft_id}/draft", form)
    async with reading(mine.company.id) as work:
        found = await stored(work, mine.draft_id)
    assert found is not None and found.is_draft and found.row["number"] is None
    assert found.row["organisation_id"] == mine.company.id
