"""Issue and send the invoice that a plan made."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from actions import plan_runs
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.handlers.handler import Payload
from tasks.retries import A_DAY


def _run(payload: Payload) -> tuple[UUID, UUID, date]:
    return UUID(payload["organisation_id"]), UUID(payload["plan_id"]), date.fromisoformat(payload["day"])


class IssuePlanned:
    """{organisation_id, plan_id, day}"""

    pauses = A_DAY

    async def run(self, payload: Payload) -> None:
        await plan_runs.issue(*_run(payload))

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """The draft is there to be seen meanwhile."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """The draft stays, and its owner is told as when it can not be issued."""
        await plan_runs.refuse(*_run(payload))
