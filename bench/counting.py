"""What can be counted rather than timed: statements sent to the database, and bytes of HTML."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import httpx

from actions import logs
from app import build
from bench.client import Target
from domain.settings import Settings
from models import engine


@dataclass(frozen=True, slots=True)
class Count:
    """One request: its statements, in order, and the size of its answer before compression."""

    name: str
    statements: tuple[str, ...]
    size: int


async def count(settings: Settings, headers: dict[str, str], targets: list[Target]) -> list[Count]:
    """Ask the app, in this process, for each target twice and count the second time. The pool must be open, and opened
    after `observe` was called."""
    app: Any = build(settings)
    logs.configure(logging.ERROR)
    transport = httpx.ASGITransport(app=app)
    counts = []
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_url, headers=headers) as client:
        for target in targets:
            await client.get(target.paths[0])
            await engine.settled()
            seen.clear()
            answer = await client.get(target.paths[0])
            await engine.settled()
            counts.append(Count(target.name, tuple(seen), len(answer.content)))
    return counts


seen: list[str] = []


def observe() -> None:
    """See every statement of connections opened from now on."""
    if seen.append not in engine.observers:
        engine.observers.append(seen.append)
