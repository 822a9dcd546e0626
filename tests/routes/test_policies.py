"""Policy, terms and agreement in all their versions, and who has read or accepted which."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from actions import files, policies, policy_notices, processing_record
from actions.clock import now
from domain import policy
from domain.policy import SHELVES, Shelf
from domain.policy.document import Version, paragraph
from domain.settings import Operator, Settings
from tasks.processing_record import write
from tests.people import GOOD_PASSWORD, letters_asked, newest_letter
from tests.routes.middleware.cookie_watch import assert_no_cookies
from tests.world import World

OLD = "We do not sell personal data."
NEW = "We do not sell or rent personal data."


def published(on: date, *, is_material: bool = True) -> Shelf:
    """The privacy policy with a further version in which one sentence is another."""
    first = SHELVES["privacy"].versions[-1]

    def changed(section: Any) -> Any:
        blocks = tuple(paragraph(NEW) if block.lines == (OLD,) else block for block in section.blocks)
        return replace(section, blocks=blocks)

    text = replace(first.original, sections=tuple(changed(section) for section in first.original.sections))
    version = Version(f"{on:%Y-%m-%d}", on, "We no longer rent data out either.", text, {}, is_material=is_material)
    return replace(SHELVES["privacy"], versions=(version, *SHELVES["privacy"].versions))


@pytest.fixture
def next_month(monkeypatch: pytest.MonkeyPatch) -> Iterator[Version]:
    """A material change that is published and takes effect in thirty days."""
    shelf = published(now().date() + timedelta(days=30))
    monkeypatch.setitem(policy.SHELVES, "privacy", shelf)
    yield shelf.versions[0]


@pytest.mark.parametrize("shelf", SHELVES.values(), ids=lambda shelf: shelf.name)
async def test_p41_each_text_and_its_versions_are_there_signed_out(client: httpx.AsyncClient, shelf: Shelf) -> None:
    for path in (shelf.path, f"{shelf.path}/versions", f"{shelf.path}/{shelf.versions[0].name}"):
        answer = await client.get(path)
        assert answer.status_code == 200 and answer.headers["cache-control"] == "public, max-age=300"
        assert 'href="/privacy"' in answer.text
        assert_no_cookies(answer)
    assert (await client.get(f"{shelf.path}/1999-01-01")).status_code == 404


def test_p42_the_published_terms_and_agreement_never_change() -> None:
    """Change a letter of a published text and this fails: publish a new version instead."""
    found = {
        (shelf.name, language): version.text(language).signed_by(Operator()).fingerprint()[:16]
        for shelf in SHELVES.values()
        for version in shelf.versions
        for language in ("en", "nb")
    }
    assert found == FINGERPRINTS


FINGERPRINTS = {
    ("privacy", "en"): "b65979514b9a9ef4",
    ("privacy", "nb"): "3d83986ccef855d3",
    ("terms", "en"): "ef06043b2b15b242",
    ("terms", "nb"): "a103b984e48737f6",
    ("agreement", "en"): "049affa6a37e3e93",
    ("agreement", "nb"): "73e6921fd6bc0f33",
}


async def test_p42_a_new_version_waits_for_its_day_and_the_old_one_keeps_its_address(
    client: httpx.AsyncClient, next_month: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = (await client.get("/privacy")).text
    assert OLD in present and NEW not in present and "A new version takes effect on" in present
    coming = (await client.get(f"/privacy/{next_month.name}")).text
    assert NEW in coming and "This version takes effect on" in coming
    fingerprint = SHELVES["privacy"].versions[-1].original.signed_by(Operator()).fingerprint()
    assert fingerprint in (await client.get("/privacy/versions")).text
    monkeypatch.setitem(policy.SHELVES, "privacy", published(now().date()))
    assert NEW in (await client.get("/privacy")).text
    old = (await client.get("/privacy/2026-02-16")).text
    assert OLD in old and NEW not in old and "This is an earlier version." in old


async def test_p42_the_changed_sentences_are_marked(client: httpx.AsyncClient, next_month: Version) -> None:
    page = html.unescape((await client.get(f"/privacy/versions/2026-02-16/{next_month.name}")).text)
    assert re.search(rf"<del>.*{re.escape(OLD)}</del>", page) and re.search(rf"<ins>.*{re.escape(NEW)}</ins>", page)
    assert page.count("<ins>") == page.count("<del>") == 1
    seen = re.sub(r"<details.*?</details>", "", page, flags=re.S)
    assert "did not change" in page and NEW in seen and "<strong>4. How We Use Your Data</strong>" in seen
    assert "7. Your Rights" in page and "7. Your Rights" not in seen
    for odd in (f"{next_month.name}/2026-02-16", "2026-02-16/2026-02-16", "2026-02-16/x", "x/y"):
        assert (await client.get(f"/privacy/versions/{odd}")).status_code == 404


async def test_p42_a_material_change_is_told_once_and_stops_nothing(
    world: World, next_month: Version, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    page = (await company.get("/invoices")).text
    assert "I have read it" in page and "We no longer rent data out either." in page and 'id="main"' in page
    answer = await company.post("/account/policies", {"read_until": next_month.name, "next": "/invoices"})
    assert answer.status_code == 303 and answer.headers["location"] == "/invoices"
    assert "I have read it" not in (await company.get("/invoices")).text
    rows = await owner.fetch("select * from acknowledgement where person_id = $1", company.person_id)
    assert [(row["document"], row["version"], row["kind"]) for row in rows] == [("privacy", next_month.name, "read")]
    assert rows[0]["fingerprint"].hex() == next_month.original.signed_by(Operator()).fingerprint()


async def test_a_version_that_was_not_shown_is_not_taken_for_read(world: World, next_month: Version) -> None:
    company = await world.company()
    for read_until in ("2026-02-16", "", "%00"):
        await company.post("/account/policies", {"read_until": read_until})
        assert "I have read it" in (await company.get("/invoices")).text


async def test_a_change_that_is_not_material_disturbs_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = published(now().date() + timedelta(days=30), is_material=False)
    monkeypatch.setitem(policy.SHELVES, "privacy", shelf)
    assert "I have read it" not in (await (await world.company()).get("/invoices")).text


async def test_who_signs_up_accepts_the_terms_and_that_is_written_down(
    client: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    page = (await client.get("/signup")).text
    assert 'href="/terms"' in page and 'href="/privacy"' in page
    _, email = await world.person()
    address = f"ny-{email}"
    await client.post("/signup", data={"name": "Kari", "email": address, "password": GOOD_PASSWORD})
    rows = await owner.fetch(
        "select document, kind, version from acknowledgement a join person p on p.id = a.person_id where p.email = $1",
        address,
    )
    assert {tuple(row) for row in rows} == {("terms", "accepted", "2026-11-23"), ("privacy", "read", "2026-02-16")}


async def test_p46_the_company_accepts_the_agreement_and_takes_it_along_signed(
    world: World, settings: Settings, owner: asyncpg.Connection
) -> None:
    from tasks.handlers.make_agreement import MakeAgreement

    files.open_store(settings)
    company = await world.company(name="Fjord & Sønn <AS>")
    assert "Accept the agreement" in (await company.get("/company/agreement")).text
    for _ in range(2):  # signing twice is signing once
        assert (await company.post("/company/agreement", {"version": "2026-11-23"})).status_code == 303
    row = await owner.fetchrow("select * from agreement where organisation_id = $1", company.id)
    page = html.unescape((await company.get("/company/agreement")).text)
    assert "accepted by Kari Nordmann" in page and "The PDF is being made" in page and "Accept the" not in page
    assert (await company.get("/company/agreement/2026-11-23/pdf")).status_code == 404
    payload = {"organisation_id": str(company.id), "agreement_id": str(row["id"])}
    for _ in range(2):  # the job may run twice
        await MakeAgreement().run(payload)
    pdf = await company.get("/company/agreement/2026-11-23/pdf")
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF-")
    text = text_of_pdf(pdf.content)
    for words in (
        "Fjord & Sønn <AS>",
        "923609016",
        "Kari Nordmann",
        "Zemichael SmartInvoice",
        row["fingerprint"].hex(),
    ):
        assert words in text
    assert (await (await world.company()).get("/company/agreement/2026-11-23/pdf")).status_code == 404


def text_of_pdf(pdf: bytes) -> str:
    import io

    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


async def test_a_signed_agreement_never_changes(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    await policies.sign(company.id, company.person_id, "Kari", "2026-11-23", "nb")
    for statement in ("delete from agreement", "update agreement set signer = 'x'"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(f"{statement} where organisation_id = $1", company.id)


async def test_an_agreement_that_does_not_exist_can_not_be_signed(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    for version in ("1999-01-01", "", "x" * 500):
        assert (await company.post("/company/agreement", {"version": version})).status_code == 404
    assert not await owner.fetchval("select count(*) from agreement where organisation_id = $1", company.id)


async def test_p42_everybody_is_told_by_e_mail_once(
    world: World, next_month: Version, owner: asyncpg.Connection
) -> None:
    person_id, email = await world.person(language="nb")
    # The people of all other tests have been told already.
    await owner.execute("update person set policies_told_until = $2 where id <> $1", person_id, date(2099, 1, 1))
    assert [await policy_notices.tell(), await policy_notices.tell()] == [1, 0]
    assert await letters_asked(email) == ["policy_change"]
    letter = await newest_letter(email)
    assert letter is not None and letter.template == "policy_change" and letter.recipient == email
    assert letter.context["address"].endswith(f"/privacy/versions/2026-02-16/{next_month.name}")
    assert letter.context["document"] == "privacy"
    told = await owner.fetchval("select policies_told_until from person where id = $1", person_id)
    assert told == next_month.effective_from


async def test_nobody_gets_a_letter_while_nothing_has_changed(world: World) -> None:
    _, email = await world.person()
    assert await policy_notices.tell() == 0
    assert await letters_asked(email) == []


async def test_p43_the_processor_s_record_has_one_line_for_each_company(world: World) -> None:
    first, second = await world.company(name="=Fjord & Sønn"), await world.company()
    await policies.sign(first.id, first.person_id, "Kari", "2026-11-23", "nb")
    lines = [await processing_record.line_of(company.id) for company in (first, second)]
    assert [line["agreement"] for line in lines] == ["2026-11-23", ""]
    assert lines[0]["controller"] == "=Fjord & Sønn, 923609016" and "936587720" in lines[0]["processor"]
    for line in lines:
        assert all(line[name] for name in line if name not in ("agreement", "sub_processors"))


async def test_p43_the_whole_record_counts_as_many_lines_as_there_are_companies(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    companies = [await world.company(), await world.company(name="=1+1")]

    async def these() -> AsyncIterator[UUID]:
        for company in companies:
            yield company.id

    monkeypatch.setattr(processing_record, "open_organisations", these)
    table, lines = io.StringIO(), io.StringIO()
    await write(table, as_json=False)
    await write(lines, as_json=True)
    rows = list(csv.DictReader(io.StringIO(table.getvalue())))
    assert [row["company"] for row in rows] == [str(company.id) for company in companies]
    assert rows[1]["controller"].startswith("'=1+1")
    assert [json.loads(line)["company"] for line in lines.getvalue().splitlines()] == [row["company"] for row in rows]
