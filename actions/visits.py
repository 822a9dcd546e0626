"""Usage statistics of those who said yes: how often each page was opened, by new and returning visitors.

The cookie holds the date of the last visit and nothing else, so there is no number that would follow anybody: whether
a visit is new or a return is told from that date, and only sums are ever written. They are gathered here, in the process,
and written in the background, so that no page waits for them. Signals of browsers to refuse are noted the same way.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from actions import consents
from actions.clock import now
from actions.logs import log
from domain.consent import Consent
from domain.dates import today_in
from models.unit_of_work import unit_of_work

ZONE = "Europe/Oslo"
SECONDS_BETWEEN = 10.0
# More than this in ten seconds is no use of the app but a machine: what comes then is not counted.
MOST = 20_000


@dataclass(slots=True)
class _Gathered:
    """What is not written yet."""

    views: Counter[tuple[date, str, str]] = field(default_factory=Counter)
    refused: dict[str, tuple[Consent, UUID | None, str]] = field(default_factory=dict)
    adopted: dict[UUID, tuple[Consent, str]] = field(default_factory=dict)
    lapsed: dict[str, tuple[Consent, UUID | None, str]] = field(default_factory=dict)
    signal_heard: bool = False
    signal_noted_on: date | None = None


_gathered = _Gathered()


def today() -> date:
    """The day of whoever runs this."""
    return today_in(ZONE, now())


def visit_of(last: str | None, day: date) -> str:
    """`new`, `back` for a return on another day, or `more` for a further page of the same day; an odd date is none."""
    try:
        seen = date.fromisoformat(last or "")
    except ValueError:
        return "new"
    if seen == day:
        return "more"
    return "back" if seen < day else "new"


def count(page: str, visit: str, day: date) -> None:
    """One page opened. Only of somebody who said yes to being counted, and did not object."""
    if len(_gathered.views) < MOST:
        _gathered.views[day, page[:120], visit] += 1


def hear_signal() -> None:
    """A browser asked to refuse: noted once a day."""
    _gathered.signal_heard = _gathered.signal_heard or _gathered.signal_noted_on != now().date()


def refuse_by_signal(old: Consent, person_id: UUID | None, browser: str) -> None:
    """It asked so although somebody had said yes there: that yes is taken back."""
    if len(_gathered.refused) < MOST:
        _gathered.refused[old.id] = (old, person_id, browser)


def lapse(old: Consent, person_id: UUID | None, browser: str) -> None:
    """Answers whose time is over were met, and are asked for again."""
    if len(_gathered.lapsed) < MOST:
        _gathered.lapsed[old.id] = (old, person_id, browser)


def adopt(person_id: UUID, cookie: Consent, browser: str) -> None:
    """Somebody signed in on a browser that was told a no which their account does not know."""
    if len(_gathered.adopted) < MOST:
        _gathered.adopted[person_id] = (cookie, browser)


async def flush() -> None:
    """Write what was gathered. What can not be written now is kept for the next time."""
    views, _gathered.views = _gathered.views, Counter()
    refused, _gathered.refused = _gathered.refused, {}
    adopted, _gathered.adopted = _gathered.adopted, {}
    lapsed, _gathered.lapsed = _gathered.lapsed, {}
    heard, _gathered.signal_heard = _gathered.signal_heard, False
    if not (views or refused or adopted or lapsed or heard):
        return
    try:
        async with unit_of_work(None) as work:
            # Always in one order, so that two processes never wait for one another.
            await work.connection.executemany(_ADD, [(*key, number) for key, number in sorted(views.items())])
            for old, person_id, browser in refused.values():
                await consents.refuse_by_signal(work, old, person_id, browser)
            for old, person_id, browser in lapsed.values():
                await consents.note_lapsed(work, old, person_id, browser)
            for person_id, (cookie, browser) in sorted(adopted.items()):
                await consents.adopt(work, person_id, cookie, browser)
            if heard:
                await consents.note_signal(work)
                _gathered.signal_noted_on = now().date()
    except Exception:
        _gathered.views.update(views)
        _gathered.refused = {**refused, **_gathered.refused}
        _gathered.adopted = {**adopted, **_gathered.adopted}
        _gathered.lapsed = {**lapsed, **_gathered.lapsed}
        _gathered.signal_heard = heard
        raise


@asynccontextmanager
async def counting() -> AsyncIterator[None]:
    """While the app runs: write every few seconds, and once more at the end."""
    task = asyncio.create_task(_write_again_and_again())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await _flush_or_log()


async def _write_again_and_again() -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN)
        await _flush_or_log()


async def _flush_or_log() -> None:
    try:
        await flush()
    except Exception as error:
        log.warning("visits_not_written", exc_info=error)


_ADD = """
insert into visit_count as v (day, page, visit, views) values ($1, $2, $3, $4)
on conflict (day, page, visit) do update set views = v.views + excluded.views
"""
