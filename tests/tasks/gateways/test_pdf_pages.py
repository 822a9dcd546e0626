"""How a document is laid on its pages: numbered, headed, nothing over the edge, sums together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pypdf
import pytest

from tasks.gateways.pdf_fonts import width
from tasks.gateways.pdf_render import render_document
from tasks.gateways.pdf_view import view_of
from tests.tasks.gateways.pdf_documents import invoice, opened, page_texts, squeezed, text, with_descriptions

PAGE_WIDTH = 595.28


@pytest.mark.parametrize("lines", [1, 12, 40, 400])
def test_each_page_says_which_of_how_many_it_is(lines: int) -> None:
    pages = page_texts(render_document(view_of(invoice(lines))))
    for number, page in enumerate(pages, start=1):
        assert f"Side {number} av {len(pages)}" in page


@pytest.mark.parametrize("lines", [40, 400])
def test_the_head_of_the_table_stands_on_every_page_that_has_lines(lines: int) -> None:
    pages = page_texts(render_document(view_of(invoice(lines))))
    assert len(pages) > 1
    for page in pages:
        has_lines = any(f"{word} " in page for word in ("Prosjektledelse", "Lunsj for åtte", "Bøker"))
        assert ("Beskrivelse Antall Pris Mva. Beløp" in page) == has_lines
    for page in pages[1:]:
        assert page.count("Faktura 2026") == 1


def test_the_sums_stay_on_one_page_however_many_lines_there_are() -> None:
    for lines in range(14, 27):
        (page,) = [page for page in page_texts(render_document(view_of(invoice(lines)))) if "Grunnlag" in page]
        assert "Sum uten mva." in page
        assert "Å betale NOK" in page.split("Grunnlag", 1)[1]


def test_a_long_word_and_a_long_name_stay_on_the_paper() -> None:
    name = "Navn" * 50
    issued = with_descriptions("A" * 200, "https://example.no/" + "sti/" * 40, "ord " * 60, your_reference="R" * 200)
    issued = replace(
        issued,
        buyer=replace(issued.buyer, name=name, address_lines=("G" * 200,)),
        seller=replace(issued.seller, name=name, email="e" * 180 + "@example.no"),
    )
    pdf = render_document(view_of(issued))
    assert name in squeezed(text(pdf))
    assert "A" * 200 in squeezed(text(pdf))
    assert_within_paper(pdf)


def test_the_largest_figures_stay_on_the_paper() -> None:
    issued = invoice(3)
    lines = tuple(
        replace(
            line,
            quantity=Decimal("1234567890.1234"),
            unit_price=Decimal("9876543210.1234"),
            net_shown=Decimal("123456789012.34"),
            discount_percent=Decimal("33.33"),
            unit="MON",
        )
        for line in issued.lines
    )
    pdf = render_document(
        view_of(replace(issued, lines=lines, totals=replace(issued.totals, gross=Decimal("123456789012.34"))))
    )
    found = text(pdf)
    assert "9 876 543 210,1234" in found
    assert "123 456 789 012,34" in found
    assert "NOK 123 456 789 012,34" in found
    assert_within_paper(pdf)


def assert_within_paper(pdf: bytes) -> None:
    for page in opened(pdf).pages:
        places = list(text_places(page))
        assert min(left for left, _ in places) > 56
        # The measure is that of the regular letters; the large ones are a little narrower.
        assert max(right for _, right in places) < PAGE_WIDTH - 48


def text_places(page: pypdf.PageObject) -> Iterator[tuple[float, float]]:
    """(left, right) of each piece of text, about; but not of the page number, which is drawn in a place of its own."""
    found: list[tuple[float, float]] = []

    def visit(written: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if written.strip() and not written.strip().startswith("Side "):
            left = tm[4] * cm[0] + cm[4]
            found.append((left, left + width(written.strip(), size * cm[0])))

    page.extract_text(visitor_text=visit)
    return iter(found)


def test_a_description_longer_than_a_page_goes_on_to_the_next() -> None:
    pdf = render_document(view_of(with_descriptions("\n".join(f"Punkt {n}" for n in range(120)), "Etter")))
    found = text(pdf)
    assert all(f"Punkt {n}" in found for n in range(120))
    assert "Etter" in found
    assert len(opened(pdf).pages) > 2


def test_a_long_note_goes_on_to_the_next_page() -> None:
    pdf = render_document(view_of(invoice(note="\n".join(f"Linje {n}" for n in range(150)))))
    pages = page_texts(pdf)
    assert "Linje 149" in pages[-1]
    assert f"Side {len(pages)} av {len(pages)}" in pages[-1]
