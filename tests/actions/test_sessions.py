from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from actions import sessions
from actions.account_tokens import hash_of
from actions.clock import now
from actions.sessions import Started, csrf_token, is_csrf_token, resume, start_session
from domain.access import Role
from domain.sessions import ABSOLUTE, IDLE, SEEN_EVERY
from models.queries.accounts import OpenSession, sessions_of
from tests.people import at, somewhere
from tests.world import Company, World


async def opened(person_id: UUID) -> Started:
    return await start_session(person_id, None, None, ip="192.0.2.77", browser="Firefox, Linux")


def hashed(started: Started) -> bytes:
    id_hash = hash_of(started.cookie_value)
    assert id_hash is not None
    return id_hash


async def found(started: Started) -> OpenSession | None:
    answer = await resume(started.cookie_value)
    return None if answer is None else answer[1]


async def test_the_table_never_holds_the_id_itself(world: World, owner: asyncpg.Connection) -> None:
    person_id, _ = await world.person()
    started = await opened(person_id)
    row = await owner.fetchrow("select * from session where person_id = $1", person_id)
    assert row["id_hash"] == hashlib.sha256(started.cookie_value.encode()).digest()
    assert started.cookie_value not in repr(dict(row))
    assert (row["ip_prefix"], row["browser"]) == ("192.0.2.0/24", "Firefox, Linux")
    assert len(started.cookie_value) == 43


async def test_a_session_knows_its_person_and_company_in_one_query(world: World, statements: list[str]) -> None:
    company = await world.company("Fjord Design ENK")
    started = await start_session(company.person_id, company.id, Role.OWNER, ip="", browser="")
    statements.clear()
    answer = await found(started)
    assert len(statements) == 1
    assert answer is not None
    assert (answer.organisation_id, answer.organisation_name, answer.role) == (
        company.id,
        "Fjord Design ENK",
        "owner",
    )


@pytest.mark.parametrize("value", ["a" * 43, "", "short", "å" * 43, "a" * 10_000, "../../etc/passwd"])
async def test_an_id_that_the_table_does_not_know_is_nobodys(pool: None, value: str) -> None:
    """S-03: nothing is adopted and nothing is written."""
    assert await resume(value) is None


async def test_a_session_ends_after_a_pause(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """S-06."""
    started, begun = await opened((await world.person())[0]), now()
    at(monkeypatch, begun + IDLE - timedelta(seconds=5))
    assert await found(started) is not None
    # That was a use, so the pause begins anew.
    at(monkeypatch, begun + 2 * IDLE - timedelta(seconds=10))
    assert await found(started) is not None
    at(monkeypatch, begun + 4 * IDLE)
    assert await found(started) is None


async def test_a_session_ends_in_the_evening_however_much_it_is_used(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-06."""
    started, begun = await opened((await world.person())[0]), now()
    moment = begun
    while moment < begun + ABSOLUTE - timedelta(hours=1):
        moment += timedelta(hours=1)
        at(monkeypatch, moment)
        assert await found(started) is not None
    at(monkeypatch, begun + ABSOLUTE + timedelta(seconds=1))
    assert await found(started) is None


async def test_the_last_use_is_written_at_most_once_a_minute(
    world: World, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started, begun = await opened((await world.person())[0]), now()
    counts = []
    for seconds in (0, 30, SEEN_EVERY.seconds + 1, SEEN_EVERY.seconds + 31):
        at(monkeypatch, begun + timedelta(seconds=seconds))
        statements.clear()
        await found(started)
        counts.append(len(statements))
    assert counts == [1, 1, 2, 1]


async def test_a_rotated_session_is_dead_under_its_old_id_at_once(world: World) -> None:
    company = await world.company()
    other = await _second_company(world, company)
    started = await start_session(company.person_id, company.id, Role.OWNER, ip="", browser="")
    moved = await sessions.select_company(company.person_id, hashed(started), other)
    assert moved is not None
    assert await found(started) is None
    answer = await found(moved)
    assert answer is not None and answer.organisation_id == other and answer.organisation_name == "Elv AS"
    assert not is_csrf_token(started.csrf_token, answer.csrf_secret)
    assert is_csrf_token(moved.csrf_token, answer.csrf_secret)


async def test_a_company_of_somebody_else_can_not_be_selected(world: World) -> None:
    mine, theirs = await world.company(), await world.company("Elv AS")
    started = await start_session(mine.person_id, mine.id, Role.OWNER, ip="", browser="")
    assert await sessions.select_company(mine.person_id, hashed(started), theirs.id) is None
    answer = await found(started)
    assert answer is not None and answer.organisation_id == mine.id


async def test_a_changed_role_and_a_lost_membership_reach_the_session_at_once(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company(role=Role.ADMIN)
    started = await start_session(company.person_id, company.id, Role.ADMIN, ip="", browser="")
    await owner.execute("update membership set role = 'viewer' where person_id = $1", company.person_id)
    answer = await found(started)
    assert answer is not None and answer.role == "viewer"
    await owner.execute("delete from membership where person_id = $1", company.person_id)
    answer = await found(started)
    assert answer is not None
    assert (answer.organisation_id, answer.role, answer.organisation_name) == (None, None, None)


async def test_a_renamed_company_is_called_so_in_every_session(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    started = await start_session(company.person_id, company.id, Role.OWNER, ip="", browser="")
    await owner.execute("update organisation set name = 'Fossen AS' where id = $1", company.id)
    answer = await found(started)
    assert answer is not None and answer.organisation_name == "Fossen AS"


async def test_signing_out_makes_a_copied_cookie_worthless(world: World, owner: asyncpg.Connection) -> None:
    """S-04."""
    person_id, _ = await world.person()
    started = await opened(person_id)
    await sessions.sign_out(person_id, hashed(started), somewhere())
    assert await found(started) is None
    assert await owner.fetchval("select count(*) from session where person_id = $1", person_id) == 0


async def test_sessions_are_listed_and_ended_one_by_one(world: World) -> None:
    """S-05."""
    person_id, _ = await world.person()
    here, there = await opened(person_id), await opened(person_id)
    listed = await sessions_of(person_id, hashed(here), now())
    assert [session.is_current for session in listed] == [True, False]
    assert all(hashed(started).hex() not in repr(listed) for started in (here, there))
    assert await sessions.end_one(person_id, listed[1].handle, somewhere())
    assert await found(there) is None and await found(here) is not None


async def test_nobody_ends_the_session_of_another(world: World) -> None:
    mine, theirs = (await world.person())[0], (await world.person())[0]
    started = await opened(theirs)
    handle = (await sessions_of(theirs, hashed(started), now()))[0].handle
    assert not await sessions.end_one(mine, handle, somewhere())
    assert await found(started) is not None


async def test_all_others_are_ended_and_this_one_goes_on(world: World) -> None:
    person_id, _ = await world.person()
    here, *others = [await opened(person_id) for _ in range(3)]
    await sessions.end_others(person_id, hashed(here), somewhere())
    assert await found(here) is not None
    assert [await found(other) for other in others] == [None, None]


async def test_an_expired_session_is_not_listed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person_id, _ = await world.person()
    started, moment = await opened(person_id), now()
    assert len(await sessions_of(person_id, hashed(started), moment)) == 1
    assert await sessions_of(person_id, hashed(started), moment + ABSOLUTE) == []


def test_a_token_is_bound_to_its_session_and_never_the_same_text(pool: None) -> None:
    one, other = secrets.token_bytes(32), secrets.token_bytes(32)
    first, second = csrf_token(one), csrf_token(one)
    assert first != second
    assert is_csrf_token(first, one) and is_csrf_token(second, one)
    assert not is_csrf_token(first, other)


@pytest.mark.parametrize("token", ["", "x", "a" * 86, "å" * 10, "a" * 100_000, "=" * 88, "A" * 43])
def test_nonsense_is_no_token(pool: None, token: str) -> None:
    assert not is_csrf_token(token, b"s" * 32)


async def _second_company(world: World, company: Company) -> UUID:
    other = await world.company("Elv AS")
    from models.unit_of_work import unit_of_work

    async with unit_of_work(other.id, company.person_id) as work:
        await work.connection.execute(
            "insert into membership (organisation_id, person_id, role, created_at) values ($1, $2, 'owner', $3)",
            other.id,
            company.person_id,
            datetime.now().astimezone(),
        )
    return other.id
