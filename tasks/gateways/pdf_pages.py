"""Two tags for templates: "Page 3 of 7" on every page, and the end of the document.

xhtml2pdf's own <pdf:pagecount> lays the whole document out twice to know the count. Here each page shows a form, a
piece of PDF that is named where it is used and drawn when the last page is known, so once is enough.

    <pdf:pageof text="Page {page} of {pages}"></pdf:pageof>   at the right end of the line before it, in its own style
    <pdf:lastpage></pdf:lastpage>                             once, as the last thing in the body
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import xhtml2pdf.parser
from reportlab.lib.fonts import tt2ps
from reportlab.platypus.flowables import Flowable
from xhtml2pdf.tags import pisaTag


@dataclass(frozen=True)
class _Style:
    text: str
    font: str
    size: float
    colour: Any


def _form(page: int) -> str:
    return f"page-{page}"


class PageOf(Flowable):  # type: ignore[misc]
    """The place of the text on one page. A shallow copy of it is drawn on each."""

    _ZEROSIZE = True

    def __init__(self, style: _Style) -> None:
        super().__init__()
        self.style = style

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width, self.height = available_width, 0.0
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        # Up to the baseline of the line above: what Inter's descent leaves of its leading.
        canvas.translate(self.width, self.style.size * 0.44)
        canvas.doForm(_form(canvas.getPageNumber()))
        canvas._doctemplate.page_of = self.style


class LastPage(Flowable):  # type: ignore[misc]
    """Draws the form of every page, now that their number is known."""

    _ZEROSIZE = True

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        canvas = self.canv
        style: _Style = canvas._doctemplate.page_of
        pages = canvas.getPageNumber()
        for page in range(1, pages + 1):
            text = style.text.replace("{pages}", str(pages)).replace("{page}", str(page))
            canvas.beginForm(_form(page), lowerx=-200, lowery=-20, upperx=20, uppery=20)
            canvas.setFillColor(style.colour)
            canvas.setFont(style.font, style.size)
            canvas.drawRightString(0, 0, text)
            canvas.endForm()


class _PageOfTag(pisaTag):  # type: ignore[misc]
    def start(self, context: Any) -> None:
        context.addPara()
        frag = context.frag
        font = tt2ps(frag.fontName, frag.bold, frag.italic)
        context.addStory(PageOf(_Style(self.node.getAttribute("text"), font, frag.fontSize, frag.textColor)))


class _LastPageTag(pisaTag):  # type: ignore[misc]
    def start(self, context: Any) -> None:
        context.addPara()
        context.addStory(LastPage())


def install() -> None:
    """Have xhtml2pdf know the two tags, in this process: it looks for a tag's class by its name in its parser."""
    xhtml2pdf.parser.pisaTagPDFPAGEOF = _PageOfTag
    xhtml2pdf.parser.pisaTagPDFLASTPAGE = _LastPageTag
