"""The proof of consent over the years: is its chain whole, and what of its beginning has had its time."""

from __future__ import annotations

from datetime import datetime

from actions.clock import now
from domain.privacy.classification import Retention
from domain.privacy.retention import PERIODS
from models.consent_chain import first_fault
from models.unit_of_work import reading, unit_of_work

BATCH = 2000


async def fault() -> int | None:
    """The number of the first answer that was changed, taken out or let go too early; None when all is well."""
    async with reading(None) as work:
        return await first_fault(work, _before())


async def kept() -> int:
    """How many answers there are."""
    return (await count_due())[1]


async def count_due() -> tuple[int, int]:
    """How many answers may go, of how many. They go from the beginning of the chain, in order."""
    async with reading(None) as work:
        row = await work.connection.fetchrow(_DUE, _before())
    return row["due"], row["total"]


async def purge() -> int:
    """Answers, two years after they lapsed, and the texts that no answer is left to."""
    gone = 0
    while True:
        async with unit_of_work(None) as work:
            some = int((await work.connection.execute(_PURGE, _before(), BATCH)).split()[-1])
        gone += some
        if some < BATCH:
            break
    async with unit_of_work(None) as work:
        await work.connection.execute(_PURGE_TEXTS, _before())
    return gone


def _before() -> datetime:
    return now() - PERIODS[Retention.CONSENT]


_STAYS = "coalesce((select min(seq) from consent_event where at >= $1), 9223372036854775807)"
_DUE = f"select count(*) filter (where seq < {_STAYS}) as due, count(*) as total from consent_event"  # noqa: S608
_PURGE = f"""
delete from consent_event where seq in (
    select seq from consent_event where seq < {_STAYS} order by seq limit $2)
"""  # noqa: S608 - a condition of our own
_PURGE_TEXTS = """
delete from consent_text t where first_used_at < $1 and not exists (select from consent_event e where e.shown = t.sha256)
"""
