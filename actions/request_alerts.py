"""Reminders of requests that are soon due: at 7, 3, 1 and 0 days left, each exactly once (P-14).

What is marked and the letter's job are one transaction, so a run may be killed, or two may run at once.
"""

from __future__ import annotations

from uuid import UUID

from actions.clock import now
from actions.request_letters import Letter, queue_letter
from actions.requests import clock_of
from actions.tenants import organisations
from domain.dates import today_in
from domain.privacy.requests import ALERTS, ZONE, alert_due
from models.queries.members import deciders
from models.unit_of_work import Work, reading, unit_of_work

MOST_TOLD = 10


async def remind() -> int:
    """Tell whoever answers of what is soon due: the operator, and each business's owners and administrators. Says how
    many requests were due for a reminder."""
    told = await remind_ours()
    async for organisation_id in organisations():
        told += await remind_company(organisation_id)
    return told


async def remind_company(organisation_id: UUID) -> int:
    """The same for one business."""
    async with reading(organisation_id) as work:
        due = await work.connection.fetch(_THEIRS, organisation_id, now(), max(ALERTS))
    return sum([await _remind_theirs(organisation_id, row["id"]) for row in due])


async def remind_ours() -> int:
    """The same for the operator."""
    async with reading(None) as work:
        due = await work.connection.fetch(_OURS, today_in(ZONE, now()), max(ALERTS))
    told = 0
    for row in due:
        async with unit_of_work(None) as work:
            if await _mark(work, row["id"], ZONE):
                await queue_letter(work, row["id"], Letter.ALERT)
                told += 1
    return told


async def _remind_theirs(organisation_id: UUID, request_id: UUID) -> int:
    async with unit_of_work(organisation_id) as work:
        zone = await work.connection.fetchval("select time_zone from organisation where id = $1", organisation_id)
        if not await _mark(work, request_id, zone):
            return 0
        for person_id in await deciders(work, MOST_TOLD):
            await queue_letter(work, request_id, Letter.ALERT, person_id)
    return 1


async def _mark(work: Work, request_id: UUID, zone: str) -> bool:
    """Is a reminder due that has not gone out? The row stays locked until this transaction ends."""
    ours = work.organisation_id is None
    key = (request_id,) if ours else (request_id, work.organisation_id)
    row = await work.connection.fetchrow(_LOCK_OURS if ours else _LOCK_THEIRS, *key)
    step = alert_due(clock_of(row, zone).days_left(today_in(zone, now())), row["alerted"]) if row else None
    if step is None:
        return False
    await work.connection.execute(_MARK_OURS if ours else _MARK_THEIRS, *key, step)
    return True


# Somebody whose address is not proven can not be answered, so their time presses nobody.
_OURS = """
select id from rights_request
where closed_at is null and identity <> 'unproven' and coalesce(extended_until, due_on) - $1::date <= $2
"""
_THEIRS = """
select r.id from customer_request r join organisation o on o.id = r.organisation_id
where r.organisation_id = $1 and r.closed_at is null
and coalesce(r.extended_until, r.due_on) - ($2::timestamptz at time zone o.time_zone)::date <= $3
"""
_LOCK_OURS = "select * from rights_request where id = $1 and closed_at is null for update"
_LOCK_THEIRS = """
select * from customer_request where id = $1 and organisation_id = $2 and closed_at is null for update
"""
_MARK_OURS = "update rights_request set alerted = $2 where id = $1"
_MARK_THEIRS = "update customer_request set alerted = $3 where id = $1 and organisation_id = $2"
