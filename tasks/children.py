"""Child processes that do not outlive us: when this process is killed, even with -9, they get a signal."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h
PLAIN_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """A user of this machine whom a child runs as."""

    name: str
    uid: int
    gid: int


def spawn(
    command: Sequence[str],
    *,
    dies_by: signal.Signals,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[bytes] | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `command` in a process group of its own, so that Ctrl-C in the terminal reaches only us.

    `dies_by` is sent by the kernel when the *thread* that called this ends: call it from the main thread.
    (Only Linux can do that. Elsewhere a leftover is found and stopped at the next start.)
    """
    return subprocess.Popen(  # noqa: S603 - our own programs only
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        cwd=cwd,
        env=env,
        pass_fds=pass_fds,
        process_group=0,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=_dies_with(os.getpid(), dies_by),
    )


def run(
    command: Sequence[str], *, account: Account | None = None, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a short program to its end; what it says, errors included, is the answer's `stdout`."""
    return subprocess.run(  # noqa: S603 - our own programs only
        command,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        env=PLAIN_ENVIRONMENT,
        process_group=0,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=_dies_with(os.getpid(), signal.SIGKILL),
    )


def _dies_with(parent: int, by: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def ask_the_kernel() -> None:
        # Runs in the child after it has changed user: a change of user would forget the request.
        libc.prctl(SET_PARENT_DEATH_SIGNAL, int(by))
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask_the_kernel


def end(child: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal to the child in turn, with the seconds it may take, until it is gone; then force its group."""
    for signum, patience in steps:
        if child.poll() is not None:
            break
        child.send_signal(signum)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    force(child)


def force(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and whatever it left running in its process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def running(*marks: str) -> list[int]:
    """The processes with one of `marks` in their command line or title, which can be read across users."""
    return [pid for pid, command in _command_lines() if any(mark in command for mark in marks)]


def _command_lines() -> list[tuple[int, str]]:
    proc = Path("/proc")
    if (proc / "self" / "cmdline").exists():
        return [(int(folder.name), _read(folder / "cmdline")) for folder in proc.glob("[0-9]*")]
    listing = run(["ps", "-axo", "pid=,command="])
    rows = (line.split(maxsplit=1) for line in listing.stdout.splitlines())
    return [(int(row[0]), row[1]) for row in rows if len(row) == 2]


def _read(path: Path) -> str:
    try:
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:  # it has just ended
        return ""
