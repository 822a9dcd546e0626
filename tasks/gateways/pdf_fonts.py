"""The fonts of documents, as the PDF writer uses them. What each can draw is in `pdf_coverage.py`.

Fonts are the process's own, registered once: no document brings one, so no document can change another's.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont as FontFile
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from xhtml2pdf.default import DEFAULT_FONT

from domain.glyphs import runs
from tasks.gateways.pdf_coverage import DISPLAY, FACES, FONT_DIR, SystemFont, coverages, system_font

SYSTEM_FAMILY = "eastasian"
# The fonts inside the Noto collection: the same characters in the shapes that each country is used to.
_JAPANESE, _KOREAN, _CHINESE = 0, 1, 2


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

    It is named by its characters, inside and out: reportlab takes two fonts of one inner name for the same.
    """
    system = system_font()
    if system is None:
        return
    name = f"EastAsian-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(subset(system, text, name))))
        _map_family(name.lower(), name, name)
    DEFAULT_FONT[SYSTEM_FAMILY] = name.lower()


def subset(system: SystemFont, text: str, name: str) -> bytes:
    """A small TrueType font with the characters of `text`. Outlines that are PostScript are redrawn, because the PDF
    writer embeds TrueType only; the same text gives the same bytes."""
    with FontFile(system.path, fontNumber=_number(system.path, text), lazy=True) as font:
        return _redrawn(font, sorted(set(map(ord, text))), name)


def _number(path: Path, text: str) -> int:
    if "NotoSansCJK" not in path.name:
        return 0
    if any("\u3040" <= char <= "\u30ff" for char in text):
        return _JAPANESE
    if any("\uac00" <= char <= "\ud7a3" for char in text):
        return _KOREAN
    return _CHINESE


def _redrawn(font: FontFile, codes: list[int], name: str) -> bytes:
    # Rarely needed, and slow to load.
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    shapes: dict[str, Any] = {}
    glyphs, cmap, metrics = font.getGlyphSet(), font.getBestCmap(), font["hmtx"]
    for glyph in (".notdef", *(cmap[code] for code in codes if code in cmap)):
        outline, pen = DecomposingRecordingPen(glyphs), TTGlyphPen(None)
        glyphs[glyph].draw(outline)
        # PostScript contours run the other way round than TrueType's.
        outline.replay(Cu2QuPen(pen, max_err=1.0, reverse_direction="glyf" not in font))
        shapes[glyph] = pen.glyph()
    # As tall as Inter, so that lines of mixed scripts keep their distance.
    em = font["head"].unitsPerEm
    up, down = round(em * 0.96875), round(em * 0.2412)
    builder = FontBuilder(em, isTTF=True)
    builder.setupGlyphOrder(list(shapes))
    builder.setupCharacterMap({code: cmap[code] for code in codes if code in cmap})
    builder.setupGlyf(shapes)
    builder.setupHorizontalMetrics({glyph: (metrics[glyph][0], _left(builder, glyph)) for glyph in shapes})
    builder.setupHorizontalHeader(ascent=up, descent=-down)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(sTypoAscender=up, sTypoDescender=-down, usWinAscent=up, usWinDescent=down)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    built = io.BytesIO()
    builder.font.recalcTimestamp = False
    builder.save(built)
    return built.getvalue()


def _left(builder: Any, glyph: str) -> int:
    """Where the outline begins: what a renderer moves it to, so it has to be told."""
    glyf = builder.font["glyf"]
    glyf[glyph].recalcBounds(glyf)
    return int(getattr(glyf[glyph], "xMin", 0))


def east_asian(texts: Iterable[str]) -> str:
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
