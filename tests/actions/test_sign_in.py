from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from actions.account_tokens import new_secret
from actions.clock import now
from actions.limits import Wait
from actions.passwords import hash_password
from actions.sessions import Started, is_csrf_token, resume, start_session
from actions.sign_in import Unconfirmed, Wrong, sign_in
from domain.access import Role
from domain.sessions import IDLE
from models.queries.accounts import OpenSession, events_of
from tests.people import at, somewhere
from tests.world import PASSWORD, World


async def session_of(outcome: Started | Unconfirmed | Wrong | Wait) -> OpenSession:
    assert isinstance(outcome, Started)
    found = await resume(outcome.cookie_value)
    assert found is not None
    return found[1]


async def test_the_right_password_opens_a_session_in_the_company(world: World) -> None:
    company = await world.company()
    session = await session_of(await sign_in(company.email.upper(), PASSWORD, somewhere()))
    assert (session.person_id, session.organisation_id, session.role) == (company.person_id, company.id, "owner")


async def test_somebody_without_a_company_comes_in_all_the_same(world: World) -> None:
    _, email = await world.person()
    assert (await session_of(await sign_in(email, PASSWORD, somewhere()))).organisation_id is None


@pytest.mark.parametrize("password", ["", "wrong password", PASSWORD + " ", PASSWORD.upper()])
async def test_a_wrong_password_opens_nothing_and_is_noted(world: World, password: str) -> None:
    person_id, email = await world.person()
    assert isinstance(await sign_in(email, password, somewhere()), Wrong)
    assert [event.kind for event in await events_of(person_id)] == ["wrong_password"]


async def test_an_unknown_address_gets_the_same_answer(pool: None) -> None:
    assert await sign_in("nobody@example.test", PASSWORD, somewhere()) == Wrong()


async def test_an_id_set_by_somebody_else_is_never_adopted(world: World) -> None:
    """S-03."""
    _, email = await world.person()
    planted = new_secret()
    outcome = await sign_in(email, PASSWORD, somewhere(), planted)
    assert isinstance(outcome, Started) and outcome.cookie_value != planted
    assert await resume(planted) is None


async def test_the_session_that_the_browser_came_with_ends(world: World) -> None:
    """Login CSRF: a session of somebody else is destroyed, and nothing of it is taken over."""
    mine, theirs = await world.company(), await world.company("Elv AS")
    planted = await start_session(theirs.person_id, theirs.id, Role.OWNER, ip="", browser="")
    session = await session_of(await sign_in(mine.email, PASSWORD, somewhere(), planted.cookie_value))
    assert await resume(planted.cookie_value) is None
    assert session.organisation_id == mine.id
    assert not is_csrf_token(planted.csrf_token, session.csrf_secret)


async def test_a_form_left_open_can_be_saved_after_signing_in_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    other = await world.company("Elv AS")
    left = await start_session(company.person_id, company.id, Role.OWNER, ip="", browser="")
    at(monkeypatch, now() + IDLE)
    assert await resume(left.cookie_value) is None
    session = await session_of(await sign_in(company.email, PASSWORD, somewhere(), left.cookie_value))
    assert session.organisation_id == company.id != other.id
    assert is_csrf_token(left.csrf_token, session.csrf_secret)


async def test_a_hash_of_older_parameters_is_made_anew(world: World, owner: asyncpg.Connection) -> None:
    person_id, email = await world.person()
    await session_of(await sign_in(email, PASSWORD, somewhere()))
    kept = await owner.fetchval("select password_hash from person where id = $1", person_id)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    await session_of(await sign_in(email, PASSWORD, somewhere()))
    assert await owner.fetchval("select password_hash from person where id = $1", person_id) == kept


async def test_guessing_gets_slower_and_the_owner_comes_in_after_a_short_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, email = await world.person()
    outcomes = [await sign_in(email, "wrong password", somewhere()) for _ in range(9)]
    assert isinstance(outcomes[0], Wrong) and isinstance(outcomes[-1], Wait)
    at(monkeypatch, now() + timedelta(seconds=31))
    assert isinstance(await sign_in(email, PASSWORD, somewhere()), Started)


async def test_the_company_used_last_comes_first(world: World, owner: asyncpg.Connection) -> None:
    first = await world.company("Alfa AS")
    second = await world.company("Beta AS")
    await owner.execute(
        "insert into membership (organisation_id, person_id, role, created_at) values ($1, $2, 'viewer', now())",
        second.id,
        first.person_id,
    )
    await owner.execute("delete from session where person_id = $1", first.person_id)
    assert (await session_of(await sign_in(first.email, PASSWORD, somewhere()))).organisation_id == first.id
    await start_session(first.person_id, second.id, Role.VIEWER, ip="", browser="")
    session = await session_of(await sign_in(first.email, PASSWORD, somewhere()))
    assert (session.organisation_id, session.role) == (second.id, "viewer")


async def test_a_contested_account_lets_nobody_in(world: World, owner: asyncpg.Connection) -> None:
    person_id, email = await world.person()
    await owner.execute("update person set password_hash = '' where id = $1", person_id)
    for password in ("", PASSWORD):
        assert isinstance(await sign_in(email, password, somewhere()), Wrong)
    assert await hash_password("")  # an empty password has a hash, but none is ever kept
