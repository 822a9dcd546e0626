"""How jobs get into the queue of pgqueuer, in the transaction that causes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pgqueuer.adapters.persistence.qb import QueryQueueBuilder


@dataclass(frozen=True, slots=True)
class Job:
    """A job by its name. A second one with the same `dedupe_key` is left out while the first one waits."""

    name: str
    payload: bytes
    after: timedelta | None = None
    dedupe_key: str | None = None


# pgqueuer's own statement. It writes in its `with`; what it then selects are ids, which nobody asks for, so that `with`
# can as well stand in another statement (models.together).
ENQUEUE = QueryQueueBuilder().build_enqueue_query("skip").strip()
WRITES = ENQUEUE.rpartition("SELECT ")[0].removeprefix("WITH ")


def values_of(jobs: list[Job]) -> tuple[list[Any], ...]:
    """What the statement wants: priorities, names, payloads, delays, keys and headers."""
    return (
        [0] * len(jobs),
        [job.name for job in jobs],
        [job.payload for job in jobs],
        [job.after or timedelta() for job in jobs],
        [job.dedupe_key for job in jobs],
        ["null"] * len(jobs),
    )
