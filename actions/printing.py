"""Which characters documents can print: told once when the process starts, by whoever knows the fonts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.glyphs import Coverage

_fonts: Callable[[], Sequence[Coverage]] | None = None


def use(fonts: Callable[[], Sequence[Coverage]]) -> None:
    """Ask `fonts` from now on. Reading the fonts takes a moment, so they are asked for at the first need."""
    global _fonts
    _fonts = fonts


def coverages() -> Sequence[Coverage]:
    """The fonts of documents, best first. A process that was told none may not issue: an assertion says so."""
    assert _fonts is not None, "the process does not know the fonts of documents"
    return _fonts()
