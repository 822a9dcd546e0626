"""The walls around the process that draws documents.

What it draws was typed by strangers, so the process gets nothing worth having: no environment, no network, little
memory, no way to start programs, and it reads only what drawing needs. Layers, because each alone has holes: the
kernel's limits, an empty network namespace where the kernel gives one, and Python's own audit hook everywhere.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

MEMORY = 1024 * 1024 * 1024
FILE_SIZE = 64 * 1024 * 1024
OPEN_FILES = 64

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.", "ctypes.")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Forbidden(PermissionError):
    """The process tried something that drawing a document does not need."""


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, however it ends. Linux only; elsewhere the closed pipe
    ends it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def enclose(readable: Sequence[Path], writable: Path, memory: int = resource.RLIMIT_AS) -> None:
    """Put the walls up around this process: files below `readable` may be read, below `writable` written. `memory` is
    the limit that counts: of addresses, or RLIMIT_DATA for a library that reserves more of them than it ever uses.

    For the rest of its life; call it when everything that needs more has been done.
    """
    _limit(memory)
    leave_network()
    sys.addaudithook(_guard([str(path.resolve()) for path in readable], str(writable.resolve())))


def _limit(memory: int) -> None:
    for kind, limit in (
        (memory, MEMORY),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (allowed, allowed))


def limit_cpu(seconds: int) -> None:
    """Give this process `seconds` of processor time from now, after which the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def leave_network() -> None:
    """Go where there is no network, if the kernel lets us. Where it does so only for a process with one thread, call it
    before a library starts more."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Root may do it as it is; others need a user namespace, which not every kernel grants.
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _guard(readable: list[str], writable: str) -> Callable[[str, tuple[object, ...]], None]:
    def guard(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            _check_open(arguments, readable, writable)
        elif event.startswith(_FORBIDDEN):
            raise Forbidden(event)

    return guard


def _check_open(arguments: tuple[object, ...], readable: list[str], writable: str) -> None:
    path, _, flags = arguments
    if not isinstance(path, str | bytes):
        return
    name = os.path.realpath(os.fsdecode(path))
    is_writing = isinstance(flags, int) and bool(flags & _WRITING)
    places = [writable] if is_writing else [*readable, writable]
    if name != os.devnull and not any(name == place or name.startswith(place + os.sep) for place in places):
        raise Forbidden("open")
