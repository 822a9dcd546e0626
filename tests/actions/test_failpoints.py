"""Failpoints kill the process a test started, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import asyncio, pathlib, sys
from actions import instance
from actions.failpoints import failpoint
from domain.settings import Settings
instance.begin(Settings(pathlib.Path(sys.argv[1]), public_url=sys.argv[2], secret_key="x" * 32))
asyncio.run(failpoint("here"))
"""


@pytest.mark.parametrize(
    ("failpoint", "testing", "address", "dies"),
    [
        ("here:kill", "1", "http://127.0.0.1:8000", True),
        ("there:kill", "1", "http://127.0.0.1:8000", False),
        ("here", "1", "http://127.0.0.1:8000", False),
        ("here:kill", "", "http://127.0.0.1:8000", False),
        ("here:kill", "1", "https://faktura.example.no", False),
        ("", "1", "http://127.0.0.1:8000", False),
    ],
)
def test_a_failpoint_kills_only_when_all_conditions_are_met(
    tmp_path: Path, failpoint: str, testing: str, address: str, dies: bool
) -> None:
    env = {"PATH": os.environ["PATH"], "SMARTFAKTURA_FAILPOINT": failpoint, "SMARTFAKTURA_TESTING": testing}
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path), address], cwd=ROOT, env=env)
    assert done.returncode == (-signal.SIGKILL if dies else 0)
