"""Signals, turned into something to look at: they never tear us out of the middle of a step."""

from __future__ import annotations

import os
import select
import signal
from types import FrameType, TracebackType
from typing import Any, Self


class Doorbell:
    """Counts how often we were asked to stop, and wakes whoever waits when that happens or a child ends."""

    def __init__(self) -> None:
        self.stops_asked = 0
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._ear, self._bell = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(self._bell, False)
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            # `nohup` asks to ignore the end of the terminal.
            if signum != signal.SIGHUP or signal.getsignal(signum) != signal.SIG_IGN:
                self._before[signum] = signal.signal(signum, self._ring)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for signum, handler in self._before.items():
            signal.signal(signum, handler)
        signal.set_wakeup_fd(-1)
        os.close(self._ear)
        os.close(self._bell)

    def wait(self, seconds: float) -> None:
        """Come back after `seconds`, or at the next signal."""
        if select.select([self._ear], [], [], seconds)[0]:
            os.read(self._ear, 4096)

    def _ring(self, signum: int, frame: FrameType | None) -> None:
        if signum != signal.SIGCHLD:
            self.stops_asked += 1
