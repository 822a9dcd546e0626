"""Issued documents and the end of their time: kept to the day, then gone with all that goes with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import documents, files, old_documents, payments, restrictions
from actions.invoices import issue
from actions.payments import PaymentEntry
from actions.restrictions import Wish
from actions.retention_run import Line, run
from domain.privacy.accounting import LAWS, kept_until
from domain.privacy.restriction import Scope
from domain.settings import Settings
from models.audit_chain import first_fault
from models.ids import new_id
from models.migrate import set_legal_day
from models.unit_of_work import reading, unit_of_work
from tasks.handlers.drop_files import DropFiles
from tasks.retention import report
from tests.actions.making import TODAY, issued, line, saved
from tests.attaching import CSV_FILE, attach
from tests.people import at
from tests.world import Company, World

pytestmark = pytest.mark.usefixtures("plain_documents")

OLD, NEWER = date(2018, 12, 31), date(2019, 1, 1)
LATER = datetime(2024, 1, 1, 12, tzinfo=UTC)


async def issued_on(
    monkeypatch: pytest.MonkeyPatch, company: Company, customer: UUID, day: date, price: str = "100"
) -> UUID:
    at(monkeypatch, datetime(day.year, day.month, day.day, 11, tzinfo=UTC))
    done = await issued(company, customer, line(price), delivery_from=day)
    assert done.number is not None, done.refusals
    return done.invoice_id


async def swept(
    monkeypatch: pytest.MonkeyPatch, moment: datetime, company: Company | None = None, *, dry_run: bool = False
) -> Line:
    """A run at that moment, through all companies or, as other tests leave hundreds, only through this one."""
    at(monkeypatch, moment)
    if company is not None:
        monkeypatch.setattr(old_documents, "_companies", lambda: only(company))
    (found,) = await run(dry_run=dry_run, confirmed=True, only={"issued_documents"})
    return found


async def only(company: Company) -> AsyncIterator[UUID]:
    yield company.id


async def left_of(owner: asyncpg.Connection, company: Company) -> set[UUID]:
    rows = await owner.fetch("select id from invoice where organisation_id = $1", company.id)
    return {row["id"] for row in rows}


async def test_p11_the_database_counts_as_the_law_table_does(owner: asyncpg.Connection) -> None:
    """Leap years, the first and the last day of each month, every month in which a year may end, every country."""
    firsts = [date(year, month, 1) for year in (2020, 2023) for month in range(1, 13)]
    days = [day - timedelta(days=back) for day in firsts for back in (0, 1)]
    asked = [(day, country, month) for day in days for country in (*LAWS, "XX") for month in range(1, 13)]
    rows = await owner.fetch(
        "select kept_until(d, c, m) as found "
        "from unnest($1::date[], $2::text[], $3::int[]) with ordinality t (d, c, m, n) order by n",
        *(list(column) for column in zip(*asked, strict=True)),
    )  # fmt: skip
    assert [row["found"] for row in rows] == [kept_until(*one) for one in asked]


async def test_p10_p11_kept_to_the_last_day_of_its_year_and_gone_on_the_next(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of 31 December and one of 1 January: their ends lie a year apart. A second run deletes nothing."""
    company = await world.company()
    customer = await world.customer(company)
    old = await issued_on(monkeypatch, company, customer, OLD)
    newer = await issued_on(monkeypatch, company, customer, NEWER)
    ends = await owner.fetch(
        "select kept_until from invoice where organisation_id = $1 order by issued_on", company.id
    )
    assert [row["kept_until"] for row in ends] == [date(2023, 12, 31), date(2024, 12, 31)]
    await swept(monkeypatch, LATER - timedelta(days=1), company)
    assert await left_of(owner, company) == {old, newer}
    looked = await swept(monkeypatch, LATER, company, dry_run=True)
    assert looked.due >= 1 and looked.gone == 0 and await left_of(owner, company) == {old, newer}
    assert (await swept(monkeypatch, LATER, company)).gone == looked.due
    assert await left_of(owner, company) == {newer}
    again = await swept(monkeypatch, LATER, company)
    assert (again.due, again.gone) == (0, 0)
    await swept(monkeypatch, LATER.replace(year=2025), company)
    assert await left_of(owner, company) == set()


async def test_p11_p40_a_year_of_its_own_counts_and_is_never_shortened_afterwards(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company(accounting_year_ends=6)
    invoice_id = await issued_on(monkeypatch, company, await world.customer(company), date(2018, 8, 1))
    async with unit_of_work(company.id) as work:
        await work.connection.execute(
            "update organisation set accounting_year_ends = 12, country = 'DK' where id = $1", company.id
        )
    until = await owner.fetchval("select kept_until from invoice where id = $1", invoice_id)
    assert until == date(2024, 6, 30)
    with pytest.raises(asyncpg.PostgresError):
        async with unit_of_work(company.id) as work:
            await work.connection.execute("update invoice set kept_until = '2020-01-01' where id = $1", invoice_id)


async def test_p12_sql_as_the_app_is_refused_with_the_date_and_a_wrong_clock_deletes_nothing(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    invoice_id = (await issued(company, await world.customer(company))).invoice_id
    await documents.rendered(company.id, invoice_id)
    until = await owner.fetchval("select kept_until from invoice where id = $1", invoice_id)
    for statement, said in (
        ("delete from invoice where id = $1", f"by law until {until}"),
        ("delete from invoice_line where invoice_id = $1", "never change"),
        ("delete from invoice_file where invoice_id = $1", "permission denied"),
    ):
        with pytest.raises(asyncpg.PostgresError) as refused:
            async with unit_of_work(company.id) as work:
                await work.connection.execute(statement, invoice_id)
        assert said in str(refused.value)
    for statement in ("delete from invoice_file where invoice_id = $1", "delete from invoice where id = $1"):
        with pytest.raises(asyncpg.PostgresError):
            await owner.execute(statement, invoice_id)
    line_of = await swept(monkeypatch, datetime(2060, 1, 1, tzinfo=UTC))
    assert invoice_id in await left_of(owner, company), line_of


async def test_p10_a_test_clock_moves_the_day_of_the_database_too(
    world: World, owner: asyncpg.Connection, database: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only for who owns the database: the start does it (models.migrate)."""
    company = await world.company()
    invoice_id = (await issued(company, await world.customer(company))).invoice_id
    later = datetime(TODAY.year + 6, 1, 1, 12, tzinfo=UTC)
    try:
        await set_legal_day(database[0], later.date() - timedelta(days=1))
        await swept(monkeypatch, later, company)
        assert await left_of(owner, company) == {invoice_id}
        await set_legal_day(database[0], later.date())
        await swept(monkeypatch, later, company)
        assert await left_of(owner, company) == set()
    finally:
        await set_legal_day(database[0], None)
    assert await owner.fetchval("select legal_today() = current_date")


async def test_a_payment_is_deleted_with_its_invoice_or_not_at_all(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P-12. Paid in a later year, so kept as long as the payment must be."""
    company = await world.company()
    invoice_id = await issued_on(monkeypatch, company, await world.customer(company), OLD)
    at(monkeypatch, datetime(2020, 3, 1, 12, tzinfo=UTC))
    entry = PaymentEntry(new_id(), Decimal(125), date(2020, 3, 1))
    await payments.register(company.id, company.person_id, invoice_id, entry)
    with pytest.raises(asyncpg.PostgresError):
        async with unit_of_work(company.id) as work:
            await work.connection.execute("delete from payment where id = $1", entry.id)
    await swept(monkeypatch, LATER, company)
    assert await left_of(owner, company) == {invoice_id}
    await swept(monkeypatch, LATER.replace(year=2026), company)
    assert await owner.fetchval("select count(*) from payment where organisation_id = $1", company.id) == 0


async def test_p33_what_is_restricted_or_held_is_skipped_and_said(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    restricted, held, free = [await world.customer(company, name=name) for name in ("Sperret", "Holdt", "Fri")]
    ids = {one: await issued_on(monkeypatch, company, one, OLD) for one in (restricted, held, free)}
    async with unit_of_work(company.id, company.person_id) as work:
        await restrictions.restrict(work, Scope.CUSTOMER, restricted, Wish("c", "Sperret"))
    await hold(company, scope="invoice", invoice_id=ids[held])
    done = await swept(monkeypatch, LATER, company)
    assert (done.restricted, done.held) == (1, 1)
    assert "skipped: restricted 1, held 1" in report([done])
    assert await left_of(owner, company) == {ids[restricted], ids[held]}
    for one in (restricted, held):
        with pytest.raises(asyncpg.PostgresError):
            async with unit_of_work(company.id) as work:
                await work.connection.execute("delete from invoice where id = $1", ids[one])
    await owner.execute("update legal_hold set lifted_at = now() where organisation_id = $1", company.id)
    await swept(monkeypatch, LATER, company)
    assert await left_of(owner, company) == {ids[restricted]}


@pytest.mark.parametrize(
    ("values", "keeps"),
    [
        ({"scope": "period", "from_day": OLD, "to_day": OLD}, True),
        ({"scope": "period", "from_day": NEWER, "to_day": NEWER}, False),
        ({"scope": "customer"}, True),
        ({"scope": "customer", "until": date(2024, 5, 1)}, False),  # its last day is past
    ],
)
async def test_an_order_to_keep_counts_for_its_period_its_customer_and_its_time(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], keeps: bool
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    await issued_on(monkeypatch, company, customer, OLD)
    await hold(company, **({"customer_id": customer} if values["scope"] == "customer" else {}), **values)
    await swept(monkeypatch, LATER, company)
    assert bool(await left_of(owner, company)) == keeps


async def hold(company: Company, **values: Any) -> None:
    columns = {"organisation_id": company.id, "id": new_id(), "basis": "Sak 24-001", "made_at": LATER, **values}
    places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    async with unit_of_work(company.id) as work:
        await work.connection.execute(
            f"insert into legal_hold ({', '.join(columns)}) values ({places})", *columns.values()
        )


async def test_all_that_names_somebody_goes_and_the_figures_the_counter_and_the_trail_stay(
    world: World, owner: asyncpg.Connection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P-24, its last sentence: past the hold, nothing of the document is left, in the database or on the disk."""
    company = await world.company()
    customer = await world.customer(company, name="Zq7canary")
    at(monkeypatch, datetime(OLD.year, OLD.month, OLD.day, 11, tzinfo=UTC))
    invoice_id = (await saved(company, customer, delivery_from=OLD)).id
    await attach(company, invoice_id)
    assert (await issue(company.id, company.person_id, invoice_id, None, None, False)).number is not None
    stored = await documents.rendered(company.id, invoice_id)
    folder = settings.data_dir / "files" / str(company.id)
    hashes = {stored.sha256.hex(), hashlib.sha256(CSV_FILE).hexdigest()}
    assert {file.name for file in folder.rglob("*") if file.is_file()} == hashes
    kept = {table: await sums(owner, table, company) for table in ("month_sum", "vat_sum", "number_series")}
    await swept(monkeypatch, LATER, company)
    jobs = await owner.fetch("select payload from pgqueuer where entrypoint = 'drop_files'")
    mine = [row["payload"] for row in jobs if str(company.id) in row["payload"].decode()]
    assert [set(json.loads(payload)["hashes"].split(",")) for payload in mine] == [hashes]
    await DropFiles().run(json.loads(mine[0]))
    assert not [file for file in folder.rglob("*") if file.is_file()]
    for table in await tables_about_invoices(owner):
        assert await owner.fetchval(f"select count(*) from {table} where organisation_id = $1", company.id) == 0, (
            table
        )
    assert {table: await sums(owner, table, company) for table in kept} == kept
    assert not [row for row in await sums(owner, "state_sum", company) if '"invoices": 0' not in row]
    assert not [row for row in await sums(owner, "due_sum", company) if '"invoices": 0' not in row]
    async with reading(company.id) as work:
        assert await first_fault(work) is None
    actions = await owner.fetch("select action from audit_event where subject_id = $1 order by seq", invoice_id)
    assert actions[-1]["action"] == "invoice.let_go"
    assert (await issued(company, customer, delivery_from=LATER.date())).number == "2"


async def sums(owner: asyncpg.Connection, table: str, company: Company) -> list[str]:
    statement = f"select to_jsonb(t)::text as row from {table} t where organisation_id = $1 order by 1"
    return [row["row"] for row in await owner.fetch(statement, company.id)]


async def tables_about_invoices(owner: asyncpg.Connection) -> set[str]:
    rows = await owner.fetch(
        "select conrelid::regclass::text as name, confdeltype from pg_constraint "
        "where confrelid = 'invoice'::regclass and contype = 'f' and conrelid <> 'invoice'::regclass"
    )
    return {row["name"] for row in rows} | {"invoice", "search_word"} - {"customer"}


async def test_everything_that_refers_to_an_invoice_goes_with_it(owner: asyncpg.Connection) -> None:
    """A new table with a foreign key that would keep an invoice for ever fails here."""
    rows = await owner.fetch(
        "select conrelid::regclass::text as name, confdeltype from pg_constraint "
        "where confrelid = 'invoice'::regclass and contype = 'f' and conrelid <> 'invoice'::regclass"
    )
    assert [row["name"] for row in rows if row["confdeltype"] not in (b"c", b"n")] == []


async def test_a_file_that_another_document_shares_stays(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    invoice_id = await issued_on(monkeypatch, company, await world.customer(company), NEWER)
    stored = await documents.rendered(company.id, invoice_id)
    await old_documents.drop_files(company.id, [stored.sha256.hex()])
    assert await files.get(company.id, stored.sha256)
