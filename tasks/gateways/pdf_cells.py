"""Table cells of one plain line, drawn without the long way round.

xhtml2pdf gives every cell a paragraph inside a frame that can shrink it, and lays that out three times. Nearly every
cell of an invoice is one short line in one style, where none of that has anything to decide: here it is measured once
and written with one call. It comes out in the same place to a thousandth of a point, and twice as fast; a test draws
both and compares. Every other cell goes the library's way.
"""

from __future__ import annotations

from typing import Any

import xhtml2pdf.tables
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus.tables import CellStyle
from xhtml2pdf.xhtml2pdf_reportlab import PmlKeepInFrame, PmlParagraph

# The first character of the scripts that are written from right to left; those lines have to be reordered.
_RIGHT_TO_LEFT = "\u0590"
# The library's own slack when it asks whether something fits.
_SLACK = 1e-6
_ADORNED = ("cbDefn", "lineBreak")

# (font, size, leading) -> height of a line, and its baseline above the bottom: asked of the library once.
_METRICS: dict[tuple[str, float, float], tuple[float, float]] = {}


class PlainCell(PmlKeepInFrame):  # type: ignore[misc]
    """The contents of a cell. `line` is the text when it is one plain line, else None."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = _plain_line(self._content)
        self.plain = False
        if self.line is not None:
            self.fragment = self._content[0].frags[0]
            self.line_width = stringWidth(self.line, self.fragment.fontName, self.fragment.fontSize)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.plain = self.line is not None and self.line_width <= available_width
        if self.plain:
            height, self.baseline = self._metrics(available_width)
            self.plain = height <= available_height + _SLACK
        if not self.plain:
            return super().wrap(available_width, available_height)  # type: ignore[no-any-return]
        self.width, self.height = available_width - _SLACK, height - _SLACK
        return self.width, self.height

    def _metrics(self, available_width: float) -> tuple[float, float]:
        paragraph, fragment = self._content[0], self.fragment
        key = (fragment.fontName, fragment.fontSize, paragraph.style.leading)
        if key not in _METRICS:
            _, height = paragraph.wrapOn(self.canv, available_width, 0xFFFFFFF)
            _METRICS[key] = height, height - paragraph.blPara.lines[0].ascent
        return _METRICS[key]

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:  # noqa: N802, N803 - reportlab's names
        if not self.plain:
            super().drawOn(canvas, x, y, _sW)
            return
        if self._content[0].style.alignment == TA_RIGHT:
            x += self.width - self.line_width
        canvas.setFillColor(self.fragment.textColor)
        canvas.setFont(self.fragment.fontName, self.fragment.fontSize)
        canvas.drawString(x, y + self.baseline, self.line)


def _plain_line(content: list[Any]) -> str | None:
    # A paragraph ends with an empty fragment, and its text is cut into several at no-break spaces.
    if len(content) != 1 or type(content[0]) is not PmlParagraph or len(content[0].frags) < 2:
        return None
    *fragments, end = content[0].frags
    if end.text or not _is_plain_style(content[0].style):
        return None
    if not all(_is_plain(fragment) and _look(fragment) == _look(fragments[0]) for fragment in fragments):
        return None
    text = "".join(fragment.text for fragment in fragments).strip(" ")
    return text if text and max(text) < _RIGHT_TO_LEFT else None


def _look(fragment: Any) -> tuple[Any, ...]:
    return fragment.fontName, fragment.fontSize, fragment.textColor


def _is_plain(fragment: Any) -> bool:
    return (
        isinstance(fragment.text, str)
        and not any(hasattr(fragment, name) for name in _ADORNED)
        and not (fragment.underline or fragment.strike or fragment.link or fragment.backColor or fragment.rise)
    )


def _is_plain_style(style: Any) -> bool:
    return (
        style.alignment in (TA_LEFT, TA_RIGHT)
        and not (style.leftIndent or style.rightIndent or style.firstLineIndent)
        and not (style.paddingTop or style.paddingBottom or style.paddingLeft or style.paddingRight)
        and not (style.spaceBefore or style.spaceAfter or style.backColor)
        and not (style.borderTopWidth or style.borderBottomWidth or style.letterSpacing not in (None, "normal", 0))
    )


def install(font: str) -> None:
    """Have xhtml2pdf use PlainCell for the cells of its tables, in this process, and `font` where it names none."""
    xhtml2pdf.tables.PmlKeepInFrame = PlainCell
    CellStyle.fontname = font
