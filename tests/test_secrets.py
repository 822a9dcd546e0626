"""S-52: no secret is in the repository, on a page, or in the log."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from litestar import Litestar, get

from actions import instance, logs
from domain.settings import Settings
from routes.errors import HANDLERS
from routes.guards import public
from routes.middleware import wrap
from tests.routes.middleware.small_app import LOOPBACK, browser

ROOT = Path(__file__).resolve().parent.parent
# What scanners of repositories look for: keys in their own notation, and addresses with a password in them.
KEYS = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{22,}"
    rb"|\bglpat-[\w-]{20}\b|\bxox[abprs]-[\w-]{10,}|\bsk_live_\w{16,}|\bAIza[\w-]{35}\b|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\."
)
WITH_PASSWORD = re.compile(
    rb"\b(?:postgres(?:ql)?|smtps?|s3)://[^\s:/@\"'{}<>]+:((?=[^@\s]*\d)[^\s@/\"'{}<>]{10,})@(?!127\.0\.0\.1)"
)
PLANTED = "Zq7plantedSecret"


def tracked() -> list[Path]:
    """The files of the repository; without git, all that a checkout consists of."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    outside = {"data", ".venv", ".git"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not outside & set(path.relative_to(ROOT).parts)]


def test_s52_no_file_of_the_repository_holds_a_key_or_a_password() -> None:
    found = []
    for path in tracked():
        if path.is_file() and path != Path(__file__).resolve():
            content = path.read_bytes()
            found += [f"{path.relative_to(ROOT)}: {hit[:12]!r}…" for hit in KEYS.findall(content)]
            found += [f"{path.relative_to(ROOT)}: {hit[:3]!r}…" for hit in WITH_PASSWORD.findall(content)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [b"-----BEGIN RSA PRIVATE KEY-----", b"AKIAABCDEFGHIJKLMNOP", b"ghp_" + b"a" * 36, b"sk_live_" + b"a" * 20],
)
def test_s52_the_search_finds_what_it_is_for(text: bytes) -> None:
    assert KEYS.search(b"x = '" + text + b"'") and WITH_PASSWORD.search(b"smtps://a:4ndre-hemmelige-ord@mail.example")


async def test_s52_a_crash_tells_no_secret_to_the_reader_and_none_to_the_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was planted is in the message, in a local variable and in the cause of the error."""

    @get("/crash", guards=[public])
    async def crash() -> None:
        told = Settings(data_dir=Path("/srv"), secret_key=PLANTED * 3, smtp_url=f"smtps://a:{PLANTED}@mail.example")
        told = replace(told, access_point_key=PLANTED, old_secret_keys=(PLANTED * 2,))
        try:
            raise ValueError(f"could not sign in with {PLANTED}")
        except ValueError as error:
            raise RuntimeError(f"{PLANTED} {told}") from error

    lines: list[str] = []
    monkeypatch.setattr(instance, "_settings", LOOPBACK)
    monkeypatch.setattr(logs, "write_line", lines.append)
    app = Litestar([crash], exception_handlers=HANDLERS, openapi_config=None, logging_config=None)
    async with browser(wrap(app, LOOPBACK)) as client:
        answer = await client.get("/crash", headers={"Cookie": f"sf_session={PLANTED}", "Authorization": PLANTED})
    assert answer.status_code == 500 and lines
    for said in (answer.text, str(answer.headers), *lines):
        assert PLANTED not in said
