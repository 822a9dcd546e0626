"""docs/checks.md is true: every id of the checks is held by tests that exist, or says whose it is."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.guards import GUARDS, Guard

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
# The numbers never change; some were never given.
NUMBERS = {
    "P": [*range(1, 47)],
    "C": [*range(1, 17)],
    "S": [*range(1, 24), 25, 36, *range(40, 49), *range(50, 63)],
    "T": [*range(1, 15)],
}
IDS = {f"{letter}-{number:02d}" for letter, numbers in NUMBERS.items() for number in numbers}
ENTRIES = {
    found[1]: found[2]
    for found in re.finditer(r"^\*\*([PCST]-\d\d)\*\* (.*?)(?=^\*\*[PCST]-\d\d\*\*|^## |\Z)", DOCUMENT, re.M | re.S)
}
IN_NAME, IN_TEXT = re.compile(r"_([pcst])(\d\d)(?=_)"), re.compile(r"\b[PCST]-\d\d\b")


@cache
def sources_of(path: Path) -> dict[str, str]:
    """Each test of a file with its source."""
    text = path.read_text(encoding="utf-8")
    nodes = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {node.name: ast.get_source_segment(text, node) or "" for node in nodes if node.name.startswith("test_")}


def named(entry: str) -> list[tuple[Path, list[str]]]:
    """The files that an entry names, each with its tests."""
    lines = [line for line in entry.splitlines() if line.startswith("- `tests/")]
    texts = [re.findall(r"`([^`]+)`", line) for line in lines]
    return [(ROOT / first, rest) for first, *rest in texts]


def reason(entry: str) -> str:
    return entry.partition("*Not ")[2].partition("\n")[0]


def test_every_check_has_its_entry_and_no_other_has() -> None:
    assert set(ENTRIES) == IDS


@pytest.mark.parametrize("check", sorted(IDS))
def test_a_check_is_held_by_tests_that_exist_or_says_whose_it_is(check: str) -> None:
    entry = ENTRIES[check]
    assert named(entry) or reason(entry)
    for path, tests in named(entry):
        assert path.is_file(), path
        assert [name for name in tests if name not in sources_of(path)] == [], path
    for document in re.findall(r"\b(?:docs/|README)[\w./-]*md", reason(entry)):
        assert (ROOT / document).is_file(), document


def test_no_test_names_a_check_that_there_is_not() -> None:
    for path in (ROOT / "tests").rglob("test_*.py"):
        for name, source in sources_of(path).items():
            ids = {f"{letter.upper()}-{number}" for letter, number in IN_NAME.findall(name)}
            assert ids | set(IN_TEXT.findall(source)) <= IDS, f"{path}::{name}"


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_t14_each_guard_stands_where_its_list_says_and_has_its_test(guard: Guard) -> None:
    assert (ROOT / guard.file).read_text(encoding="utf-8").count(guard.text) == 1
    path, _, name = guard.test.partition("::")
    assert name in sources_of(ROOT / path)
