"""What is let go, and what is not."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from actions import accounts, drafts, quotes, retention
from actions.accounts import NewAccount
from actions.tenants import organisations
from domain.settings import Settings
from models.ids import new_id
from models.unit_of_work import reading, unit_of_work
from tests.actions.test_quotes import sent_quote
from tests.issuing import Shop, open_shop
from tests.people import GOOD_PASSWORD, at, link_to, newest_letter, somewhere, token_in

NOW = datetime.now(UTC)


def days(count: float) -> datetime:
    return NOW - timedelta(days=count)


@pytest.fixture
async def shop(pool: None, settings: Settings) -> AsyncIterator[Shop]:
    async with open_shop(settings) as opened:
        yield opened


async def insert(table: str, **values: Any) -> None:
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    async with unit_of_work(None) as work:
        statement = f"insert into {table} ({', '.join(values)}) values ({places})"
        await work.connection.execute(statement, *values.values())


async def count(table: str, column: str, value: Any) -> int:
    async with reading(None) as work:
        statement = f"select count(*) from {table} where {column} = $1"
        return int(await work.connection.fetchval(statement, value))


async def test_letters_go_seven_days_after_they_were_asked_for(pool: None) -> None:
    email = f"{uuid.uuid4().hex}@example.no"
    for age in (1, 6.9, 7.1, 400):
        await insert(
            "account_message", id=new_id(), kind="sign_up", email=email, language="nb", created_at=days(age),
            message_id="<x@y>", attempts=0,
        )  # fmt: skip
    assert await retention.purge_letters() >= 2
    assert await count("account_message", "email", email) == 2


async def test_tokens_sessions_and_events_of_an_account_go_in_their_time(shop: Shop) -> None:
    person_id = shop.company.person_id
    for age in (1, 100, 366):
        await insert(
            "account_token", token_hash=uuid.uuid4().bytes, person_id=person_id, purpose="confirm_email",
            created_at=days(age + 1), expires_at=days(age),
        )  # fmt: skip
        await insert(
            "session", id_hash=uuid.uuid4().bytes, person_id=person_id, csrf_secret=b"x", created_at=days(age),
            last_seen_at=days(age), authenticated_at=days(age), ip_prefix="", browser="",
        )  # fmt: skip
        await insert(
            "security_event",
            id=new_id(),
            person_id=person_id,
            kind="signed_in",
            at=days(age),
            ip_prefix="",
            browser="",
        )
    signed_in = 1  # the shop's own session
    await retention.purge_tokens()
    await retention.purge_sessions()
    await retention.purge_security_events()
    assert await count("account_token", "person_id", person_id) == 1
    assert await count("session", "person_id", person_id) == 1 + signed_in
    assert await count("security_event", "person_id", person_id) == 2


async def test_counts_of_tries_go_with_their_window(pool: None) -> None:
    over, open_ = uuid.uuid4().bytes, uuid.uuid4().bytes
    await insert("attempt", key=over, window_ends_at=days(0.01), tries=3)
    await insert("attempt", key=open_, window_ends_at=NOW + timedelta(hours=1), tries=3)
    await retention.purge_attempts()
    assert await count("attempt", "key", over) == 0
    assert await count("attempt", "key", open_) == 1


async def test_the_log_of_finished_jobs_goes_after_seven_days(pool: None) -> None:
    name = uuid.uuid4().hex
    for age in (1, 8):
        await insert("pgqueuer_log", created=days(age), job_id=1, status="successful", priority=0, entrypoint=name)
    await retention.purge_finished_jobs()
    assert await count("pgqueuer_log", "entrypoint", name) == 1


async def test_more_than_a_batch_goes_in_one_call(pool: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    name = uuid.uuid4().hex
    for _ in range(10):
        await insert("pgqueuer_log", created=days(8), job_id=1, status="successful", priority=0, entrypoint=name)
    assert await retention.purge_finished_jobs() >= 10
    assert await count("pgqueuer_log", "entrypoint", name) == 0


async def test_deleted_drafts_go_after_thirty_days_with_their_lines_and_words(
    shop: Shop, owner: asyncpg.Connection
) -> None:
    fresh, old, kept = [await shop.saved_draft() for _ in range(3)]
    for invoice_id in (fresh, old):
        await drafts.delete(shop.id, shop.company.person_id, invoice_id)
    async with unit_of_work(shop.id) as work:
        statement = "update invoice set deleted_at = $2 where organisation_id = $1 and id = $3"
        await work.connection.execute(statement, shop.id, days(29), fresh)
        await work.connection.execute(statement, shop.id, days(31), old)
    await retention.purge_drafts()
    rows = await owner.fetch("select id from invoice where organisation_id = $1", shop.id)
    assert {row["id"] for row in rows} == {fresh, kept}
    assert await owner.fetchval("select count(*) from invoice_line where invoice_id = $1", old) == 0
    assert await owner.fetchval("select count(*) from search_word where subject_id = $1", old) == 0
    assert (await shop.events(old))[-1] == "invoice.draft_purged"


async def test_a_draft_nobody_touched_for_two_years_goes_and_an_issued_invoice_never(
    shop: Shop, owner: asyncpg.Connection
) -> None:
    forgotten, issued = await shop.saved_draft(), await shop.issue(send=False)
    async with unit_of_work(shop.id) as work:
        statement = "update invoice set changed_at = $2 where organisation_id = $1"
        await work.connection.execute(statement, shop.id, days(731))
    await retention.purge_drafts()
    rows = await owner.fetch("select id from invoice where organisation_id = $1", shop.id)
    assert {row["id"] for row in rows} == {issued}
    assert forgotten not in {row["id"] for row in rows}


async def test_every_company_is_visited_once(shop: Shop, settings: Settings) -> None:
    async with open_shop(settings) as other:
        visited = [organisation_id async for organisation_id in organisations()]
    assert visited.count(shop.id) == 1
    assert visited.count(other.id) == 1


async def sign_up_on(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> str:
    """Somebody signs up and the letter with its link is made; the address."""
    at(monkeypatch, moment)
    email = f"{uuid.uuid4().hex[:12]}@example.test"
    await accounts.sign_up(NewAccount("Kari Nordmann", email, GOOD_PASSWORD, "nb"), somewhere())
    assert await newest_letter(email) is not None
    return email


async def test_an_account_whose_address_nobody_confirmed_goes_after_seven_days(
    pool: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = await sign_up_on(monkeypatch, NOW)
    person_id = (await accounts_view(email))["id"]
    at(monkeypatch, NOW + timedelta(days=6, hours=23))
    await retention.purge_unconfirmed_accounts()
    assert await count("person", "email", email) == 1
    at(monkeypatch, NOW + timedelta(days=7, minutes=1))
    assert await retention.purge_unconfirmed_accounts() >= 1
    assert await count("person", "email", email) == 0
    assert await count("account_token", "person_id", person_id) == 0
    assert await count("account_message", "email", email) == 0
    # The address is free again.
    assert await newest_letter(email) is None
    await accounts.sign_up(NewAccount("Kari", email, GOOD_PASSWORD, "nb"), somewhere())
    assert await count("person", "email", email) == 1


async def test_an_account_that_was_confirmed_stays_whatever_its_age(
    pool: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = await sign_up_on(monkeypatch, NOW)
    await accounts.confirm(token_in(await link_to(email)), somewhere())
    at(monkeypatch, NOW + timedelta(days=400))
    await retention.purge_unconfirmed_accounts()
    assert await count("person", "email", email) == 1


async def test_an_account_with_a_company_stays_although_its_address_was_never_confirmed(shop: Shop) -> None:
    async with unit_of_work(None) as work:
        statement = "update person set email_confirmed_at = null, created_at = $2 where id = $1"
        await work.connection.execute(statement, shop.company.person_id, days(400))
    await retention.purge_unconfirmed_accounts()
    assert await count("person", "id", shop.company.person_id) == 1


async def test_a_link_that_still_works_keeps_the_account_until_it_ends(
    pool: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = await sign_up_on(monkeypatch, NOW)
    at(monkeypatch, NOW + timedelta(days=7, minutes=-1))
    path = await link_to(email)
    at(monkeypatch, NOW + timedelta(days=7, minutes=1))
    await retention.purge_unconfirmed_accounts()
    assert await accounts.confirm(token_in(path), somewhere()) is not None


async def accounts_view(email: str) -> Any:
    async with reading(None) as work:
        return await work.connection.fetchrow("select id from person where email = $1", email)


@pytest.mark.parametrize(
    ("answer", "age", "is_kept"),
    [("", 729, True), ("", 731, False), ("declined", 731, False), ("accepted", 731, True)],
)
async def test_quotes_go_after_two_years_but_an_agreement_stays(
    shop: Shop, owner: asyncpg.Connection, answer: str, age: int, is_kept: bool
) -> None:
    quote_id = await sent_quote(shop.company, await shop.world.customer(shop.company))
    if answer:
        await quotes.answer(shop.id, quote_id, answer, "Ola")
    async with unit_of_work(shop.id) as work:
        await work.connection.execute("update quote set changed_at = $2 where id = $1", quote_id, days(age))
    await retention.purge_quotes()
    assert await owner.fetchval("select count(*) from quote where id = $1", quote_id) == is_kept


@pytest.mark.parametrize(
    ("sent_at", "answer", "state", "is_kept"),
    [
        ("2020-12-31T23:30:00+00:00", "accepted", "accepted", True),  # in Bergen the year 2021 has begun
        ("2020-12-31T22:30:00+00:00", "accepted", "accepted", False),
        ("2020-12-31T22:30:00+00:00", None, "invoiced", False),
    ],
)
async def test_p11_an_agreed_quote_goes_with_its_document_five_years_after_its_accounting_year(
    shop: Shop,
    owner: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    sent_at: str,
    answer: str | None,
    state: str,
    is_kept: bool,
) -> None:
    at(monkeypatch, datetime(2026, 6, 1, tzinfo=UTC))
    quote_id = await sent_quote(shop.company, await shop.world.customer(shop.company))
    async with owner.transaction():
        await owner.execute("set local session_replication_role = replica")
        await owner.execute(
            "update quote set sent_at = $2, changed_at = $2, answered_at = case when $3::text is not null then "
            "$2::timestamptz end, answer = $3, state = $4, pdf_sha256 = $5 where id = $1",
            quote_id, datetime.fromisoformat(sent_at), answer, state, bytes(32),
        )  # fmt: skip
    await retention.purge_quotes()
    assert await owner.fetchval("select count(*) from quote where id = $1", quote_id) == is_kept
    assert await files_to_drop(owner, shop) == ([] if is_kept else [bytes(32).hex()])


async def files_to_drop(owner: asyncpg.Connection, shop: Shop) -> list[str]:
    rows = await owner.fetch(
        "select convert_from(payload, 'utf8')::jsonb ->> 'hashes' as hashes from pgqueuer "
        "where entrypoint = 'drop_files' and convert_from(payload, 'utf8') like $1", f"%{shop.id}%",
    )  # fmt: skip
    return [row["hashes"] for row in rows]
