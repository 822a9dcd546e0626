"""A copy of a company's data brought into another: the same company, or nothing at all."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import zipfile
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import (
    corrections,
    credits,
    customer_credit,
    customer_requests,
    data_imports,
    holds,
    objections,
    payments,
    products,
    quotes,
    restrictions,
)
from actions import plans as planning
from actions.attachments import Sent
from actions.credits import Crediting
from actions.customer_passes import Opened
from actions.customer_requests import Asked
from actions.holds import Hold
from actions.invoices import issue
from actions.payments import PaymentEntry
from actions.plans import Terms
from actions.products import ProductDetails
from actions.request_letters import Letter
from actions.restrictions import Wish
from domain.credit import Wanted, everything, left_of
from domain.privacy.importing import STAYS, TAKEN
from domain.privacy.objection import CustomerPurpose
from domain.privacy.requests import LETTERS, Kind
from domain.privacy.restriction import Scope
from domain.recurring import Rhythm
from domain.totals import Discount
from models.audit_chain import first_fault
from models.ids import new_id
from models.queries.data_exports import plans
from models.queries.data_imports import import_page
from models.queries.invoices import credit_notes_of, stored
from models.unit_of_work import reading, unit_of_work
from tests.actions.importing import bring, copy_of
from tests.actions.making import TODAY, draft, first_save, issued, line, saved
from tests.actions.test_quotes import sent_quote
from tests.attaching import CSV_FILE, PDF_FILE, attach
from tests.routes.furnished import received
from tests.world import Company, World

pytestmark = pytest.mark.usefixtures("plain_documents")

D = Decimal


async def rich_company(world: World) -> Company:
    """Something of everything: odd names, discounts, currencies, credit notes, part payments, quotes, plans, files."""
    company = await world.company(name="=Ærlig & Sønn ../x ENK", kid_length=12, own_credit_numbers=True)
    odd = await world.customer(company, name="../../æøå <b>=1+1</b>", notes="\ttab\n😀", email="a@kunde.example")
    euro = await world.customer(company, name="N" * 200, currency="EUR", country="SE", email="b@kunde.example")
    await products.add(
        company.id, company.person_id, new_id(), ProductDetails("Vare =2", "C62", D("12.3456"), "NOK", "middle")
    )
    first = await issued(
        company, odd, line("99.99", "3.5", discount="12.5"), line("10", treatment="low"),
        discount=Discount(percent=D("7.5")), send=True, note="Ær\nlig",
    )  # fmt: skip
    second = await issued(company, euro, line("1000"), currency="EUR", exchange_rate=D("11.4275"))
    written = await saved(company, odd, line("500"), prices_include_vat=True)
    await attach(company, written.id, Sent("Timer æøå.csv", CSV_FILE))
    third = await issue(company.id, company.person_id, written.id, None, None, False)
    for done in (first, second, third):
        assert done.number is not None, done.refusals
    await pay(company, first.invoice_id, "100")
    paid = await pay(company, third.invoice_id, "700")
    await payments.reverse(company.id, company.person_id, paid, new_id())
    await pay(company, third.invoice_id, "520")
    await customer_credit.refund(company.id, company.person_id, odd, "NOK", PaymentEntry(new_id(), D(5), TODAY))
    await take_back(company, third.invoice_id)
    with_file = await saved(company, odd, line("7"), note="et utkast", project_reference="Torget 12")
    await attach(company, with_file.id, Sent("Timer æøå.csv", CSV_FILE), Sent("b.pdf", PDF_FILE))
    await sent_quote(company, odd, line("42"))
    await quotes.save(company.id, company.person_id, draft(odd, valid_until=None, kind="quote"), first_save())
    plan = draft(odd)
    await planning.save(company.id, company.person_id, plan, first_save())
    await planning.start(company.id, company.person_id, plan.id, Terms(Rhythm("month", 1, TODAY), False))
    await planning.pause(company.id, company.person_id, plan.id)
    await received(company, "../Leverandør & Sønn")
    async with unit_of_work(company.id, company.person_id) as work:
        await objections.customer_objects(work, odd, CustomerPurpose.REMINDERS, "business")
        await restrictions.restrict(work, Scope.CUSTOMER, euro, Wish("a", "Kunden selv"))
        await corrections.note(work, {"name": "=gammel"}, {"name": "../../æøå"}, customer_id=odd, reference="SF-1")
        await corrections.note(work, {"city": ""}, {"city": "Bergen"})
    await holds.put(company.id, company.person_id, Hold(new_id(), "customer", "Tvist", subject_id=odd))
    for asked in (Asked(Kind.DELETION, "<b>Slett</b>"), Asked(Kind.CORRECTION, proposed={"name": "=Ærlig"})):
        who = Opened(company.id, first.invoice_id, "kunde@selger.example", "nb")
        filed = await customer_requests.file(who, asked)
    await customer_requests.decline(company.id, company.person_id, filed.id, "Det står riktig på fakturaen.")
    return company


async def pay(company: Company, invoice_id: UUID, amount: str) -> UUID:
    entry = PaymentEntry(new_id(), D(amount), TODAY)
    await payments.register(company.id, company.person_id, invoice_id, entry)
    return entry.id


async def take_back(company: Company, invoice_id: UUID) -> None:
    async with reading(company.id) as work:
        found = await stored(work, invoice_id)
        notes = await credit_notes_of(work, invoice_id)
    assert found is not None
    rest = everything(left_of(found.issued(), [note.issued() for note in notes]))
    wanted = {key: Wanted(amount=D(50)) for key in rest}
    await credits.issue(company.id, company.person_id, invoice_id, Crediting(id=new_id(), lines=wanted), False)


def canonical(content: bytes) -> dict[str, Any]:
    """What a copy says of its company, without what belongs to the place where it lies: the company's own id, the day
    it was made, its version, and random ids of people."""
    copy = zipfile.ZipFile(io.BytesIO(content))
    found: dict[str, Any] = {}
    here = {"organisation_id", "created_by", "issued_by", "recorded_by", "received_by", "sent_by", "started_by",
            "begun_by", "lifted_by", "made_by", "handled_by", "corrected_by"}  # fmt: skip
    from models.queries.data_exports import plan_for
    from models.tables import TENANT_TABLES

    for table in TENANT_TABLES:
        name, kind = plan_for(table).name, table._meta.tablename
        path = f"data/{name}.json"
        if kind in TAKEN and path in copy.namelist():
            states = {"id", "version", "created_at", "closes_at", "erased_at", "inbox_turn"}
            own = here | (states if kind == "organisation" else set())
            found[name] = [{k: v for k, v in row.items() if k not in own} for row in json.loads(copy.read(path))]
    found["vat_summary"] = json.loads(copy.read("data/vat_summary.json"))
    found["files"] = {
        entry: hashlib.sha256(copy.read(entry)).hexdigest()
        for entry in copy.namelist()
        if entry.startswith(("invoices/", "attachments/")) and not entry.endswith("attachments.json")
    }
    return found


async def test_p18_a_copy_brought_into_a_new_company_makes_the_same_copy(world: World) -> None:
    """Stricter than asked: ids, numbers, dates and files are the same too. What was on its way stays behind."""
    company = await rich_company(world)
    original = await copy_of(company)
    fresh = await world.company(name="Helt ny ENK", organisation_number="")
    done = await bring(fresh, original)
    assert (done.state, done.problem, done.detail) == ("done", "", "")
    before, after = canonical(original), canonical(await copy_of(fresh))
    assert set(before) == set(after) and len(before) > 15
    resting(before)
    for name in before:
        assert after[name] == before[name], name
    assert len(before["invoices"]) >= 5 and len(before["files"]) >= 5 and before["supplier_files"]
    assert len(before["invoice_attachments"]) == 3
    async with reading(fresh.id) as work:
        assert await first_fault(work) is None
        actions = await work.connection.fetch("select action from audit_event where organisation_id = $1", fresh.id)
    assert [row["action"] for row in actions].count("invoice.imported") == 4
    assert [row["action"] for row in actions].count("company.imported") == 1


async def test_p18_the_manifest_says_what_does_not_come_in_and_why(world: World) -> None:
    company = await world.company()
    copy = zipfile.ZipFile(io.BytesIO(await copy_of(company)))
    told = json.loads(copy.read("manifest.json"))["import"]
    left = {entry["what"]: entry["why"] for entry in told["left"]}
    assert left["data/agreements.json"].endswith("as proof") and all(left.values())
    assert "data/customer_requests.json" in told["brought_in"]
    own = plans(company.id)[0]
    of_company = {name for name in copy.namelist() if name.startswith("data/")} - {
        f"data/{one.name}.json" for one in own
    }
    assert of_company == {*told["brought_in"], *left, "data/vat_summary.json"}
    assert not set(STAYS) & set(TAKEN) and {letter.value for letter in Letter} == LETTERS


def resting(before: dict[str, Any]) -> None:
    """What is left behind on purpose: e-mails that were not sent yet, and checks under way."""
    before["emails_sent"] = [row for row in before["emails_sent"] if row["state"] in ("sent", "failed")]
    for row in (*before["invoices"], *before["quotes"]):
        row["delivery_state"] = "none" if row["delivery_state"] == "queued" else row["delivery_state"]
    before["transmissions"] = []
    for row in before["customer_requests"]:
        row["letters"] = []  # none of them has gone out
    for row in before["supplier_documents"]:
        row["check_state"] = "unavailable" if row["check_state"] == "waiting" else row["check_state"]


async def test_p18_the_numbers_go_on_without_a_gap_and_the_sums_are_the_same(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await rich_company(world)
    fresh = await world.company(name="Helt ny ENK")
    await bring(fresh, await copy_of(company))
    for table in ("state_sum", "due_sum", "month_sum", "vat_sum", "customer_credit", "number_series"):
        statement = (
            f"select to_jsonb(t) - 'organisation_id' as row from {table} t where organisation_id = $1 order by 1"
        )
        theirs, ours = await owner.fetch(statement, company.id), await owner.fetch(statement, fresh.id)
        if table == "due_sum":  # what is settled in full leaves a zero behind where it was open once
            theirs, ours = ([r for r in rows if json.loads(r["row"])["invoices"]] for rows in (theirs, ours))
        assert [row["row"] for row in ours] == [row["row"] for row in theirs], table
    words = "select kind, word from search_word where organisation_id = $1 group by 1, 2 order by 1, 2"
    theirs, ours = await owner.fetch(words, company.id), await owner.fetch(words, fresh.id)
    assert {tuple(row) for row in theirs if row["kind"] == "plan"} == {
        tuple(row) for row in ours if row["kind"] == "plan"
    }
    assert {row["kind"] for row in ours} >= {"customer", "product", "invoice", "quote", "plan", "supplier"}
    async with reading(fresh.id) as work:
        customer = await work.connection.fetchval(_FIRST, fresh.id)
    done = await issued(fresh, customer, line("1"))
    assert done.number == "4", done.refusals


_FIRST = "select id from customer where organisation_id = $1 order by name limit 1"


async def test_p12_what_was_brought_in_is_as_frozen_as_what_was_issued_here(world: World) -> None:
    company = await world.company()
    await issued(company, await world.customer(company))
    fresh = await world.company()
    await bring(fresh, await copy_of(company))
    for statement in ("delete from invoice", "update invoice set note = 'x'", "delete from invoice_line"):
        with pytest.raises(asyncpg.PostgresError):
            async with unit_of_work(fresh.id) as work:
                await work.connection.execute(f"{statement} where organisation_id = $1", fresh.id)


async def test_the_same_copy_twice_is_once_and_a_company_with_invoices_takes_none(world: World) -> None:
    company = await world.company()
    await issued(company, await world.customer(company))
    original = await copy_of(company)
    fresh = await world.company()
    first = await bring(fresh, original)
    assert await data_imports.ask(fresh.id, fresh.person_id, new_id(), io.BytesIO(original)) is None
    assert (await import_page(fresh.id)).newest == first
    refusal = await data_imports.ask(company.id, company.person_id, new_id(), io.BytesIO(original))
    assert refusal is not None and refusal.code == "import.not_empty"


async def test_a_job_that_runs_twice_at_once_brings_it_in_once(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    await issued(company, await world.customer(company))
    fresh, import_id = await world.company(), new_id()
    assert await data_imports.ask(fresh.id, fresh.person_id, import_id, io.BytesIO(await copy_of(company))) is None
    await asyncio.gather(*(data_imports.make(fresh.id, import_id) for _ in range(2)))
    await data_imports.make(fresh.id, import_id)
    assert (await import_page(fresh.id)).newest.state == "done"  # type: ignore[union-attr]
    assert await owner.fetchval("select count(*) from invoice where organisation_id = $1", fresh.id) == 1


async def test_a_worker_that_dies_midway_leaves_nothing_and_the_job_ends_well(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the files, and after all rows but before COMMIT."""
    company = await world.company()
    await issued(company, await world.customer(company))
    fresh, import_id = await world.company(), new_id()
    assert await data_imports.ask(fresh.id, fresh.person_id, import_id, io.BytesIO(await copy_of(company))) is None
    for died in ("import.stored", "import.written"):

        async def die(point: str, died: str = died) -> None:
            if point == died:
                raise OSError

        monkeypatch.setattr(data_imports, "failpoint", die)
        with pytest.raises(OSError):
            await data_imports.make(fresh.id, import_id)
        assert await owner.fetchval("select count(*) from invoice where organisation_id = $1", fresh.id) == 0
    monkeypatch.undo()
    await data_imports.make(fresh.id, import_id)
    newest = (await import_page(fresh.id)).newest
    assert newest is not None and newest.state == "done"
    assert await owner.fetchval("select count(*) from invoice where organisation_id = $1", fresh.id) == 1


async def test_a_plan_that_ran_rests_until_it_is_started_here(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    plan = draft(await world.customer(company))
    await planning.save(company.id, company.person_id, plan, first_save())
    await planning.start(company.id, company.person_id, plan.id, Terms(Rhythm("month", 1, TODAY), False))
    fresh = await world.company()
    assert (await bring(fresh, await copy_of(company))).state == "done"
    states = "select state from plan where organisation_id = $1"
    assert await owner.fetchval(states, company.id) == "active"
    assert await owner.fetchval(states, fresh.id) == "paused"
