"""Folders for tests that start the embedded PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tasks.people import ORDINARY, is_root
from tests.tasks.processes import Program


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose cluster has been made and stopped: making one takes a second."""
    folder = tmp_path_factory.mktemp("made") / "data"
    with Program("hold_postgres", str(folder), lines=2):
        pass
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it that belongs to this test."""
    copy = tmp_path / "data"
    copy.mkdir(mode=0o700)
    shutil.copytree(made / "postgres", copy / "postgres", copy_function=shutil.copy2)
    if is_root:
        owner = (made / "postgres").stat()
        for path in [copy / "postgres", *(copy / "postgres").rglob("*")]:
            os.chown(path, owner.st_uid, owner.st_gid)
    return copy


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder of an ordinary user, outside of pytest's closed one."""
    path = Path(tempfile.mkdtemp(prefix="smartfaktura test "))
    if is_root:
        entry = pwd.getpwnam(ORDINARY)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    yield path
    shutil.rmtree(path)
