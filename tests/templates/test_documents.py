"""The templates of documents: every word translated, nothing in them that paper has no use for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, meta

from domain.languages import LANGUAGES
from tasks.gateways import pdf_columns, pdf_fonts
from tasks.gateways.pdf_document import DocumentView, GroupView, LineView, PartyView
from tasks.gateways.pdf_words import translations

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT / "templates" / "documents"
TRANSLATED = [code for code in LANGUAGES if code != "en"]
TEMPLATES = sorted(DOCUMENTS.glob("*.html"))


def without_comments(template: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.DOTALL)


def catalog(language: str) -> Catalog:
    with (ROOT / "locale" / language / "documents.po").open("rb") as file:
        return read_po(file)


def words() -> set[str]:
    found = extract_from_dir(
        DOCUMENTS, method_map=[("**.html", "jinja2.ext:babel_extract")], options_map={"**.html": {"silent": "false"}}
    )
    return {str(message) for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_is_translated_and_no_translation_is_left_over(language: str) -> None:
    translated = {str(message.id) for message in catalog(language) if message.id and message.string}
    assert translated == words()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_same_places_to_fill(language: str) -> None:
    for message in catalog(language):
        assert set(re.findall(r"%\(\w+\)s", str(message.id))) == set(re.findall(r"%\(\w+\)s", str(message.string)))


def test_nynorsk_is_not_bokmål() -> None:
    assert translations("nb").gettext("Place of delivery") == "Leveringssted"
    assert translations("nn").gettext("Place of delivery") == "Leveringsstad"
    assert translations("en").gettext("Place of delivery") == "Place of delivery"
    assert translations("xx").gettext("Place of delivery") == "Place of delivery"


# The names that stand in a narrow place: how many points there are, and the size of the letters. Breaking between words
# is fine, within one is not.
ROOM = {
    **dict.fromkeys(("Sum incl. VAT", "Sum", "Total excl. VAT", "VAT", "Discount", "Charge"), (77.5, 9.0)),
    **dict.fromkeys(("Amount due", "Credited amount", "Total", "VAT in NOK", "Exchange rate"), (77.5, 9.0)),
    **dict.fromkeys(
        ("Invoice number", "Invoice date", "Number", "Date", "Credited invoice", "Valid until"), (89.0, 9.0)
    ),
    **dict.fromkeys(
        ("Place of delivery", "Your reference", "Our reference", "Order number", "Quote number"), (89.0, 9.0)
    ),
    **dict.fromkeys(
        ("Exempt", "Export", "Reverse charge", "Zero-rated", "No VAT", "Intra-Community supply"), (90.0, 8.0)
    ),
    **dict.fromkeys(("Base", "VAT amount"), (68.0, 7.5)),
    **dict.fromkeys(("Bank account", "KID", "Payment reference"), (103.0, 7.5)),
    "Due date": (74.0, 7.5),
    "Invoice": (212.0, 23.0),
    "Quote": (212.0, 23.0),
    "Credit note": (212.0, 19.0),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_fits_its_place(language: str) -> None:
    pdf_fonts.register()
    say = translations(language).gettext
    for name, (points, size) in ROOM.items():
        for word in say(name).split():
            assert pdf_fonts.width(word, size, bold=True) <= points, word
    for inclusive in (False, True):
        for column, points in pdf_columns._heads(language, inclusive).items():
            assert points < pdf_columns.MOST[column]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_asks_only_for_what_the_view_has(template: Path) -> None:
    known = {name for kind in (DocumentView, PartyView, LineView, GroupView) for name in dir(kind)}
    asked = re.findall(r"\b(?:document|seller|buyer|line|group)\.(\w+)", without_comments(template))
    assert set(asked) <= known


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_script_no_style_and_nothing_from_elsewhere(template: Path) -> None:
    source = template.read_text()
    for forbidden in ("<script", "<style", "style=", "http:", "https:", "| safe", "|safe", "<font", "autoescape"):
        assert forbidden not in source


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_text_of_people_stands_in_an_attribute(template: Path) -> None:
    allowed = {"language_tag", "widths", "logo", "_"}
    for value in re.findall(r'\w+="([^"]*\{\{[^"]*(?:"[^"]*"[^"]*)*\}\}[^"]*)"', template.read_text()):
        environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
        assert meta.find_undeclared_variables(environment.parse(value)) <= allowed, value


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_each_template_says_what_it_takes_and_is_short(template: Path) -> None:
    lines = template.read_text().splitlines()
    assert lines[0].startswith("{#")
    assert len(lines) < 60


def test_the_stylesheet_names_nothing_but_our_fonts_and_two_shades() -> None:
    source = (DOCUMENTS / "document.css").read_text()
    assert set(re.findall(r"\{\{ (\w+) \}\}", source)) == {"ink", "tint"}
    for forbidden in ("url(", "@import", "@font-face", "expression"):
        assert forbidden not in source
    families = set(re.findall(r"font-family: (\w+);", source))
    assert families == {"inter", "interdisplay", "arabic", "hebrew", "armenian", "georgian", "eastasian"}


def test_every_included_template_is_there() -> None:
    loader = FileSystemLoader(ROOT / "templates")
    environment = Environment(loader=loader, autoescape=True, extensions=["jinja2.ext.i18n"])
    for template in TEMPLATES:
        for name in meta.find_referenced_templates(environment.parse(template.read_text())):
            assert name is not None
            assert (ROOT / "templates" / name).is_file()
