from __future__ import annotations

import asyncio

import asyncpg
import pytest

from models.audit_chain import first_fault
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import issued
from tests.world import Company, World

THEIRS = "organisation_id = $1"
# One more event at the end, as a copy of another, and with the hash that the chain would have given it.
COPY = (
    "insert into audit_event (organisation_id, seq, at, person_id, action, subject_kind, subject_id, fields, hash) "
    f"select organisation_id, {{1}}, at, person_id, action, subject_kind, subject_id, fields, hash "
    f"from audit_event where seq = {{0}} and {THEIRS}"
)
LINKED = (
    "update audit_event e set hash = audit_link(before.hash, e) from audit_event before "
    "where e.seq = 7 and before.seq = 6 and e.organisation_id = $1 and before.organisation_id = $1"
)


async def write(company: Company, times: int = 1) -> None:
    async with unit_of_work(company.id, company.person_id) as work:
        for _ in range(times):
            work.audit("test.changed", "organisation", company.id, ["name"])


async def test_two_hundred_writers_at_once_make_one_chain_without_a_gap(world: World) -> None:
    """S-56"""
    company = await world.company()
    await asyncio.gather(*(write(company) for _ in range(200)))
    async with reading(company.id) as work:
        seqs = [row["seq"] for row in await work.connection.fetch("select seq from audit_event order by seq")]
        assert await first_fault(work) is None
    assert seqs == list(range(1, 201))


@pytest.mark.parametrize(
    ("harm", "first"),
    [
        ("update audit_event set action = 'forged' where seq = 3 and organisation_id = $1", 3),
        ("update audit_event set fields = '{email}' where seq = 4 and organisation_id = $1", 4),
        ("delete from audit_event where seq = 2 and organisation_id = $1", 3),
        ("delete from audit_event where seq = 6 and organisation_id = $1", 6),
        (f"{COPY.format(6, 7)}; update audit_event set action = 'forged' where seq = 7 and {THEIRS}", 7),
        (f"{COPY.format(6, 7)}; {LINKED}", 7),
        (
            f"update audit_event set seq = -seq where seq in (3, 4) and {THEIRS}; "
            f"update audit_event set seq = 7 + seq where seq < 0 and {THEIRS}",
            3,
        ),
    ],
)
async def test_tampering_by_the_owner_of_the_database_is_found(
    world: World, owner: asyncpg.Connection, harm: str, first: int
) -> None:
    """S-55"""
    company = await world.company()
    await write(company, 6)
    await owner.execute("alter table audit_event disable trigger user")
    try:
        await owner.execute(harm.replace("$1", f"'{company.id}'"))
    finally:
        await owner.execute("alter table audit_event enable trigger user")
    async with reading(company.id) as work:
        assert await first_fault(work) == first


@pytest.mark.parametrize("statement", ["update audit_event set action = 'x'", "delete from audit_event"])
async def test_neither_the_app_nor_the_owner_changes_the_past(
    world: World, owner: asyncpg.Connection, statement: str
) -> None:
    company = await world.company()
    await write(company)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with unit_of_work(company.id) as work:
            await work.connection.execute(statement)
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute(f"{statement} where organisation_id = $1", company.id)


async def test_the_trail_names_columns_and_never_what_was_in_them(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, name="Kanari Hemmelig AS", email="kanari@hemmelig.example")
    await issued(company, customer, note="kanarinotat")
    async with reading(company.id) as work:
        rows = await work.connection.fetch("select e::text as text from audit_event e")
    assert rows and not any(word in row["text"].lower() for row in rows for word in ("kanari", "hemmelig"))
