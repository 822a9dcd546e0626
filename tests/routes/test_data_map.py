"""What is kept, why and how long: pages made from the running schema."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace
from typing import Any

import asyncpg
import httpx
import pytest
from piccolo.columns import Serial, Varchar
from piccolo.table import Table

from actions import instance
from domain.privacy.accounting import kept_until
from domain.privacy.classification import ACCOUNT, KEY, Basis, Retention
from domain.privacy.interests import WEIGHED
from domain.privacy.record import controller_record
from domain.privacy.register import register_of
from domain.privacy.retention import RULES, rule_of
from domain.settings import OFFICIAL, Registers, Settings
from models.data_map import mapped
from models.register import data_map, register
from models.tables import TABLES
from routes import data_map as pages
from routes.filters import Filters
from tests.actions.making import TODAY, issued, line
from tests.models.test_data_map import FOREIGN
from tests.routes.middleware.cookie_watch import assert_no_cookies
from tests.world import World

PAGES = (
    "/privacy/data-map", "/privacy/retention", "/privacy/record", "/privacy/processors", "/privacy/interests",
    "/privacy/logs",
    "/privacy/record/download/csv", "/privacy/record/download/json",
)  # fmt: skip


@pytest.mark.parametrize("path", [*PAGES, "/privacy", "/privacy/versions", "/cookies"])
async def test_p41_each_page_is_there_signed_out_without_cookies_and_may_be_cached(
    client: httpx.AsyncClient, statements: list[str], path: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert_no_cookies(answer)
    assert answer.headers["cache-control"] == "public, max-age=300" and "Accept-Language" in answer.headers["vary"]
    assert len(statements) == (path == "/privacy/processors")


async def test_a_page_of_somebody_signed_in_is_never_kept(world: World) -> None:
    company = await world.company()
    for path in PAGES:
        assert (await company.get(path)).headers["cache-control"] == "no-store"


async def test_p02_the_page_lists_every_column_of_the_database(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    page = (await client.get("/privacy/data-map")).text
    shown: dict[str, set[str]] = {}
    for table, columns in re.findall(r"<dt>[^<]*<code>(\w+)</code></dt>\s*<dd>(.*?)</dd>", page, re.DOTALL):
        shown.setdefault(table, set()).update(re.findall(r"<code>(\w+)</code>", columns))
    rows = await owner.fetch(
        "select table_name, column_name from information_schema.columns where table_schema = 'public'"
    )
    real: dict[str, set[str]] = {}
    for row in rows:
        if not row["table_name"].startswith(FOREIGN):
            real.setdefault(row["table_name"], set()).add(row["column_name"])
    assert shown == real


async def test_p02_a_table_that_is_added_is_on_the_pages_by_itself(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Zqtable(Table, tablename="zqtable"):
        id = mapped(Serial(primary_key=True), KEY)
        zqcolumn = mapped(Varchar(), ACCOUNT)

    wider = register_of(data_map((*TABLES, Zqtable)))
    for path in ("/privacy/data-map", "/privacy/record/download/json"):
        assert "zqcolumn" not in (await client.get(path)).text
    monkeypatch.setattr(pages, "register", lambda: wider)
    for path in ("/privacy/data-map", "/privacy/record/download/json"):
        assert "zqcolumn" in (await client.get(path)).text


def test_a_column_without_its_place_stops_the_lists() -> None:
    with pytest.raises(ValueError, match=r"careless\.name"):
        register_of([("careless", "name", None)])


def test_each_class_of_data_has_its_line_in_the_retention_schedule() -> None:
    assert {rule.retention for rule in RULES} - {None} == set(Retention)
    for field in register().fields:
        assert rule_of(field.known.retention).period


async def test_p09_the_retention_page_shows_each_rule_and_the_statute(client: httpx.AsyncClient) -> None:
    page = html.unescape((await client.get("/privacy/retention")).text)
    for rule in RULES:
        assert f'id="{rule.name}"' in page and rule.period in page
    assert "bokføringsloven § 13" in page and "bokföringslagen 7 kap. 2 §" in page and "7 years" in page


@pytest.mark.parametrize("accepted", ["nb", "en"])
async def test_the_pages_speak_the_reader_s_language(client: httpx.AsyncClient, accepted: str) -> None:
    for path, words in {"/privacy/data-map": "Alt som lagres", "/privacy/retention": "Hvor lenge det lagres"}.items():
        page = (await client.get(path, headers={"Accept-Language": accepted})).text
        assert (words in page) is (accepted == "nb")


async def test_p43_the_record_of_the_controller_has_the_fields_of_article_30(client: httpx.AsyncClient) -> None:
    found = json.loads((await client.get("/privacy/record/download/json")).text)
    assert found["article"] == "GDPR Art. 30(1)" and found["policy_version"] == "2026-02-16"
    assert len(found["activities"]) == len(register().activities())
    for activity in found["activities"]:
        assert set(activity) == {
            "controller", "contact", "purpose", "legal_basis", "data_subjects", "categories", "data", "recipients",
            "transfers", "deletion", "measures",
        }  # fmt: skip
        assert all(activity[name] for name in activity if name != "recipients")


async def test_p43_the_same_record_is_on_the_page_and_in_the_spreadsheet(client: httpx.AsyncClient) -> None:
    text = (await client.get("/privacy/record/download/csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    page = html.unescape((await client.get("/privacy/record")).text)
    assert len(rows) == len(register().activities())
    for row in rows:
        assert row["purpose"] in page and row["legal_basis"] in page
    assert "How the interests were weighed" in page


async def test_the_balancing_tests_are_shown_with_their_date_in_the_reader_s_language(
    client: httpx.AsyncClient,
) -> None:
    for accepted, tongue in (("nb", "nb"), ("en", "en")):
        page = html.unescape((await client.get("/privacy/interests", headers={"Accept-Language": accepted})).text)
        for weighed in WEIGHED.values():
            assert weighed.newest.answers[tongue]["outcome"] in page and weighed.newest.fingerprint() in page
    for place in ("/privacy", "/privacy/record"):
        assert 'href="/privacy/interests"' in (await client.get(place)).text


async def test_there_is_no_record_in_another_format(client: httpx.AsyncClient) -> None:
    assert (await client.get("/privacy/record/download/xml")).status_code == 404


async def test_p44_the_list_of_processors_follows_the_settings(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    async def shown(**changes: Any) -> str:
        monkeypatch.setattr(instance, "_settings", replace(settings, **changes))
        return (await client.get("/privacy/processors")).text

    assert "smtp.fjord.example" not in await shown()
    page = await shown(
        smtp_url="smtps://user:hemmelig@smtp.fjord.example",
        database_url="postgresql://app:hemmelig@db.fjord.example/faktura",
        storage_url="s3://fakturaer-fjord",
        access_point_url="https://ap.fjord.example",
        access_point_key="hemmelig",
        peppol_zone="sml.example",
        registers=Registers(),
    )
    for host in (
        "ap.fjord.example",
        "Peppol's directory",
        "smtp.fjord.example",
        "db.fjord.example",
        "Amazon S3 (fakturaer-fjord)",
    ):
        assert host in page
    assert "hemmelig" not in page
    assert "VIES" in page
    nobody = Registers(brreg_url=None, vies_url=None, ecb_url=None, norges_bank_url=None)
    page = await shown(registers=nobody, database_url="postgresql:///faktura?host=db.bre.example&user=app")
    assert "VIES" not in page and "Central Bank" not in page and "db.bre.example" in page
    assert "run/postgresql" not in await shown(database_url="postgresql:///faktura?host=/run/postgresql")
    page = await shown(registers=OFFICIAL)
    assert "Norges Bank" in page and "The European Central Bank. Nothing about anybody" in page


async def test_the_policy_has_the_running_lists_beside_it(client: httpx.AsyncClient) -> None:
    page = (await client.get("/privacy")).text
    aside = page[page.index('id="running"') :]
    assert "e-mail address" in aside and "kind of browser and system" in aside and "Send invoices by e-mail" in aside


async def test_p09_an_invoice_says_until_when_it_is_kept(world: World) -> None:
    company = await world.company(accounting_year_ends=6)
    done = await issued(company, await world.customer(company), line("100"))
    page = html.unescape((await company.get(f"/invoices/{done.invoice_id}")).text)
    until = kept_until(TODAY, "NO", 6)
    assert f"Kept until {Filters('en').day(until)} (accounting law)" in page and until != kept_until(TODAY, "NO")


async def test_p11_the_company_tells_when_its_accounting_year_ends(world: World) -> None:
    company = await world.company()
    page = (await company.get("/company")).text
    values = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    values |= {"form": "ENK", "country": "NO", "language": "nb", "currency": "NOK", "numbering": "continuous",
               "accent": "#1f5c66", "kid_length": "0", "accounting_year_ends": "6"}  # fmt: skip
    assert (await company.post("/company", values)).status_code == 303
    assert '<option value="6" selected>June' in (await company.get("/company")).text


def test_p43_what_is_switched_off_has_no_line_in_the_record(settings: Settings) -> None:
    found = {entry.activity.basis for entry in controller_record(register(), settings)}
    assert not settings.statistics and Basis.CONSENT not in found
    switched_on = controller_record(register(), replace(settings, statistics=True))
    assert [entry.activity.retentions for entry in switched_on if entry.activity.basis is Basis.CONSENT] == [
        (Retention.COUNTS,)
    ]
