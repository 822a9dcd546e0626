"""The patience of the supervisor with a part that keeps on ending."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from tasks.parts import Gate, Part
from tests.tasks.processes import eventually


def part_that(code: str) -> Part:
    return Part("clock", [sys.executable, "-c", code], env=os.environ, cwd=Path.cwd())


def test_each_early_end_doubles_the_pause() -> None:
    part = part_that("raise SystemExit(3)")
    part.start()
    first = eventually(part.mend)
    second = eventually(part.mend)
    assert first == "The clock ended by itself (exit code 3); it starts again in 0.5 s."
    assert second == "The clock ended by itself (exit code 3); it starts again in 1 s."


def test_a_part_that_runs_is_left_alone() -> None:
    part = part_that("import time; time.sleep(60)")
    part.start()
    assert part.mend() is None
    assert part.runs
    part.force()
    assert not part.runs


def test_what_a_part_left_behind_ends_with_it() -> None:
    sleeper = "import subprocess, sys; p = subprocess.Popen(['sleep', '61.25']); sys.stdout.close(); p.wait()"
    part = part_that(sleeper)
    part.start()
    eventually(lambda: _sleepers())
    part.force()
    eventually(lambda: not _sleepers())


def test_a_gate_once_open_stays_open_for_those_who_come_later() -> None:
    gate = Gate()
    code = f"import os; os.read({gate.entrance}, 1)"
    part = Part("clock", [sys.executable, "-c", code], env=os.environ, cwd=Path.cwd(), pass_fds=[gate.entrance])
    part.start()
    time.sleep(0.3)
    assert part.runs
    gate.open()
    eventually(lambda: not part.runs)
    part.start()
    eventually(lambda: not part.runs)
    gate.close()


def _sleepers() -> list[int]:
    from tasks.children import running

    return running("sleep 61.25 ")
