"""One running SmartFaktura: its data folder, held by one process at a time, its secret, its environment.

`python -m tasks.instance <module> …` runs a module (a further worker, a console) against the instance that is running.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from domain.setting_values import PREFIX
from domain.settings import Settings, SettingsError, from_env
from tasks.embedded_postgres import Embedded, EmbeddedPostgres

CHECKOUT = Path(__file__).resolve().parent.parent


# The person of `bin/run --demo`.
SAMPLE_PERSON = "eksempel@eksempeldesign.example"


class Refused(Exception):
    """SmartFaktura can not start or go on; the text is one sentence for the operator."""


class DataFolder:
    """The data folder of `settings`, made if need be and ours alone until the block ends (or we do)."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.data_dir
        self._address = settings.public_url
        self.predecessor_was_killed = False

    def __enter__(self) -> Self:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Refused(
                f"The data folder {self.path} can not be used ({error.strerror}): "
                f"name another one with {PREFIX}DATA_DIR, or start as the user it belongs to."
            ) from error
        self._hold()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.ftruncate(self._lock, 0)
        os.close(self._lock)

    def _hold(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.pread(self._lock, 200, 0).decode(errors="replace")
            os.close(self._lock)
            raise Refused(
                f"SmartFaktura is already running with the data folder {self.path} ({who}): stop it first, "
                f"or start a second one with another {PREFIX}DATA_DIR and {PREFIX}PORT."
            ) from None
        # Whoever stops in good order empties the file.
        self.predecessor_was_killed = os.fstat(self._lock).st_size > 0
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"process {os.getpid()}, {self._address}".encode(), 0)


def secret_key(data_dir: Path) -> str:
    """The secret of this installation, made once. It is complete or not there at all."""
    path = data_dir / "secret-key"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(file, secrets.token_urlsafe(48).encode())
        os.fsync(file)
        os.close(file)
        unfinished.rename(path)
    path.chmod(0o600)
    return path.read_text()


def environment(settings: Settings, database: Embedded | None, secret: str, env: Mapping[str, str]) -> dict[str, str]:
    """What the programs of this instance are told: everything that was left to the embedded defaults, spelled out."""
    told = dict(env) | {
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}SECRET_KEY": secret,
        "PYTHONUNBUFFERED": "1",
    }
    if database is not None:
        told[f"{PREFIX}DATABASE_URL"] = database.app_url
        told[f"{PREFIX}MIGRATION_DATABASE_URL"] = database.owner_url
    return told


def environment_of_the_running(settings: Settings, env: Mapping[str, str]) -> dict[str, str]:
    """The same for a program that joins from outside. Refuses when the embedded database is not running."""
    database = None
    if settings.database_url is None:
        server = EmbeddedPostgres(settings.data_dir)
        if not server.answers():
            raise Refused(
                f"SmartFaktura is not running with the data folder {settings.data_dir}: start bin/run first."
            )
        database = server.urls()
    return environment(settings, database, settings.secret_key or secret_key(settings.data_dir), env)


def main() -> int:
    """Become `python -m <module> …`, with the environment of the running instance."""
    try:
        env = environment_of_the_running(from_env(os.environ, CHECKOUT), os.environ)
    except (Refused, SettingsError) as refusal:
        sys.stderr.write(f"{refusal}\n")
    else:
        os.chdir(CHECKOUT)
        os.execve(sys.executable, [sys.executable, "-m", *sys.argv[1:]], env)  # noqa: S606 - ourselves
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
