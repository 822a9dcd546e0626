"""What lies in the logs, and what does not (P-03)."""

from __future__ import annotations

import ast
import html
import json
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from actions import logs
from domain.privacy.logs import FIELDS, PLACES, Log
from tests.world import PASSWORD, World

ROOT = Path(__file__).resolve().parents[2]
IP, NETWORK = "198.51.100.77", "198.51.100.0/24"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.7) Gecko/20100101 Firefox/140.7 Zqagent"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    logs.configure()
    written: list[str] = []
    monkeypatch.setattr(logs, "write_line", written.append)
    return written


async def test_p03_the_log_of_a_session_has_the_declared_fields_and_neither_the_ip_nor_the_browser(
    world: World, lines: list[str], owner: asyncpg.Connection
) -> None:
    company = await world.company()
    await world.customer(company, name="Zqkunde AS")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=world.app, client=(IP, 50000)),
        base_url=world.settings.public_url,
        headers={"Sec-Fetch-Site": "same-origin", "User-Agent": BROWSER},
    ) as browser:
        await browser.get("/?utm=Zqsecret")
        await browser.post("/login", data={"email": company.email, "password": PASSWORD})
        for path in ("/", "/customers?q=zqkunde", "/invoices", "/account", "/nothing-here", "/operator"):
            await browser.get(path)
    requests = [json.loads(line) for line in lines if '"event":"request"' in line]
    assert len(requests) == 8
    declared = {name for name, field in FIELDS.items() if Log.REQUESTS in field.logs} - {"dropped"}
    assert {name for request in requests for name in request} == declared
    everything = "\n".join(lines).lower()
    for private in (IP, "Zqagent", "Mozilla", "Zqkunde", "Zqsecret", company.email, PASSWORD):
        assert private.lower() not in everything, private
    # The security log has the network and the family of the browser, and no more.
    kept = await owner.fetchrow(
        "select ip_prefix, browser from security_event where person_id = $1 and kind = 'signed_in'", company.person_id
    )
    assert kept is not None and kept["ip_prefix"] == NETWORK and "Zqagent" not in kept["browser"]


def _logged() -> Iterator[tuple[str, str]]:
    """(file, name) of each field that our own code gives to the logger."""
    for layer in ("actions", "models", "routes", "tasks"):
        for path in sorted((ROOT / layer).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "from actions.logs import" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
                    yield from ((path.name, word.arg) for word in node.keywords if word.arg)


def test_p03_every_field_that_our_code_logs_is_declared() -> None:
    """One that is not declared would be left out, and missed when it is needed."""
    given = set(_logged())
    assert ("request_id.py", "route") in given
    assert [one for one in given if one[1] not in {*FIELDS, "exc_info"}] == []


def test_p03_a_field_that_is_not_declared_is_left_out_even_as_a_number(lines: list[str]) -> None:
    logs.log.info("order", organisation_number=974760673, count=3, ip=IP)
    (line,) = lines
    told = json.loads(line)
    assert told["dropped"] == ["organisation_number", "ip"] and told["count"] == 3 and "974760673" not in line


async def test_p03_the_page_shows_each_field_and_each_place(client: httpx.AsyncClient, statements: list[str]) -> None:
    page = html.unescape((await client.get("/privacy/logs")).text)
    for name in FIELDS:
        assert f"<code>{name}</code>" in page
    for place in PLACES:
        assert place.name in page and place.period in page
    assert statements == []


def test_our_example_of_a_proxy_writes_no_addresses() -> None:
    folder = ROOT / "docs/deployment"
    assert "access_log off;" in (folder / "nginx.conf").read_text(encoding="utf-8")
    # Caddy writes none unless it is told to.
    caddy = (folder / "Caddyfile").read_text(encoding="utf-8")
    assert not [line for line in caddy.splitlines() if line.strip().split(" ")[0] == "log"]
