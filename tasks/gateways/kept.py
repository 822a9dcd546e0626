"""Answers that are kept for a while, so that a register is not asked the same twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Kept(Generic[Answer]):
    """The latest answers in memory, at most `most` of them, each for `seconds`. For one process only."""

    def __init__(self, seconds: float, most: int = 1000, clock: Callable[[], float] = monotonic) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._answers: OrderedDict[str, tuple[float, Answer]] = OrderedDict()

    def get(self, key: str) -> Answer | None:
        """The answer kept for `key`, while it is fresh."""
        kept = self._answers.get(key)
        return kept[1] if kept is not None and self._clock() < kept[0] else None

    def put(self, key: str, answer: Answer) -> Answer:
        """Keep it; the oldest goes when there are too many."""
        self._answers[key] = (self._clock() + self._seconds, answer)
        self._answers.move_to_end(key)
        if len(self._answers) > self._most:
            self._answers.popitem(last=False)
        return answer
