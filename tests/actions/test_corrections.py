"""What was corrected, with both values: written with the correction, gone with whom it is about (GDPR Art. 16, P-22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import accounts, companies, customers, profile, retention
from actions.clock import now
from actions.customer_erasure import erase_customer
from actions.customers import CustomerDetails
from actions.holds import Hold, put
from actions.retention_run import run
from domain.accounts import Purpose
from domain.privacy.erasure import Fate
from models.ids import new_id
from models.queries.companies import company_settings
from models.queries.corrections import MOST, own_history
from models.queries.erasures import company_parts
from models.unit_of_work import unit_of_work
from tests.actions.making import issued
from tests.actions.restraining import lifted, restricted
from tests.people import GOOD_PASSWORD, at, link_to, somewhere, token_in
from tests.world import PASSWORD, Company, World

MONTHS_24 = timedelta(days=730)
NORDLYS = CustomerDetails("business", "Nordlys AS", "974760673", city="Tromsø", email="post@nordlys.example")


async def of_company(owner: asyncpg.Connection, company: Company) -> list[Any]:
    rows: list[Any] = await owner.fetch(
        "select field, old_value, new_value, customer_id, corrected_by, corrected_at from correction "
        "where organisation_id = $1 order by corrected_at, id", company.id,
    )  # fmt: skip
    return rows


async def corrected(company: Company, **columns: Any) -> UUID:
    """A customer as it was added, and then corrected."""
    customer_id = new_id()
    await customers.add(company.id, company.person_id, customer_id, NORDLYS)
    await customers.change(company.id, company.person_id, customer_id, 1, replace(NORDLYS, **columns))
    return customer_id


def values_of(rows: list[Any]) -> set[tuple[str, str, str]]:
    return {(row["field"], row["old_value"], row["new_value"]) for row in rows}


async def test_p22_a_correction_keeps_who_when_and_both_values_of_what_changed_and_of_nothing_else(
    world: World, owner: asyncpg.Connection
) -> None:
    company, before = await world.company(), now()
    customer_id = await corrected(company, name="Nordlys Kaffe AS", due_days=30)
    rows = await of_company(owner, company)
    assert values_of(rows) == {("name", "Nordlys AS", "Nordlys Kaffe AS"), ("due_days", "", "30")}
    assert {(row["customer_id"], row["corrected_by"]) for row in rows} == {(customer_id, company.person_id)}
    assert all(before <= row["corrected_at"] <= now() for row in rows)


async def test_nothing_is_written_for_what_is_new_or_stays_as_it_was(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    await corrected(company)
    stored = await company_settings(company.id)
    await companies.change(company.id, company.person_id, stored.version, stored.company)
    await profile.rename(company.person_id, "Kari Nordmann", "en")
    assert await of_company(owner, company) == [] and await own_history(company.person_id) == ((), False)


async def test_the_company_s_own_profile_is_kept_too(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    stored = await company_settings(company.id)
    wanted = replace(stored.company, name="Fjord og Fjell ENK", vat_registered=False, country="SE")
    await companies.change(company.id, company.person_id, stored.version, wanted)
    rows = await of_company(owner, company)
    assert values_of(rows) == {
        ("name", "Fjord Design ENK", "Fjord og Fjell ENK"), ("vat_registered", "true", "false"), ("country", "NO", "SE"),
    }  # fmt: skip
    assert {row["customer_id"] for row in rows} == {None}


async def test_of_an_account_name_language_and_address_are_kept_and_never_the_password(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    await profile.rename(company.person_id, "Kari Hansen", "nb")
    session = await owner.fetchval("select id_hash from session where person_id = $1", company.person_id)
    await profile.change_password(company.person_id, session, PASSWORD, GOOD_PASSWORD, somewhere())
    wanted = f"ny-{company.email}"
    session = await owner.fetchval("select id_hash from session where person_id = $1", company.person_id)
    await profile.ask_for_email_change(
        company.person_id, session, GOOD_PASSWORD, wanted, "nb", somewhere()
    )  # fmt: skip
    assert await accounts.confirm(token_in(await link_to(wanted)), somewhere()) is Purpose.CHANGE_EMAIL
    found, _ = await own_history(company.person_id)
    assert [{(one.field, one.old, one.new) for one in each.values} for each in found] == [
        {("email", company.email, wanted)},
        {("name", "Kari Nordmann", "Kari Hansen"), ("language", "en", "nb")},
    ]


async def test_it_goes_with_the_customer_also_where_the_row_stays_for_an_invoice(
    world: World, owner: asyncpg.Connection
) -> None:
    """P-30"""
    company = await world.company()
    invoiced, unused = [await corrected(company, name=name) for name in ("Zqfakturert", "Zqubrukt")]
    await issued(company, invoiced)
    async with unit_of_work(company.id, company.person_id) as work:
        for customer_id in (invoiced, unused):
            assert (await erase_customer(work, customer_id)).deleted["correction"] == 1
    assert await of_company(owner, company) == []


async def test_p10_after_24_months_it_goes_but_for_what_is_restricted_or_ordered_to_be_kept(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    free, held, hidden = [await corrected(company, city=city) for city in ("Moss", "Bodø", "Alta")]
    await profile.rename(company.person_id, "Kari Hansen", "en")
    await put(company.id, company.person_id, Hold(new_id(), "customer", "Tvist", subject_id=held))
    await restricted(company, hidden)
    steps = {"corrections", "account_corrections"}
    begun = datetime.now(UTC)
    at(monkeypatch, begun + MONTHS_24 - timedelta(days=1))
    await run(confirmed=True, only=steps)
    assert len(await of_company(owner, company)) == 3 and (await own_history(company.person_id))[0]
    at(monkeypatch, begun + MONTHS_24 + timedelta(days=1))
    assert all(line.due >= 1 for line in await run(confirmed=True, only=steps))
    assert {row["customer_id"] for row in await of_company(owner, company)} == {held, hidden}
    assert await own_history(company.person_id) == ((), False)
    await lifted(company, hidden)
    await retention.purge_corrections()
    assert {row["customer_id"] for row in await of_company(owner, company)} == {held}
    assert await owner.fetchval("select count(*) from customer where id = $1", free) == 1


async def test_of_a_restricted_customer_it_waits_when_the_company_is_deleted(world: World) -> None:
    """Whose data is restricted may need it: the two parts take every row once."""
    company = await world.company()
    for city in ("Moss", "Bodø"):
        hidden = await corrected(company, city=city)
    await restricted(company, hidden)
    parts = [part for part in company_parts() if part.table == "correction"]
    assert [part.fate for part in parts] == [Fate.DELETED, Fate.HELD]
    async with unit_of_work(company.id) as work:
        for part in parts:
            statement = f"select customer_id = $2 from correction where organisation_id = $1 and ({part.condition})"
            rows = await work.connection.fetch(statement, company.id, hidden)
            assert [row[0] for row in rows] == [part.fate is Fate.HELD]


async def test_nobody_rewrites_what_was_corrected(world: World) -> None:
    company = await world.company()
    await corrected(company, city="Moss")
    for table in ("correction", "account_correction"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with unit_of_work(company.id, company.person_id) as work:
                await work.connection.execute(f"update {table} set old_value = 'x'")


async def test_a_page_shows_the_newest_and_says_that_there_are_more(world: World) -> None:
    person_id, _ = await world.person()
    async with unit_of_work(None, person_id) as work:
        await work.connection.execute(
            "insert into account_correction (id, person_id, field, old_value, new_value, corrected_at) "
            "select gen_random_uuid(), $1, 'name', n::text, (n + 1)::text, now() - n * interval '1 minute' "
            "from generate_series(1, $2) n", person_id, MOST + 1,
        )  # fmt: skip
    found, has_more = await own_history(person_id)
    assert (len(found), has_more, found[0].values[0].old) == (MOST, True, "1")
