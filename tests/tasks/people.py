"""Running a program as an ordinary user, also when the tests themselves run as root."""

from __future__ import annotations

import os

ORDINARY = "nobody"
is_root = os.geteuid() == 0


def as_ordinary_user(command: list[str]) -> list[str]:
    """`command`, run without root's powers. It may read everything (the Python of a test machine can be
    below /root) but write only what its own user may."""
    if not is_root:
        return command
    reading = "+dac_read_search"
    return [
        "setpriv",
        f"--reuid={ORDINARY}",
        "--regid=nogroup",
        "--clear-groups",
        f"--inh-caps={reading}",
        f"--ambient-caps={reading}",
        *command,
    ]
