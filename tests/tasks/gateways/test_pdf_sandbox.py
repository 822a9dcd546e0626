"""The walls around a worker, tried from inside."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PRELUDE = """
import json, os, signal, socket, subprocess, sys, urllib.request
from pathlib import Path
from tasks.gateways import pdf_sandbox
inside, scratch = Path(sys.argv[1]), Path(sys.argv[2])
pdf_sandbox.enclose([inside], scratch)
"""


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    folder = tmp_path / "inside"
    folder.mkdir()
    (folder / "font.txt").write_text("a font")
    (tmp_path / "scratch").mkdir()
    (tmp_path / "secret.txt").write_text("a secret")
    (folder / "link").symlink_to(tmp_path / "secret.txt")
    return folder


def tried(inside: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PRELUDE + textwrap.dedent(code), str(inside), str(inside.parent / "scratch")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_what_drawing_needs_can_be_read_and_scratch_can_be_written(inside: Path) -> None:
    found = tried(
        inside, "(scratch / 'a').write_text((inside / 'font.txt').read_text()); print((scratch / 'a').read_text())"
    )
    assert found.stdout.strip() == "a font"


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd')",
        "open(inside.parent / 'secret.txt')",
        "open(inside / 'link')",
        "open(inside / '..' / 'secret.txt')",
        "open(str(inside) + '-not/x')",
        "open(inside / 'new', 'w')",
        "os.open('/etc/passwd', os.O_RDONLY)",
        "socket.create_connection(('127.0.0.1', 80))",
        "socket.getaddrinfo('localhost', 80)",
        "socket.socket()",
        "urllib.request.urlopen('http://127.0.0.1:1/')",
        "subprocess.run(['true'])",
        "os.system('true')",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "import ctypes; ctypes.CDLL(None)",
    ],
)
def test_the_rest_is_forbidden(inside: Path, code: str) -> None:
    found = tried(inside, code)
    assert found.returncode == 1
    assert "Forbidden" in found.stderr or "URLError" in found.stderr


def test_memory_runs_out_before_the_machine_does(inside: Path) -> None:
    assert "MemoryError" in tried(inside, "x = bytearray(4 * 1024 ** 3)").stderr


def test_a_file_can_not_grow_without_end(inside: Path) -> None:
    code = """
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with open(scratch / 'big', 'wb') as file:
            for _ in range(80):
                file.write(bytes(1024 * 1024))
    """
    assert "File too large" in tried(inside, code).stderr


@pytest.mark.skipif(sys.platform != "linux", reason="counts processor time as Linux does")
def test_a_document_that_never_ends_is_ended_by_the_kernel(inside: Path) -> None:
    found = tried(inside, "pdf_sandbox.limit_cpu(1)\nwhile True: pass")
    assert found.returncode < 0
