from __future__ import annotations

import pytest

from domain.document_names import document_file, plain_document_file
from domain.languages import LANGUAGES


def test_a_credit_note_is_named_after_what_it_is_its_number_and_who_wrote_it() -> None:
    about = ("credit_note", "nb", "2", "Fjordlys Design")
    assert document_file(*about, suffix="xml") == "Kreditnota-2-Fjordlys-Design.xml"
    assert plain_document_file("invoice", "nb", "2", "Blåtind AS", suffix="pdf") == "Faktura-2-Blatind-AS.pdf"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_documents_has_its_names(language: str) -> None:
    names = {document_file(kind, language, "2", "A", suffix="pdf") for kind in ("invoice", "credit_note", "quote")}
    assert len(names) == 3
