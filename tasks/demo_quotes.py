"""The quotes of the sample company: one in each state that a quote can be in, as nobody shall get a letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from actions import quote_letters, quotes
from actions.drafts import Editing
from domain.draft import Draft
from models.ids import new_id
from models.unit_of_work import unit_of_work

# How many days ago it was sent, and what the customer said.
_SENT = ((2, ""), (6, "accepted"), (9, "declined"), (50, ""), (1, ""))


async def make(
    organisation_id: UUID,
    person_id: UUID,
    last: date,
    draft: Callable[[date, int], Draft],
    at: Callable[[date], None],
) -> None:
    """Quotes that end on `last`; `draft` writes one of so many lines on a day, `at` sets the clock to a day."""
    for lines, (days, answer) in enumerate(sorted(_SENT, reverse=True), start=1):
        day = last - timedelta(days=days)
        at(day)
        made = replace(draft(day, lines), valid_until=day + timedelta(days=30), delivery_from=None)
        done = await quote_letters.send(organisation_id, person_id, made.id, made, Editing(0, new_id()))
        assert not done.refusals, done.refusals
        if answer:
            at(day + timedelta(days=1))
            await quotes.answer(organisation_id, made.id, answer, "Kari Eksempel")
    at(last)
    written = replace(draft(last, 2), valid_until=last + timedelta(days=30), delivery_from=None)
    await quotes.save(organisation_id, person_id, written, Editing(0, new_id()))
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute("delete from pgqueuer where entrypoint in ('render_quote', 'send_quote')")
        await work.connection.execute(_AS_IF_SENT, organisation_id)
        await work.connection.execute(_DELIVERED, organisation_id)


_AS_IF_SENT = """
update message set state = 'sent', attempts = 1, tried_at = queued_at, sent_at = queued_at
where organisation_id = $1 and quote_id is not null
"""
_DELIVERED = "update quote set delivery_state = 'sent' where organisation_id = $1 and state <> 'draft'"
