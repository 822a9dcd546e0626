"""A program that runs as long as the app does, and what happens when it ends by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tasks import children

LONGEST_PAUSE = 30.0  # seconds
LONG_LIFE = 60.0  # seconds: who ran that long failed for a new reason


class Gate:
    """A pipe at whose `entrance` children wait until it is opened: then they read its end, also those to come."""

    def __init__(self) -> None:
        self.entrance, self._bar = os.pipe()
        self._is_open = False

    def open(self) -> None:
        if not self._is_open:
            os.close(self._bar)
            self._is_open = True

    def close(self) -> None:
        self.open()
        os.close(self.entrance)


class Part:
    """One child of the supervisor. After each early end it waits twice as long before it starts again."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.name = name
        self._command = command
        self._env = env
        self._cwd = cwd
        self._fds = pass_fds
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._failures = 0
        self._due = 0.0

    def start(self) -> None:
        # Killed at once when the supervisor is: the next start must find the port free and no second worker.
        self._process = children.spawn(
            self._command, dies_by=signal.SIGKILL, env=self._env, cwd=self._cwd, pass_fds=self._fds
        )
        self._started = time.monotonic()

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def mend(self) -> str | None:
        """Start again what ended, when it is time; the sentence to say about it, if any."""
        if self._process is not None and not self.runs:
            return self._note_end(self._process)
        if self._process is None and time.monotonic() >= self._due:
            self.start()
        return None

    def _note_end(self, process: subprocess.Popen[bytes]) -> str:
        children.force(process)  # what it may have left behind
        self._process = None
        lived_long = time.monotonic() - self._started > LONG_LIFE
        self._failures = 1 if lived_long else self._failures + 1
        pause = min(0.5 * 2 ** (self._failures - 1), LONGEST_PAUSE)
        self._due = time.monotonic() + pause
        return f"The {self.name} ended by itself ({_how(process.returncode)}); it starts again in {pause:g} s."

    def ask_to_stop(self) -> None:
        if self._process is not None and self.runs:
            self._process.terminate()

    def force(self) -> None:
        """End it now, and whatever is left in its group."""
        if self._process is not None:
            children.force(self._process)
            self._process = None
        self._failures = 0


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    return f"signal {signal.Signals(-code).name}"
