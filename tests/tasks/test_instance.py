"""The data folder, the secret, and programs that join the running instance."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from domain.settings import Settings
from tasks import instance
from tasks.embedded_postgres import Embedded
from tasks.instance import DataFolder, Refused


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "my data")


def test_only_one_process_holds_a_data_folder(settings: Settings) -> None:
    with DataFolder(settings), pytest.raises(Refused, match=f"process {os.getpid()}, http://127.0.0.1:8000"):
        DataFolder(settings).__enter__()
    with DataFolder(settings) as folder:
        assert not folder.predecessor_was_killed


def test_the_data_folder_is_private(settings: Settings) -> None:
    with DataFolder(settings) as folder:
        assert folder.path.stat().st_mode & 0o077 == 0


def test_a_predecessor_that_was_killed_is_noticed(settings: Settings) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "lock").write_text("process 4711, http://127.0.0.1:8000")
    with DataFolder(settings) as folder:
        assert folder.predecessor_was_killed


def test_a_data_folder_that_can_not_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(data_dir=tmp_path / "file" / "data")
    with pytest.raises(Refused, match=r"can not be used \(Not a directory\): name another one"):
        DataFolder(settings).__enter__()


def test_the_secret_is_made_once_and_a_half_written_one_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "secret-key.unfinished").write_text("x")
    secret = instance.secret_key(tmp_path)
    assert len(secret) == 64
    assert instance.secret_key(tmp_path) == secret
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_a_secret_that_others_could_read_is_closed(tmp_path: Path) -> None:
    instance.secret_key(tmp_path)
    (tmp_path / "secret-key").chmod(0o644)
    instance.secret_key(tmp_path)
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_the_parts_are_told_what_was_left_to_the_embedded_defaults(settings: Settings) -> None:
    told = instance.environment(settings, Embedded("owner", "app"), "secret", {"HOME": "/home/kari"})
    assert told["SMARTFAKTURA_DATABASE_URL"] == "app"
    assert told["SMARTFAKTURA_DATA_DIR"] == str(settings.data_dir)
    assert told["SMARTFAKTURA_SECRET_KEY"] == "secret"
    assert told["HOME"] == "/home/kari"


def test_joining_an_instance_that_does_not_run_is_refused(settings: Settings) -> None:
    with pytest.raises(Refused, match="start bin/run first"):
        instance.environment_of_the_running(settings, {})


def test_joining_a_real_database_needs_nothing_running(settings: Settings) -> None:
    settings = dataclasses.replace(settings, database_url="postgresql://db.example.no/x", secret_key="x" * 32)
    told = instance.environment_of_the_running(settings, {"SMARTFAKTURA_DATABASE_URL": "postgresql://…"})
    assert told["SMARTFAKTURA_DATABASE_URL"] == "postgresql://…"
