"""Statements that do not build on one another, sent as one: each costs its work, none a way to the server and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from models.queueing import WRITES, values_of
from models.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Part:
    """One statement, known to the others as `name`. With `answered` it returns one value of one row, or no row, and
    `answered` is called with it. A statement inside it that writes too is a part of its own."""

    name: str
    sql: str
    values: tuple[Any, ...]
    answered: Callable[[Any], None] | None = None


async def send_together(work: Work, *parts: Part) -> None:
    """Send the parts as one statement, and with them the jobs queued so far. They see the rows as they were before all
    of them, and no order holds among them, so no two may write the same row."""
    asked = tuple((part.name, part.sql, len(part.values), part.answered is not None) for part in parts)
    values = [value for part in parts for value in part.values]
    jobs = work.take_jobs()
    if jobs:
        values += values_of(jobs)
    answers = await work.connection.fetchrow(_joined(asked, bool(jobs)), *values)
    for part in parts:
        if part.answered is not None:
            part.answered(answers[part.name])


@lru_cache(maxsize=200)
def _joined(parts: tuple[tuple[str, str, int, bool], ...], with_jobs: bool) -> str:
    texts, answers, before = [], ["true as sent"], 0
    for name, sql, count, answered in parts:
        texts.append(f"{name} as ({_renumbered(sql, before)})")
        if answered:
            answers.append(f"(table {name}) as {name}")
        before += count
    if with_jobs:
        texts.append(_renumbered(WRITES, before))
    return f"with {', '.join(texts)} select {', '.join(answers)}"


def _renumbered(sql: str, before: int) -> str:
    return re.sub(r"\$(\d+)", lambda place: f"${int(place[1]) + before}", sql)
