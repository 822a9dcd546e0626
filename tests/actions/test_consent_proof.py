"""The proof of consent holds against whoever would change it, and goes when its time is over (R16, C-13)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from actions import consent_proof
from actions.retention_run import run
from models.consent_chain import first_fault
from models.unit_of_work import Work, unit_of_work
from tests.asking import begin_again
from tests.people import at

OLD = datetime(2024, 1, 1, tzinfo=UTC)
RIGHT = OLD - timedelta(days=1)
ADD = """
insert into consent_event (at, consent_id, action, surface, revision, answers_before, answers_after, browser, path)
select $1::timestamptz + n * interval '1 day', repeat('0', 32), 'save', 'banner', 1, '', '', '', ''
from generate_series(1, $2) n
"""
# One more at the end, with the hash that the chain would have given it.
PUT_IN = """
with one as (select * from consent_event where seq = 5),
    another as (select jsonb_populate_record(null::consent_event, to_jsonb(one) || '{"seq": 6}') as e from one)
insert into consent_event
select (jsonb_populate_record(e, jsonb_build_object('hash', consent_link(one.hash, e)))).* from another, one
"""


@pytest.fixture
async def chain(pool: None, owner: asyncpg.Connection) -> AsyncIterator[Work]:
    """Five answers of 2024 and nothing else, seen by the owner, who may try anything; all is undone."""
    transaction = owner.transaction()
    await transaction.start()
    await begin_again(owner)
    await owner.execute(ADD, OLD, 5)
    yield Work(owner, None, None)
    await transaction.rollback()


async def tried(chain: Work, statement: str) -> None:
    """As somebody who can switch triggers off."""
    for each in ("disable trigger user", statement, "enable trigger user"):
        await chain.connection.execute(each if each == statement else f"alter table consent_event {each}")


async def test_c13_a_whole_chain_has_no_fault(chain: Work) -> None:
    assert await first_fault(chain, RIGHT) is None


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("update consent_event set answers_after = 'statistics:1' where seq = 3", 3),
        ("update consent_event set at = at + interval '1 second' where seq = 1", 1),
        ("delete from consent_event where seq = 2", 3),
        ("delete from consent_event where seq = 5", 5),
        ("delete from consent_event where seq = 1", 2),
        (PUT_IN, 6),
    ],
)
async def test_c13_what_was_changed_taken_out_or_put_in_shows(chain: Work, statement: str, place: int) -> None:
    await tried(chain, statement)
    assert await first_fault(chain, RIGHT) == place


async def test_the_beginning_may_go_and_the_rest_still_proves_itself(chain: Work) -> None:
    await chain.connection.execute("delete from consent_event where seq <= 2")
    await chain.connection.execute(ADD, OLD, 1)
    assert await first_fault(chain, OLD + timedelta(days=3)) is None
    assert await first_fault(chain, RIGHT) == 2, "gone before its time"


@pytest.mark.parametrize(
    "statement",
    [
        "delete from consent_event where seq = 3",
        "delete from consent_event where seq in (1, 3)",
        "update consent_event set path = 'x'",
        "truncate consent_event cascade",
    ],
)
async def test_the_table_itself_refuses_everything_else(chain: Work, statement: str) -> None:
    with pytest.raises(asyncpg.RestrictViolationError):
        async with chain.connection.transaction():
            await chain.connection.execute(statement)
    assert await first_fault(chain, RIGHT) is None


async def test_the_app_may_add_and_never_change(pool: None) -> None:
    for statement in ("update consent_event set path = ''", "update consent_text set html = ''"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with unit_of_work(None) as work:
                await work.connection.execute(statement)


async def test_p10_answers_go_two_years_after_they_lapsed_and_not_before(
    pool: None, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    await begin_again(owner)
    async with unit_of_work(None) as work:
        await work.connection.execute(ADD, datetime.now(UTC) - timedelta(days=1), 1)
    newest = await owner.fetchval("select max(seq) from consent_event")
    at(monkeypatch, datetime.now(UTC) + timedelta(days=184 + 729))
    await run(only={"proof_of_consent"}, confirmed=True)
    assert await owner.fetchval("select max(seq) from consent_event") == newest
    at(monkeypatch, datetime.now(UTC) + timedelta(days=184 + 732))
    (line,) = await run(only={"proof_of_consent"}, confirmed=True)
    assert line.gone == line.due >= 1 and await owner.fetchval("select count(*) from consent_event") == 0
    assert await consent_proof.fault() is None
