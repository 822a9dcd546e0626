"""The quick way to draw a cell comes out where the long way does."""

from __future__ import annotations

from collections.abc import Iterator

import pypdf
import pytest
import xhtml2pdf.tables
from xhtml2pdf.xhtml2pdf_reportlab import PmlKeepInFrame

from tasks.gateways.pdf_cells import PlainCell
from tasks.gateways.pdf_document import DocumentView
from tasks.gateways.pdf_render import prepare, render_document
from tasks.gateways.pdf_view import view_of
from tests.tasks.gateways.pdf_documents import invoice, opened, with_descriptions

SAME = 0.01
Place = tuple[str, float, float]


@pytest.fixture
def long_way() -> Iterator[None]:
    prepare()
    xhtml2pdf.tables.PmlKeepInFrame = PmlKeepInFrame
    yield
    xhtml2pdf.tables.PmlKeepInFrame = PlainCell


VIEWS = {
    "one page": view_of(invoice(5)),
    "several pages": view_of(invoice(60)),
    "long texts": view_of(with_descriptions("ord " * 40, "A" * 120, "to\nlinjer", "x")),
    "scripts": view_of(with_descriptions("مرحبا", "Ремонт محمد", "שלום")),
    "English": view_of(invoice(5, language="en", currency="EUR")),
}


@pytest.mark.parametrize("name", VIEWS)
def test_every_word_stands_where_the_library_puts_it(name: str, long_way: None) -> None:
    slow = list(places(VIEWS[name]))
    xhtml2pdf.tables.PmlKeepInFrame = PlainCell
    quick = list(places(VIEWS[name]))
    assert [word for word, _, _ in quick] == [word for word, _, _ in slow]
    for (word, x, y), (_, there_x, there_y) in zip(quick, slow, strict=True):
        assert x == pytest.approx(there_x, abs=SAME), word
        assert y == pytest.approx(there_y, abs=SAME), word


def places(view: DocumentView) -> Iterator[Place]:
    """Each piece of text and where on its page it begins. The long way draws word by word, so spaces are left out."""
    for page in opened(render_document(view)).pages:
        yield from sorted(_begun(page), key=lambda place: (-place[2], place[1]))


def _begun(page: pypdf.PageObject) -> list[Place]:
    found: list[Place] = []

    def visit(written: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if written.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            found.append(("".join(written.split()), x, round(y, 1)))

    page.extract_text(visitor_text=visit)
    return found
