"""Stopping in good order: no new work, a moment to finish what is at hand, and back into the queue with the rest."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any


class OutOfTime(Exception):
    """The worker has to go before this could be finished."""


class Stopping:
    """`asked` is set when the worker is told to stop; `grace` seconds later, what still runs is interrupted."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self.asked = asyncio.Event()
        self._over = asyncio.Event()

    def ask(self) -> None:
        """Called by the signal."""
        if not self.asked.is_set():
            self.asked.set()
            asyncio.get_running_loop().call_later(self._grace, self._over.set)

    async def unless_out_of_time(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` to its end, or raise OutOfTime when the time is over."""
        running = asyncio.ensure_future(work)
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({running, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
            if not running.done():
                await _interrupt(running)
        if running.cancelled():
            raise OutOfTime
        running.result()

    async def sleep(self, seconds: float) -> None:
        """Sleep, unless asked to stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.asked.wait(), seconds)


async def _interrupt(running: asyncio.Future[None]) -> None:
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await running
