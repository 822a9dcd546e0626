"""An installation that asks: the banner, the answers, and what they change at once (R5-R16, C-03 to C-14)."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from actions import consent_proof, consents, visits
from actions.instance import secret_for
from actions.objections import object_to
from domain import consent
from domain.access import Role
from domain.consent import Purpose
from domain.cookies import Category, cookies_of
from domain.privacy.objection import Interest
from domain.settings import Settings
from models.unit_of_work import unit_of_work
from tests.actions.making import issued
from tests.asking import CONSENT, OPTIONAL, VISIT, asking, begin_again, choose, cookies_set, hidden, save, told
from tests.routes.middleware.cookie_watch import assert_no_cookies, names_in_table
from tests.world import World

PAGES = ("/", "/login", "/signup", "/privacy", "/privacy/data-map", "/terms", "/nothing-here")
SIGNAL = {"Sec-GPC": "1"}
MATRIX: dict[str, str] = tomllib.loads((Path(__file__).parent / "access.toml").read_text(encoding="utf-8"))


@pytest.fixture
async def site(app: Any, settings: Settings) -> AsyncIterator[World]:
    """People and companies of an installation that asks."""
    asked, ours = asking(app, settings)
    with told(ours):
        made = World(asked, ours)
        yield made
        await made.close()
        await visits.flush()


@pytest.fixture
def visitor(site: World) -> httpx.AsyncClient:
    return site.visitor()


def at(moment: datetime, site: World) -> Any:
    """The app's clock stands at this moment."""
    return told(replace(site.settings, test_clock=moment))


async def seen(owner: asyncpg.Connection, page: str) -> int:
    """How often this page was counted."""
    await visits.flush()
    found = await owner.fetchval("select coalesce(sum(views), 0)::int from visit_count where page = $1", page)
    assert isinstance(found, int)
    return found


async def last_row(owner: asyncpg.Connection, client: httpx.AsyncClient) -> asyncpg.Record:
    known = consents.read_cookie(client.cookies[CONSENT])
    assert known is not None
    row = await owner.fetchrow(
        "select * from consent_event where consent_id = $1 order by seq desc limit 1", known.id
    )
    assert row is not None
    return row


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


async def test_r21_nothing_is_asked_or_counted_on_a_customer_s_page(site: World, owner: asyncpg.Connection) -> None:
    from tests.journeys.steps import hosted_page

    company = await site.company()
    done = await issued(company, await site.customer(company))
    guest = site.visitor()
    await choose(guest, "accept_all")
    answer = await guest.get(hosted_page(company, done.invoice_id))
    assert answer.status_code == 200 and "/consent" not in answer.text
    assert_no_cookies(answer)
    assert await seen(owner, "/i/{token}") == 0


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


@pytest.mark.parametrize("choice", ["accept_all", "reject_all"])
async def test_c08_an_answer_holds_for_six_months_and_then_is_asked_once(site: World, choice: str) -> None:
    visitor = site.visitor()
    given = datetime(2021, 8, 31, 12, tzinfo=UTC)
    with at(given, site):
        assert "Max-Age=15638400" in cookies_set(await choose(visitor, choice))[CONSENT]
    kept = {"Cookie": f"{CONSENT}={visitor.cookies[CONSENT]}"}
    for moment, is_asked in ((datetime(2022, 2, 27, tzinfo=UTC), False), (datetime(2022, 3, 1, tzinfo=UTC), True)):
        with at(moment, site):
            page = await site.visitor().get("/terms", headers=kept)
            assert ('id="consent"' in page.text) is is_asked
            assert (VISIT in cookies_set(page)) is (choice == "accept_all" and not is_asked)
    with at(datetime(2022, 3, 1, tzinfo=UTC), site):
        again = site.visitor()
        again.cookies.set(CONSENT, visitor.cookies[CONSENT], domain="127.0.0.1")
        await choose(again, choice)
        assert 'id="consent"' not in (await again.get("/terms")).text
        rows = json.loads((await again.get("/consent/receipt")).text)["answers"]
        assert [row["action"] for row in rows] == [choice, "expire", choice]


async def test_r16_an_answer_whose_time_is_over_is_noted_once_when_it_is_met_and_asked_for_again(
    site: World, owner: asyncpg.Connection
) -> None:
    visitor = site.visitor()
    with at(datetime(2021, 8, 31, 12, tzinfo=UTC), site):
        await choose(visitor, "accept_all")
    known = consents.read_cookie(visitor.cookies[CONSENT])
    assert known is not None
    kept = {"Cookie": f"{CONSENT}={visitor.cookies[CONSENT]}"}
    for moment in (
        datetime(2022, 2, 27, tzinfo=UTC),
        datetime(2022, 3, 1, tzinfo=UTC),
        datetime(2022, 3, 2, tzinfo=UTC),
    ):
        with at(moment, site):
            await site.visitor().get("/terms", headers=kept)
            await visits.flush()
    rows = await owner.fetch(
        "select at, action, answers_before, answers_after from consent_event where consent_id = $1 order by seq",
        known.id,
    )
    assert [row["action"] for row in rows] == ["accept_all", "expire"]
    assert (rows[1]["answers_before"].partition(":1630")[0], rows[1]["answers_after"]) == ("statistics:1", "")
    assert rows[1]["at"].date().isoformat() == "2022-03-01"


async def test_p08_a_question_for_the_headers_alone_is_no_visit(site: World, owner: asyncpg.Connection) -> None:
    visitor = site.visitor()
    await choose(visitor, "accept_all")
    before = await seen(owner, "/terms")
    answer = await visitor.head("/terms")
    assert answer.status_code == 200 and VISIT not in cookies_set(answer)
    assert await seen(owner, "/terms") == before
    await visitor.get("/terms")
    assert await seen(owner, "/terms") == before + 1


async def test_p43_the_record_of_processing_has_a_line_of_the_statistics_only_where_they_are_switched_on(
    site: World, client: httpx.AsyncClient
) -> None:
    place, ground = "/privacy/record/download/json", "Consent, GDPR Art. 6(1)(a)"
    lines = [line for line in (await site.visitor().get(place)).json()["activities"] if line["legal_basis"] == ground]
    assert [(line["purpose"], line["deletion"]) for line in lines] == [
        ("Improve platform functionality", "25 months")
    ]
    page = (await site.visitor().get("/privacy/record")).text
    assert "Visitors who said yes to it" in page


NEW = Purpose(
    Category.MARKETING, "statistics", "Letters", "Write to you about what is new.", "Nobody else.", 2,
)  # fmt: skip


async def test_c09_a_new_or_changed_purpose_is_asked_for_alone_and_the_old_proof_stays(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    statistics = consent.PURPOSES[0]
    await choose(visitor, "accept_all")
    monkeypatch.setattr(consent, "PURPOSES", (statistics, NEW))
    banner = (await visitor.get("/terms")).text
    banner = banner[banner.index('id="consent"') : banner.index("</section>")]
    assert "Letters" in banner and "New since you answered." in banner and "Usage statistics" not in banner
    await choose(visitor, "reject_all")
    now = consents.read_cookie(visitor.cookies[CONSENT])
    assert now is not None and now.revision == 2
    assert {each: choice.answer for each, choice in now.choices.items()} == {"statistics": 1, "marketing": 0}
    changed = replace(statistics, revision=3, changes="Counted by hour from now on.")
    monkeypatch.setattr(consent, "PURPOSES", (changed, NEW))
    page = await visitor.get("/terms")
    assert "Changed since you answered: Counted by hour from now on." in page.text and "Letters" not in page.text
    assert "Max-Age=0" in cookies_set(page)[VISIT], "what changed is not agreed to any more"
    rows = json.loads((await visitor.get("/consent/receipt")).text)["answers"]
    assert [(row["revision"], row["after"].partition(":1763")[0]) for row in rows][-1] == (1, "statistics:1")
    for row in rows:
        text = (await visitor.get(row["text"])).text
        assert hashlib.sha256(text.encode()).hexdigest() == row["text_sha256"]


@pytest.mark.parametrize("headers", [SIGNAL, {"DNT": "1"}])
async def test_c07_the_signal_of_a_browser_is_a_no_without_a_question(
    site: World, owner: asyncpg.Connection, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "_gathered", visits._Gathered())
    visitor = site.visitor(**headers)
    page = await visitor.get("/privacy")
    assert_no_cookies(page)
    assert 'id="consent"' not in page.text and "privacy signal is respected" in page.text
    assert page.headers["cache-control"] == "public, max-age=300" and "Sec-GPC, DNT" in page.headers.get_list("vary")
    assert json.loads((await visitor.get("/.well-known/gpc.json")).text)["gpc"] is True
    await visits.flush()
    noted = (
        "select count(*) as n from consent_event where action = 'gpc' and consent_id is null "
        "group by (at at time zone 'UTC')::date"
    )
    assert {row["n"] for row in await owner.fetch(noted)} == {1}, "once a day"


async def test_r14_a_yes_by_name_goes_before_the_signal_and_is_noted_as_that(
    site: World, owner: asyncpg.Connection
) -> None:
    visitor = site.visitor(**SIGNAL)
    fields = hidden((await visitor.get("/cookies")).text, 'class="consent-panel"')
    await visitor.post("/consent", data={**fields, "choice": "accept_all"})
    assert (await last_row(owner, visitor))["answers_after"] == "statistics:0", "all is no name"
    await save(visitor, "statistics")
    assert (await last_row(owner, visitor))["answers_after"] == "statistics:2"
    assert VISIT in cookies_set(await visitor.get("/terms"))


async def test_r14_a_signal_takes_back_an_earlier_yes_and_is_noted(site: World, owner: asyncpg.Connection) -> None:
    visitor = site.visitor()
    await choose(visitor, "accept_all")
    await visitor.get("/terms")
    known = consents.read_cookie(visitor.cookies[CONSENT])
    assert known is not None
    page = await visitor.get("/terms", headers=SIGNAL)
    assert all("Max-Age=0" in header for header in cookies_set(page).values())
    assert set(cookies_set(page)) == {CONSENT, VISIT} and not visitor.cookies
    await visits.flush()
    rows = await owner.fetch("select * from consent_event where consent_id = $1 order by seq", known.id)
    assert [(row["action"], row["answers_after"]) for row in rows] == [
        ("accept_all", "statistics:1"), ("gpc", "statistics:0"),
    ]  # fmt: skip


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


async def test_r15_a_no_of_the_account_goes_before_a_yes_of_another_browser(site: World) -> None:
    company = await site.company()
    await company.post("/consent", {**hidden((await company.get("/terms")).text), "choice": "reject_all"})
    other, _ = await site.sign_in(company.person_id, company.id, Role.OWNER)
    await choose_signed_out(site, other, "accept_all")
    page = await other.get("/terms")
    assert 'id="consent"' not in page.text and VISIT not in cookies_set(page)


async def choose_signed_out(site: World, client: httpx.AsyncClient, choice: str) -> None:
    """This browser answered before anybody signed in on it."""
    before = site.visitor()
    await choose(before, choice)
    client.cookies.set(CONSENT, before.cookies[CONSENT], domain="127.0.0.1")


@pytest.mark.parametrize("choice", ["accept_all", "reject_all"])
async def test_r15_a_no_told_before_signing_in_is_the_account_s_and_a_yes_stays_with_the_browser(
    site: World, choice: str
) -> None:
    company = await site.company()
    await choose_signed_out(site, company.client, choice)
    assert (VISIT in cookies_set(await company.get("/terms"))) is (choice == "accept_all")
    await visits.flush()
    other, _ = await site.sign_in(company.person_id, company.id, Role.OWNER)
    page = await other.get("/terms")
    assert ('id="consent"' in page.text) is (choice == "accept_all") and VISIT not in cookies_set(page)


async def test_r15_what_was_answered_while_signed_in_holds_on_every_device(site: World) -> None:
    company = await site.company()
    await company.post("/consent", {**hidden((await company.get("/terms")).text), "choice": "accept_all"})
    other, _ = await site.sign_in(company.person_id, company.id, Role.OWNER)
    page = await other.get("/terms")
    assert 'id="consent"' not in page.text and VISIT in cookies_set(page)
    del other.cookies[VISIT]
    await company.post("/consent", {"choice": "reject_all"})
    assert not cookies_set(await other.get("/terms"))


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


async def test_visits_are_counted_by_page_and_day_and_only_of_who_agreed(
    site: World, owner: asyncpg.Connection
) -> None:
    before = await seen(owner, "/privacy/processors")
    silent, no, yes = (site.visitor() for _ in range(3))
    await choose(no, "reject_all")
    await choose(yes, "accept_all")
    for one in (silent, no, yes, yes):
        await one.get("/privacy/processors")
    assert await seen(owner, "/privacy/processors") == before + 2
    value = yes.cookies[VISIT]
    assert value == visits.today().isoformat(), "a date and no number that would follow anybody"
    rows = await owner.fetch("select * from visit_count where page = '/privacy/processors'")
    assert {name for row in rows for name in row.keys()} == {"day", "page", "visit", "views"}  # noqa: SIM118


async def test_p36_who_objects_to_improvement_is_not_counted_from_the_next_request_whatever_they_agreed_to(
    site: World, owner: asyncpg.Connection
) -> None:
    company = await site.company()
    await company.post("/consent", {**hidden((await company.get("/terms")).text), "choice": "accept_all"})
    assert VISIT in cookies_set(await company.get("/account/export"))
    before = await seen(owner, "/account/export")
    async with unit_of_work(None, company.person_id) as work:
        await object_to(work, company.person_id, Interest.IMPROVEMENT, "account")
    other, _ = await site.sign_in(company.person_id, company.id, Role.OWNER)
    for client in (company.client, other):
        page = await client.get("/account/export")
        assert page.status_code == 200 and 'id="consent"' not in page.text
    assert "objected" in (await company.get("/cookies")).text and VISIT not in company.client.cookies
    assert await seen(owner, "/account/export") == before


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


async def test_p08_the_operator_sees_sums_and_nothing_else(site: World, owner: asyncpg.Connection) -> None:
    await begin_again(owner)
    visitor = site.visitor()
    await choose(visitor, "accept_all")
    await visitor.get("/privacy/record")
    await visits.flush()
    operator = await site.operator()
    page = await operator.get("/operator/visits")
    assert "/privacy/record" in page.text and "kept, and the chain" in page.text
    with told(replace(site.settings, statistics=False)):
        assert "switched off" in (await operator.get("/operator/visits")).text


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


async def test_r20_without_the_setting_there_is_nothing_to_answer(client: httpx.AsyncClient) -> None:
    assert (await client.post("/consent", data={"choice": "accept_all"})).status_code == 404
