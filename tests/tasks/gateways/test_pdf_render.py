"""What stands in the PDF: every stored figure, every legal word, in fonts that are in the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from babel.messages.pofile import read_po

from domain.invoice import Credited
from domain.languages import LANGUAGES
from domain.totals import Discount
from domain.vat import legal_text
from tasks.gateways.pdf_render import Unprintable, document_html, prepare, render_document
from tasks.gateways.pdf_view import view_of
from tasks.gateways.pdf_words import LOCALE_DIR, translations
from tests.tasks.gateways.pdf_documents import invoice, opened, page_texts, text, with_descriptions

GERMAN = [path.read_bytes() for path in (LOCALE_DIR / "de").glob("*.po")]


def plain(figure: str) -> str:
    return figure.replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lines", [1, 12])
def test_every_stored_figure_stands_in_the_document(lines: int, language: str) -> None:
    view = view_of(invoice(lines, language=language))
    found = text(render_document(view))
    for line in view.lines:
        assert f"{line.description[0]} {line.quantity} {line.unit} {plain(line.price)}" in found
        assert plain(line.amount) in found
    for group in view.groups:
        assert f"{plain(group.base)} {plain(group.vat)}" in found
    for figure in (view.net, view.vat, f"NOK {view.gross}", view.number, view.kid, view.account, view.iban):
        assert plain(figure) in found
    assert view.issued_on in found
    assert view.due_on in found


def test_the_words_of_the_law_are_there() -> None:
    found = text(
        render_document(view_of(invoice(texts=(legal_text("reverse_charge", "nb"), legal_text("zero", "nb")))))
    )
    assert "936 587 720 MVA" in found
    assert "Foretaksregisteret" in found
    assert "Omvendt avgiftsplikt – Merverdiavgift ikke beregnet" in squeezed_words(found)
    assert "merverdiavgiftsloven kapittel 6" in squeezed_words(found)


def test_what_the_law_adds_to_the_name_of_some_is_there() -> None:
    """A company that is being wound up, a foreign one with somebody who answers for its VAT (§ 5-1-2)."""
    issued = invoice()
    addition = "under avvikling"
    found = text(render_document(view_of(replace(issued, seller=replace(issued.seller, legal_addition=addition)))))
    assert "Foretaksregisteret under avvikling" in squeezed_words(found)


# Letters that the others lack, in words that a document may hold.
OWN_LETTERS = {
    "nb": "Blåbær på Ærøy",
    "nn": "Ønske frå Ås",
    "en": "“Café” – it’s £5",
    "sv": "Räksmörgås på Åland",
    "da": "Rødgrød, Århus, Ærø",
    "de": "Größe, Übermaß, Äpfel, Öl",
    "fr": "Œuvre, garçon, naïve, là-bas, forêt",
    "es": "Año, ¿qué?, ¡sí!, pingüino, Ávila",
    "nl": "Reünie, coördinatie, één, ’s-Hertogenbosch",
    "pl": "Zażółć gęślą jaźń, Łódź",
    "fi": "Yöpöytä, Äänekoski, šakki",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_own_letters_and_words(language: str) -> None:
    sentence = legal_text("outside", language)
    issued = with_descriptions(OWN_LETTERS[language], language=language, texts=(sentence,))
    found = text(render_document(view_of(issued)))
    say = translations(language).gettext
    for words in (
        OWN_LETTERS[language],
        sentence,
        say("Invoice"),
        say("Amount due"),
        say("Description"),
        say("Base"),
    ):
        assert words in squeezed_words(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_credit_note_names_the_invoice_it_takes_back_and_asks_for_no_money(language: str) -> None:
    issued = invoice(2, language=language, kind="credit_note", credits=Credited("2026-977", date(2026, 10, 1)))
    view = view_of(issued)
    found = text(render_document(view))
    say = translations(language).gettext
    assert say("Credit note") in found
    assert say("Credit note %(number)s") % {"number": issued.number} == opened(render_document(view)).metadata.title  # type: ignore[union-attr]
    assert say("%(number)s of %(day)s") % {"number": "2026-977", "day": view.credited_on} in found
    assert f"NOK {plain(view.gross)}" in found
    for absent in (say("Amount due"), say("Due date"), view.account, view.kid):
        assert absent not in found


def test_a_correction_is_no_gutschrift_in_german() -> None:
    """That word is for a document that the buyer makes out (UStG § 14 (2), art. 226 (10a) of directive 2006/112/EC)."""
    assert translations("de").gettext("Credit note") == "Rechnungskorrektur"
    assert not any("Gutschrift" in str(message.string) for area in GERMAN for message in read_po(io.BytesIO(area)))


def squeezed_words(found: str) -> str:
    return " ".join(found.split())


def test_vat_in_another_currency_is_stated_in_kroner_too() -> None:
    issued = invoice(currency="EUR", vat_nok=Decimal("12345.67"), exchange_rate=Decimal("11.4523"))
    found = text(render_document(view_of(issued)))
    assert "Mva. i NOK 12 345,67" in found
    assert "11,4523" in found


def test_a_line_discount_has_a_column_only_when_there_is_one() -> None:
    issued = invoice(2)
    assert "Rabatt" not in text(render_document(view_of(issued)))
    first, second = issued.lines
    cheaper = replace(issued, lines=(replace(first, discount_percent=Decimal("12.5")), second))
    found = text(render_document(view_of(cheaper)))
    assert "Rabatt" in found
    assert "12,5 %" in found


def test_a_document_discount_is_shown_between_the_sums() -> None:
    issued = invoice()
    totals = replace(issued.totals, line_sum=Decimal("5000.00"), discount=Decimal("250.00"))
    found = text(render_document(view_of(replace(issued, totals=totals, discount=Discount(percent=Decimal(5))))))
    assert "Sum 5 000,00 Rabatt −250,00" in found


def test_a_seller_outside_vat_has_neither_a_vat_column_nor_a_vat_table() -> None:
    issued = invoice(1, texts=(legal_text("outside", "nb"),), seller=replace(invoice().seller, vat_registered=False))
    outside = replace(issued, lines=tuple(replace(line, category="O", rate=Decimal(0)) for line in issued.lines))
    found = text(render_document(view_of(outside)))
    assert "Mva" not in found
    assert "936 587 720 MVA" not in found
    assert "Selger er ikke registrert i Merverdiavgiftsregisteret" in found


def test_without_a_kid_the_payer_is_asked_for_the_number() -> None:
    found = text(render_document(view_of(invoice(kid=""))))
    assert "Merk betalingen" in found
    assert "KID" not in found


def test_a_kid_of_25_digits_and_a_long_iban_stand_in_one_piece() -> None:
    view = view_of(invoice(kid="1234567890123456789012347", iban="MT84MALT011000012345MTLCAST001S"))
    found = text(render_document(view))
    assert view.kid in found
    assert view.iban in found


def test_the_same_document_has_the_same_bytes() -> None:
    view = view_of(invoice(30))
    first = render_document(view)
    render_document(view_of(with_descriptions("東京", "مرحبا")))
    assert render_document(view) == first


def test_documents_that_differ_have_different_ids() -> None:
    one, other = (opened(render_document(view_of(invoice(lines)))) for lines in (1, 2))
    assert one.trailer["/ID"] != other.trailer["/ID"]


@pytest.mark.parametrize(
    ("language", "tag", "title"),
    [("nb", "nb-NO", "Faktura"), ("nn", "nn-NO", "Faktura"), ("en", "en-GB", "Invoice"), ("de", "de-DE", "Rechnung")],
)
def test_reader_software_is_told_the_title_and_the_language(language: str, tag: str, title: str) -> None:
    issued = invoice(language=language)
    pdf = opened(render_document(view_of(issued)))
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"{title} {issued.number}"
    root: Any = pdf.root_object
    assert root["/Lang"] == tag
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])


def fonts(pdf: bytes) -> Iterator[Any]:
    for page in opened(pdf).pages:
        resources: Any = page["/Resources"]
        yield from (font.get_object() for font in resources["/Font"].values())


def test_every_font_is_in_the_file_and_is_ours() -> None:
    pdf = render_document(view_of(with_descriptions("Ærlig", "Ремонт", "Επισκευή", "مرحبا", "שלום")))
    names = set()
    for font in fonts(pdf):
        assert "/FontFile2" in font["/FontDescriptor"]
        names.add(str(font["/BaseFont"]).rpartition("+")[2])
    assert names == {
        "Inter-Regular", "Inter-SemiBold", "InterDisplay-SemiBold", "NotoSansArabic-Regular", "NotoSansHebrew-Regular",
    }  # fmt: skip


def test_latin_greek_and_cyrillic_can_be_read_back() -> None:
    said = ("Ærlig Bjørnø på Åsgårdstrand", "Łódź, Čeština, Ħal, Ðakovo", "Ремонт квартиры", "Επισκευή συσκευών")
    found = text(render_document(view_of(with_descriptions(*said))))
    assert all(words in found for words in said)


def test_arabic_letters_are_joined() -> None:
    found = text(render_document(view_of(with_descriptions("سلام"))))
    # Presentation forms: initial seen, lam-alef ligature or final alef, isolated meem.
    assert any("\ufe70" <= char <= "\ufefc" for char in found)
    assert "سلام" not in found


def test_a_character_without_a_shape_is_refused_not_printed_as_a_box() -> None:
    with pytest.raises(Unprintable):
        render_document(view_of(with_descriptions("Kake 🎂")))
    with pytest.raises(Unprintable):
        render_document(view_of(invoice(note="नमस्ते")))


def test_a_draft_is_marked_on_every_page_and_has_no_number() -> None:
    issued = invoice(60)
    pages = page_texts(render_document(view_of(issued, is_draft=True)))
    assert len(pages) > 1
    for page in pages:
        assert "UTKAST" in page
        assert issued.number not in page


def test_an_issued_invoice_is_not_marked() -> None:
    assert "UTKAST" not in text(render_document(view_of(invoice())))


def test_what_people_type_is_text_in_the_html() -> None:
    prepare()
    issued = with_descriptions("<b>&amp;</b>", '"><script>', note="<style>*{}</style>")
    html = document_html(view_of(replace(issued, buyer=replace(issued.buyer, name="<i>{{ 7*7 }}</i>"))))
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in html
    assert "&lt;i&gt;{{ 7*7 }}&lt;/i&gt;" in html
    for tag in ("<script", "<style", "<i>"):
        assert tag not in html


def test_pypdf_reads_what_was_drawn_without_complaint() -> None:
    pdf = pypdf.PdfReader(io.BytesIO(render_document(view_of(invoice(3)))), strict=True)
    assert len(pdf.pages) == 1
