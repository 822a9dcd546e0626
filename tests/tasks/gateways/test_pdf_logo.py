"""A company's logo on its documents: drawn again, and never what holds an invoice back."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tasks.gateways.pdf_document import Look
from tasks.gateways.pdf_render import render_document
from tasks.gateways.pdf_view import view_of
from tests.tasks.gateways.pdf_documents import invoice, opened, text


def picture(size: tuple[int, int] = (900, 300), kind: str = "PNG") -> bytes:
    drawn = io.BytesIO()
    mode = "RGBA" if kind == "PNG" else "RGB"
    Image.new(mode, size, "#1f5c66").save(drawn, kind)
    return drawn.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_drawn_again_and_the_name_still_stands_in_text(kind: str) -> None:
    issued = invoice()
    pdf = render_document(view_of(issued, Look(logo=picture(kind=kind))))
    (image,) = opened(pdf).pages[0].images
    assert image.image is not None
    assert image.image.size == (534, 178)
    assert issued.seller.name in text(pdf)


@pytest.mark.parametrize(
    "logo", [b"not a picture", b"%PDF-1.4", b"GIF89a", picture()[:60], b"\x89PNG\r\n\x1a\n" + b"\0" * 50]
)
def test_an_unreadable_logo_does_not_hold_the_invoice_back(logo: bytes) -> None:
    pdf = render_document(view_of(invoice(), Look(logo=logo)))
    assert not opened(pdf).pages[0].images
    assert "Nordlys Design AS" in text(pdf)


def test_a_picture_of_a_billion_pixels_is_left_out() -> None:
    header = picture((8, 8))
    bomb = header[:16] + (60_000).to_bytes(4, "big") * 2 + header[24:]
    assert not opened(render_document(view_of(invoice(), Look(logo=bomb)))).pages[0].images
