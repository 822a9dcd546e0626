"""Telling everybody by e-mail of a material change of policy or terms, as soon as it is published.

It is published at least 30 days before it takes effect, so that is when people hear of it.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from actions.account_letters import ask_for_letter
from domain.accounts import Asked
from domain.policy import FOR_PEOPLE, SHELVES
from models.unit_of_work import reading, unit_of_work

BATCH = 200


async def tell() -> int:
    """Ask for a letter to each person who has not been told of the newest material change. Once for each person and
    change, however often it runs or is killed."""
    newest = _newest()
    if newest is None:
        return 0
    told, last = 0, UUID(int=0)
    while people := await _untold(newest, last):
        async with unit_of_work(None) as work:
            for person in people:
                marked = await work.connection.fetchval(_MARK, person["id"], newest)
                if marked:
                    await ask_for_letter(work, Asked.POLICY_CHANGE, person["email"], person["language"], person["id"])
                    told += 1
        last = people[-1]["id"]
    return told


def _newest() -> date | None:
    """The day the newest material change takes effect."""
    days = [
        version.effective_from
        for name in FOR_PEOPLE
        for version in SHELVES[name].versions[:-1]
        if version.is_material
    ]
    return max(days, default=None)


async def _untold(newest: date, last: UUID) -> list[Any]:
    async with reading(None) as work:
        return list(await work.connection.fetch(_UNTOLD, newest, last, BATCH))


_UNTOLD = """
select id, email, language from person
where id > $2 and email_confirmed_at is not null and closes_at is null
and coalesce(policies_told_until, created_at::date) < $1
order by id limit $3
"""
_MARK = """
update person set policies_told_until = $2
where id = $1 and coalesce(policies_told_until, created_at::date) < $2 returning true
"""
