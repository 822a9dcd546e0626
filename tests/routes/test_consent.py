"""An installation that asks: the banner, the answers, and what they change at once (R3-R13, C-01 to C-14)."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from actions import consent_proof
from actions.instance import secret_for
from domain import consent
from domain.cookies import cookies_of
from tests.asking import CONSENT, OPTIONAL, VISIT, begin_again, choose, cookies_set, hidden, save, told
from tests.routes.middleware.cookie_watch import assert_no_cookies, names_in_table
from tests.world import World

PAGES = ("/", "/login", "/signup", "/privacy", "/privacy/data-map", "/terms", "/nothing-here")
MATRIX: dict[str, str] = tomllib.loads((Path(__file__).parent / "access.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PAGES)
async def test_r3_c01_a_visitor_is_asked_and_nothing_is_set(visitor: httpx.AsyncClient, path: str) -> None:
    answer = await visitor.get(path)
    body = answer.text[answer.text.index("<body") :]
    assert_no_cookies(answer)
    assert body.index('<section class="consent"') < body.index('href="#main"'), "first in the page"
    assert answer.headers["cache-control"] == "private, no-store" and "Sec-GPC, DNT" in answer.headers.get_list(
        "vary"
    )
    assert "checked" not in body[: body.index("</section>")]


async def test_c04_after_no_only_the_answer_is_kept_and_the_page_is_the_same_as_after_yes(site: World) -> None:
    no, yes = site.visitor(), site.visitor()
    refused, accepted = await choose(no, "reject_all"), await choose(yes, "accept_all")
    for answer in (refused, accepted):
        assert answer.status_code == 303 and answer.headers["location"] == "/privacy"
        assert answer.headers["cache-control"] == "no-store"
    assert "Max-Age=0" in cookies_set(refused)[VISIT] and set(cookies_set(accepted)) == {CONSENT}
    pages = [(await one.get("/privacy")).text for one in (no, yes)]
    mains = [page[page.index("<main") : page.index("</main>")] for page in pages]
    assert mains[0] == mains[1] and not any('id="consent"' in page for page in pages)
    assert set(no.cookies) == {CONSENT} and set(yes.cookies) == {CONSENT, VISIT}


async def test_c05_taking_it_back_clears_the_cookie_in_the_same_answer_with_one_click(
    visitor: httpx.AsyncClient,
) -> None:
    await choose(visitor, "accept_all")
    page = (await visitor.get("/terms")).text
    assert VISIT in visitor.cookies
    answer = await visitor.post("/consent", data={**hidden(page, "consent-withdrawal"), "choice": "reject_all"})
    gone = cookies_set(answer)[VISIT]
    assert answer.headers["location"] == "/terms" and "Max-Age=0" in gone and "Path=/" in gone
    assert set(visitor.cookies) == {CONSENT}
    assert "consent-withdrawal" not in (await visitor.get("/terms")).text


async def test_r8_what_was_stored_by_scripts_is_cleared_as_well(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent, "PURPOSES", (replace(consent.PURPOSES[0], uses_storage=True),))
    assert (await choose(visitor, "reject_all")).headers["clear-site-data"] == '"storage"'


async def test_c06_choosing_leads_to_the_panel_and_what_is_ticked_there_holds(visitor: httpx.AsyncClient) -> None:
    assert (await choose(visitor, "choose")).headers["location"] == "/cookies"
    page = (await visitor.get("/cookies")).text
    assert "checked" not in page and 'class="consent-panel"' in page and 'id="consent"' not in page
    answer = await save(visitor, "statistics")
    assert answer.headers["location"] == "/cookies?done=consent-saved"
    assert "checked" in (await visitor.get("/cookies")).text
    await save(visitor)
    assert "checked" not in (await visitor.get("/cookies")).text and set(visitor.cookies) == {CONSENT}


@pytest.mark.parametrize("back", ["//evil", "https:evil", "/\\evil", "https://evil.test/x", "/\t/evil", ""])
async def test_c06_the_way_back_never_leads_elsewhere(visitor: httpx.AsyncClient, back: str) -> None:
    assert (await choose(visitor, "reject_all", next=back)).headers["location"] == "/"


@pytest.mark.parametrize("page", ["/login", "/signup", "/privacy?text=en", "/nothing-h%C3%A5r?x=%2F"])
async def test_r9_the_way_back_is_the_page_itself(visitor: httpx.AsyncClient, page: str) -> None:
    assert (await choose(visitor, "reject_all", back=page)).headers["location"] == page


async def test_htmx_only_takes_the_banner_away(visitor: httpx.AsyncClient) -> None:
    fields = {**hidden((await visitor.get("/")).text), "choice": "accept_all"}
    answer = await visitor.post("/consent", data=fields, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "<html" not in answer.text and 'role="status"' in answer.text
    assert CONSENT in cookies_set(answer)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}])
async def test_c12_another_site_can_not_answer(visitor: httpx.AsyncClient, headers: dict[str, str]) -> None:
    fields = {**hidden((await visitor.get("/")).text), "choice": "accept_all"}
    answer = await visitor.post("/consent", data=fields, headers=headers)
    assert answer.status_code == 403
    assert_no_cookies(answer)


@pytest.mark.parametrize(
    ("fields", "status", "told_why"),
    [
        ({"choice": "accept_all", "shown": "0" * 64}, 303, True),
        ({"choice": "accept_all", "layer": "banner.en.marketing...0"}, 303, True),
        ({"choice": "accept_all", "layer": "x" * 5000}, 303, True),
        ({"choice": "everything"}, 400, False),
        ({"choice": ""}, 400, False),
    ],
)
async def test_a_yes_to_a_text_that_was_not_shown_is_none(
    visitor: httpx.AsyncClient, fields: dict[str, str], status: int, told_why: bool
) -> None:
    answer = await visitor.post("/consent", data={**hidden((await visitor.get("/")).text), **fields})
    assert answer.status_code == status
    assert (answer.headers.get("location") == "/cookies?done=consent-again") is told_why
    assert_no_cookies(answer)


def tampered(value: str) -> dict[str, str]:
    head, _, mac = value.rpartition(".")
    future = consent.from_cookie(value, secret_for("consent"), datetime(2100, 1, 1, tzinfo=UTC))
    assert future is not None
    later = replace(future, issued=datetime.now(UTC) + timedelta(days=2))
    return {
        "bit": value.replace("statistics:0", "statistics:1"),
        "mac": f"{head}.{mac[:-2]}xx",
        "no mac": head,
        "future": consent.cookie_value(later, secret_for("consent")),
        "long": value + "x" * 5000,
        "odd": "v1.1.é.statistics.0.bad",
        "empty": "",
        "unknown": consent.cookie_value(later, b"another key"),
    }


async def test_c10_a_cookie_that_was_changed_is_no_answer_and_no_error(site: World) -> None:
    visitor = site.visitor()
    await choose(visitor, "reject_all")
    assert 'id="consent"' not in (await visitor.get("/terms")).text
    for what, value in tampered(visitor.cookies[CONSENT]).items():
        header = f"{CONSENT}={value}".encode("latin-1", "replace")
        answer = await site.visitor().get("/terms", headers={b"Cookie": header})
        assert answer.status_code == 200 and 'id="consent"' in answer.text, what
        assert_no_cookies(answer)


async def test_c13_the_proof_can_be_checked_by_whoever_gave_it(site: World, owner: asyncpg.Connection) -> None:
    await begin_again(owner)
    visitor = site.visitor(**{"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    await choose(visitor, "accept_all", back="/privacy?text=en")
    await save(visitor)
    receipt = await visitor.get("/consent/receipt")
    assert receipt.headers["content-disposition"].startswith("attachment")
    withdrawn, accepted = json.loads(receipt.text)["answers"]
    assert (accepted["action"], accepted["where"], accepted["page"]) == ("accept_all", "banner", "/privacy")
    assert (withdrawn["action"], withdrawn["where"]) == ("withdraw", "settings")
    assert withdrawn["before"].startswith("statistics:1") and accepted["browser"] == "Firefox, Linux"
    text = await visitor.get(accepted["text"])
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert hashlib.sha256(text.content).hexdigest() == accepted["text_sha256"]
    assert "Accept all" in text.text and "Usage statistics" in text.text and accepted["language"] == "en"
    assert withdrawn["chain_holds"] and accepted["chain_holds"]
    assert await consent_proof.fault() is None
    columns = await owner.fetch(
        "select column_name from information_schema.columns where table_name = 'consent_event'"
    )
    assert not {row[0] for row in columns} & {"ip", "ip_prefix", "address"}


async def test_c13_a_receipt_is_only_for_its_own_browser_and_a_text_only_by_its_hash(
    visitor: httpx.AsyncClient,
) -> None:
    assert (await visitor.get("/consent/receipt")).status_code == 404
    for odd in ("0" * 64, "x", "%00", "F" * 64):
        assert (await visitor.get(f"/consent/texts/{odd}")).status_code in (400, 404)


async def test_a_signed_in_person_is_known_by_the_one_query_that_finds_the_session(
    site: World, statements: list[str]
) -> None:
    company = await site.company()
    statements.clear()
    await company.get("/account")
    with told(replace(site.settings, statistics=False)):
        asked = len(statements)
        statements.clear()
        await company.get("/account")
        assert len(statements) == asked


async def test_the_privacy_centre_says_how_each_purpose_stands_and_takes_back_with_one_click(site: World) -> None:
    company = await site.company()
    assert "Not answered, so off" in (await company.get("/account/privacy")).text
    await save(company.client, "statistics", token=company.csrf)
    page = (await company.get("/account/privacy")).text
    assert "You said yes" in page and "/consent/receipt" in page
    fields = hidden(page, 'id="consents"')
    answer = await company.post("/consent", {**fields, "choice": "reject_all"})
    assert answer.headers["location"] == "/account/privacy" and "Max-Age=0" in cookies_set(answer)[VISIT]
    rows = json.loads((await company.get("/consent/receipt")).text)["answers"]
    assert [row["action"] for row in rows] == ["withdraw", "save"]


async def test_c14_the_cookie_page_lists_what_this_installation_may_set(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/cookies")).text
    assert names_in_table(page) == set(cookies_of(https=False, optional=OPTIONAL)) >= {CONSENT, VISIT}


async def test_c14_every_cookie_that_is_ever_set_is_in_the_registry_and_each_of_the_registry_is_set(
    site: World,
) -> None:
    company = await site.company()
    paths = [
        path for route, _ in MATRIX.items() if "{" not in (path := route.split()[1]) and route.startswith("GET ")
    ]
    answers = [await choose(company.client, "accept_all", _csrf_token=company.csrf)]
    answers += [await company.get(path) for path in paths[::2]]
    answers.append(await company.post("/language", {"language": "en", "next": "/"}))
    answers.append(await company.post("/logout"))
    seen: set[str] = set().union(*(cookies_set(answer) for answer in answers))
    assert seen == set(cookies_of(https=False, optional=OPTIONAL))


@pytest.mark.parametrize("place", ["invitation", "privacy/requests", "reset", "i"])
async def test_r21_nobody_is_asked_where_a_letter_led_and_its_secret_is_told_to_nobody(
    visitor: httpx.AsyncClient, place: str
) -> None:
    answer = await visitor.get(f"/{place}/{'x' * 43}")
    assert answer.status_code == 404 and 'action="/consent"' not in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_r20_without_the_setting_there_is_nothing_to_answer(client: httpx.AsyncClient) -> None:
    assert (await client.post("/consent", data={"choice": "accept_all"})).status_code == 404
