"""One PostgreSQL for all test runs of this checkout, kept up as long as any of them lives.

Every test process holds a shared lock on `users`; the kernel lets go of it however the process ends. The keeper owns
the server and waits for the same lock alone: once it gets it, nobody is left, and it stops the server and itself.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import asyncpg

from tasks.embedded_postgres import Embedded, EmbeddedPostgres
from tasks.postgres_places import PostgresFailed

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDER = CHECKOUT / "data" / "test-postgres"
# Tests may lose their data when the machine fails, so nothing waits for the disk.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}

_held: dict[Path, int] = {}  # locks of this process, kept until it ends


def ensure_test_server(folder: Path = FOLDER) -> Embedded:
    """Start the test server or join it. It stays up at least until this process ends, and may be asked for again.

    `owner_url` is a superuser who may create databases. Call yours `test_…`: what a broken-off run left behind is
    dropped at the next start.
    """
    for made in (folder.parent, folder):
        made.mkdir(mode=0o700, exist_ok=True)
    server = EmbeddedPostgres(folder, FAST)
    with _Lock(folder / "starting"):
        if folder not in _held:
            _held[folder] = _lock(folder / "users", fcntl.LOCK_SH)
        _see_that_it_answers(server, folder)
    return server.urls()


def keep(folder: Path) -> None:
    """The keeper: returns at once, in a process that ends when the server answers; the server lives on in a child."""
    reader, writer = os.pipe()
    if os.fork():
        os.close(writer)
        with os.fdopen(reader) as ear:
            sys.exit(ear.read() or None)
    os.close(reader)
    os.setsid()
    _lock(folder / "keeper", fcntl.LOCK_EX)
    server = EmbeddedPostgres(folder, FAST)
    with os.fdopen(writer, "w") as mouth:
        try:
            asyncio.run(_drop_leftovers(server.start()))
        except Exception as error:
            mouth.write(str(error) or repr(error))
            return
    _silence()
    _lock(folder / "users", fcntl.LOCK_EX)
    server.stop()


async def _drop_leftovers(embedded: Embedded) -> None:
    """Nobody was using the server, so databases that tests made are from runs that were broken off."""
    connection = await asyncpg.connect(embedded.owner_url)
    for (name,) in await connection.fetch("select datname from pg_database where datname like 'test\\_%'"):
        await connection.execute(f'drop database "{name}" with (force)')
    await connection.close()


def _start_keeper(folder: Path) -> None:
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "tasks.shared_postgres", str(folder)],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PostgresFailed(done.stderr.strip())


def _is_kept(folder: Path) -> bool:
    """Does a keeper hold its lock? Asking takes the lock for a moment: only under `starting`."""
    with suppress(BlockingIOError):
        os.close(_lock(folder / "keeper", fcntl.LOCK_EX | fcntl.LOCK_NB))
        return False
    return True


def _see_that_it_answers(server: EmbeddedPostgres, folder: Path) -> None:
    """A keeper whose starter was killed may still be on its way; one that just stopped its server holds its lock for a
    moment longer, and then another is needed."""
    deadline = time.monotonic() + 30
    while True:
        if not _is_kept(folder):
            _start_keeper(folder)
        elif server.answers():
            return
        elif time.monotonic() > deadline:
            raise PostgresFailed(f"The test server in {server.data_dir} does not answer.")
        else:
            time.sleep(0.05)


class _Lock:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        self._file = _lock(self._path, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._file)


def _lock(path: Path, kind: int) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, kind)
    except BlockingIOError:
        os.close(file)
        raise
    return file


def _silence() -> None:
    """Let go of the pipes of the process that started us: it waits for their end."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
