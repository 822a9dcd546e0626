"""An answer as time goes on: how long it holds, what asks again, and what goes before it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from actions import consents, visits
from domain import consent
from domain.access import Role
from domain.consent import Purpose
from domain.cookies import Category
from tests.asking import CONSENT, VISIT, choose, cookies_set, hidden, save, told
from tests.routes.middleware.cookie_watch import assert_no_cookies
from tests.world import World

SIGNAL = {"Sec-GPC": "1"}


def at(moment: datetime, site: World) -> Any:
    """The app's clock stands at this moment."""
    return told(replace(site.settings, test_clock=moment))


async def last_row(owner: asyncpg.Connection, client: httpx.AsyncClient) -> asyncpg.Record:
    known = consents.read_cookie(client.cookies[CONSENT])
    assert known is not None
    row = await owner.fetchrow(
        "select * from consent_event where consent_id = $1 order by seq desc limit 1", known.id
    )
    assert row is not None
    return row


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


async def test_r15_a_later_no_on_another_device_is_kept_by_this_browser_also_signed_out(site: World) -> None:
    company = await site.company()
    await company.post("/consent", {**hidden((await company.get("/terms")).text), "choice": "accept_all"})
    other, token = await site.sign_in(company.person_id, company.id, Role.OWNER)
    with at(datetime.now(UTC) + timedelta(minutes=5), site):
        await other.post("/consent", data={"choice": "reject_all", "_csrf_token": token})
        told_here = cookies_set(await company.get("/terms"))
        assert "statistics:0" in told_here[CONSENT] and "Max-Age=0" not in told_here[CONSENT]
        assert not cookies_set(await company.get("/privacy")), "once"
        company.client.cookies.delete("sf_session")
        page = await company.get("/terms")
    assert 'id="consent"' not in page.text and VISIT not in cookies_set(page)
