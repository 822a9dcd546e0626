"""One job from the queue to its end: every failure is another try or an end that people can read."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from pgqueuer.errors import RetryRequested

from domain.delivery import Problem
from tasks.failures import FinalFailure, TemporaryFailure
from tasks.handlers.handler import Handler, Payload
from tasks.jobs import Jobs
from tasks.stopping import Stopping

PAYLOAD = {"id": "1"}
AWAY = TemporaryFailure(Problem("server_unreachable", "post@nordlys.example is away"))
REFUSED = FinalFailure(Problem("address_refused", "550 no"))


class Told:
    """A handler that fails as it is told and remembers what it was asked."""

    pauses = (timedelta(seconds=10), timedelta(seconds=20))

    def __init__(self, error: Exception | None = None, *, deaf: bool = False, lasts: float = 0) -> None:
        self.error = error
        self.deaf = deaf
        self.lasts = lasts
        self.runs = 0
        self.put_offs: list[Problem] = []
        self.given_up: list[Problem] = []
        self.was_cancelled = False

    async def run(self, payload: Payload) -> None:
        self.runs += 1
        try:
            await asyncio.sleep(self.lasts)
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        if self.error is not None:
            raise self.error

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        self.put_offs.append(failure.problem)
        if self.deaf:
            raise OSError("the database is away")

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        self.given_up.append(problem)
        if self.deaf:
            raise OSError("the database is away")


async def run(handler: Handler, failures: int = 0, stopping: Stopping | None = None) -> None:
    jobs = Jobs({"told": handler}, stopping or Stopping(0))
    await jobs.run("told", handler, PAYLOAD, failures, lambda: handler.run(PAYLOAD))


async def test_a_job_that_succeeds_is_done() -> None:
    handler = Told()
    await run(handler)
    assert (handler.runs, handler.put_offs, handler.given_up) == (1, [], [])


@pytest.mark.parametrize(("failures", "least", "most"), [(0, 8, 12), (1, 16, 24)])
async def test_a_temporary_failure_is_noted_and_tried_again_later_and_later(
    failures: int, least: float, most: float
) -> None:
    handler = Told(AWAY)
    with pytest.raises(RetryRequested) as again:
        await run(handler, failures)
    assert least <= again.value.delay.total_seconds() <= most
    assert handler.put_offs == [AWAY.problem]
    assert handler.given_up == []


async def test_after_the_last_try_it_is_given_up_with_the_reason() -> None:
    handler = Told(AWAY)
    await run(handler, failures=2)
    assert handler.given_up == [AWAY.problem]


async def test_a_final_failure_is_given_up_at_once() -> None:
    handler = Told(REFUSED)
    await run(handler)
    assert (handler.put_offs, handler.given_up) == ([], [REFUSED.problem])


async def test_an_error_nobody_thought_of_is_tried_again_too() -> None:
    handler = Told(KeyError("post@nordlys.example"))
    with pytest.raises(RetryRequested):
        await run(handler)
    assert handler.put_offs == [Problem("unexpected")]


@pytest.mark.parametrize("error", [AWAY, KeyError("post@nordlys.example")])
async def test_s53_what_goes_into_the_queues_log_names_nobody(error: Exception) -> None:
    with pytest.raises(RetryRequested) as again:
        await run(Told(error))
    assert "nordlys" not in str(again.value)
    assert again.value.__suppress_context__


@pytest.mark.parametrize(("error", "failures"), [(AWAY, 0), (AWAY, 2), (REFUSED, 0)])
async def test_a_result_that_could_not_be_written_keeps_the_job(error: Exception, failures: int) -> None:
    with pytest.raises(RetryRequested):
        await run(Told(error, deaf=True), failures)


async def test_s61_a_stopping_worker_lets_a_job_finish() -> None:
    stopping, handler = Stopping(5), Told(lasts=0.05)
    running = asyncio.create_task(run(handler, stopping=stopping))
    await asyncio.sleep(0.01)
    stopping.ask()
    await running
    assert not handler.was_cancelled


async def test_s61_a_job_that_takes_too_long_goes_back_into_the_queue() -> None:
    stopping, handler = Stopping(0.02), Told(lasts=60)
    running = asyncio.create_task(run(handler, stopping=stopping))
    await asyncio.sleep(0.01)
    stopping.ask()
    with pytest.raises(RetryRequested) as again:
        await running
    assert again.value.delay == timedelta(0)
    assert handler.was_cancelled
    assert handler.given_up == []


async def test_a_cancelled_job_goes_back_into_the_queue_instead_of_being_forgotten() -> None:
    handler = Told(lasts=60)
    running = asyncio.create_task(run(handler))
    await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(RetryRequested):
        await running
    assert handler.was_cancelled
