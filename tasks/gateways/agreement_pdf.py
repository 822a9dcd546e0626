"""A signed data-processing agreement as a PDF: our own published text, and the names of who signed it.

The same bytes for the same agreement. Nothing is fetched and nothing typed is taken for markup.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from domain.policy.document import Block, Text
from domain.reading import show_date
from domain.settings import Operator
from models.queries.agreements import SignedAgreement
from tasks.gateways.pdf_coverage import DISPLAY, FACES, FONT_DIR

WORDS = {
    "en": {
        "title": "Data-processing agreement",
        "version": "Version {version}, SHA-256 of the text {fingerprint}",
        "controller": "Controller",
        "processor": "Processor",
        "accepted": "Accepted electronically on {day} at {time} UTC by {signer} for {company}.",
        "published": "Given by {processor} with its publication.",
        "page": "Page {number}",
    },
    "nb": {
        "title": "Databehandleravtale",
        "version": "Versjon {version}, SHA-256 av teksten {fingerprint}",
        "controller": "Behandlingsansvarlig",
        "processor": "Databehandler",
        "accepted": "Godtatt elektronisk {day} kl. {time} UTC av {signer} for {company}.",
        "published": "Avgitt av {processor} ved at den er publisert.",
        "page": "Side {number}",
    },
}


def draw(signed: SignedAgreement, text: Text, operator: Operator) -> bytes:
    """The agreement with both parties at its head and the acceptance at its end. Takes about a tenth of a second:
    call it in a thread."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    styles = _styles()
    words = WORDS.get(text.language, WORDS["en"])
    pdf = io.BytesIO()
    document = SimpleDocTemplate(
        pdf, pagesize=A4, leftMargin=57, rightMargin=57, topMargin=57, bottomMargin=62, invariant=1,
        title=f"{words['title']} – {signed.company}", author=operator.legal_name, lang=text.language,
    )  # fmt: skip

    def foot(canvas: Any, _: Any) -> None:
        canvas.setFont(FACES[0].regular, 8)
        canvas.setFillGray(0.4)
        canvas.drawCentredString(A4[0] / 2, 32, words["page"].format(number=canvas.getPageNumber()))

    document.build(list(_story(signed, text, operator, words, styles)), onFirstPage=foot, onLaterPages=foot)
    return pdf.getvalue()


def _story(
    signed: SignedAgreement, text: Text, operator: Operator, words: dict[str, str], styles: dict[str, Any]
) -> Iterator[Any]:
    from reportlab.platypus import Paragraph, Spacer

    yield Paragraph(words["title"], styles["title"])
    fingerprint = signed.fingerprint.hex()
    yield Paragraph(words["version"].format(version=signed.version, fingerprint=fingerprint), styles["small"])
    controller = ", ".join(part for part in (signed.company, signed.organisation_number) if part)
    processor = f"{operator.legal_name}, {operator.organisation_number}, {operator.address}"
    for name, party in ((words["controller"], controller), (words["processor"], processor)):
        yield Paragraph(f"<b>{name}:</b> {escape(party)}", styles["text"])
    for section in text.sections:
        if section.title:
            yield Paragraph(escape(section.title), styles["head"])
        for block in section.blocks:
            yield from _block(block, styles)
    yield Spacer(1, 18)
    accepted = words["accepted"].format(
        day=show_date(signed.signed_at.date(), text.language), time=f"{signed.signed_at:%H:%M}",
        signer=signed.signer, company=signed.company,
    )  # fmt: skip
    yield Paragraph(escape(accepted), styles["text"])
    yield Paragraph(escape(words["published"].format(processor=operator.legal_name)), styles["text"])


def _block(block: Block, styles: dict[str, Any]) -> Iterator[Any]:
    from reportlab.platypus import Paragraph

    for line in block.lines:
        if block.kind == "items":
            yield Paragraph(escape(line), styles["item"], bulletText="•")
        else:
            yield Paragraph(escape(line), styles["text"])


@cache
def _styles() -> dict[str, Any]:
    """Loaded with the library, which only the worker needs."""
    from reportlab.lib.fonts import addMapping
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    face = FACES[0]
    for name in {face.regular, face.bold, DISPLAY.regular}:
        pdfmetrics.registerFont(TTFont(name, str(FONT_DIR / f"{name}.ttf")))
    for bold in (0, 1):
        addMapping(face.regular, bold, 0, face.bold if bold else face.regular)
    text = ParagraphStyle(
        "text", fontName=face.regular, fontSize=9.5, leading=14, spaceAfter=5, bulletFontName=face.regular
    )
    return {
        "text": text,
        "item": ParagraphStyle("item", parent=text, leftIndent=14, bulletIndent=3, spaceAfter=2),
        "small": ParagraphStyle("small", parent=text, fontSize=7.5, leading=10, spaceAfter=12, textColor="#5d5d57"),
        "head": ParagraphStyle(
            "head", parent=text, fontName=face.bold, fontSize=11, spaceBefore=10, spaceAfter=4, keepWithNext=1
        ),
        "title": ParagraphStyle("title", parent=text, fontName=DISPLAY.regular, fontSize=22, leading=27),
    }
