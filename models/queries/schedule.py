"""When what happens by the clock last began."""

from __future__ import annotations

from datetime import datetime

from models.engine import pool


async def last_runs() -> dict[str, datetime]:
    """By the name of the entry in the schedule; one that never ran is left out."""
    rows = await pool().fetch("select entrypoint, max(last_run) as at from pgqueuer_schedules group by entrypoint")
    return {row["entrypoint"]: row["at"] for row in rows if row["at"] is not None}
