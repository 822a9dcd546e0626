"""The archived document: PDF/A-3b, with the same figures as XML inside."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

import page
import pikepdf
import pypdf
import pytest
from lxml import etree
from PIL import Image

from domain.invoice import Issued
from domain.languages import LANGUAGES
from domain.reading import show_decimal
from domain.totals import Charge, Discount
from tasks.gateways.einvoice_validator import Checked, Validator
from tasks.gateways.pdf_archive import srgb
from tasks.gateways.pdf_document import DocumentView, Look
from tasks.gateways.pdf_render import render_document
from tasks.gateways.pdf_view import view_of
from tests.domain.einvoice.documents import GERMAN, UNREGISTERED, issued
from tests.domain.sample import line
from tests.tasks.gateways.pdf_documents import invoice, opened, text, with_descriptions
from tests.verapdf import broken_rules, verapdf

RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
RSM = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}"


def half_transparent_logo() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGBA", (900, 300), (31, 92, 102, 90)).save(drawn, "PNG")
    return drawn.getvalue()


def euros() -> Issued:
    two = (line(), line(2, treatment="zero", unit_price=Decimal("99.95")))
    return issued(*two, currency="EUR", exchange_rate=Decimal("11.4321"), charge=Charge(amount=Decimal(49)))


def credit_note() -> Issued:
    return issued(line(), kind="credit_note", discount=Discount(percent=Decimal("12.5")))


def in_language(code: str) -> Issued:
    lines = (line(), line(2, treatment="reverse_charge", unit="ANN", discount_percent=Decimal("12.5")))
    kind = "credit_note" if code in ("de", "pl", "fi") else "invoice"
    return issued(*lines, language=code, kind=kind, buyer=GERMAN)


ISSUED: dict[str, Callable[[], Issued]] = {
    "plain": invoice,
    "long": lambda: invoice(40),
    "euros": euros,
    "reverse charge": lambda: issued(line(treatment="reverse_charge"), buyer=GERMAN),
    "export": lambda: issued(line(treatment="export"), buyer=GERMAN),
    "outside": lambda: issued(line(treatment="outside"), seller=UNREGISTERED),
    "prices with VAT": lambda: issued(
        line(unit_price=Decimal("99.99"), discount_percent=Decimal(10), charge=Decimal(5)), prices_include_vat=True
    ),
    "credit note": credit_note,
    **{code: partial(in_language, code) for code in LANGUAGES if code not in ("nb", "nn")},
    "marks": lambda: with_descriptions("<&>\"' æøå", note="]]> & <note>"),
    "scripts": lambda: with_descriptions("Ремонт", "Επισκευή", "مرحبا", "שלום", "Հայերեն", "ქართული"),
    "east Asian": lambda: with_descriptions("東京", "한국어", "中文"),
}


@cache
def view(name: str) -> DocumentView:
    if name == "draft":
        return view_of(invoice(), is_draft=True)
    if name == "quote":
        return view_of(replace(invoice(), kind="quote"))
    if name == "logo":
        return view_of(invoice(), Look("#ab1234", half_transparent_logo()))
    return view_of(ISSUED[name]())


@cache
def drawn(name: str) -> bytes:
    return render_document(view(name))


ALL = [*ISSUED, "draft", "quote", "logo"]


@pytest.mark.skipif(verapdf() is None, reason="bin/verapdf says what is missing")
def test_verapdf_accepts_every_document(tmp_path: Path) -> None:
    files = {tmp_path / f"{name}.pdf": name for name in ALL}
    for path, name in files.items():
        path.write_bytes(drawn(name))
    plain = tmp_path / "not an archive.pdf"
    without_metadata(drawn("plain"), plain)
    found = broken_rules([*files, plain])
    assert {files[path]: rules for path, rules in found.items() if rules and path in files} == {}
    assert found.keys() == {*files, plain}
    assert "6.6.2.1" in found[plain]


def without_metadata(pdf: bytes, path: Path) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        del document.Root.Metadata
        document.save(path)


@pytest.mark.parametrize("name", ALL)
def test_a_quick_judge_agrees(name: str, tmp_path: Path) -> None:
    (tmp_path / "document.pdf").write_bytes(drawn(name))
    report = page.validate_pdf(str(tmp_path / "document.pdf"), profile="3b")
    # It miscounts a stream whose last byte happens to look like the end of a line; veraPDF does not.
    assert {failure.rule_id for failure in report.failures} <= {"PDFA3B-STREAM-LENGTH-001"}


def xml_in(pdf: bytes) -> bytes:
    ((name, contents),) = opened(pdf).attachments.items()
    assert name == "factur-x.xml"
    (xml,) = contents
    return xml


def amounts_in(xml: bytes) -> dict[str, list[Decimal]]:
    root = etree.fromstring(xml)
    found: dict[str, list[Decimal]] = {}
    for element in root.iter(etree.Element):
        name = str(element.tag).removeprefix(RAM)
        if name.endswith("Amount") and element.text:
            found.setdefault(name, []).append(Decimal(element.text))
    return found


@pytest.mark.parametrize("name", ISSUED)
def test_the_xml_in_the_document_says_the_same_as_its_text_and_as_what_was_stored(name: str) -> None:
    stored, pdf = ISSUED[name](), drawn(name)
    xml = xml_in(pdf)
    amounts, said = amounts_in(xml), text(pdf)
    totals = stored.totals
    assert amounts["GrandTotalAmount"] == amounts["DuePayableAmount"] == [totals.gross]
    assert amounts["TaxBasisTotalAmount"] == [totals.net]
    assert amounts["TaxTotalAmount"] == [totals.vat] + ([stored.vat_nok] if stored.vat_nok is not None else [])
    assert sorted(amounts["CalculatedAmount"]) == sorted(group.vat for group in totals.groups)
    assert sorted(amounts["LineTotalAmount"]) == sorted([*(line.net for line in stored.lines), totals.line_sum])
    root = etree.fromstring(xml)
    assert root.findtext(f"{RSM}ExchangedDocument/{RAM}ID") == stored.number
    shown = [totals.gross] if name == "outside" else [totals.gross, totals.net, totals.vat]
    for figure in (*shown, *(() if stored.vat_nok is None else (stored.vat_nok,))):
        assert show_decimal(figure, stored.language).replace("\u00a0", " ") in said
    assert stored.number in said


async def test_the_xml_in_the_documents_is_right_by_schema_and_rules() -> None:
    """Of each sort one; tests of the XML itself try hundreds."""
    validator = Validator(seconds=60)
    try:
        for name in ("plain", "euros", "outside", "prices with VAT", "marks", "de"):
            assert await validator.check(xml_in(drawn(name))) == Checked(), name
    finally:
        await validator.close()


def root_of(pdf: bytes) -> Any:
    return opened(pdf).root_object


def test_the_xml_is_an_associated_file_of_the_document() -> None:
    root = root_of(drawn("plain"))
    (spec,) = (spec.get_object() for spec in root["/AF"])
    assert (spec["/AFRelationship"], spec["/F"], spec["/UF"]) == ("/Alternative", "factur-x.xml", "factur-x.xml")
    file = spec["/EF"]["/F"]
    assert file["/Subtype"] == "/text/xml"
    assert file["/Params"]["/ModDate"] == "D:20261122000000Z"
    named = root["/Names"]["/EmbeddedFiles"]["/Names"]
    assert (named[0], named[1].get_object()) == ("factur-x.xml", spec)


def metadata(pdf: bytes) -> Any:
    return root_of(pdf)["/Metadata"].get_object()


def test_the_metadata_names_the_standard_the_profile_and_the_document() -> None:
    issued = invoice(seller=replace(invoice().seller, name="A & <B> AS"))
    pdf = opened(render_document(view_of(issued)))
    packet: Any = pdf.root_object["/Metadata"].get_object()
    assert "/Filter" not in packet
    xmp: Any = pdf.xmp_metadata
    assert (xmp.dc_title["x-default"], xmp.dc_creator) == (f"Faktura {issued.number}", ["A & <B> AS"])
    assert (xmp.xmp_create_date.date(), xmp.pdf_producer) == (date(2026, 11, 22), "SmartFaktura")
    said = packet.get_data().decode()
    for words in ("<pdfaid:part>3<", "<pdfaid:conformance>B<", "<fx:ConformanceLevel>EN 16931<"):
        assert words in said
    assert said.count("<pdfaProperty:name>") == 4


@pytest.mark.parametrize("name", ["draft", "quote"])
def test_what_is_no_invoice_has_no_xml_and_says_nothing_of_it(name: str) -> None:
    pdf = drawn(name)
    assert not opened(pdf).attachments
    assert "/AF" not in root_of(pdf)
    assert b"factur-x" not in metadata(pdf).get_data()


def test_what_colours_mean_is_in_the_file() -> None:
    (intent,) = (intent.get_object() for intent in root_of(drawn("plain"))["/OutputIntents"])
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object().get_data() == srgb()


def test_the_colours_do_not_know_when_they_were_made() -> None:
    again = srgb.__wrapped__()
    assert again == srgb()
    assert srgb()[24:36] == bytes((7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))


@pytest.mark.parametrize("name", ["plain", "euros", "scripts", "logo"])
def test_the_same_document_is_the_same_bytes(name: str) -> None:
    assert render_document(DocumentView.from_bytes(view(name).to_bytes())) == drawn(name)


def test_a_reader_that_knows_nothing_of_archives_shows_it_too() -> None:
    read = pypdf.PdfReader(io.BytesIO(drawn("logo")), strict=True)
    assert read.pdf_header == "%PDF-1.7"
    assert not read.is_encrypted
