"""Deletions of an account, as the tests of them ask for one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from actions import erasures
from actions.erasures import Waiting
from models.queries.erasures import account_plan
from models.unit_of_work import reading
from tests.people import somewhere
from tests.world import Company

DAYS_15 = timedelta(days=15)


class Killed(BaseException):
    """The power is gone."""


async def ask(company: Company) -> UUID:
    """The owner confirms; the id of the deletion."""
    plan = await account_plan(company.person_id, company.email)
    done = await erasures.close_account(company.person_id, company.email, plan.fingerprint, somewhere())
    assert isinstance(done, Waiting), done
    async with reading(None) as work:
        found: UUID = await work.connection.fetchval(
            "select id from erasure where person_id = $1 and kind = 'account'", company.person_id
        )
    return found
