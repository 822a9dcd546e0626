"""Members: roles, leaving and handing over, also two at once (privacy.md 2.6)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import data_exports, erasures, members
from actions.account_tokens import hash_of
from actions.erasures import Blocked, Changed, Waiting
from actions.outcomes import NotFound
from actions.sessions import start_session
from domain.access import Role
from domain.refusals import Refused
from models.ids import new_id
from models.queries.data_exports import export_of
from models.queries.erasures import account_plan
from models.unit_of_work import unit_of_work
from tests.people import letters_asked, somewhere
from tests.world import Company, World


async def session_of(person_id: UUID, company: Company, role: Role) -> bytes:
    started = await start_session(person_id, company.id, role, ip="", browser="")
    session = hash_of(started.cookie_value)
    assert session is not None
    return session


async def team(owner: asyncpg.Connection, company: Company) -> dict[UUID, str]:
    rows = await owner.fetch("select person_id, role from membership where organisation_id = $1", company.id)
    return {row["person_id"]: row["role"] for row in rows}


async def trail(owner: asyncpg.Connection, company: Company) -> list[tuple[str, UUID, list[str]]]:
    rows = await owner.fetch(
        "select action, subject_id, fields from audit_event where organisation_id = $1 order by seq", company.id
    )
    return [tuple(row) for row in rows]


def code_of(no: pytest.ExceptionInfo[Refused]) -> str:
    return no.value.refusals[0].code


async def test_the_last_owner_neither_leaves_nor_steps_down_while_others_work_there(world: World) -> None:
    company = await world.company()
    await world.member(company, Role.ADMIN)
    session = await session_of(company.person_id, company, Role.OWNER)
    with pytest.raises(Refused) as no:
        await members.leave(company.id, company.person_id, session, somewhere())
    assert code_of(no) == "member.last_owner"
    with pytest.raises(Refused) as no:
        await members.change_role(company.id, company.person_id, company.person_id, Role.ADMIN)
    assert code_of(no) == "member.last_owner"


async def test_an_administrator_touches_no_owner_and_makes_none(world: World) -> None:
    company = await world.company()
    admin, _ = await world.member(company, Role.ADMIN)
    for act in (
        members.change_role(company.id, admin, company.person_id, Role.VIEWER),
        members.change_role(company.id, admin, admin, Role.OWNER),
        members.remove(company.id, admin, company.person_id),
    ):
        with pytest.raises(Refused) as no:
            await act
        assert code_of(no) == "member.only_owners_change_owners"


async def test_handed_over_the_company_has_its_new_owner_and_both_are_told(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    ola, email = await world.member(company, Role.BOOKKEEPER)
    session = await session_of(company.person_id, company, Role.OWNER)
    await members.hand_over(company.id, company.person_id, session, ola, Role.ADMIN, somewhere())
    assert await team(owner, company) == {company.person_id: "admin", ola: "owner"}
    assert await letters_asked(email) == ["made_owner"] and await letters_asked(company.email) == ["handed_over"]
    assert await trail(owner, company) == [
        ("organisation.handed_over", ola, ["role"]),
        ("member.role_changed", company.person_id, ["role"]),
    ]
    # The old id of the session is dead: its rights are others now.
    assert not await owner.fetchval("select true from session where id_hash = $1", session)
    with pytest.raises(NotFound):
        await members.hand_over(company.id, company.person_id, session, ola, None, somewhere())


@pytest.mark.parametrize("who", ["stranger", "leaving", "owner"])
async def test_a_company_is_handed_over_only_to_somebody_who_works_there_and_stays(
    world: World, owner: asyncpg.Connection, who: str
) -> None:
    company = await world.company()
    to, _ = (await world.person()) if who == "stranger" else await world.member(company, Role.ADMIN)
    if who == "leaving":
        await owner.execute("update person set closes_at = now() where id = $1", to)
    session = await session_of(company.person_id, company, Role.OWNER)
    with pytest.raises(Refused):
        chosen = company.person_id if who == "owner" else to
        await members.hand_over(company.id, company.person_id, session, chosen, None, somewhere())
    assert (await team(owner, company))[company.person_id] == "owner"


async def test_of_two_owners_who_leave_at_once_one_stays(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    other, _ = await world.member(company, Role.OWNER)
    await world.member(company, Role.VIEWER)
    sessions = [await session_of(one, company, Role.OWNER) for one in (company.person_id, other)]
    done: Any = await asyncio.gather(
        members.leave(company.id, company.person_id, sessions[0], somewhere()),
        members.leave(company.id, other, sessions[1], somewhere()),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["Refused", "Started"]
    assert sorted((await team(owner, company)).values()) == ["owner", "viewer"]


async def test_of_two_owners_who_delete_their_accounts_at_once_one_sees_a_new_plan(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    other, email = await world.member(company, Role.OWNER)
    await world.member(company, Role.VIEWER)
    people = [(company.person_id, company.email), (other, email)]
    plans = [await account_plan(*one) for one in people]
    done = await asyncio.gather(
        *(
            erasures.close_account(*one, plan.fingerprint, somewhere())
            for one, plan in zip(people, plans, strict=True)
        )
    )
    # Which it is hangs on how far the first one was when the second one looked; both show what stands in the way now.
    (kept,) = (one for one in done if isinstance(one, Changed | Blocked))
    assert [place.id for place in kept.plan.blocking] == [company.id]
    assert len([one for one in done if isinstance(one, Waiting)]) == 1


async def test_the_database_itself_leaves_no_company_with_members_without_an_owner(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    await world.member(company, Role.ADMIN)
    for statement in (
        "delete from membership where organisation_id = $1 and role = 'owner'",
        "update membership set role = 'admin' where organisation_id = $1 and role = 'owner'",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            async with unit_of_work(company.id, company.person_id) as work:
                await work.connection.execute(statement, company.id)
    other, _ = await world.member(company, Role.OWNER)

    async def go(person_id: UUID) -> None:
        async with unit_of_work(company.id, person_id) as work:
            await work.connection.execute(
                "delete from membership where organisation_id = $1 and person_id = $2", company.id, person_id
            )

    done = await asyncio.gather(go(company.person_id), go(other), return_exceptions=True)
    assert [type(one).__name__ for one in done if one] == ["RestrictViolationError"]


async def test_who_is_taken_out_loses_the_copy_of_the_company_wherever_it_is(
    world: World, owner: asyncpg.Connection
) -> None:
    """A link in the hand, a file that is ready, one that is being made, one that waits for the worker."""
    company = await world.company()
    for state in ("ready", "making", "queued"):
        admin, _ = await world.member(company, Role.ADMIN)
        export_id = new_id()
        await owner.execute(
            "insert into data_export (id, person_id, company_id, state, asked_at, progress, expires_at, size, counts, "
            "downloads) values ($1, $2, $3, $4, now(), 100, now() + interval '1 day', 1, '{}', 0)",
            export_id, admin, company.id, state,
        )  # fmt: skip
        token = await data_exports.link(export_id, admin) if state == "ready" else None
        await members.remove(company.id, company.person_id, admin)
        if token:
            assert await data_exports.fetch(token, admin, somewhere()) is None
            assert await data_exports.link(export_id, admin) is None
        await data_exports.make(export_id)
        found = await export_of(export_id)
        assert found is not None and found.state == "gone", state


async def test_a_reader_has_no_copy_of_the_company_either(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    admin, _ = await world.member(company, Role.ADMIN)
    export_id = new_id()
    await owner.execute(
        "insert into data_export (id, person_id, company_id, state, asked_at, progress, expires_at, size, counts, "
        "downloads) values ($1, $2, $3, 'ready', now(), 100, now() + interval '1 day', 1, '{}', 0)",
        export_id, admin, company.id,
    )  # fmt: skip
    token = await data_exports.link(export_id, admin)
    assert token and await data_exports.fetch(token, admin, somewhere()) is not None
    await members.change_role(company.id, company.person_id, admin, Role.VIEWER)
    assert await data_exports.fetch(token, admin, somewhere()) is None
