"""Tenants never meet: what the database itself holds, looked at from behind the walls."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import (
    corrections,
    customer_copy,
    notices,
    objections,
    plan_runs,
    plans,
    policies,
    quote_letters,
    quotes,
    restrictions,
)
from actions.invoices import issue
from actions.notices import Wanted
from actions.plans import Terms
from actions.restrictions import Wish
from domain.dates import today_in
from domain.privacy.breach_texts import LANGUAGES, Model
from domain.privacy.objection import CustomerPurpose
from domain.privacy.restriction import Scope
from domain.recurring import Rhythm
from models.ids import new_id
from models.tables import TENANT_TABLES
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import TODAY, draft, first_save, saved
from tests.attaching import attach
from tests.routes.furnished import received
from tests.world import Company, World

TENANT_NAMES = sorted(table._meta.tablename for table in TENANT_TABLES)


async def full_company(world: World) -> Company:
    """A company with a row in every tenant table."""
    from decimal import Decimal

    from actions.payments import PaymentEntry, register

    company = await world.company()
    customer = await world.customer(company)
    await attach(company, (await saved(company, customer)).id)
    with_file = await saved(company, customer)
    await attach(company, with_file.id)
    done = await issue(company.id, company.person_id, with_file.id, None, None, True)
    await register(company.id, company.person_id, done.invoice_id, PaymentEntry(new_id(), Decimal(1000), TODAY))
    quote = draft(customer, valid_until=TODAY + timedelta(days=9))
    await quote_letters.send(company.id, company.person_id, quote.id, quote, first_save())
    await quotes.to_invoice(company.id, company.person_id, quote.id, new_id())
    plan = draft(customer)
    await plans.save(company.id, company.person_id, plan, first_save())
    today = today_in("Europe/Oslo", datetime.now(UTC))
    await plans.start(company.id, company.person_id, plan.id, Terms(Rhythm("month", 1, today), False))
    await plan_runs.run(company.id, plan.id)
    await policies.sign(company.id, company.person_id, "Kari", "2026-11-23", "nb")
    async with unit_of_work(company.id, company.person_id) as work:
        await work.connection.execute(
            "insert into product (organisation_id, id, name, unit, unit_price, currency, vat_treatment, version, "
            "created_at, changed_at, name_key) values ($1, $2, 'Vare', 'C62', 1, 'NOK', 'standard', 1, now(), now(), '')",
            company.id, new_id(),
        )  # fmt: skip
        await work.connection.execute(
            "insert into invoice_file (organisation_id, id, invoice_id, kind, sha256, size, created_at) "
            "values ($1, $2, $3, 'pdf', 'x', 1, now())",
            company.id, new_id(), done.invoice_id,
        )  # fmt: skip
        await work.connection.execute(
            "insert into invitation (organisation_id, id, email, email_key, role, invited_by, created_at, expires_at) "
            "values ($1, $2, $3, $3, 'viewer', $4, now(), now() + interval '7 days')",
            company.id, new_id(), f"{company.id.hex}@ny.example", company.person_id,
        )  # fmt: skip
        await work.connection.execute(
            "insert into transmission (organisation_id, id, invoice_id, recipient, state, attempts, remote_id, "
            "queued_at) values ($1, $2, $3, '0192:974760673', 'queued', 0, '', now())",
            company.id, new_id(), done.invoice_id,
        )  # fmt: skip
        await work.connection.execute(
            "insert into customer_request (organisation_id, id, reference, kind, subject, channel, state, identity, "
            "name, email, language, text, proposed, received_at, due_on, extension_reason, reasons, letters) values "
            "($1, $2, 'r', 'access', '', 'hosted', 'verified', 'code', '', '', 'nb', '', '{}', now(), now(), '', '', "
            "'[]')",
            company.id, new_id(),
        )  # fmt: skip
        await work.connection.execute(
            "insert into customer_pass (organisation_id, id, invoice_id, email, language, tries, created_at) "
            "values ($1, $2, $3, '', 'nb', 0, now())",
            company.id, new_id(), done.invoice_id,
        )  # fmt: skip
    await received(company, "Leverandør AS")
    async with unit_of_work(company.id, company.person_id) as work:
        await restrictions.restrict(work, Scope.CUSTOMER, customer, Wish("a", "Nordlys AS"))
        await restrictions.except_once(work, Scope.CUSTOMER, customer, "credit", "duty", "Feil faktura")
        notice_id = new_id()
        model = {tongue: Model("Subject", "Text") for tongue in LANGUAGES}
        await notices.write(work, notice_id, Wanted("processor", model, ["1"]))
        await work.connection.execute(
            "insert into company_notice (organisation_id, id, received_at) values ($1, $2, now())",
            company.id,
            notice_id,
        )
        await objections.customer_objects(work, customer, CustomerPurpose.REMINDERS, "business")
        await customer_copy.ask(work, customer, "SF-1")
        await corrections.note(work, {"city": "Moss"}, {"city": "Bergen"}, customer_id=customer)
        await corrections.note(work, {"name": "Fjord"}, {"name": "Fjord Design ENK"})
        await work.connection.execute(
            "insert into legal_hold (organisation_id, id, scope, customer_id, basis, made_at, lifted_at) "
            "values ($1, $2, 'customer', $3, 'Sak 26-1', now(), now())",
            company.id, new_id(), customer,
        )  # fmt: skip
        await work.connection.execute(
            "insert into data_import (organisation_id, id, state, asked_at, progress, size, sha256, counts, problem, "
            "detail) values ($1, $2, 'done', now(), 100, 1, 'x', '{}', '', '')",
            company.id, new_id(),
        )  # fmt: skip
    return company


def tenant_column(table: str) -> str:
    return "id" if table == "organisation" else "organisation_id"


async def test_every_table_with_a_tenant_has_forced_row_security_for_all_commands(owner: asyncpg.Connection) -> None:
    """S-41"""
    rows = await owner.fetch(
        """
        select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced,
               exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant' and p.polcmd = '*'
                       and p.polwithcheck is not null) as has_policy
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organisation_id'
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
        """
    )
    assert {row["relname"] for row in rows} | {"organisation"} == set(TENANT_NAMES)
    assert [row["relname"] for row in rows if not (row["forced"] and row["has_policy"])] == []


async def test_no_view_and_no_function_runs_with_another_s_rights(owner: asyncpg.Connection) -> None:
    """S-41: views and SECURITY DEFINER functions would walk around the policies."""
    views = await owner.fetch(
        "select relname from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace"
    )
    definers = await owner.fetch(
        "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace"
    )
    assert [*views, *definers] == []


async def test_every_key_and_index_of_a_tenant_table_is_led_by_the_organisation(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        """
        select t.relname as table, i.relname as index, a.attname as first, x.indisunique
        from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
        join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
        where t.relname = any($1)
        """,
        TENANT_NAMES,
    )
    # Each of these is looked up before the company is known: by the person who signs in, their address, the secret of
    # a link.
    known = {"membership_by_person", "invoice_link_token", "quote_token", "invitation_token", "invitation_by_address"}
    wrong = [
        row["index"] for row in rows if row["first"] != tenant_column(row["table"]) and row["index"] not in known
    ]
    assert wrong == []


async def test_every_foreign_key_between_tenant_tables_holds_the_organisation(owner: asyncpg.Connection) -> None:
    """S-44: referential checks see past row-level security, so the key itself must keep companies apart."""
    rows = await owner.fetch(
        """
        select c.conname, c.conrelid::regclass::text as source, c.confrelid::regclass::text as target,
               array(select attname::text from pg_attribute
                     where attrelid = c.conrelid and attnum = any(c.conkey)) as columns
        from pg_constraint c where c.contype = 'f'
        """
    )
    between = [row for row in rows if row["source"] in TENANT_NAMES and row["target"] in TENANT_NAMES]
    assert len(between) > 20
    assert [row["conname"] for row in between if "organisation_id" not in row["columns"]] == []


async def test_every_row_of_a_tenant_belongs_to_a_company_that_exists(owner: asyncpg.Connection) -> None:
    """By a key to the company, or to what has one; words alone have none, and are written for the company at work."""
    rows = await owner.fetch(
        """
        select distinct c.conrelid::regclass::text as source, c.confrelid::regclass::text as target
        from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
        where c.contype = 'f' group by 1, 2, c.oid having bool_and(a.attnotnull)
        """
    )
    tied = {"organisation"}
    while more := {row["source"] for row in rows if row["target"] in tied} - tied:
        tied |= more
    assert set(TENANT_NAMES) - tied == {"search_word"}


async def test_the_app_role_owns_nothing_and_has_no_special_rights(owner: asyncpg.Connection) -> None:
    """S-40"""
    role = await owner.fetchrow("select * from pg_roles where rolname = 'smartfaktura_app'")
    assert role is not None
    assert not any(
        role[name] for name in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
    )
    assert await owner.fetchval("select count(*) from pg_class where relowner = $1", role["oid"]) == 0
    for table in TENANT_NAMES:
        for right in ("TRUNCATE", "REFERENCES", "TRIGGER"):
            assert not await owner.fetchval("select has_table_privilege('smartfaktura_app', $1, $2)", table, right)


async def test_one_company_sees_nothing_of_another_in_any_table(world: World, owner: asyncpg.Connection) -> None:
    mine, theirs = await full_company(world), await full_company(world)
    async with reading(mine.id, mine.person_id) as work:
        for table in TENANT_NAMES:
            column = tenant_column(table)
            seen = {row[0] for row in await work.connection.fetch(f"select distinct {column} from {table}")}
            assert seen == {mine.id}, table
    for table in TENANT_NAMES:
        there = await owner.fetchval(f"select count(*) from {table} where {tenant_column(table)} = $1", theirs.id)
        assert there > 0, f"{table} has no row of the other company, so the test would prove nothing"


async def test_without_a_company_nothing_can_be_seen_or_written(world: World) -> None:
    """S-43: also after the setting was used once on the connection and reads as an empty text."""
    company = await full_company(world)
    for _ in range(3):
        async with reading(company.id) as work:
            assert await work.connection.fetchval("select count(*) from customer") == 1
        async with reading(None) as work:
            for table in TENANT_NAMES:
                assert await work.connection.fetchval(f"select count(*) from {table}") == 0, table
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with unit_of_work(None) as work:
            await work.connection.execute(
                "insert into membership (organisation_id, person_id, role, created_at) values ($1, $2, 'owner', now())",
                company.id, company.person_id,
            )  # fmt: skip


@pytest.mark.parametrize("table", [name for name in TENANT_NAMES if name not in ("organisation", "audit_event")])
async def test_a_row_can_not_be_moved_or_written_into_another_company(world: World, table: str) -> None:
    mine, theirs = await full_company(world), await full_company(world)
    with pytest.raises(asyncpg.PostgresError):
        async with unit_of_work(mine.id, mine.person_id) as work:
            await work.connection.execute(f"update {table} set organisation_id = $1", theirs.id)


async def test_an_invoice_can_not_name_a_customer_of_another_company(world: World) -> None:
    """S-44"""
    mine, theirs = await world.company(), await world.company()
    draft = await saved(mine, await world.customer(mine))
    foreign = await world.customer(theirs)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with unit_of_work(mine.id, mine.person_id) as work:
            await work.connection.execute("update invoice set customer_id = $1 where id = $2", foreign, draft.id)


async def test_interleaved_requests_of_two_companies_never_see_each_other(world: World) -> None:
    """S-42"""
    companies = [await world.company(), await world.company()]
    for company in companies:
        await world.customer(company)

    async def look(company: Company, fail: bool) -> set[UUID]:
        try:
            async with unit_of_work(company.id, company.person_id) as work:
                rows = await work.connection.fetch("select organisation_id from customer")
                await asyncio.sleep(0)
                if fail:
                    raise RuntimeError
        except RuntimeError:
            pass
        return {row["organisation_id"] for row in rows}

    seen = await asyncio.gather(*(look(companies[n % 2], n % 5 == 0) for n in range(200)))
    assert all(found == {companies[n % 2].id} for n, found in enumerate(seen))


async def test_the_wall_costs_one_look_for_each_statement_and_is_led_by_the_index(world: World) -> None:
    """S-47: the setting is the beginning of the index scan, read once for it; it is asked of no row."""
    company = await world.company()
    async with reading(company.id) as work:
        await work.connection.execute("set local enable_seqscan = off")
        await work.connection.execute("set local enable_bitmapscan = off")
        rows = await work.connection.fetch("explain (costs off) select id from customer where archived_at is null")
    plan = "\n".join(row[0] for row in rows)
    assert re.search(r"Index Cond: \(organisation_id = .*app\.organisation_id", plan), plan
    assert "app.organisation_id" not in "".join(re.findall(r"Filter: .*", plan)), plan


async def test_a_person_sees_their_own_companies_and_no_others(world: World) -> None:
    mine, theirs = await world.company(), await world.company()
    async with reading(None, mine.person_id) as work:
        rows: list[Any] = await work.connection.fetch("select id from organisation")
        members = await work.connection.fetch("select person_id from membership")
    assert [row["id"] for row in rows] == [mine.id]
    assert {row["person_id"] for row in members} == {mine.person_id}
    assert theirs.id != mine.id


BREACHES = {
    "row security not forced": "alter table customer no force row level security",
    "row security off": "alter table customer disable row level security",
    "a policy is gone": "drop policy tenant on customer",
    "a policy lets all through": "create policy leak on customer to smartfaktura_app using (true)",
    "a key without the organisation": "alter table invoice drop constraint invoice_customer_id_fkey; "
    "alter table customer add column loose uuid unique; alter table invoice add constraint invoice_customer_id_fkey "
    "foreign key (customer_id) references customer (loose) not valid",
    "the role passes all walls": "alter role smartfaktura_app bypassrls",
}


@pytest.mark.parametrize("breach", BREACHES)
async def test_the_tests_above_notice_a_breach(world: World, owner: asyncpg.Connection, breach: str) -> None:
    """S-48: each hole, made on purpose in a transaction that is rolled back, is seen by one of the checks."""
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute(BREACHES[breach])
        assert await _is_noticed(owner)
    finally:
        await transaction.rollback()


async def _is_noticed(owner: asyncpg.Connection) -> bool:
    checks = (
        test_every_table_with_a_tenant_has_forced_row_security_for_all_commands,
        test_every_foreign_key_between_tenant_tables_holds_the_organisation,
        test_the_app_role_owns_nothing_and_has_no_special_rights,
        _only_known_policies,
    )
    for check in checks:
        try:
            await check(owner)
        except AssertionError:
            return True
    return False


async def test_only_the_known_policies_exist(owner: asyncpg.Connection) -> None:
    await _only_known_policies(owner)


async def _only_known_policies(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        "select polrelid::regclass::text as table, polname from pg_policy where polname <> 'tenant'"
    )
    # A person's own companies, invitations and requests, and the bearer of a link's secret.
    assert {(row["table"], row["polname"]) for row in rows} == {
        ("organisation", "own"),
        ("membership", "own"),
        ("invoice_link", "own"),
        ("invitation", "own"),
        ("quote", "own"),
        ("rights_request", "own"),
        # These only narrow: what is never deleted otherwise may go where the deletion of the company has begun.
        *((table, "only_erased") for table in ("agreement", "invoice_link", "message", "plan_run", "transmission")),
    }
