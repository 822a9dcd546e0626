"""The policy, the cookies, the language and the well-known addresses: for everybody, without scripts or cookies."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions import instance
from domain.cookies import cookies_of
from domain.policy import SHELVES
from domain.policy.document import Text
from domain.settings import Operator, Settings
from tests.routes.middleware.cookie_watch import assert_cookies_are_registered, assert_no_cookies, names_in_table
from tests.world import World

PUBLISHED = Path(__file__).parent / "privacy_policy_2026_02_16.txt"
LATEST = SHELVES["privacy"].versions[0]
FINGERPRINT = "b65979514b9a9ef42b0f75494804a510911bb8658af328913831da593a440e95"
PAGES = ("/privacy", "/privacy/2026-02-16", "/privacy/versions", "/cookies")


def words_of(page: str) -> str:
    """What a reader sees of the main part, on one line."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def bare(line: str) -> str:
    return " ".join(line.lstrip("-• ").split())


async def test_the_english_policy_is_the_published_one_word_for_word(client: httpx.AsyncClient) -> None:
    seen = words_of((await client.get("/privacy")).text)
    at = 0
    for line in PUBLISHED.read_text(encoding="utf-8").splitlines():
        at = seen.index(bare(line), at) + len(bare(line))
    between = seen[seen.index("Last updated") : at]
    assert between == " ".join(bare(line) for line in PUBLISHED.read_text(encoding="utf-8").splitlines())


def test_p42_a_published_version_never_changes() -> None:
    original = LATEST.original.signed_by(Operator())
    assert "\n".join(original.lines()) == PUBLISHED.read_text(encoding="utf-8")
    assert original.fingerprint() == FINGERPRINT


def test_the_translation_has_every_section_and_every_item_of_the_original() -> None:
    def shape(text: Text) -> list[Any]:
        return [[(block.kind, len(block.lines)) for block in section.blocks] for section in text.sections]

    for version in [version for shelf in SHELVES.values() for version in shelf.versions]:
        for language, text in version.translations.items():
            assert text.language == language and shape(text) == shape(version.original)


async def test_the_norwegian_policy_says_that_it_is_a_translation(client: httpx.AsyncClient) -> None:
    page = (await client.get("/privacy", headers={"Accept-Language": "nb-NO"})).text
    assert (
        "Personvernerklæring" in page and "Dette er en oversettelse" in page and "Sist oppdatert: 16.02.2026" in page
    )
    original = (await client.get("/privacy?text=en", headers={"Accept-Language": "nb-NO"})).text
    assert "Last updated: 16.02.2026" in original and 'lang="en"' in original


async def test_the_operator_is_who_runs_this_installation(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    other = Operator(
        "Fjordbok", "Fjordbok AS", "923609016", "Strandgaten 1, 5013 Bergen", "personvern@fjordbok.example"
    )
    monkeypatch.setattr(instance, "_settings", replace(settings, operator=other))
    page = words_of((await client.get("/privacy")).text)
    assert "Fjordbok AS Organization number: 923609016 Strandgaten 1" in page
    assert "Zemichael" not in page and "info@smartfaktura.tech" not in page
    assert "SmartFaktura is built for international markets." in page


@pytest.mark.parametrize("path", PAGES)
async def test_p41_each_page_works_signed_out_and_is_one_click_away(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert 'href="/privacy"' in answer.text and 'href="/cookies"' in answer.text
    assert_no_cookies(answer)


@pytest.mark.parametrize("path", PAGES)
async def test_each_page_works_signed_in_too(world: World, path: str) -> None:
    company = await world.company()
    assert (await company.get(path)).status_code == 200


@pytest.mark.parametrize("path", PAGES)
async def test_htmx_gets_only_the_main_part(client: httpx.AsyncClient, path: str) -> None:
    part = await client.get(path, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" not in part.text and "<h1" in part.text and "<title>" in part.text


async def test_each_version_keeps_its_address_and_an_unknown_one_is_not_there(client: httpx.AsyncClient) -> None:
    latest_page, dated = await client.get("/privacy"), await client.get(f"/privacy/{LATEST.name}")
    assert words_of(latest_page.text) == words_of(dated.text)
    for odd in ("1999-01-01", "2026-02-17", "x", "%00", "..%2f"):
        assert (await client.get(f"/privacy/{odd}")).status_code in (400, 404)
    assert SHELVES["privacy"].version("2026-02-16") is LATEST


async def test_the_versions_are_listed_with_their_fingerprints(client: httpx.AsyncClient) -> None:
    page = (await client.get("/privacy/versions")).text
    for version in SHELVES["privacy"].versions:
        assert f"/privacy/{version.name}" in page
    assert FINGERPRINT in page


async def test_c14_the_cookie_page_lists_the_registry_and_nothing_else(client: httpx.AsyncClient) -> None:
    page = (await client.get("/cookies")).text
    assert names_in_table(page) == set(cookies_of(https=False))


@pytest.mark.parametrize("accepted", ["en", "nb"])
async def test_no_text_is_left_untranslated(client: httpx.AsyncClient, accepted: str) -> None:
    seen = {path: words_of((await client.get(path, headers={"Accept-Language": accepted})).text) for path in PAGES}
    assert ("nettleser" in seen["/cookies"]) is (accepted == "nb")
    assert ("browser" in seen["/cookies"]) is (accepted == "en")
    assert "365 d" in seen["/cookies"]


async def choose(client: httpx.AsyncClient, language: str, back: str = "/cookies", **headers: str) -> httpx.Response:
    return await client.post("/language", data={"language": language, "next": back}, headers=headers)


async def test_r3_the_language_cookie_comes_with_the_click_and_then_counts(client: httpx.AsyncClient) -> None:
    answer = await choose(client, "nb")
    assert answer.status_code == 303 and answer.headers["location"] == "/cookies"
    assert_cookies_are_registered(answer)
    assert answer.headers.get_list("set-cookie")[0].startswith("sf_lang=nb;")
    assert answer.headers["cache-control"] == "no-store"
    assert 'lang="nb"' in (await client.get("/cookies")).text


async def test_a_member_keeps_the_choice_with_the_account(world: World) -> None:
    company = await world.company(language="en")
    answer = await company.post("/language", {"language": "nb", "next": "/cookies"})
    assert answer.status_code == 303
    company.client.cookies.delete("sf_lang")
    assert '<html lang="nb"' in (await company.get("/cookies")).text


@pytest.mark.parametrize("language", ["", "xx", "../nb", "nb\r\nSet-Cookie: x=1", "NB"])
async def test_an_unknown_language_is_refused_and_sets_nothing(client: httpx.AsyncClient, language: str) -> None:
    answer = await choose(client, language)
    assert answer.status_code == 400
    assert_no_cookies(answer)


@pytest.mark.parametrize(
    "back", ["//evil", "/\\evil", "https:evil", "https://evil.test/x", "", "/\t/evil", "javascript:alert(1)", "evil"]
)
async def test_c06_the_way_back_never_leads_elsewhere(client: httpx.AsyncClient, back: str) -> None:
    answer = await choose(client, "en", back)
    assert answer.status_code == 303 and answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
    ],
)
async def test_c12_another_site_can_not_choose(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await choose(client, "nb", **headers)
    assert answer.status_code == 403
    assert_no_cookies(answer)


@pytest.mark.parametrize(
    ("origin", "status"), [("http://127.0.0.1:8000", 303), ("https://evil.test", 403), (None, 403)]
)
async def test_c12_a_browser_without_fetch_metadata_is_known_by_its_origin(
    client: httpx.AsyncClient, origin: str | None, status: int
) -> None:
    del client.headers["Sec-Fetch-Site"]
    assert (await choose(client, "nb", **({"Origin": origin} if origin else {}))).status_code == status


async def test_c07_the_privacy_signal_is_supported_and_changes_nothing_as_nothing_is_optional(
    client: httpx.AsyncClient,
) -> None:
    support = await client.get("/.well-known/gpc.json")
    assert support.headers["content-type"] == "application/json"
    assert json.loads(support.text) == {"gpc": True, "lastUpdate": "2026-02-16"}
    page = await client.get("/cookies", headers={"Sec-GPC": "1", "DNT": "1"})
    assert_no_cookies(page)


async def test_security_txt_says_where_to_report_and_until_when_it_holds(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    answer = await client.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:info@smartfaktura.tech"
    assert fields["Canonical"] == f"{settings.public_url}/.well-known/security.txt"
    assert timedelta(days=30) < datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC) < timedelta(days=365)


async def test_a_password_manager_finds_the_page_to_change_a_password(client: httpx.AsyncClient) -> None:
    answer = await client.get("/.well-known/change-password")
    assert answer.status_code == 303 and answer.headers["location"] == "/account"


@pytest.mark.parametrize("path", ["/schema", "/schema/openapi.json", "/docs", "/openapi.json"])
async def test_there_is_no_description_of_the_api_in_production(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404
