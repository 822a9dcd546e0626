from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from lxml import etree

from domain.einvoice import cii
from domain.einvoice.document import EN_16931
from domain.einvoice.reading import document_of
from domain.invoice import Issued
from tests.domain.einvoice.documents import documents, issued
from tests.domain.einvoice.judge import Judge
from tests.examples import examples


def texts(root: etree._Element, name: str) -> list[str]:
    ram = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
    return [element.text or "" for element in root.findall(".//" + "/".join(ram + step for step in name.split("/")))]


def amounts(root: etree._Element, name: str) -> list[Decimal]:
    return [Decimal(text) for text in texts(root, name)]


@settings(max_examples=examples(80), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_every_document_passes_factur_x_with_the_figures_of_the_invoice(judge: Judge, invoice: Issued) -> None:
    xml = cii.write(document_of(invoice))
    assert judge.broken(xml) == []
    root = etree.fromstring(xml)
    totals = invoice.totals
    sums = "SpecifiedTradeSettlementHeaderMonetarySummation/"
    assert amounts(root, sums + "LineTotalAmount") == [totals.line_sum]
    assert amounts(root, sums + "TaxBasisTotalAmount") == [totals.net]
    assert amounts(root, sums + "DuePayableAmount") == [totals.gross]
    assert sum(amounts(root, sums + "AllowanceTotalAmount")) == totals.discount
    assert sum(amounts(root, sums + "ChargeTotalAmount")) == totals.charge
    vat = [totals.vat, *([] if invoice.vat_nok is None else [invoice.vat_nok])]
    assert amounts(root, sums + "TaxTotalAmount") == vat
    assert amounts(root, "ApplicableTradeTax/CalculatedAmount") == [group.vat for group in totals.groups]
    lines = amounts(root, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount")
    assert lines == [line.net for line in invoice.lines]


def test_the_profile_is_en_16931_and_the_reference_the_kid() -> None:
    invoice = issued()
    root = etree.fromstring(cii.write(document_of(invoice)))
    assert texts(root, "GuidelineSpecifiedDocumentContextParameter/ID") == [EN_16931]
    assert texts(root, "PaymentReference") == [invoice.kid]
    assert texts(root, "PayeePartyCreditorFinancialAccount/IBANID") == ["NO9386011117947"]


def test_a_credit_note_names_the_invoice_it_takes_back() -> None:
    root = etree.fromstring(cii.write(document_of(issued(kind="credit_note"))))
    assert texts(root, "TypeCode")[0] == "381"
    assert texts(root, "InvoiceReferencedDocument/IssuerAssignedID") == ["2026-7"]
