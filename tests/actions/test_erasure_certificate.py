"""The certificate of a deletion: what went, what stays until when, and that nobody wrote it themselves."""

from __future__ import annotations

import json

import asyncpg
import pytest

from actions import (
    erasure_run,
)
from actions.clock import now
from actions.erasure_certificate import is_genuine
from tests.actions.erasing import DAYS_15, ask
from tests.models.test_tenancy import full_company
from tests.people import at, newest_letter
from tests.world import World

pytestmark = pytest.mark.usefixtures("own_ledger")


async def test_the_certificate_says_what_went_and_what_stays_until_when(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    company = await full_company(world)
    erasure_id = await ask(company)
    at(monkeypatch, now() + DAYS_15)
    await erasure_run.execute(erasure_id)
    text = await owner.fetchval("select certificate from erasure where id = $1", erasure_id)
    told = json.loads(text)
    (closed,) = told["companies"]
    held = {line["what"]: line for line in closed["held"]}
    assert held["issued"]["count"] >= 1 and held["issued"]["until"].endswith("-12-31")
    assert closed["statute"] == "bokføringsloven § 13"
    assert closed["deleted"]["draft"] >= 1 and closed["deleted"]["message"] >= 1
    assert company.email not in text and "Fjord" not in text
    assert is_genuine(text)
    told["companies"][0]["held"][0]["count"] += 1
    assert not is_genuine(json.dumps(told)) and not is_genuine("[]") and not is_genuine("x")
    letter = await newest_letter(company.email)
    assert letter is not None and letter.context["link"].endswith(f"/deletions/{erasure_id}")
    assert letter.recipient == company.email


async def test_the_certificate_is_shown_downloaded_and_checked_by_anybody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await full_company(world)
    erasure_id = await ask(company)
    visitor = world.visitor()
    place = f"/deletions/{erasure_id}"
    assert (await visitor.get(place)).status_code == 404
    at(monkeypatch, now() + DAYS_15)
    await erasure_run.execute(erasure_id)
    page = (await visitor.get(place)).text
    assert "An account was deleted" in page and "bokføringsloven § 13" in page and "Kept by law" in page
    paper = (await visitor.get(f"{place}/certificate.json")).text
    checked = await visitor.post("/deletions/check", data={"certificate": paper})
    assert "It is genuine" in checked.text
    forged = await visitor.post("/deletions/check", data={"certificate": paper.replace("account", "company")})
    assert "It is not genuine" in forged.text
    assert (await visitor.post("/deletions/check", data={})).status_code == 422
    assert (await visitor.get("/deletions/01a20921-221f-724c-95ae-dc31f3de40b6")).status_code == 404
