"""Invitations: what who invites learns, what the link does, and that it does it once."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import account_rights, erasure_run, erasures, invitations, members, retention, retention_run
from actions.account_tokens import hash_of
from actions.clock import now
from actions.invitations import NewcomerWanted, OtherAccount, Over
from actions.limits import LimitReached
from actions.outcomes import NotFound
from actions.sessions import Started, start_session
from domain.access import Role
from domain.refusals import Refused
from models.audit_chain import first_fault
from models.queries.accounts import credentials
from models.queries.erasures import account_plan
from models.unit_of_work import reading
from tests.companies import only
from tests.people import GOOD_PASSWORD, at, letters_asked, link_to, newest_letter, somewhere, token_in
from tests.routes.furnished import invited
from tests.world import Company, World

NEWCOMER = NewcomerWanted("Ny Nordmann", GOOD_PASSWORD, "nb")


def address() -> str:
    return f"{uuid.uuid4().hex[:12]}@ny.example"


async def link(company: Company, email: str, role: Role = Role.BOOKKEEPER) -> str:
    """The secret in the letter of an invitation to this address."""
    await invited(company, email, role)
    return token_in(await link_to(email))


async def signed_in(person_id: UUID) -> bytes:
    started = await start_session(person_id, None, None, ip="", browser="")
    session = hash_of(started.cookie_value)
    assert session is not None
    return session


async def role_in(owner: asyncpg.Connection, company: Company, person_id: UUID) -> str | None:
    role: str | None = await owner.fetchval(
        "select role from membership where organisation_id = $1 and person_id = $2", company.id, person_id
    )
    return role


async def events(owner: asyncpg.Connection, person_id: UUID) -> list[str]:
    rows = await owner.fetch("select kind from security_event where person_id = $1 order by id", person_id)
    return [row["kind"] for row in rows]


async def test_who_invites_sees_the_same_of_an_address_with_an_account_and_of_one_without(
    world: World, owner: asyncpg.Connection, statements: list[str]
) -> None:
    """S-14: the same statements and the same rows; only the job looks whose the address is."""
    company = await world.company()
    _, known = await world.person()
    seen: list[Any] = []
    for email in (known, address()):
        statements.clear()
        await invited(company, email)
        row = await owner.fetchrow(
            "select role, outcome, token_hash, ended_at from invitation where organisation_id = $1 and email = $2",
            company.id, email,
        )  # fmt: skip
        seen.append(([text.split("'")[0] for text in statements], dict(row), await letters_asked(email)))
    assert seen[0] == seen[1] and seen[0][2] == ["invitation"]


async def test_the_letter_speaks_the_language_of_its_reader_or_of_the_company(world: World) -> None:
    company = await world.company(name="Fjord Design ENK", language="nb")
    _, known = await world.person("Kari", language="en")
    for email, language, name in ((known, "en", "Kari"), (address(), "nb", "")):
        await invited(company, email)
        letter = await newest_letter(email)
        assert letter is not None and (letter.language, letter.context["name"]) == (language, name)
        assert letter.context["company"] == "Fjord Design ENK" and letter.recipient == email


async def test_only_the_hash_of_the_secret_is_kept_and_the_newest_letter_counts(
    world: World, owner: asyncpg.Connection
) -> None:
    company, email = await world.company(), address()
    first = await link(company, email)
    stored = await owner.fetchrow("select id, token_hash from invitation where email = $1", email)
    assert stored is not None and stored["token_hash"] == hash_of(first)
    await invitations.send_again(company.id, company.person_id, stored["id"])
    second = token_in(await link_to(email))
    assert await invitations.look_at(first) is None
    found = await invitations.look_at(second)
    assert found is not None and found.over == "" and found.role is Role.BOOKKEEPER


async def test_accepted_with_an_account_it_works_once_and_the_session_goes_on_there(
    world: World, owner: asyncpg.Connection
) -> None:
    """S-16"""
    company = await world.company()
    person_id, email = await world.person()
    token, session = await link(company, email.upper(), Role.VIEWER), await signed_in(person_id)
    done = await invitations.accept(token, person_id, session, somewhere())
    assert isinstance(done, Started)
    moved = await owner.fetchrow("select * from session where id_hash = $1", hash_of(done.cookie_value))
    assert moved is not None and (moved["current_organisation_id"], moved["role"]) == (company.id, "viewer")
    assert isinstance(await invitations.accept(token, person_id, session, somewhere()), Over)
    found = await invitations.look_at(token)
    assert found is not None and found.over == "accepted"
    assert await events(owner, person_id) == ["company_joined"]
    trail = await owner.fetch(
        "select action, fields from audit_event where organisation_id = $1 order by seq", company.id
    )
    assert sorted(tuple(row) for row in trail) == [("member.invited", ["role"]), ("member.joined", ["role"])]
    async with reading(company.id) as work:
        assert await first_fault(work) is None


async def test_of_two_who_click_at_once_one_comes_in(world: World) -> None:
    company, email = await world.company(), address()
    token = await link(company, email)
    done = await asyncio.gather(
        *(invitations.accept_with_new_account(token, NEWCOMER, somewhere()) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) in (["Over", "Started"], ["Refused", "Started"])


async def test_an_account_made_to_accept_has_a_confirmed_address_and_the_terms(
    world: World, owner: asyncpg.Connection
) -> None:
    company, email = await world.company(), address()
    token = await link(company, email)
    done = await invitations.accept_with_new_account(token, NEWCOMER, somewhere())
    assert isinstance(done, Started)
    known = await credentials(email)
    assert known is not None and known.is_confirmed and known.name == "Ny Nordmann"
    assert await role_in(owner, company, known.person_id) == "bookkeeper"
    accepted = await owner.fetchval("select count(*) from acknowledgement where person_id = $1", known.person_id)
    assert accepted == 2


async def test_an_account_that_nobody_confirmed_becomes_that_of_who_holds_the_link(
    world: World, owner: asyncpg.Connection
) -> None:
    """Whoever signed up with the address before, and never opened the letter, gains nothing."""
    company = await world.company()
    person_id, email = await world.person("Fremmed")
    await owner.execute("update person set email_confirmed_at = null where id = $1", person_id)
    before = await owner.fetchval("select password_hash from person where id = $1", person_id)
    token = await link(company, email)
    assert isinstance(await invitations.accept_with_new_account(token, NEWCOMER, somewhere()), Started)
    after = await owner.fetchrow("select name, password_hash from person where id = $1", person_id)
    assert after is not None and after["name"] == "Ny Nordmann" and after["password_hash"] != before


async def test_a_link_makes_no_second_account_and_changes_no_password(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    person_id, email = await world.person()
    before = await owner.fetchval("select password_hash from person where id = $1", person_id)
    token = await link(company, email)
    with pytest.raises(Refused):
        await invitations.accept_with_new_account(token, NEWCOMER, somewhere())
    assert await owner.fetchval("select password_hash from person where id = $1", person_id) == before
    found = await invitations.look_at(token)
    assert found is not None and found.over == "" and found.has_account


async def test_another_account_can_not_accept(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    token = await link(company, address())
    person_id, _ = await world.person()
    done = await invitations.accept(token, person_id, await signed_in(person_id), somewhere())
    assert isinstance(done, OtherAccount)
    assert await role_in(owner, company, person_id) is None


@pytest.mark.parametrize("why", ["expired", "withdrawn", "closed", "inviter removed"])
async def test_a_link_that_is_over_opens_nothing(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    company = await world.company()
    person_id, email = await world.person()
    token, session = await link(company, email), await signed_in(person_id)
    invitation_id = await owner.fetchval("select id from invitation where email = $1", email)
    if why == "expired":
        at(monkeypatch, now() + timedelta(days=7, seconds=1))
    elif why == "withdrawn":
        await invitations.withdraw(company.id, company.person_id, invitation_id)
        with pytest.raises(Refused):
            await invitations.send_again(company.id, company.person_id, invitation_id)
    elif why == "closed":
        await owner.execute("update organisation set closes_at = now() where id = $1", company.id)
    else:
        admin, _ = await world.member(company, Role.ADMIN)
        await owner.execute("update invitation set invited_by = $2 where id = $1", invitation_id, admin)
        await members.remove(company.id, company.person_id, admin)
    found = await invitations.look_at(token)
    assert found is not None and found.over == why.replace("inviter removed", "withdrawn")
    assert isinstance(await invitations.accept(token, person_id, session, somewhere()), Over)
    assert isinstance(await invitations.accept_with_new_account(token, NEWCOMER, somewhere()), Over)
    assert await newest_letter(email) is None, "a letter that is still on its way is not sent"


async def test_nobody_is_invited_as_an_owner_nor_twice_nor_by_who_may_not(world: World) -> None:
    company = await world.company()
    bookkeeper, email = await world.member(company, Role.BOOKKEEPER)
    for person_id, to, role, code in (
        (company.person_id, address(), Role.OWNER, "choice.unknown"),
        (company.person_id, email, Role.VIEWER, "member.is_in_already"),
        (bookkeeper, address(), Role.VIEWER, "member.not_allowed"),
    ):
        with pytest.raises(Refused) as no:
            await invitations.invite(company.id, person_id, to, role, somewhere())
        assert no.value.refusals[0].code == code


async def test_invited_anew_an_address_has_one_invitation_with_the_newest_role(
    world: World, owner: asyncpg.Connection
) -> None:
    company, email = await world.company(), address()
    old = await link(company, email, Role.ADMIN)
    new = await link(company, email, Role.VIEWER)
    rows = await owner.fetch("select role from invitation where organisation_id = $1", company.id)
    assert [row["role"] for row in rows] == ["viewer"]
    assert await invitations.look_at(old) is None and await invitations.look_at(new) is not None


async def test_a_company_can_not_flood_the_world_nor_a_mailbox(world: World) -> None:
    company, email = await world.company(), address()
    for _ in range(invitations.PER_MAILBOX + 2):
        await invited(company, email)
    assert len(await letters_asked(email)) == invitations.PER_MAILBOX
    with pytest.raises(LimitReached):
        for _ in range(invitations.PER_COMPANY):
            await invited(company, email)


async def test_an_invitation_of_another_company_is_not_there(world: World, owner: asyncpg.Connection) -> None:
    mine, theirs = await world.company(), await world.company()
    invitation_id = await invited(theirs, address())
    for act in (invitations.withdraw, invitations.send_again):
        with pytest.raises(NotFound):
            await act(mine.id, mine.person_id, invitation_id)
    async with reading(mine.id, mine.person_id) as work:
        assert await work.connection.fetchval("select count(*) from invitation") == 0
    async with reading(None) as work:
        assert await work.connection.fetchval("select count(*) from invitation") == 0


async def test_who_restricted_their_account_gets_no_invitation_and_nobody_learns_of_it(
    world: World, owner: asyncpg.Connection
) -> None:
    """GDPR Art. 18: only letters that must be go to who restricted their account."""
    company = await world.company()
    person_id, email = await world.person()
    await account_rights.restrict_account(person_id, "a", "")
    await invited(company, email)
    assert await newest_letter(email) is None
    assert await owner.fetchval("select ended_at from invitation where email = $1", email) is None


async def test_p10_an_invitation_is_forgotten_a_week_after_it_ended(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company, email = await world.company(), address()
    await invited(company, email)
    for module in (retention, retention_run):
        only(monkeypatch, module, company)
    moment = now()
    for days, left in ((13, 1), (15, 0)):
        at(monkeypatch, moment + timedelta(days=days))
        await retention_run.run(confirmed=True, only={"invitations"})
        assert await owner.fetchval("select count(*) from invitation where email = $1", email) == left


async def test_p24_with_an_account_its_address_goes_from_invitations_of_other_companies(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    person_id, email = await world.person()
    await invited(company, email)
    other = await invited(company, address())
    plan = await account_plan(person_id, email)
    await erasures.close_account(person_id, email, plan.fingerprint, somewhere())
    erasure_id = await owner.fetchval("select id from erasure where person_id = $1", person_id)
    at(monkeypatch, now() + timedelta(days=15))
    await erasure_run.execute(erasure_id)
    rows = await owner.fetch("select id from invitation where organisation_id = $1", company.id)
    assert [row["id"] for row in rows] == [other]
    assert '"invited": 1' in await owner.fetchval("select certificate::text from erasure where id = $1", erasure_id)
