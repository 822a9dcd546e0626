"""Reminders of the 72 hours: to who runs the installation, with 24 hours left, with 6, and when they are over.

What is marked and the job of its letter are one transaction, so a run may be killed, or two may run at once.
"""

from __future__ import annotations

from uuid import UUID

from actions.clock import now
from actions.instance import settings
from domain.letter import Letter
from domain.privacy.breaches import ALERTS, alert_due
from models.ids import new_id
from models.queries.breaches import Entry, newest_entries, newest_in
from models.unit_of_work import reading, unit_of_work

JOB = "send_breach_alert"


async def remind() -> int:
    """Tell the operators of each clock that runs low, each step once; how many breaches they were told of."""
    return sum([await _remind(entry) for entry in await newest_entries() if entry.breach.is_open])


async def prepare(breach_id: UUID, step: int, place: int) -> Letter | None:
    """The letter to the operator at `place` in the settings; None when the clock stands still by now."""
    operators = settings().operators
    async with reading(None) as work:
        entry = await newest_in(work, breach_id)
        if entry is None or not entry.breach.is_open or place >= len(operators):
            return None
        language = await work.connection.fetchval(
            "select language from person where email_key = $1", operators[place]
        )
    words = {
        "name": "",
        "public_url": settings().public_url,
        "reference": entry.reference,
        "hours": str(step),
        "address": f"{settings().public_url}/operator/breaches/{breach_id}",
    }
    return Letter(operators[place], language or "nb", "breach_alert", words)


async def _remind(entry: Entry) -> bool:
    """Steps that passed while nobody was there to remind are marked with the one that is due, and not told of."""
    due = alert_due(entry.breach, now())
    if due is None:
        return False
    async with unit_of_work(None) as work:
        for step in (step for step in ALERTS if step >= due):
            is_new = await work.connection.fetchval(_MARK, new_id(), entry.breach_id, step, now())
        if is_new:
            for place in range(len(settings().operators)):
                work.enqueue(JOB, {"breach_id": str(entry.breach_id), "step": str(due), "place": str(place)})
    return bool(is_new)


_MARK = """
insert into breach_alert (id, breach_id, step, at) values ($1, $2, $3, $4)
on conflict (breach_id, step) do nothing returning true
"""
