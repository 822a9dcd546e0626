"""The recurring invoices of the sample company: one that runs, one that is paused, one not started yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from actions import plans
from actions.drafts import Editing
from actions.plans import Terms
from domain.draft import Draft
from domain.recurring import Rhythm
from models.ids import new_id

_NOTE = "Gjelder {period}"


async def make(organisation_id: UUID, person_id: UUID, last: date, draft: Callable[[date, int], Draft]) -> None:
    """Plans that begin after `last`, so that the sample's own days bring no invoices of theirs."""
    made = [replace(draft(last, lines), delivery_from=None, note=_NOTE) for lines in (1, 2, 1)]
    for one in made:
        await plans.save(organisation_id, person_id, one, Editing(0, new_id()))
    monthly = Rhythm("month", 1, (last.replace(day=1) + timedelta(days=32)).replace(day=1))
    await plans.start(organisation_id, person_id, made[0].id, Terms(monthly, is_automatic=True))
    await plans.start(
        organisation_id, person_id, made[1].id, Terms(replace(monthly, unit="quarter"), is_automatic=False)
    )
    await plans.pause(organisation_id, person_id, made[1].id)
