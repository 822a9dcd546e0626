"""What the worker asks of whoever does one kind of job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from domain.delivery import Problem
from tasks.failures import TemporaryFailure

Payload = Mapping[str, str]


class Handler(Protocol):
    """A job may run twice, also at the same time (a worker that was taken for dead): `run` makes that harmless."""

    @property
    def pauses(self) -> Sequence[timedelta]:
        """How long to wait after the first failure, the second, and so on; then it is given up."""
        ...

    async def run(self, payload: Payload) -> None:
        """Do it. Raises TemporaryFailure or FinalFailure; any other error counts as temporary."""
        ...

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """It failed and will be tried again: say so where people look."""
        ...

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """It failed for good."""
        ...
