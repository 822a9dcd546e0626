"""A canary in every personal column and file: deleted with its account, kept only where the law says, gone after that."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import (
    account_deliveries,
    closed_companies,
    erasure_run,
    files,
    old_documents,
    unused_customers,
)
from actions.account_letters import prepare_account_message
from actions.attachments import Sent
from actions.clock import now
from domain.privacy.classification import Erase
from domain.privacy.erasure import MIXED, Fate
from models.ids import new_id
from models.queries.erasures import account_parts, company_parts
from models.register import register
from models.tables import REFERENCE_TABLES, TABLES, TENANT_TABLES
from models.unit_of_work import unit_of_work
from tests.actions.erasing import DAYS_15, ask
from tests.actions.exporting import account_rows
from tests.actions.making import saved
from tests.attaching import attach
from tests.models.test_tenancy import full_company, tenant_column
from tests.people import at
from tests.world import Company, World

pytestmark = pytest.mark.usefixtures("own_ledger")

TENANTS = {table._meta.tablename for table in TENANT_TABLES}
# Of these the law keeps some rows whole, as domain.privacy.erasure.MIXED says of each.
KEPT_WHOLE = {part.table for parts in MIXED.values() for part in parts if part.fate is Fate.HELD}


def own_column(table: str) -> str | None:
    """By which column a row says whose it is; None for what belongs to nobody."""
    if table in TENANTS:
        return tenant_column(table)
    if table == "person":
        return "id"
    return "person_id" if any(f.table == table and f.column == "person_id" for f in register().fields) else None


def test_p31_every_table_of_a_company_or_a_person_has_its_fate() -> None:
    """A table that is added to the map is deleted, kept or named as naming nobody; nothing is forgotten."""
    known = {part.table for part in (*company_parts(), *account_parts())}
    nameless = {
        table._meta.tablename
        for table in TABLES
        if all(field.known.erase is Erase.KEEP for field in register().fields if field.table == table._meta.tablename)
    }
    facts = {table._meta.tablename for table in REFERENCE_TABLES}
    of_nobody = {table._meta.tablename for table in TABLES if own_column(table._meta.tablename) is None}
    assert {table._meta.tablename for table in TABLES} - known - nameless - facts - of_nobody == set()


async def plant(owner: asyncpg.Connection, company: Company, canary: str) -> tuple[set[str], set[str]]:
    """Write the canary into every personal text of the company and its owner, past triggers and walls. The columns that
    hold it now, and the tables that had no row for it."""
    rows = await owner.fetch(
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'public'"
    )
    kinds = {(row["table_name"], row["column_name"]): row["data_type"] for row in rows}
    planted, empty = set(), set()
    for table in register().tables:
        whose = own_column(table)
        columns = [
            field.column
            for field in register().fields
            if field.table == table
            and field.is_personal
            and kinds[table, field.column] in WRITTEN
            and field.column != "time_zone"  # days are counted in it
        ]
        if whose is None or not columns:
            continue
        key = company.id if table in TENANTS else company.person_id
        sets = {column: WRITTEN[kinds[table, column]].format(column=column, canary=canary) for column in columns}
        # All at once, or where one of them is a code or a word from a list, each by itself.
        written = await write(owner, table, sets, whose, key) or [
            one for column, value in sets.items() for one in await write(owner, table, {column: value}, whose, key)
        ]
        planted |= {f"{table}.{column}" for column in written if kinds[table, column] != "jsonb"}
        if not await owner.fetchval(f'select exists (select from "{table}" where "{whose}" = $1)', key):
            empty.add(table)
    return planted, empty


CONTACT = '{{"zq": "{canary}", "email": "{canary}", "phone": "{canary}"}}'
WRITTEN = {
    "text": "'{canary}'",
    "character varying": "'{canary}'",
    "jsonb": 'case when jsonb_typeof("{column}") = \'object\' then "{column}" || \''
    + CONTACT
    + '\' else "{column}" end',
}


async def write(owner: asyncpg.Connection, table: str, sets: dict[str, str], whose: str, key: UUID) -> list[str]:
    """The columns that were written; none when one of them could not be."""
    values = ", ".join(f'"{column}" = {value}' for column, value in sets.items())
    try:
        async with owner.transaction():
            await owner.execute("set local session_replication_role = replica")
            await owner.execute(f'update "{table}" set {values} where "{whose}" = $1', key)
    except (asyncpg.CheckViolationError, asyncpg.StringDataRightTruncationError, asyncpg.UniqueViolationError):
        return []
    return list(sets)


async def found_in(owner: asyncpg.Connection, canary: str) -> set[str]:
    """Every column of every table in which the canary is to be read, jobs and their log included."""
    rows = await owner.fetch(
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'public'"
    )
    found = set()
    for table in {row["table_name"] for row in rows}:
        columns = [row for row in rows if row["table_name"] == table]
        texts = ", ".join(
            f'coalesce(bool_or({_text(row)} like $1), false) as "{row["column_name"]}"' for row in columns
        )
        hit = await owner.fetchrow(f'select {texts} from "{table}"', f"%{canary}%")
        found |= {f"{table}.{column}" for column, here in hit.items() if here}
    return found


def _text(row: Any) -> str:
    name = f'"{row["column_name"]}"'
    return f"encode({name}, 'escape')" if row["data_type"] == "bytea" else f"{name}::text"


async def test_p24_p31_what_is_personal_goes_but_what_the_law_keeps_and_that_goes_after_its_time(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    company = await full_company(world)
    await account_rows(company)
    await owner.execute(
        "update restriction set lifted_at = now(), lifting_reason = 'x', told = 'x' where organisation_id = $1",
        company.id,
    )
    await owner.execute("update customer set restricted_at = null where organisation_id = $1", company.id)
    await owner.execute("update legal_hold set lifted_at = now() where organisation_id = $1", company.id)
    canary = f"zq{uuid.uuid4().hex[:8]}"
    export_id, logo = new_id(), await files.put(company.id, f"{canary} logo".encode())
    await owner.execute(
        "insert into data_export (id, person_id, company_id, state, asked_at, progress, expires_at, size, counts, "
        "downloads) values ($1, $2, $3, 'ready', now(), 100, now(), 1, '{}', 0)",
        export_id, company.person_id, company.id,
    )  # fmt: skip
    await files.put_named(f"exports/{export_id}.zip", f"{canary} copy".encode())
    await owner.execute("update organisation set logo_sha256 = $2 where id = $1", company.id, logo)
    unfinished = await saved(company, None)
    await attach(company, unfinished.id, Sent("a.csv", f"{canary};1".encode()))
    planted, empty = await plant(owner, company, canary)
    assert empty == set(), "every table must have a row, or nobody knows that it is deleted"
    assert len(planted) > 70
    assert planted <= await found_in(owner, canary)

    erasure_id = await ask(company)
    at(monkeypatch, now() + DAYS_15)
    await erasure_run.execute(erasure_id)
    assert await prepare_account_message(erasure_id) is not None
    await account_deliveries.record_sent(erasure_id)
    # What is classified as kept names nobody, but for the canary: the proof of an answer about cookies.
    kept = {f"{field.table}.{field.column}" for field in register().erased(Erase.KEEP)}
    held = kept | {f"{field.table}.{field.column}" for field in register().erased(Erase.HOLD)}
    left = await found_in(owner, canary)
    assert {name for name in left - held if name.partition(".")[0] not in KEPT_WHOLE} == set()
    assert {"invoice.customer_name", "invoice.buyer", "invoice_line.description"} <= left
    # None of the customers is restricted, so nothing of the register stays.
    assert not {name for name in left if name.startswith(("customer.", "correction.", "person.", "organisation."))}
    contacts = await owner.fetchval(
        "select count(*) from invoice where organisation_id = $1 and (buyer->>'email' <> '' or seller->>'phone' <> '')",
        company.id,
    )
    assert contacts == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file() and canary.encode() in path.read_bytes()] == []

    await past_the_hold(owner, monkeypatch, company)
    assert await found_in(owner, canary) - kept == set()


async def past_the_hold(owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, company: Company) -> None:
    """Twenty years later, for this company: also by the database's own day."""
    later = now() + timedelta(days=20 * 366)
    at(monkeypatch, later)
    today = await owner.fetchval("select pg_get_functiondef('legal_today'::regproc)")
    await owner.execute(
        "create or replace function legal_today() returns date language sql stable as "
        f"'select date ''{date(later.year, 1, 1)}'''"
    )
    try:
        while await old_documents._let_go_batch(company.id):
            pass
        while await closed_companies._batch(company.id):
            pass
        async with unit_of_work(company.id) as work:
            await unused_customers._purge_batch(work, now())
    finally:
        await owner.execute(today)
