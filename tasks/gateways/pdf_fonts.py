"""The fonts of documents: the ones kept in the project, and a font of the system for Chinese, Japanese and Korean.

Fonts are the process's own, registered once: no document brings one, so no document can change another's.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont as FontFile
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from xhtml2pdf.default import DEFAULT_FONT

from domain.glyphs import runs

FONT_DIR = Path(__file__).resolve().parents[2] / "static" / "pdf-fonts"


@dataclass(frozen=True)
class Face:
    """A family with its regular and its bold file. `family` is its name in `templates/documents/document.css`."""

    family: str
    regular: str
    bold: str

    @cached_property
    def codes(self) -> frozenset[int]:
        with FontFile(FONT_DIR / f"{self.regular}.ttf", lazy=True) as font:
            return frozenset(font.getBestCmap())

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
# The fonts inside the Noto collection: the same characters in the shapes that each country is used to.
_JAPANESE, _KOREAN, _CHINESE = 0, 1, 2
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
SYSTEM_FAMILY = "eastasian"


class SystemFont:
    """A font of the system for east Asian text, opened only when a document has such characters."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def codes(self) -> frozenset[int]:
        with FontFile(self.path, fontNumber=0, lazy=True) as font:
            return frozenset(font.getBestCmap())

    def __contains__(self, code: object) -> bool:
        is_asked_for = isinstance(code, int) and any(first <= code <= last for first, last in _EAST_ASIAN)
        return is_asked_for and code in self.codes

    def subset(self, text: str) -> bytes:
        """A small TrueType font with the characters of `text`. Outlines that are PostScript are redrawn, because the
        PDF writer embeds TrueType only; the same text gives the same bytes."""
        with FontFile(self.path, fontNumber=self._number(text), lazy=True) as font:
            return _redrawn(font, sorted(set(map(ord, text))))

    def _number(self, text: str) -> int:
        if "NotoSansCJK" not in self.path.name:
            return 0
        if any("\u3040" <= char <= "\u30ff" for char in text):
            return _JAPANESE
        if any("\uac00" <= char <= "\ud7a3" for char in text):
            return _KOREAN
        return _CHINESE


def _redrawn(font: FontFile, codes: list[int]) -> bytes:
    names, shapes, widths = {}, {}, {}
    glyphs, cmap, metrics = font.getGlyphSet(), font.getBestCmap(), font["hmtx"]
    for name in (".notdef", *(cmap[code] for code in codes if code in cmap)):
        pen = TTGlyphPen(None)
        # PostScript contours run the other way round than TrueType's.
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction="glyf" not in font))
        shapes[name], widths[name] = pen.glyph(), (metrics[name][0], 0)
    names = {code: cmap[code] for code in codes if code in cmap}
    builder = FontBuilder(font["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder(list(shapes))
    builder.setupCharacterMap(names)
    builder.setupGlyf(shapes)
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    builder.setupNameTable({"familyName": "East Asian", "styleName": "Regular", "psName": "EastAsian-Regular"})
    builder.setupOS2(sTypoAscender=font["hhea"].ascent, sTypoDescender=font["hhea"].descent)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    built = io.BytesIO()
    builder.font.recalcTimestamp = False
    builder.save(built)
    return built.getvalue()


@cache
def system_font() -> SystemFont | None:
    """The first east Asian font that this system has, or None."""
    return next((SystemFont(path) for path in map(Path, _SYSTEM_FONTS) if path.is_file()), None)


@cache
def coverages() -> tuple[Face | SystemFont, ...]:
    """What documents can print, best font first: give it to `domain.glyphs.missing` and `unprintable`."""
    system = system_font()
    return (*FACES, system) if system else FACES


@cache
def register() -> None:
    """Make the project's fonts known to the PDF writer of this process. The second call does nothing."""
    for face in (*FACES, DISPLAY):
        for name in {face.regular, face.bold}:
            pdfmetrics.registerFont(TTFont(name, str(FONT_DIR / f"{name}.ttf")))
        _map_family(face.family, face.regular, face.bold)


def _map_family(family: str, regular: str, bold: str) -> None:
    for italic in (0, 1):
        addMapping(family, 0, italic, regular)
        addMapping(family, 1, italic, bold)
    DEFAULT_FONT[family] = family


def register_east_asian(text: str) -> None:
    """Make a font of the east Asian characters of one document known under SYSTEM_FAMILY.

    It is named by its contents, so that another document's font is another font.
    """
    system = system_font()
    if system is None:
        return
    data = system.subset(text)
    name = f"EastAsian-{hashlib.sha256(data).hexdigest()[:16]}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(data)))
        _map_family(name.lower(), name, name)
    DEFAULT_FONT[SYSTEM_FAMILY] = name.lower()


def east_asian(texts: Iterator[str]) -> str:
    """The characters that only the system's font can draw, each once, in the order of their code points."""
    found: set[str] = set()
    for text in texts:
        if not FACES[0].codes.issuperset(map(ord, text)):
            found.update(char for font, run in runs(text, coverages()) if font == len(FACES) for char in run)
    return "".join(sorted(found))


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide one line of `text` is, in points. Not for east Asian text: those are squares of `size`."""
    face = FACES[0]
    if face.codes.issuperset(map(ord, text)):
        return float(pdfmetrics.stringWidth(text, face.bold if bold else face.regular, size))
    return sum((_run_width(font, run, size, bold) for font, run in runs(text, coverages())), 0.0)


def _run_width(font: int, run: str, size: float, bold: bool) -> float:
    if font >= len(FACES):
        return size * len(run)
    return float(pdfmetrics.stringWidth(run, FACES[font].bold if bold else FACES[font].regular, size))
