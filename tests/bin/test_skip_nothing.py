"""`.ci/run` is only green when every test ran."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSES = "def test_one():\n    pass\n"
SKIPS = f"import pytest\n{PASSES}\n@pytest.mark.skip(reason='tired')\ndef test_two():\n    pass\n"


@pytest.mark.parametrize(("text", "processes", "code"), [(PASSES, "0", 0), (SKIPS, "0", 1), (SKIPS, "1", 1)])
def test_a_skipped_test_fails_the_run(tmp_path: Path, text: str, processes: str, code: int) -> None:
    (tmp_path / "test_it.py").write_text(text)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.bin.skip_nothing",
            "-n",
            processes,
            "-c",
            os.devnull,
            str(tmp_path),
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert ("counts as failed here" in done.stdout) == bool(code)
