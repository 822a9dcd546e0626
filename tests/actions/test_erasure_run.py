"""A deletion carried out: complete, resumable, certified, and nobody else's."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import (
    erasure_run,
    request_retention,
    requests,
)
from actions.clock import now
from actions.restrictions import Wish, restrict
from actions.sign_in import Wrong, sign_in
from domain.privacy.requests import Decision, Kind
from domain.privacy.restriction import Scope
from domain.privacy.retention import REQUEST_CONTENT
from domain.settings import Settings
from models.audit_chain import first_fault
from models.unit_of_work import reading, unit_of_work
from tests.actions.erasing import DAYS_15, Killed, ask
from tests.actions.making import issued
from tests.models.test_tenancy import full_company
from tests.people import at, somewhere
from tests.world import PASSWORD, Company, World

pytestmark = pytest.mark.usefixtures("own_ledger")

ROOT = Path(__file__).resolve().parents[2]


async def figures(owner: asyncpg.Connection, erasure_id: UUID) -> dict[str, int]:
    rows = await owner.fetch(
        "select e.kind, s.name, s.rows, s.done_at from erasure_step s join erasure e on e.id = s.erasure_id "
        "where e.id = $1 or e.with_id = $1", erasure_id,
    )  # fmt: skip
    assert all(row["done_at"] is not None for row in rows)
    return {f"{row['kind']}.{row['name']}": row["rows"] for row in rows}


async def test_p25_on_day_fifteen_the_address_is_as_unknown_as_any(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    company = await full_company(world)
    erasure_id = await ask(company)
    at(monkeypatch, now() + timedelta(days=13))
    await erasure_run.execute(erasure_id)
    assert await owner.fetchval("select email from person where id = $1", company.person_id) == company.email
    at(monkeypatch, now() + DAYS_15)
    assert await erasure_run.queue_due() >= 1
    await erasure_run.execute(erasure_id)
    assert await sign_in(company.email, PASSWORD, somewhere()) == Wrong()
    person = await owner.fetchrow("select * from person where id = $1", company.person_id)
    assert person["name"].startswith("deleted-") and person["email"] == "" and person["password_hash"] == ""
    assert (await owner.fetchrow("select state from erasure where id = $1", erasure_id))["state"] == "done"


async def test_p28_the_audit_trail_holds_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    company = await full_company(world)
    erasure_id = await ask(company)
    at(monkeypatch, now() + DAYS_15)
    await erasure_run.execute(erasure_id)
    async with reading(company.id) as work:
        assert await first_fault(work) is None
    last = await owner.fetchval(
        "select action from audit_event where organisation_id = $1 order by seq desc limit 1", company.id
    )
    assert last == "organisation.erased"


async def test_p27_killed_at_five_places_it_ends_with_the_same_figures(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    whole, broken = await full_company(world), await full_company(world)
    uninterrupted, interrupted = await ask(whole), await ask(broken)
    at(monkeypatch, now() + DAYS_15)
    await erasure_run.execute(uninterrupted)
    passed = 0
    stops = {2, 9, 16, 23, 29}

    async def dies(name: str) -> None:
        nonlocal passed
        passed += 1
        if passed in stops:
            raise Killed

    monkeypatch.setattr(erasure_run, "failpoint", dies)
    monkeypatch.setattr(erasure_run, "BATCH", 1)
    for _ in stops:
        with pytest.raises(Killed):
            await erasure_run.execute(interrupted)
    await erasure_run.execute(interrupted)
    before = await figures(owner, uninterrupted)
    assert await figures(owner, interrupted) == before and sum(before.values()) > 10
    await erasure_run.execute(interrupted)
    assert await figures(owner, interrupted) == before


async def test_p29_colleagues_and_other_companies_are_as_they_were(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    neighbour, leaver = await full_company(world), await world.company()
    async with unit_of_work(neighbour.id, leaver.person_id) as work:
        await work.connection.execute(
            "insert into membership (organisation_id, person_id, role, created_at) values ($1, $2, 'bookkeeper', now())",
            neighbour.id, leaver.person_id,
        )  # fmt: skip
    before = await contents(owner, neighbour)
    erasure_id = await ask(leaver)
    at(monkeypatch, now() + DAYS_15)
    await erasure_run.execute(erasure_id)
    after = await contents(owner, neighbour)
    trails = {"membership", "audit_event", "audit_head"}
    assert {name: rows for name, rows in before.items() if name not in trails} == {
        name: rows for name, rows in after.items() if name not in trails
    }
    assert len(after["membership"]) == len(before["membership"]) - 1 == 1


async def contents(owner: asyncpg.Connection, company: Company) -> dict[str, list[Any]]:
    tables = await owner.fetch(
        "select table_name from information_schema.columns where column_name = 'organisation_id' "
        "and table_schema = 'public'"
    )
    return {
        row["table_name"]: sorted(
            str(dict(found))
            for found in await owner.fetch(
                f'select * from "{row["table_name"]}" where organisation_id = $1', company.id
            )
        )
        for row in tables
    }


async def test_what_is_issued_stays_as_it_is_and_no_longer_opens(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    done = await issued(company, customer, send=True)
    invoice = await owner.fetchrow("select * from invoice where id = $1", done.invoice_id)
    erasure_id = await ask(company)
    at(monkeypatch, now() + DAYS_15)
    await erasure_run.execute(erasure_id)
    after = await owner.fetchrow("select * from invoice where id = $1", done.invoice_id)
    parties = {"seller", "buyer"}
    assert [value for name, value in invoice.items() if name not in parties] == [
        value for name, value in after.items() if name not in parties
    ]
    for party in parties:
        was, is_now = json.loads(invoice[party]), json.loads(after[party])
        assert is_now == {**was, "email": "", "phone": ""}
    for table in ("invoice_link", "message", "membership", "search_word"):
        count = await owner.fetchval(f"select count(*) from {table} where organisation_id = $1", company.id)
        assert count == 0, table
    left = await owner.fetchrow("select * from customer where id = $1", customer)
    assert (left["name"], left["email"], left["address_line1"]) == ("", "", "")


async def test_the_database_itself_lets_nothing_go_of_a_company_that_is_not_being_deleted(world: World) -> None:
    """P-12: what is granted for deletions takes nothing elsewhere."""
    company = await full_company(world)
    async with unit_of_work(company.id) as work:
        for table in ("message", "invoice_link", "agreement", "plan_run", "transmission"):
            assert await work.connection.execute(f"delete from {table} where organisation_id = $1", company.id) == (
                "DELETE 0"
            )
    for statement in (
        "update invoice set buyer = buyer || '{\"name\": \"x\"}' where organisation_id = $1 and state <> 'draft'",
        "delete from invoice where organisation_id = $1 and state <> 'draft'",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            async with unit_of_work(company.id) as work:
                await work.connection.execute(statement, company.id)


KILLED = """
import asyncio, os, sys
from uuid import UUID
from actions import erasure_run, files, instance
from domain.settings import from_env
from models.engine import open_pool

async def main(erasure_id):
    settings = from_env(os.environ, ".")
    instance.begin(settings)
    files.open_store(settings)
    await open_pool(settings.database_url, 2)
    await erasure_run.execute(erasure_id)

asyncio.run(main(UUID(sys.argv[1])))
"""


async def test_p27_a_process_killed_with_signal_nine_leaves_nothing_half_done(
    world: World, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    await issued(company, await world.customer(company))
    erasure_id, later = await ask(company), now() + DAYS_15
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(erasure_id), cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SMARTFAKTURA_DATA_DIR": str(tmp_path),
            "SMARTFAKTURA_DATABASE_URL": settings.database_url or "",
            "SMARTFAKTURA_TEST_CLOCK": later.isoformat(),
            "SMARTFAKTURA_FAILPOINT": "erasure.counted:kill",
            "SMARTFAKTURA_TESTING": "1",
        },
    )  # fmt: skip
    assert await process.wait() == -9
    assert await owner.fetchval("select email from person where id = $1", company.person_id) == company.email
    at(monkeypatch, later)
    await erasure_run.execute(erasure_id)
    assert await owner.fetchval("select email from person where id = $1", company.person_id) == ""
    steps = await figures(owner, erasure_id)
    assert steps["company.emptied.customer"] == 1 and steps["company.contacts"] == 1


async def test_p33_a_customer_whose_data_is_restricted_waits_until_that_is_lifted(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    """They may need it for a claim (Art. 18(1)(c)); the certificate says that it is kept."""
    company = await world.company()
    restricted, other = await world.customer(company, name="Holdt AS"), await world.customer(company, name="Ny AS")
    async with unit_of_work(company.id, company.person_id) as work:
        await restrict(work, Scope.CUSTOMER, restricted, Wish("c", "Holdt AS"))
    erasure_id = await ask(company)
    at(monkeypatch, now() + DAYS_15)
    await erasure_run.execute(erasure_id)
    names = {row["id"]: row["name"] for row in await owner.fetch(
        "select id, name from customer where organisation_id = $1", company.id
    )}  # fmt: skip
    assert names == {restricted: "Holdt AS"} and other not in names
    told = json.loads(await owner.fetchval("select certificate from erasure where id = $1", erasure_id))
    assert {"restricted_customer", "standing_restriction"} <= {line["what"] for line in told["companies"][0]["held"]}


async def test_p39_requests_stay_their_three_years_without_who_asked(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    """That somebody asked, when, and how it ended must be shown; who it was need not (Art. 5(2), 17)."""
    company = await world.company()
    refused = await requests.ask(company.person_id, Kind.OTHER, "Zq: hvem har sett fakturaene mine?")
    await requests.decide(refused.id, company.person_id, Decision.REFUSED, "Zq: det vet vi ikke")
    still_open = await requests.ask(company.person_id, Kind.ACCESS, "")
    pasted = await requests.register(company.person_id, Kind.OTHER, company.email.upper(), "Zq", "nb", now())
    erasure_id = await ask(company)
    at(monkeypatch, now() + DAYS_15)
    await erasure_run.execute(erasure_id)
    ids = [refused.id, still_open.id, pasted.id]
    kept = await owner.fetch("select * from rights_request where id = any($1) order by received_at", ids)
    assert [(row["kind"], row["state"]) for row in kept] == [
        ("other", "refused"), ("access", "withdrawn"), ("other", "withdrawn")
    ]  # fmt: skip
    for row, filed in zip(kept, (refused, still_open, pasted), strict=True):
        assert row["due_on"] == filed.due_on and row["closed_at"] is not None
        assert row["reference"] != filed.reference and row["person_id"] is row["handled_by"] is None
        assert (row["email"], row["text"], row["letters"]) == ("", "", "[]") and "Zq" not in row["reasons"]
    at(monkeypatch, now() + REQUEST_CONTENT + timedelta(days=1))
    await request_retention.purge_ours()
    emptied = await owner.fetch("select emptied_at from rights_request where id = any($1)", ids)
    assert all(row["emptied_at"] is not None for row in emptied)
