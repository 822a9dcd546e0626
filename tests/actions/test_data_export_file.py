"""What is in a copy: everything of who asked, checkable, and nobody else's."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import data_exports
from domain.privacy.classification import Category
from domain.privacy.export import document_name
from models.queries.data_exports import export_of, plans
from tests.actions.exporting import account_rows, asked, copy_of, odd_shop, rows_in
from tests.actions.making import issued, line
from tests.models.test_tenancy import full_company
from tests.world import World

pytestmark = pytest.mark.usefixtures("plain_documents")


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
