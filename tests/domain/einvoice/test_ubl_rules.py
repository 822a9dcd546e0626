"""Our rules about the writing: each broken once in a document that is right otherwise."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from lxml import etree

from domain.einvoice import ubl
from domain.einvoice.document import PEPPOL, PEPPOL_PROCESS
from domain.einvoice.findings import WRITTEN
from domain.einvoice.reading import document_of
from domain.einvoice.ubl_rules import findings
from domain.invoice import Issued
from domain.refusal_texts import TEXTS, sentence
from domain.totals import Discount
from tests.domain.einvoice.documents import documents, issued

RIGHT = ubl.write(
    document_of(issued(currency="EUR", exchange_rate=Decimal("11.5"), discount=Discount(percent=Decimal(10))))
).decode()
CREDIT = ubl.write(document_of(issued(kind="credit_note"))).decode()


def changed(old: str, new: str, text: str = RIGHT) -> str:
    assert re.search(old, text), old
    return re.sub(old, new, text, count=1)


PROJECT = (
    "<cac:AdditionalDocumentReference><cbc:ID>P1</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode>"
    "</cac:AdditionalDocumentReference>"
)
BROKEN = {
    "PEPPOL-EN16931-R001": changed(r"<cbc:ProfileID>.*?</cbc:ProfileID>", ""),
    "PEPPOL-EN16931-R002": changed(r"<cbc:DocumentC", "<cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note><cbc:DocumentC"),
    "PEPPOL-EN16931-R004": changed(re.escape(PEPPOL), f"x{PEPPOL}"),
    "PEPPOL-EN16931-R007": changed(re.escape(PEPPOL_PROCESS), "urn:fdc:peppol.eu:2017:poacc:billing:02:1.0"),
    "PEPPOL-EN16931-R008": changed(r"<cbc:DocumentC", "<cbc:Note/><cbc:DocumentC"),
    "PEPPOL-EN16931-R043": changed(r"Indicator>false", "Indicator>0"),
    "PEPPOL-EN16931-R044": changed(
        r"</cac:Price>",
        "<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator></cac:AllowanceCharge></cac:Price>",
    ),
    "PEPPOL-EN16931-R046": changed(
        r"</cac:Price>",
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount>1</cbc:Amount>"
        "<cbc:BaseAmount>1</cbc:BaseAmount></cac:AllowanceCharge></cac:Price>",
    ),
    "PEPPOL-EN16931-R051": changed(r'PayableAmount currencyID="EUR"', 'PayableAmount currencyID="NOK"'),
    "PEPPOL-EN16931-R053": changed(r"(?s)(<cac:TaxTotal>.*?</cac:TaxTotal>)", r"\1\1"),
    "PEPPOL-EN16931-R054": changed(r"<cbc:TaxCurrencyCode>NOK</cbc:TaxCurrencyCode>", ""),
    "PEPPOL-EN16931-R061": changed(r"PaymentMeansCode>30<", "PaymentMeansCode>59<"),
    "PEPPOL-EN16931-R080": changed(r"(<cac:AccountingSupplierParty>)", 2 * PROJECT + r"\1", CREDIT),
    "PEPPOL-EN16931-R121": changed(r"</cac:Price>", "<cbc:BaseQuantity>0</cbc:BaseQuantity></cac:Price>"),
    "PEPPOL-EN16931-P0100": changed(r"TypeCode>380<", "TypeCode>381<"),
    "PEPPOL-EN16931-P0101": changed(r"TypeCode>381<", "TypeCode>380<", CREDIT),
    "PEPPOL-EN16931-CL007": changed(r"TaxCurrencyCode>NOK<", "TaxCurrencyCode>NOX<"),
    "PEPPOL-EN16931-F001": changed(r"IssueDate>[0-9-]+<", "IssueDate>22.11.2026<"),
}
# One fault may break another rule with it: the VAT in kroner is then an amount in a strange currency.
ALSO = {"PEPPOL-EN16931-R054": {"PEPPOL-EN16931-R051"}}


def test_each_rule_is_broken_once() -> None:
    assert set(BROKEN) == set(WRITTEN) - {"XSD"}


@pytest.mark.parametrize("rule", sorted(BROKEN))
def test_a_broken_rule_gives_its_own_finding_with_a_sentence(rule: str) -> None:
    found = {finding.rule: finding for finding in findings(etree.fromstring(BROKEN[rule].encode()))}
    assert set(found) == {rule} | ALSO.get(rule, set())
    assert found[rule].refusal.code in TEXTS and found[rule].is_fatal and not found[rule].blocks
    assert "%(" not in sentence(found[rule].refusal, str)


@given(documents())
def test_nothing_that_we_write_breaks_one(invoice: Issued) -> None:
    assert findings(etree.fromstring(ubl.write(document_of(invoice)))) == ()


def test_a_document_that_does_not_follow_peppol_is_not_held_to_it() -> None:
    plain = ubl.write(document_of(issued(), is_peppol=False)).decode()
    assert findings(etree.fromstring(changed(r"Indicator>|<cbc:ID>", "<cbc:Note/><cbc:ID>", plain).encode())) == ()
