"""Who stands in for the official rules in tests of what is done with their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from actions import einvoice_opinions
from domain.einvoice.findings import Verdict, foreign_finding


class Scripted:
    """Answers as it is told, and remembers what it was shown."""

    def __init__(self, answer: Callable[[bytes], Verdict] = lambda _: Verdict()) -> None:
        self.answer = answer
        self.seen: list[bytes] = []
        self.warmed = 0

    def warm(self) -> None:
        self.warmed += 1

    async def judge(self, xml: bytes) -> Verdict:
        self.seen.append(xml)
        return self.answer(xml)


def breaking(*rules: str) -> Verdict:
    return Verdict(tuple(foreign_finding(rule, True) for rule in rules))


@contextmanager
def judged_by(judge: einvoice_opinions.Judge) -> Iterator[None]:
    einvoice_opinions.use(judge)
    try:
        yield
    finally:
        einvoice_opinions.use(None)
