"""T-13: a deletion, an issue and a copy of the data at the same moment end in one order or the other, and whole."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from actions import data_exports, erasure_run, erasures, files
from actions.clock import now
from actions.erasures import Waiting
from actions.invoices import Issuance, issue
from actions.outcomes import Locked, NotFound
from domain.refusals import Refused
from models.queries.data_exports import ExportView, export_of
from models.queries.erasures import account_plan
from models.unit_of_work import reading
from tests.actions.making import saved
from tests.actions.test_customer_erasure import CANARY, places_of
from tests.people import at, somewhere
from tests.world import Company, World

pytestmark = pytest.mark.usefixtures("own_ledger")


async def asked(company: Company) -> UUID:
    found = await data_exports.ask(company.person_id, company.id, somewhere())
    assert isinstance(found, ExportView)
    return found.id


async def closing(company: Company) -> UUID:
    """The owner confirms, and again when something changed since the plan was shown; the id of the deletion."""
    done: object = None
    while not isinstance(done, Waiting):
        plan = await account_plan(company.person_id, company.email)
        done = await erasures.close_account(company.person_id, company.email, plan.fingerprint, somewhere())
    async with reading(None) as work:
        found: UUID = await work.connection.fetchval(
            "select id from erasure where person_id = $1 and kind = 'account'", company.person_id
        )
    return found


async def test_t13_issuing_while_the_account_closes_and_a_copy_is_made_leaves_no_gap_and_no_half(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    customer = await world.customer(company, email=f"{CANARY}@example.test", notes=CANARY)
    drafts = [await saved(company, customer) for _ in range(4)]
    export_id = await asked(company)
    outcomes = await asyncio.gather(
        issue(company.id, company.person_id, drafts[0].id, None, None, send=False),
        closing(company),
        data_exports.make(export_id),
        *(issue(company.id, company.person_id, one.id, None, None, send=False) for one in drafts[1:]),
        return_exceptions=True,
    )
    failed = [one for one in outcomes if isinstance(one, BaseException)]
    assert all(isinstance(one, (Refused, Locked, NotFound)) for one in failed), failed
    rows = await owner.fetch(
        "select counter from invoice where organisation_id = $1 and number <> '' order by counter", company.id
    )
    issued = sum(isinstance(one, Issuance) and one.number is not None for one in outcomes)
    assert [row["counter"] for row in rows] == list(range(1, issued + 1))
    made = await export_of(export_id)
    assert made is not None and made.state == "ready"
    (erasure_id,) = [one for one in outcomes if isinstance(one, UUID)]
    at(monkeypatch, now() + timedelta(days=15))
    late = await asyncio.gather(
        erasure_run.execute(erasure_id),
        *(issue(company.id, company.person_id, one.id, None, None, send=False) for one in drafts),
        return_exceptions=True,
    )
    assert not isinstance(late[0], BaseException), late[0]
    assert await places_of(owner, company) == set()
    assert await files.names("exports") == [] and await export_of(export_id) is None


@pytest.mark.parametrize("moment", ["export.written", "export.stored"])
async def test_t13_a_copy_that_is_finished_after_its_owner_was_deleted_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    company = await world.company()
    await world.customer(company, name=CANARY)
    export_id, erasure_id = await asked(company), await closing(company)
    at(monkeypatch, now() + timedelta(days=15))

    async def meanwhile(name: str) -> None:
        if name == moment:
            await erasure_run.execute(erasure_id)

    monkeypatch.setattr(data_exports, "failpoint", meanwhile)
    await data_exports.make(export_id)
    assert await export_of(export_id) is None
    assert await files.names("exports") == []
