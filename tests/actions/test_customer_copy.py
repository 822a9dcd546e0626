"""The copy a company's customer gets: all that is kept about them, and nothing of anybody else."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import customer_copy
from actions.attachments import Sent
from actions.clock import now
from actions.outcomes import NotFound
from actions.payments import PaymentEntry, register
from domain.privacy.export import document_name
from domain.settings import Settings
from models.ids import new_id
from models.queries.customer_copies import CopyView, copy_of, tied
from models.unit_of_work import unit_of_work
from tasks.handlers.make_customer_copy import MakeCustomerCopy
from tests.actions.making import TODAY, issued, line, saved
from tests.actions.restraining import excepted, restricted
from tests.attaching import CSV_FILE, attach
from tests.people import at
from tests.world import Company, World

pytestmark = pytest.mark.usefixtures("plain_documents")


async def asked(company: Company, customer_id: UUID, reference: str = "SF-1") -> UUID:
    async with unit_of_work(company.id) as work:
        return await customer_copy.ask(work, customer_id, reference)


async def made(company: Company, copy_id: UUID) -> CopyView:
    await MakeCustomerCopy().run({"organisation_id": str(company.id), "id": str(copy_id)})
    found = await copy_of(company.id, copy_id)
    assert found is not None and found.state == "ready"
    return found


async def opened(copy: CopyView) -> zipfile.ZipFile:
    content = b"".join([piece async for piece in customer_copy.content(copy)])
    assert (len(content), hashlib.sha256(content).digest()) == (copy.size, copy.sha256)
    return zipfile.ZipFile(io.BytesIO(content))


def rows_in(copy: zipfile.ZipFile, name: str) -> Any:
    return json.loads(copy.read(f"data/{name}.json"))


async def test_it_holds_all_about_one_customer_and_nothing_of_another(world: World) -> None:
    company = await world.company(name="Fjord =1+1 ENK")
    mine = await world.customer(company, name="../../Ærlig <b>", notes="ringer alltid", email="min@kunde.example")
    other = await world.customer(company, name="Zqannen", notes="Zqnotat", email="zqannen@kunde.example")
    for customer in (mine, other):
        done = await issued(company, customer, line("100"), send=True, note=f"til {customer}")
        assert done.number is not None, done.refusals
        await register(company.id, company.person_id, done.invoice_id, PaymentEntry(new_id(), Decimal(10), TODAY))
        unfinished = await saved(company, customer)
        await attach(company, unfinished.id, Sent("timer.csv", CSV_FILE if customer == mine else b"Zq;1"))
    copy = await opened(await made(company, await asked(company, mine)))
    everything = b"".join(copy.read(name) for name in copy.namelist()).decode()
    assert "Zq" not in everything and "zqannen" not in everything and str(other) not in everything
    assert [row["notes"] for row in rows_in(copy, "customers")] == ["ringer alltid"]
    counted = {name: len(rows_in(copy, name)) for name in ("invoices", "invoice_lines", "payments", "emails_sent")}
    assert counted == {"invoices": 2, "invoice_lines": 2, "payments": 1, "emails_sent": 1}
    (invoice,) = [row for row in rows_in(copy, "invoices") if row["number"]]
    (attached,) = rows_in(copy, "invoice_attachments")
    assert attached["name"] == "timer.csv" and copy.read(f"attachments/{attached['sha256']}.csv") == CSV_FILE
    (file,) = rows_in(copy, "invoice_files")
    pdf = copy.read(document_name(invoice["number"], "pdf"))
    assert hashlib.sha256(pdf).hexdigest() == file["sha256"]


async def test_it_is_laid_out_and_checks_out_like_the_copy_of_an_account(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, name="N" * 200)
    await issued(company, customer)
    copy = await opened(await made(company, await asked(company, customer, "SF-77")))
    names = copy.namelist()
    assert {"index.html", "README.txt", "processing-info.json", "invoices.html", "csv/customers.csv"} <= set(names)
    assert not [name for name in names if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts]
    sums = {line[66:]: line[:64] for line in copy.read("SHA256SUMS").decode().splitlines()}
    assert {name: hashlib.sha256(copy.read(name)).hexdigest() for name in sums} == sums
    assert set(sums) == set(names) - {"SHA256SUMS"}
    manifest = json.loads(copy.read("manifest.json"))
    assert (manifest["request"], manifest["subject"]["kind"]) == ("SF-77", "customer")
    assert manifest["controller"] == "Fjord Design ENK, 923609016"
    info = json.loads(copy.read("processing-info.json"))
    assert info["controller"].startswith("Fjord Design ENK") and info["processor"] and info["processing"]
    assert all(activity["controller"].startswith("Fjord Design ENK") for activity in info["processing"])
    assert "Fjord Design ENK" in copy.read("index.html").decode()


async def test_p20_no_secret_is_in_it(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    customer = await world.customer(company)
    await issued(company, customer, send=True)
    copy = await opened(await made(company, await asked(company, customer)))
    everything = b"".join(copy.read(name) for name in copy.namelist())
    token_hash = await owner.fetchval("select token_hash from invoice_link where organisation_id = $1", company.id)
    for secret in (b"$argon2", token_hash.hex().encode(), company.email.encode()):
        assert secret not in everything


async def test_every_table_that_refers_to_customers_in_the_database_is_in_it(owner: asyncpg.Connection) -> None:
    """P-31 for copies: a new table with a key to a customer, or to what is made for one, is in by that alone."""
    rows = await owner.fetch(
        "select distinct conrelid::regclass::text as name from pg_constraint where contype = 'f' "
        "and confrelid in ('customer'::regclass, 'invoice'::regclass, 'quote'::regclass, 'plan'::regclass, "
        "'restriction'::regclass)"
    )
    known, _ = tied()
    assert {row["name"] for row in rows} <= {one.plan.table for one in known}


async def test_asking_twice_for_one_request_is_asking_once(world: World) -> None:
    company, stranger = await world.company(), await world.company()
    customer = await world.customer(company)
    first = await asked(company, customer)
    assert await asked(company, customer) == first
    assert await asked(company, customer, "SF-2") != first
    await made(company, first)
    assert await asked(company, customer) == first
    assert await copy_of(company.id, first) is not None
    with pytest.raises(NotFound):
        await asked(stranger, customer)
    assert await copy_of(stranger.id, first) is None


async def only(company: Company) -> AsyncIterator[UUID]:
    """Other tests leave hundreds of companies."""
    yield company.id


async def test_it_is_fetched_five_times_at_most_and_for_three_days(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    first, second = await asked(company, customer), await asked(company, customer, "SF-2")
    assert await customer_copy.fetch(company.id, first) is None  # not ready
    for copy_id in (first, second):
        await made(company, copy_id)
    fetched = [await customer_copy.fetch(company.id, first) for _ in range(6)]
    assert [copy is not None for copy in fetched] == [True] * 5 + [False]
    file = settings.data_dir / "files" / "copies" / f"{second}.zip"
    assert file.exists()
    moment = now()
    at(monkeypatch, moment + timedelta(hours=72, minutes=1))
    monkeypatch.setattr(customer_copy, "organisations", lambda: only(company))
    assert await customer_copy.fetch(company.id, second) is None
    await customer_copy.purge()
    assert not file.exists()
    at(monkeypatch, moment + timedelta(days=366))
    await customer_copy.purge()
    assert await copy_of(company.id, second) is None


async def test_p34_an_exception_from_a_restriction_stands_in_the_customers_copy(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    await restricted(company, customer)
    await excepted(company, customer, "credit")
    copy = await opened(await made(company, await asked(company, customer)))
    everything = b"".join(copy.read(name) for name in copy.namelist() if name.startswith("data/")).decode()
    assert "Loven krever det" in everything and "Kari Kunde" in everything
