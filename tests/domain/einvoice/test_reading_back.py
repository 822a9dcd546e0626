"""What our writers wrote is read back the same, and what others wrote with the totals that stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from domain.einvoice import cii, cii_reading, ubl, ubl_reading
from domain.einvoice.document import Adjustment, Attachment, EDocument
from domain.einvoice.incoming import Difference, Incoming, differences
from domain.einvoice.reading import document_of
from domain.einvoice.xml_reading import Unreadable
from domain.invoice import Issued
from domain.money import ZERO
from tests.domain.einvoice.documents import documents, issued

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.xml"))
SUMS = ("LegalMonetaryTotal", "SpecifiedTradeSettlementHeaderMonetarySummation")
ATTACHED = Attachment("faktura-8.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")
Read = Callable[[etree._Element], Incoming]


def read_any(xml: bytes) -> Incoming:
    root = etree.fromstring(xml)
    return cii_reading.read(root) if root.tag == cii_reading.ROOT else ubl_reading.read(root)


def in_ubl(document: EDocument) -> EDocument:
    """UBL as Peppol has it holds one note (R002)."""
    return replace(document, notes=("\n".join(document.notes),) if document.notes else ())


@settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_every_document_written_as_ubl_is_read_back_equal_and_adds_up(invoice: Issued) -> None:
    document = document_of(invoice, attachments=(ATTACHED,))
    incoming = ubl_reading.read(etree.fromstring(ubl.write(document)))
    assert incoming.document == in_ubl(document)
    assert (incoming.payable, incoming.prepaid, incoming.rounding) == (document.gross, ZERO, ZERO)
    assert differences(incoming) == ()


@settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_every_document_written_as_cii_is_read_back_equal_and_adds_up(invoice: Issued) -> None:
    document = document_of(invoice, attachments=(ATTACHED,))
    incoming = cii_reading.read(etree.fromstring(cii.write(document)))
    assert incoming.document == document
    assert (incoming.payable, incoming.prepaid, incoming.rounding) == (document.gross, ZERO, ZERO)
    assert differences(incoming) == ()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_documents_of_others_are_read_with_the_totals_that_stand_in_them(path: Path) -> None:
    root = etree.fromstring(path.read_bytes())
    incoming = read_any(path.read_bytes())
    document = incoming.document

    (sums,) = (element for name in SUMS for element in root.iter("{*}" + name))

    def stated(*names: str) -> Decimal:
        (found,) = (element.text for name in names for element in sums.findall("{*}" + name))
        return Decimal(found or "")

    assert document.line_sum == stated("LineExtensionAmount", "LineTotalAmount")
    assert document.net == stated("TaxExclusiveAmount", "TaxBasisTotalAmount")
    assert document.gross == stated("TaxInclusiveAmount", "GrandTotalAmount")
    assert incoming.payable == stated("PayableAmount", "DuePayableAmount")
    assert document.number and document.seller.name and document.buyer.name and document.lines


def test_a_figure_that_does_not_add_up_is_named_with_what_it_should_be() -> None:
    document = document_of(issued())
    line = document.lines[0]
    wrong = replace(
        document,
        lines=(replace(line, net=line.net + 1), *document.lines[1:]),
        gross=document.gross + 5,
        groups=(replace(document.groups[0], vat=document.groups[0].vat + 2), *document.groups[1:]),
    )
    found = differences(ubl_reading.read(etree.fromstring(ubl.write(wrong))))
    assert Difference("line", line.net + 1, line.net, line.number) in found
    assert Difference("gross", document.gross + 5, document.gross) in found
    assert {"line", "line_sum", "vat_base", "vat_group", "vat", "gross"} == {one.what for one in found}


def test_what_was_paid_before_and_the_rounding_are_part_of_what_is_to_be_paid() -> None:
    root = etree.fromstring(ubl.write(document_of(issued())))
    incoming = ubl_reading.read(root)
    gross = incoming.document.gross
    paid = replace(incoming, prepaid=Decimal(10), rounding=Decimal("0.25"), payable=gross - Decimal("9.75"))
    assert differences(paid) == ()
    assert differences(replace(paid, payable=gross)) == (Difference("payable", gross, gross - Decimal("9.75")),)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<cbc:ID>2026-0008</cbc:ID>", "", "missing"),
        ("<cbc:DocumentCurrencyCode>NOK", "<cbc:DocumentCurrencyCode>kroner", "missing"),
        ("<cbc:IssueDate>2026-11-22", "<cbc:IssueDate>soon", "date"),
        ('<cbc:PayableAmount currencyID="NOK">', '<cbc:PayableAmount currencyID="NOK">NaN', "number"),
        ('<cbc:PayableAmount currencyID="NOK">', '<cbc:PayableAmount currencyID="NOK">1e99', "number"),
    ],
)
def test_what_makes_no_invoice_is_not_read_as_one(old: str, new: str, code: str) -> None:
    xml = ubl.write(document_of(issued())).decode()
    assert old in xml
    with pytest.raises(Unreadable) as refusal:
        ubl_reading.read(etree.fromstring(xml.replace(old, new, 1).encode()))
    assert refusal.value.code == code


@pytest.mark.parametrize("code", ["81", "83", "261", "381", "396", "532"])
def test_every_kind_of_credit_note_is_one_in_cii_too(code: str) -> None:
    """Else what is owed to us would look like what we owe."""
    xml = cii.write(document_of(issued())).replace(b"<ram:TypeCode>380<", f"<ram:TypeCode>{code}<".encode())
    assert cii_reading.read(etree.fromstring(xml)).document.is_credit_note


def test_a_charge_is_one_whether_it_says_true_or_1() -> None:
    charged = replace(document_of(issued()), adjustments=(Adjustment(True, Decimal(50), "Frakt", category="S"),))
    for xml in (ubl.write(charged), cii.write(charged)):
        (one,) = read_any(xml.replace(b"Indicator>true<", b"Indicator>1<")).document.adjustments
        assert one.is_charge


def test_a_price_may_have_more_decimals_than_money() -> None:
    xml = ubl.write(document_of(issued())).decode()
    price = "0.12345678901234567890"
    xml = re.sub(r'(PriceAmount currencyID="NOK">)[^<]*', rf"\g<1>{price}", xml, count=1)
    assert ubl_reading.read(etree.fromstring(xml.encode())).document.lines[0].price == Decimal(price)


@pytest.mark.parametrize("read", [ubl_reading.read, cii_reading.read])
def test_another_kind_of_document_is_none_of_ours(read: Read) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(etree.fromstring("<Order/>"))
    assert refusal.value.code == "unknown_kind"
