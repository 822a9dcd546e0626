from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from models.migrate import expected_ids, is_at_head, main, migrate
from tests.databases import with_database

ROOT = Path(__file__).resolve().parent.parent.parent


async def test_a_migrated_database_is_at_head_and_migrating_again_does_nothing(database: tuple[str, str]) -> None:
    owner_url, app_url = database
    assert await is_at_head(owner_url)
    assert await is_at_head(app_url)
    assert await migrate(owner_url) is False


@pytest.mark.parametrize("wrong", ["port", "name", "password"])
def test_a_database_that_lets_nobody_in_is_told_in_one_sentence(
    database: tuple[str, str], wrong: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = {
        "port": "postgresql://x:hush@127.0.0.1:1/x",
        "name": with_database(database[0], "no_such_database"),
        "password": database[0].replace("smartfaktura_owner", "nobody"),
    }
    monkeypatch.setenv("SMARTFAKTURA_MIGRATION_DATABASE_URL", addresses[wrong])
    assert main() == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert "SMARTFAKTURA_MIGRATION_DATABASE_URL can not be reached: " in sentence and "hush" not in sentence


def test_the_tables_have_no_change_that_lacks_a_migration(tmp_path: Path) -> None:
    """What the migrations add up to is what the table classes say: a new automatic migration would be empty."""
    script = (
        "import asyncio\n"
        "from piccolo.apps.migrations.commands.new import AutoMigrationManager\n"
        "from piccolo.conf.apps import Finder\n"
        "config = Finder().get_app_config(app_name='smartfaktura')\n"
        "statements = asyncio.run(AutoMigrationManager().get_alter_statements(app_config=config))\n"
        "left = [line for one in statements for line in one.statements]\n"
        "print('\\n'.join(left)); raise SystemExit(bool(left))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PICCOLO_CONF": "piccolo_conf", "PYTHONPATH": str(ROOT), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_migration_file_is_counted() -> None:
    files = [path for path in (ROOT / "models" / "migrations").glob("*.py") if path.name != "__init__.py"]
    assert len(files) == len(expected_ids())
