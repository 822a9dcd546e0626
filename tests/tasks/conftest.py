"""Folders for tests that start the embedded PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tasks.embedded_postgres import EmbeddedPostgres
from tests.tasks.people import ORDINARY, is_root
from tests.tasks.processes import Program, eventually


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """A data folder whose cluster has been made and stopped: making one takes a second."""
    with _place() as place:
        with Program("hold_postgres", str(place / "data"), lines=2):
            pass
        yield place / "data"


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty folder. Not pytest's own: each pytest that starts closes the folder above it to everybody,
    the database user included."""
    with _place() as place:
        yield place


@pytest.fixture
def folder(made: Path, place: Path) -> Path:
    """A copy of the cluster that belongs to this test."""
    copy = place / "data"
    copy.mkdir(mode=0o700)
    shutil.copytree(made / "postgres", copy / "postgres", copy_function=shutil.copy2)
    if is_root:
        owner = (made / "postgres").stat()
        for path in [copy / "postgres", *(copy / "postgres").rglob("*")]:
            os.chown(path, owner.st_uid, owner.st_gid)
    return copy


@pytest.fixture
def elsewhere(place: Path) -> Path:
    """A folder of an ordinary user, with a space in its path."""
    path = place / "my place"
    path.mkdir()
    place.chmod(0o755)
    if is_root:
        entry = pwd.getpwnam(ORDINARY)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    return path


@contextmanager
def _place() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="sf-"))
    yield path
    # A server that several shared ends by itself, a moment after the last of them.
    eventually(lambda: not [*EmbeddedPostgres(path).processes(), *EmbeddedPostgres(path / "data").processes()])
    shutil.rmtree(path)
