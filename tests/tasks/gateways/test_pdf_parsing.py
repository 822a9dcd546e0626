"""What the parser of documents takes: well-formed markup, and no entities but its own."""

from __future__ import annotations

import io
from xml.parsers.expat import ExpatError

import pytest
from xhtml2pdf.document import pisaDocument

from tasks.gateways.pdf_render import prepare
from tests.tasks.gateways.pdf_documents import text


def test_markup_that_is_broken_is_an_error_and_is_not_mended() -> None:
    prepare()
    with pytest.raises(ExpatError):
        pisaDocument("<html><body><p>a<b>c</p></body></html>", io.BytesIO())


def test_entities_of_a_document_are_its_own_few() -> None:
    prepare()
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]><html><body><p>&f;</p></body></html>'
    pdf = io.BytesIO()
    pisaDocument(bomb, pdf)
    assert "root:" not in text(pdf.getvalue())
