"""One job, from the queue to its end. Every failure is answered here: another try, later and later, or an end in words.

What goes back to the queue's own log is a code, never what a server said or a person typed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import timedelta
from typing import Any, NoReturn

import structlog
from pgqueuer import PgQueuer
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job, Schedule

from domain.delivery import Problem
from tasks import retries
from tasks.failures import FinalFailure, TemporaryFailure
from tasks.handlers.handler import Handler, Payload
from tasks.leases import Leases
from tasks.schedule import Entry
from tasks.stopping import OutOfTime, Stopping

log = structlog.get_logger("worker")


class Jobs:
    """Runs the jobs of one worker. `pauses` takes the place of each handler's own, in tests."""

    def __init__(
        self, handlers: Mapping[str, Handler], stopping: Stopping, pauses: Sequence[timedelta] | None = None
    ) -> None:
        self._handlers = handlers
        self._stopping = stopping
        self._pauses = pauses

    def register(self, queue: PgQueuer, leases: Leases) -> None:
        """Tell the queue what we can do."""
        for name, handler in self._handlers.items():
            # A failure that even we could not answer is parked, for tasks.held_jobs to bring back.
            queue.entrypoint(name, on_failure="hold", accepts_context=False)(self._entrypoint(name, handler, leases))

    def _entrypoint(self, name: str, handler: Handler, leases: Leases) -> Callable[[Job], Awaitable[None]]:
        async def entrypoint(job: Job) -> None:
            payload = json.loads(job.payload or b"{}")

            async def alone() -> None:
                async with leases.hold(job.id):
                    await handler.run(payload)

            await self.run(name, handler, payload, job.attempts, alone)

        return entrypoint

    async def run(
        self,
        name: str,
        handler: Handler,
        payload: Payload,
        failures: int,
        work: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        """Do `work`, the job of `handler`. Raises RetryRequested, which queues it again, and nothing else."""
        try:
            await self._stopping.unless_out_of_time(work())
        except (OutOfTime, asyncio.CancelledError):
            # Never let the queue see a cancellation: it would take it for the user's will and forget the job.
            raise RetryRequested(timedelta(0), "stopped") from None
        except FinalFailure as failure:
            await self._give_up(name, handler, payload, failure.problem)
        except TemporaryFailure as failure:
            await self._try_again(name, handler, payload, failures, failure)
        except Exception as error:
            log.error("job_failed_unexpectedly", job=name, exc_info=error)
            await self._try_again(name, handler, payload, failures, TemporaryFailure(Problem("unexpected")))

    async def _try_again(
        self, name: str, handler: Handler, payload: Payload, failures: int, failure: TemporaryFailure
    ) -> None:
        pause = retries.pause(self._pauses or handler.pauses, failures)
        if pause is None:
            await self._give_up(name, handler, payload, failure.problem)
            return
        log.info("job_put_off", job=name, kind=failure.problem.code, failures=failures + 1, seconds=pause.seconds)
        await self._noted(name, handler.put_off(payload, failure))
        _again(pause, failure.problem.code)

    async def _give_up(self, name: str, handler: Handler, payload: Payload, problem: Problem) -> None:
        log.warning("job_given_up", job=name, kind=problem.code)
        if not await self._noted(name, handler.give_up(payload, problem)):
            # Nobody could read that it ended, so it has not.
            _again((self._pauses or handler.pauses)[-1], problem.code)

    async def _noted(self, name: str, note: Awaitable[None]) -> bool:
        try:
            await note
        except Exception as error:
            log.error("job_result_not_noted", job=name, exc_info=error)
            return False
        return True


def _again(pause: timedelta, reason: str) -> NoReturn:
    raise RetryRequested(pause, reason) from None


def register_schedule(queue: PgQueuer, schedule: Sequence[Entry]) -> None:
    """Tell the queue what happens by the clock."""
    for entry in schedule:
        queue.schedule(entry.name, entry.cron, accepts_context=False)(_scheduled(entry))


def _scheduled(entry: Entry) -> Callable[[Schedule], Awaitable[None]]:
    async def run(_: Schedule) -> None:
        try:
            count = await entry.run()
        except Exception as error:
            log.error("scheduled_failed", job=entry.name, exc_info=error)
        else:
            if count:  # most of them come each minute, and most minutes have nothing for them
                log.info("scheduled_done", job=entry.name, count=count)

    return run
