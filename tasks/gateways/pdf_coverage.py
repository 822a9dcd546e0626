"""What the fonts of documents can draw: the ones kept in the project, and one of the system for east Asian text.

Light enough for the web process, which asks before an invoice is issued; `pdf_fonts.py` draws with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from fontTools.ttLib import TTFont

FONT_DIR = Path(__file__).resolve().parents[2] / "static" / "pdf-fonts"


@dataclass(frozen=True)
class Face:
    """A family with its regular and its bold file. `family` is its name in `templates/documents/document.css`."""

    family: str
    regular: str
    bold: str

    @cached_property
    def codes(self) -> frozenset[int]:
        return _codes(FONT_DIR / f"{self.regular}.ttf")

    def __contains__(self, code: object) -> bool:
        return code in self.codes


# In the order in which they are asked for a character. A class `f1`, `f2`, ... in the stylesheet stands for each.
FACES = (
    Face("inter", "Inter-Regular", "Inter-SemiBold"),
    Face("arabic", "NotoSansArabic-Regular", "NotoSansArabic-Bold"),
    Face("hebrew", "NotoSansHebrew-Regular", "NotoSansHebrew-Bold"),
    Face("armenian", "NotoSansArmenian-Regular", "NotoSansArmenian-Bold"),
    Face("georgian", "NotoSansGeorgian-Regular", "NotoSansGeorgian-Bold"),
)
DISPLAY = Face("interdisplay", "InterDisplay-SemiBold", "InterDisplay-SemiBold")

# Debian's fonts-noto-cjk, fonts-droid-fallback and fonts-wqy-*, and where Fedora and Arch keep the first.
_SYSTEM_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
# What the system's font is asked for: east Asian scripts and punctuation, half and full width forms. No emoji.
_EAST_ASIAN = (
    (0x1100, 0x11FF),
    (0x2E80, 0x9FFF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
    (0x20000, 0x323AF),
)


class SystemFont:
    """A font of the system for east Asian text, opened only when a text has such characters: that takes half a
    second, so a web process asks in a thread."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def codes(self) -> frozenset[int]:
        return _codes(self.path)

    def __contains__(self, code: object) -> bool:
        is_asked_for = isinstance(code, int) and any(first <= code <= last for first, last in _EAST_ASIAN)
        return is_asked_for and code in self.codes


def _codes(path: Path) -> frozenset[int]:
    # The fonts of a collection have the same characters; a single font is number 0 too.
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def system_font() -> SystemFont | None:
    """The first east Asian font that this system has, or None."""
    return next((SystemFont(path) for path in map(Path, _SYSTEM_FONTS) if path.is_file()), None)


@cache
def coverages() -> tuple[Face | SystemFont, ...]:
    """What documents can print, best font first: give it to `domain.glyphs.missing` and `unprintable`."""
    system = system_font()
    return (*FACES, system) if system else FACES
