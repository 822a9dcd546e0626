"""When a job that failed is tried again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

# A mail server that is away is back within minutes, or when somebody has had a night's sleep. A day in all.
A_DAY = tuple(timedelta(minutes=m) for m in (0.5, 2, 10, 30, 60, 180, 360, 780))
# For letters that nobody waits for so long: the links in them would be dead.
AN_HOUR = tuple(timedelta(minutes=m) for m in (0.25, 1, 5, 15, 40))
SPREAD = 0.2


def pause(pauses: Sequence[timedelta], failures: int) -> timedelta | None:
    """How long to wait after this many earlier failures, spread by a fifth so that what failed together does not come
    back together; None when it is time to give up."""
    if failures >= len(pauses):
        return None
    return pauses[failures] * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311 - spreads load, guards nothing
