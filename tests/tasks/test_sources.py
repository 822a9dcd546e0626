"""What `bin/dev` watches."""

from __future__ import annotations

from pathlib import Path

from tasks.sources import Sources


def test_a_new_changed_or_removed_template_is_noticed_once(tmp_path: Path) -> None:
    page = tmp_path / "templates" / "invoices" / "show.html"
    page.parent.mkdir(parents=True)
    sources = Sources(tmp_path)
    assert sources.changed() is None
    page.write_text("<p>")
    assert sources.changed() == "templates/invoices/show.html"
    assert sources.changed() is None
    page.unlink()
    assert sources.changed() == "templates/invoices/show.html"


def test_what_the_app_does_not_read_is_not_watched(tmp_path: Path) -> None:
    sources = Sources(tmp_path)
    for name in ("data/mail.html", "tests/test_x.py", "README.md", "routes/x.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert sources.changed() is None
