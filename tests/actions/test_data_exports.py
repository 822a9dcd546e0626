"""The copy of somebody's data: complete, checkable, and nobody else's."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import html
import io
import json
import os
import re
import signal
import sys
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import data_exports, documents, files, requests
from actions.clock import now
from actions.data_exports import Gone, TooSoon
from domain.access import Role
from domain.privacy.classification import Category
from domain.privacy.export import GIVEN, document_name, plural
from domain.privacy.requests import Kind
from domain.settings import Settings
from models.ids import new_id
from models.queries.data_exports import ExportView, export_of, plans
from models.unit_of_work import unit_of_work
from tasks.gateways.pdf import NullPdf
from tasks.renderer import PoolRenderer
from tests.actions.making import issued, line
from tests.models.test_tenancy import full_company
from tests.people import at, letters_asked, somewhere
from tests.world import Company, World

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def world(app: Any, settings: Settings) -> AsyncIterator[World]:
    """Documents are lines of text here: what is in them is tested elsewhere."""
    files.open_store(settings)
    documents.use(PoolRenderer(NullPdf()))
    made = World(app, settings)
    yield made
    await made.close()
    documents.use(None)


async def asked(company: Company, organisation_id: UUID | None) -> ExportView:
    found = await data_exports.ask(company.person_id, organisation_id, company.email, "nb", somewhere())
    assert isinstance(found, ExportView)
    return found


async def copy_of(company: Company, *, account_only: bool = False) -> zipfile.ZipFile:
    """The ZIP as the person gets it."""
    export = await asked(company, None if account_only else company.id)
    await data_exports.make(export.id)
    ready = await export_of(export.id)
    assert ready is not None and ready.state == "ready" and ready.sha256 is not None
    content = b"".join([piece async for piece in data_exports.content(ready)])
    assert (len(content), hashlib.sha256(content).digest()) == (ready.size, ready.sha256)
    return zipfile.ZipFile(io.BytesIO(content))


def rows_in(copy: zipfile.ZipFile, name: str) -> Any:
    return json.loads(copy.read(f"data/{name}.json"))


async def odd_shop(world: World) -> Company:
    company = await world.company(name="=1+1 Æøå ../../x")
    for name in ("Bjørn Ærlig", "=cmd|' /C calc'!A0", "../../etc/passwd", "N" * 200, "<b>x</b>"):
        customer = await world.customer(company, name=name, notes=f"{name}\n2\t;")
        done = await issued(company, customer, line("100"))
        assert done.number is not None, done.refusals
    await world.customer(company, name="😀 uten faktura", notes="🧾")
    return company


async def test_p17_the_copy_is_whole_and_checks_out(world: World) -> None:
    copy = await copy_of(await odd_shop(world))
    assert copy.testzip() is None
    names = copy.namelist()
    assert len(names) == len(set(names))
    assert not [name for name in names if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts]
    sums = {line[66:]: line[:64] for line in copy.read("SHA256SUMS").decode().splitlines()}
    assert set(sums) == set(names) - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256(copy.read(name)).hexdigest() == digest, name
    manifest = json.loads(copy.read("manifest.json"))
    listed = {entry["path"]: entry for entry in manifest["files"]}
    assert set(listed) == set(names) - {"SHA256SUMS", "manifest.json"}
    assert manifest["policy_version"] == "2026-02-16" and manifest["snapshot"]["isolation"] == "repeatable read"
    for path, entry in listed.items():
        if path.startswith("data/"):
            assert len(json.loads(copy.read(path))) == entry["rows"], path


async def test_p17_each_file_is_as_its_schema_says_and_the_spreadsheet_has_the_same_rows(world: World) -> None:
    copy = await copy_of(await odd_shop(world))
    manifest = json.loads(copy.read("manifest.json"))
    described = [entry for entry in manifest["files"] if "schema" in entry]
    assert len(described) > 15
    for entry in described:
        schema, rows = json.loads(copy.read(entry["schema"])), json.loads(copy.read(entry["path"]))
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert_is(rows, schema)
        for described_field in schema["items"]["properties"].values():
            assert described_field["description"] and described_field["x-legal-basis"].startswith("eu-gdpr:A6-1-")
        sheet = copy.read(entry["path"].replace("data/", "csv/").replace(".json", ".csv")).decode("utf-8-sig")
        table = list(csv.reader(io.StringIO(sheet)))
        assert len(table) == len(rows) + 1 and not [
            cell for row in table for cell in row if cell[:1] in "=+@" and cell
        ]


def assert_is(value: Any, schema: dict[str, Any]) -> None:
    """The part of JSON Schema that ours use."""
    kinds = {
        "array": list, "object": dict, "string": str, "integer": int, "boolean": bool, "null": type(None),
    }  # fmt: skip
    if "type" in schema:
        wanted = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        assert isinstance(value, tuple(kinds[kind] for kind in wanted)), (value, schema)
    if "pattern" in schema and isinstance(value, str):
        assert re.search(schema["pattern"], value), (value, schema)
    for item in value if "items" in schema else ():
        assert_is(item, schema["items"])
    if "properties" in schema:
        assert set(value) == set(schema["required"]) == set(schema["properties"])
        for name, inner in schema["properties"].items():
            assert_is(value[name], inner)


async def test_p17_every_invoice_comes_with_its_archived_document(world: World) -> None:
    copy = await copy_of(await odd_shop(world))
    invoices = rows_in(copy, "invoices")
    assert len(invoices) == 5
    for invoice in invoices:
        pdf = copy.read(document_name(invoice["number"], "pdf")).decode()
        assert invoice["number"] in pdf
    files_of = {row["sha256"] for row in rows_in(copy, "invoice_files") if row["kind"] == "pdf"}
    in_zip = {hashlib.sha256(copy.read(name)).hexdigest() for name in copy.namelist() if name.endswith(".pdf")}
    assert files_of <= in_zip


async def test_p17_a_hundred_invoices_are_all_there_in_rows_in_figures_and_in_documents(
    world: World, owner: asyncpg.Connection
) -> None:
    """`rows` are the actual rows, are the counts of the page; each PDF says its number and total; no path escapes."""
    company = await world.company(name="Æ=1+1 ../../x")
    names = ("Bjørn Ærlig", "=1+1", "../../x", "N" * 200, "<b>@SUM(A1)</b>")
    customers = [await world.customer(company, name=name, notes="🧾 😀") for name in names]
    for at_most in range(20):
        for customer in customers:
            done = await issued(company, customer, line(f"{at_most + 1}.50"))
            assert done.number is not None, done.refusals
    copy = await copy_of(company)
    assert copy.testzip() is None
    assert not [name for name in copy.namelist() if name.startswith("/") or ".." in PurePosixPath(name).parts]
    manifest = json.loads(copy.read("manifest.json"))
    for table, name in (("invoice", "invoices"), ("invoice_line", "invoice_lines"), ("customer", "customers")):
        there = await owner.fetchval(f"select count(*) from {table} where organisation_id = $1", company.id)
        assert there == manifest["counts"][name] == len(rows_in(copy, name))
    page = (await company.get("/account/export")).text
    total = sum(count for name, count in manifest["counts"].items())
    assert "100 invoices and credit notes" in page and f"{total} rows in all" in page
    for invoice in rows_in(copy, "invoices"):
        pdf = copy.read(document_name(invoice["number"], "pdf")).decode()
        assert f" {invoice['number']} " in pdf and invoice["gross"].replace(".", ",") in pdf


async def test_p17_the_pages_need_no_network_and_take_nothing_for_markup(world: World) -> None:
    copy = await copy_of(await odd_shop(world))
    for name in [name for name in copy.namelist() if name.endswith(".html")]:
        page = copy.read(name).decode()
        assert "<script" not in page and "<b>x</b>" not in page
        for address in re.findall(r"(?:href|src)=\"([^\"]+)\"", page):
            assert not re.match(r"\w+:|/", address), address
            assert html.unescape(address) in copy.namelist(), address


async def test_p05_the_vat_summary_adds_up_to_the_invoices(world: World) -> None:
    copy = await copy_of(await odd_shop(world))
    invoices = rows_in(copy, "invoices")
    for column, total in (("vat", "vat"), ("net", "base")):
        assert sum(Decimal(invoice[column]) for invoice in invoices) == sum(
            Decimal(row[total]) for row in rows_in(copy, "vat_summary")
        )


async def test_p20_no_secret_and_nobody_else_s_data_is_in_it(world: World, owner: asyncpg.Connection) -> None:
    other = await world.company(name="Zqannenbedrift")
    await issued(other, await world.customer(other, name="Zqannenkunde"))
    company = await full_company(world)
    copy = await copy_of(company)
    everything = b"".join(copy.read(name) for name in copy.namelist())
    for secret in (b"$argon2", b"Zqannen", str(other.id).encode(), str(other.person_id).encode()):
        assert secret not in everything
    hashes = await owner.fetch(
        "select id_hash as secret from session where person_id = $1 union all "
        "select csrf_secret from session where person_id = $1 union all "
        "select token_hash from invoice_link where organisation_id = $2",
        company.person_id, company.id,
    )  # fmt: skip
    assert len(hashes) >= 3
    for row in hashes:
        assert row["secret"].hex().encode() not in everything


LONG_ENOUGH = 12


async def plant(owner: asyncpg.Connection, table: str, column: str, where: str, key: UUID) -> str | None:
    """Write a canary into the column of the person's or company's rows, past triggers and walls; the canary, or None
    where the column can not hold one (a code, or words from a list). Nor is it one of PostgreSQL's own words, which every
    statement about all companies would stumble over afterwards."""
    if column == "time_zone":
        return None
    canary = f"zq7{hashlib.sha256(f'{table}.{column}'.encode()).hexdigest()[:8]}"
    try:
        async with owner.transaction():
            await owner.execute("set local session_replication_role = replica")
            done = await owner.execute(f'update "{table}" set "{column}" = $2 where {where} = $1', key, canary)
    except (asyncpg.CheckViolationError, asyncpg.StringDataRightTruncationError, asyncpg.UniqueViolationError):
        return None
    return canary if done != "UPDATE 0" else ""


async def test_p24_a_canary_in_every_personal_column_is_found_in_the_copy_and_in_nothing_that_is_withheld(
    world: World, owner: asyncpg.Connection
) -> None:
    """The export half of P-24 and P-31: a new table or column is planted and looked for by itself."""
    company = await full_company(world)
    await account_rows(company)
    export = await asked(company, company.id)
    own, tenant, _ = plans(company.id)
    planted: dict[str, str] = {}
    withheld: dict[str, str] = {}
    empty = []
    for plan in (*own, *tenant):
        where = (
            "id" if plan.table in ("person", "organisation") else "person_id" if plan in own else "organisation_id"
        )
        key = company.person_id if plan in own else company.id
        for source in (*plan.columns, *plan.withheld):
            if source.kind != "text" or source.known.category is Category.TECHNICAL:
                continue
            canary = await plant(owner, plan.table, source.column, where, key)
            if canary == "":
                empty.append(plan.table)
            elif canary is not None:
                (withheld if source in plan.withheld else planted)[f"{plan.table}.{source.column}"] = canary
    assert empty == [], "every table must have a row, or nobody knows that it is exported"
    assert len(planted) > 70 and {"person.name", "customer.email", "invoice_line.description"} <= set(planted)
    await data_exports.make(export.id)
    ready = await export_of(export.id)
    assert ready is not None
    content = b"".join([piece async for piece in data_exports.content(ready)])
    copy = zipfile.ZipFile(io.BytesIO(content))
    data = b"".join(copy.read(name) for name in copy.namelist() if name.startswith("data/")).decode()
    sheets = b"".join(copy.read(name) for name in copy.namelist() if name.startswith("csv/")).decode()
    assert {name for name, canary in planted.items() if canary not in data} == set()
    assert {name for name, canary in planted.items() if canary not in sheets} == set()
    assert {name for name, canary in withheld.items() if canary in data} == set()


async def account_rows(company: Company) -> None:
    """One row in each table of accounts that has none yet."""
    moment = now()
    values: dict[str, dict[str, Any]] = {
        "account_token": {"token_hash": new_id().bytes * 2, "purpose": "confirm_email", "expires_at": moment},
        "account_message": {"id": new_id(), "kind": "sign_up", "email": "x", "language": "nb", "message_id": "<x@y>",
                            "attempts": 0, "problem": "x"},
        "security_event": {"id": new_id(), "kind": "signed_in", "at": moment, "ip_prefix": "", "browser": ""},
        "acknowledgement": {"id": new_id(), "document": "terms", "version": "2026-11-23", "kind": "accepted",
                            "language": "nb", "fingerprint": b"x", "at": moment},
        "account_restriction": {"id": new_id(), "ground": "a", "begun_at": moment},
        "consent_event": {"consent_id": "0" * 32, "action": "save", "surface": "banner", "revision": 1, "browser": "x",
                          "answers_before": "x", "answers_after": "x", "path": "x", "at": moment},
        "objection": {"id": new_id(), "purpose": "news", "state": "upheld", "source": "account", "raised_at": moment},
    }  # fmt: skip
    await requests.ask(company.person_id, Kind.OTHER, "x")
    async with unit_of_work(None, company.person_id) as work:
        for table, columns in values.items():
            filled = {"person_id": company.person_id, **columns}
            if not {"at", "begun_at", "raised_at"} & set(columns):
                filled["created_at"] = moment
            places = ", ".join(f"${n}" for n in range(1, len(filled) + 1))
            await work.connection.execute(
                f"insert into {table} ({', '.join(filled)}) values ({places})", *filled.values()
            )


async def test_what_is_withheld_is_said(world: World) -> None:
    manifest = json.loads((await copy_of(await full_company(world))).read("manifest.json"))
    said = " ".join(entry["what"] for entry in manifest["withheld"])
    for name in ("person.password_hash", "session.id_hash", "invoice_link.token_hash", "search_word.word", "attempt"):
        assert name in said
    assert "names of other members" in said


async def test_the_copy_says_what_article_15_asks_for(world: World) -> None:
    info = json.loads((await copy_of(await world.company(), account_only=True)).read("processing-info.json"))
    for name in ("processing", "rights", "complaint", "source", "automated_decisions", "transfers", "controller"):
        assert info[name]
    assert all(activity["deletion"] and activity["legal_basis"] for activity in info["processing"])


async def test_a_copy_of_the_account_alone_has_no_company_in_it(world: World) -> None:
    company = await full_company(world)
    copy = await copy_of(company, account_only=True)
    assert {"data/account.json", "data/memberships.json", "data/sessions.json"} <= set(copy.namelist())
    assert not {"data/customers.json", "data/invoices.json", "data/business.json", "invoices.html"} & set(
        copy.namelist()
    )
    assert rows_in(copy, "account")[0]["email"] == company.email


async def test_p21_a_worker_killed_at_any_point_leaves_nothing_half_and_the_job_ends_well(
    world: World, settings: Settings, owner: asyncpg.Connection
) -> None:
    company = await odd_shop(world)
    export = await asked(company, company.id)
    for point in ("export.written", "export.stored"):
        assert await run_worker(export.id, settings, point) == -signal.SIGKILL
        found = await export_of(export.id)
        assert found is not None and found.state == "making" and found.sha256 is None
        assert await data_exports.link(export.id, company.person_id) is None
    assert await run_worker(export.id, settings, "") == 0
    ready = await export_of(export.id)
    assert ready is not None and ready.state == "ready"
    content = b"".join([piece async for piece in data_exports.content(ready)])
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    # The job runs again, as after a lost heartbeat: nothing happens, and nobody gets a second letter.
    await data_exports.make(export.id)
    assert (await letters_asked(company.email)).count("export_ready") == 1
    assert await owner.fetchval("select count(*) from data_export where person_id = $1", company.person_id) == 1


async def run_worker(export_id: UUID, settings: Settings, failpoint: str) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.tasks.standins.make_export", str(export_id), cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "SMARTFAKTURA_DATA_DIR": str(settings.data_dir),
            "SMARTFAKTURA_DATABASE_URL": settings.database_url or "",
            "SMARTFAKTURA_FAILPOINT": f"{failpoint}:kill" if failpoint else "",
            "SMARTFAKTURA_TESTING": "1",
        },
    )  # fmt: skip
    return await process.wait()


async def test_one_copy_a_day_and_two_clicks_are_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    company = await world.company()
    first, second = await asyncio.gather(asked(company, company.id), asked(company, company.id))
    assert first.id == second.id
    await data_exports.make(first.id)
    refused = await data_exports.ask(company.person_id, company.id, company.email, "nb", somewhere())
    assert isinstance(refused, TooSoon)
    moment = now()
    at(monkeypatch, moment + timedelta(hours=24, minutes=1))
    assert (await asked(company, company.id)).id != first.id


async def test_p19_after_three_days_the_file_is_gone_from_the_disk(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    export = await asked(company, company.id)
    await data_exports.make(export.id)
    file = settings.data_dir / "files" / "exports" / f"{export.id}.zip"
    token = await data_exports.link(export.id, company.person_id)
    assert file.exists() and token is not None
    moment = now()
    at(monkeypatch, moment + timedelta(hours=72, minutes=1))
    assert isinstance(await data_exports.fetch(token, company.person_id, somewhere()), Gone)
    assert await data_exports.purge_files() >= 1
    assert not file.exists()
    assert await data_exports.link(export.id, company.person_id) is None
    at(monkeypatch, moment + timedelta(days=366))
    assert await data_exports.purge_notes() >= 1
    assert await export_of(export.id) is None


async def test_a_copy_is_fetched_five_times_at_most(world: World) -> None:
    company = await world.company()
    export = await asked(company, None)
    await data_exports.make(export.id)
    token = await data_exports.link(export.id, company.person_id) or ""
    for _ in range(5):
        assert isinstance(await data_exports.fetch(token, company.person_id, somewhere()), ExportView)
    assert isinstance(await data_exports.fetch(token, company.person_id, somewhere()), Gone)


async def test_p29_a_member_who_may_not_change_the_company_takes_only_the_account(world: World) -> None:
    viewer = await world.company(role=Role.VIEWER)
    page = (await viewer.get("/account/export")).text
    assert "An owner or administrator" in html.unescape(page)
    await viewer.post("/account/export")
    async with unit_of_work(None, viewer.person_id) as work:
        row = await work.connection.fetchrow("select * from data_export where person_id = $1", viewer.person_id)
    assert row["company_id"] is None


@pytest.mark.parametrize(
    ("number", "path"),
    [("1042", "invoices/1042.pdf"), ("2027-0001", "invoices/2027-0001.pdf"), ("../x/\\y", "invoices/-x-y.pdf")],
)
def test_the_name_of_a_document_stays_in_its_folder(number: str, path: str) -> None:
    assert document_name(number, "pdf") == path


def test_names_of_files_are_plurals_and_what_people_gave_is_portable() -> None:
    assert [plural(name) for name in ("quote", "company", "number_series")] == [
        "quotes",
        "companies",
        "number_series",
    ]
    assert Category.USAGE not in GIVEN and Category.CUSTOMER in GIVEN
