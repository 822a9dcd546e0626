"""Starting, watching and killing programs of this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import asyncpg

from tests.tasks.people import as_ordinary_user

CHECKOUT = Path(__file__).resolve().parents[2]

Answer = TypeVar("Answer")


def parents() -> dict[int, int]:
    """Every living process and its parent; ended ones that nobody has asked after do not count."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue
        if state != "Z":
            found[int(stat.parent.name)] = int(parent)
    return found


def descendants(pid: int) -> set[int]:
    family, known = {pid}, parents()
    while more := {child for child, parent in known.items() if parent in family} - family:
        family |= more
    return family - {pid}


def alive(pids: set[int]) -> set[int]:
    return pids & parents().keys()


def eventually(question: Callable[[], Answer], seconds: float = 20) -> Answer:
    """Ask until the answer is true, and give it."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return answer


async def ask(url: str, *statements: str) -> Any:
    """Run the statements; the first value of the last one."""
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            answer = await connection.fetch(statement)
        return answer[0][0] if answer else None
    finally:
        await connection.close()


class Program:
    """A stand-in that was started, what it printed first, and the processes below it."""

    def __init__(
        self,
        module: str,
        *arguments: str,
        lines: int,
        ordinary: bool = False,
        env: Mapping[str, str] | None = None,
        checkout: Path = CHECKOUT,
    ) -> None:
        command = [sys.executable, "-m", f"tests.tasks.standins.{module}", *arguments]
        self.process = subprocess.Popen(
            as_ordinary_user(command) if ordinary else command,
            cwd=checkout,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | dict(env or {}),
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.said = [self.process.stdout.readline().strip() for _ in range(lines)]
        assert all(self.said), f"It ended before it was ready: {self.finish()}"
        self.family = descendants(self.process.pid)

    def finish(self) -> str:
        """Let it end in good order; what it said on stderr."""
        _, errors = self.process.communicate("", timeout=30)
        return errors

    def kill(self) -> None:
        self.process.kill()
        self.finish()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.returncode is None:
            self.finish()
