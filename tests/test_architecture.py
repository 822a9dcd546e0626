"""The rules of the house that a machine can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("domain", "models", "actions", "routes", "tasks")
# Arrows point down only.
MAY_IMPORT = {
    "domain": {"domain"},
    "models": {"models", "domain"},
    "actions": {"actions", "models", "domain"},
    "routes": {"routes", "actions", "models", "domain"},
    "tasks": {"tasks", "actions", "models", "domain"},
}
TOP_LEVEL = {
    "app.py", "routes", "models", "templates", "static", "tests", "piccolo_conf.py", "pyproject.toml", "README.md",
    "domain", "actions", "tasks", "bin", "docs", "locale", "bench", "requirements.in", "requirements.txt",
    "requirements-dev.in", "requirements-dev.txt", ".gitignore", ".ci",
}  # fmt: skip


def sources(layer: str) -> Iterator[Path]:
    yield from (path for path in (ROOT / layer).rglob("*.py") if "migrations" not in path.parts)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_point_down_only(layer: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(layer)
        for name in imports_of(path)
        if name.split(".")[0] in LAYERS and name.split(".")[0] not in MAY_IMPORT[layer]
    ]  # fmt: skip
    assert wrong == []


def test_the_domain_knows_no_clock_no_environment_no_database_and_waits_for_nothing() -> None:
    forbidden = re.compile(r"\b(datetime\.now|date\.today|time\.time|os\.environ|async def|await )")
    libraries = {"piccolo", "asyncpg", "litestar", "httpx", "obstore", "pgqueuer", "os", "asyncio", "socket"}
    for path in sources("domain"):
        text = path.read_text(encoding="utf-8")
        assert not forbidden.search(text), path
        assert not {name.split(".")[0] for name in imports_of(path)} & libraries, path


def test_only_the_clock_asks_for_the_time() -> None:
    for layer in ("actions", "models", "routes"):
        for path in sources(layer):
            # A line of the log says when it was really written.
            if path.name not in ("clock.py", "logs.py"):
                assert not re.search(r"datetime\.now\(|date\.today\(", path.read_text(encoding="utf-8")), path


def test_transactions_are_opened_by_actions_queries_and_the_worker_only() -> None:
    for path in sources("routes"):
        names = {name for name in imports_of(path) if name == "models.unit_of_work"}
        text = path.read_text(encoding="utf-8")
        assert not (names and "unit_of_work(" in text), f"{path} writes without an action"


def test_piccolo_s_own_transactions_batches_and_whole_row_saves_are_not_used() -> None:
    for layer in LAYERS:
        for path in sources(layer):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\.batch\(|\.save\(\)|\.atomic\(", text), path
            assert "DB.transaction(" not in text or path.name == "migrate.py", path


# What only a few requests, or only the worker's own processes, need.
NOT_AT_START = ("xlsxwriter", "rich", "typer", "saxonche", "facturx", "xhtml2pdf", "reportlab", "pikepdf", "black")


def test_a_start_of_the_web_loads_nothing_that_is_seldom_used() -> None:
    """A second start takes under three seconds; here without a clock."""
    script = f"import sys, app; print([name for name in {NOT_AT_START} if sys.modules.get(name)])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stdout + done.stderr


def test_no_text_is_marked_as_safe_in_a_template() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape false", path.read_text(encoding="utf-8")), path


def test_no_template_has_code_or_style_of_its_own() -> None:
    """The content security policy allows none."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son\w+=\"|hx-on|javascript:", re.IGNORECASE)
    for path in (ROOT / "templates").rglob("*.html"):
        if path.parent.name not in ("documents", "emails"):
            assert not inline.search(path.read_text(encoding="utf-8")), path


def test_the_day_of_an_instant_is_the_one_of_a_time_zone() -> None:
    """`|date` writes a day as it is; of an instant that is the day in Greenwich, yesterday's until one in the morning."""
    instant = re.compile(r"(_at|since)\|date\b")
    assert [path.name for path in (ROOT / "templates").rglob("*.html") if instant.search(path.read_text())] == []


def test_forms_that_change_something_carry_the_token() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.DOTALL):
            before_sign_in = path.parent.name in ("sign_in", "sign_up", "recovery", "landing") or "/language" in form
            assert before_sign_in or "csrf(" in form or "_csrf_token" in form, (path, form[:80])


def test_the_top_level_is_as_agreed() -> None:
    ignored = {".git", ".venv", "data", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "__pycache__"}
    assert {path.name for path in ROOT.iterdir()} - ignored <= TOP_LEVEL


def test_every_pinned_package_has_a_hash_and_no_index_is_named() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text and "--index" not in text and "--find-links" not in text
        pins = re.findall(r"^[a-zA-Z0-9_.\-\[\]]+==.*$", text, re.MULTILINE)
        assert len(pins) > 30 and all(pin.endswith("\\") for pin in pins)


def test_the_vendored_htmx_is_the_one_that_was_reviewed() -> None:
    import hashlib

    digest = hashlib.sha256((ROOT / "static/vendor/htmx-4.0.1/htmx.min.js").read_bytes()).hexdigest()
    assert digest == HTMX


HTMX = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"


@pytest.mark.parametrize("document", ["README.md", "docs/architecture.md"])
def test_paths_and_commands_named_in_the_documents_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(
        re.findall(
            r"`((?:bin|docs|domain|actions|models|routes|tasks|templates|static|tests|locale|bench)/[\w./-]*)`", text
        )
    )
    assert named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_setting_is_documented() -> None:
    code = (ROOT / "domain/settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'"((?:[A-Z]+_)*[A-Z]+)"', code)) - {"X", "FILE"}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in sorted(names) if f"SMARTFAKTURA_{name}" not in readme] == []


def test_exceptions_to_the_rules_of_the_tools_carry_a_reason() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert len(config["tool"]["ruff"]["lint"]["ignore"]) <= 10
