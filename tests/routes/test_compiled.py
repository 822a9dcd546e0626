from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from routes.compiled import CompiledPages, version_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "templates/page.html": "{{ 1 + 1 }}",
        "static/a.css": "a",
        "locale/nb/a.po": "",
        "domain/a.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def shown(root: Path, language: str = "nb", folder: str = "templates/__pycache__") -> tuple[str, list[str]]:
    """The page as it is shown, and the templates that had to be compiled for it."""
    compiled: list[str] = []

    class Watched(Environment):
        def compile(self, source: str, name: str, *args: object, **named: object) -> object:  # type: ignore[override]
            compiled.append(name)
            return super().compile(source, name, *args, **named)  # type: ignore[call-overload]

    version_of.cache_clear()
    pages = CompiledPages(language, root / folder, root)
    text = (
        Watched(loader=FileSystemLoader(root / "templates"), bytecode_cache=pages).get_template("page.html").render()
    )
    return text, compiled


def test_a_page_is_compiled_at_the_first_start_only(root: Path) -> None:
    assert shown(root) == ("2", ["page.html"])
    assert shown(root) == ("2", [])


def test_each_language_has_pages_of_its_own(root: Path) -> None:
    shown(root)
    assert shown(root, "en") == ("2", ["page.html"])


@pytest.mark.parametrize("name", ["templates/other.html", "static/a.css", "locale/nb/a.po", "domain/a.py"])
def test_a_change_of_anything_that_goes_into_pages_compiles_them_anew(root: Path, name: str) -> None:
    shown(root)
    (root / name).write_text("changed")
    assert shown(root) == ("2", ["page.html"])
    assert shown(root) == ("2", [])


def test_a_changed_page_is_shown_as_it_is_now(root: Path) -> None:
    shown(root)
    (root / "templates/page.html").write_text("{{ 2 + 1 }}")
    assert shown(root) == ("3", ["page.html"])


@pytest.mark.parametrize("left", [0, 25, 60])
def test_half_a_file_is_compiled_anew(root: Path, left: int) -> None:
    shown(root)
    (kept,) = (root / "templates/__pycache__").iterdir()
    kept.write_bytes(kept.read_bytes()[:left])
    assert shown(root) == ("2", ["page.html"])
    assert shown(root) == ("2", [])


def test_where_nothing_may_be_written_pages_are_compiled_each_time(root: Path) -> None:
    (root / "file").write_text("")
    for _ in range(2):
        assert shown(root, folder="file/below") == ("2", ["page.html"])
