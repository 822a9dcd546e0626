from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from domain import einvoice_refusals
from domain.einvoice.document import Address, Attachment, EDocument, Identifier
from domain.einvoice.findings import RULES, foreign_finding
from domain.einvoice.reading import document_of
from domain.einvoice.rules import findings
from domain.invoice import Issued
from domain.money import ZERO
from domain.refusal_texts import TEXTS, sentence
from domain.totals import Charge, Discount
from tests.domain import sample
from tests.domain.einvoice.documents import CONSUMER, UNREGISTERED, documents, issued
from tests.examples import examples

ONE = Decimal(1)
RIGHT = document_of(
    issued(
        discount=Discount(percent=Decimal(10)),
        charge=Charge(amount=Decimal(50), text="Frakt"),
        kind="credit_note",
    )
)
REVERSE = document_of(issued(sample.line(treatment="reverse_charge")))
EXEMPT = document_of(issued(sample.line(treatment="exempt")))
EXPORT = document_of(issued(sample.line(treatment="export")))
ZERO_RATED = document_of(issued(sample.line(treatment="zero")))
OUTSIDE = document_of(issued(sample.line(treatment="outside"), seller=UNREGISTERED))
EURO = document_of(issued(currency="EUR", exchange_rate=Decimal("11.5")))


def seller(document: EDocument, **changes: Any) -> EDocument:
    return replace(document, seller=replace(document.seller, **changes))


def buyer(document: EDocument, **changes: Any) -> EDocument:
    return replace(document, buyer=replace(document.buyer, **changes))


def line(document: EDocument, **changes: Any) -> EDocument:
    return replace(document, lines=(replace(document.lines[0], **changes), *document.lines[1:]))


def group(document: EDocument, **changes: Any) -> EDocument:
    return replace(document, groups=(replace(document.groups[0], **changes), *document.groups[1:]))


def first_adjustment(**changes: Any) -> EDocument:
    first, *others = RIGHT.adjustments
    return replace(RIGHT, adjustments=(replace(first, **changes), *others))


# An intra-community supply (K) is for sellers in the EU, whom no Norwegian rule concerns.
SWEDISH_SELLER = replace(
    seller(
        line(group(REVERSE, category="K", reason_code="VATEX-EU-IC"), category="K"),
        address=replace(REVERSE.seller.address, country="SE"),
    )
)
# A document in which one thing is wrong, for each rule. Where one fault breaks two rules, both are found.
BROKEN: dict[str, Callable[[], EDocument]] = {
    "PEPPOL-EN16931-R003": lambda: replace(RIGHT, buyer_reference="", order_reference=""),
    "PEPPOL-EN16931-R005": lambda: replace(RIGHT, vat_nok=RIGHT.vat),
    "PEPPOL-EN16931-R010": lambda: buyer(RIGHT, endpoint=None),
    "PEPPOL-EN16931-R020": lambda: seller(RIGHT, endpoint=None),
    "PEPPOL-EN16931-R040": lambda: first_adjustment(percent=Decimal(11)),
    "PEPPOL-EN16931-R041": lambda: first_adjustment(base=None),
    "PEPPOL-EN16931-R042": lambda: first_adjustment(percent=None),
    "PEPPOL-EN16931-R055": lambda: replace(EURO, vat_nok=-ONE),
    "PEPPOL-EN16931-R120": lambda: line(RIGHT, quantity=Decimal("2.00001")),
    "PEPPOL-EN16931-P0104": lambda: group(EXEMPT, reason_code="VATEX-EU-G"),
    "PEPPOL-EN16931-P0105": lambda: group(EXEMPT, reason_code="VATEX-EU-O"),
    "PEPPOL-EN16931-P0106": lambda: group(EXEMPT, reason_code="VATEX-EU-IC"),
    "PEPPOL-EN16931-P0107": lambda: group(EXEMPT, reason_code="VATEX-EU-AE"),
    "PEPPOL-EN16931-P0108": lambda: group(EXPORT, reason_code="VATEX-EU-D"),
    "PEPPOL-EN16931-P0109": lambda: group(EXPORT, reason_code="VATEX-EU-F"),
    "PEPPOL-EN16931-P0110": lambda: group(EXPORT, reason_code="VATEX-EU-I"),
    "PEPPOL-EN16931-P0111": lambda: group(EXPORT, reason_code="VATEX-EU-J"),
    "PEPPOL-EN16931-CL001": lambda: replace(RIGHT, attachments=(Attachment("a.zip", "application/zip", b"PK"),)),
    "PEPPOL-EN16931-CL008": lambda: buyer(RIGHT, endpoint=Identifier("1", "9908")),
    "PEPPOL-COMMON-R042": lambda: buyer(RIGHT, endpoint=Identifier("DK1234567", "0184")),
    "PEPPOL-COMMON-R047": lambda: buyer(RIGHT, endpoint=Identifier("IT00743110158", "0211")),
    "PEPPOL-COMMON-R049": lambda: buyer(RIGHT, endpoint=Identifier("5560360794", "0007")),
    "PEPPOL-COMMON-R041": lambda: buyer(RIGHT, endpoint=Identifier("923609017", "0192")),
    "NO-R-001": lambda: seller(RIGHT, vat_id="NO936587721MVA"),
    "NO-R-002": lambda: seller(RIGHT, tax_registration=""),
    "BR-02": lambda: replace(RIGHT, number=""),
    "BR-29": lambda: replace(RIGHT, delivered_on=None, period=(date(2026, 11, 20), date(2026, 11, 19))),
    "BR-CL-04": lambda: replace(RIGHT, currency="NOX"),
    "BR-CL-14": lambda: buyer(RIGHT, address=replace(RIGHT.buyer.address, country="XX")),
    "BR-CO-18": lambda: replace(RIGHT, groups=(), vat=ZERO, gross=RIGHT.net),
    "BR-S-08": lambda: group(RIGHT, base=RIGHT.groups[0].base + Decimal("0.01")),
    "BR-IC-11": lambda: replace(SWEDISH_SELLER, delivered_on=None),
    "BR-IC-12": lambda: replace(SWEDISH_SELLER, deliver_to=None),
    "NO-LAW-5-1-1-4-PLACE": lambda: replace(RIGHT, deliver_to=Address(country="NO")),
    "NO-LAW-5-1-2-BUYER": lambda: buyer(RIGHT, legal_id=None, vat_id="", address=Address(country="NO")),
    "BR-06": lambda: seller(RIGHT, name=""),
    "BR-07": lambda: buyer(RIGHT, name=""),
    "BR-16": lambda: replace(RIGHT, lines=()),
    "BR-25": lambda: line(RIGHT, name=""),
    "BR-27": lambda: line(RIGHT, quantity=-RIGHT.lines[0].quantity, price=-RIGHT.lines[0].price),
    "BR-CL-23": lambda: line(RIGHT, unit="stk"),
    "BR-CO-09": lambda: buyer(RIGHT, vat_id="923609016"),
    "BR-CO-10": lambda: replace(RIGHT, line_sum=RIGHT.line_sum + ONE, net=RIGHT.net + ONE, gross=RIGHT.gross + ONE),
    "BR-CO-11": lambda: replace(
        RIGHT, allowances=RIGHT.allowances - ONE, net=RIGHT.net + ONE, gross=RIGHT.gross + ONE
    ),
    "BR-CO-12": lambda: replace(RIGHT, charges=RIGHT.charges + ONE, net=RIGHT.net + ONE, gross=RIGHT.gross + ONE),
    "BR-CO-13": lambda: replace(RIGHT, net=RIGHT.net + ONE, gross=RIGHT.gross + ONE),
    "BR-CO-14": lambda: replace(RIGHT, vat=RIGHT.vat + ONE, gross=RIGHT.gross + ONE),
    "BR-CO-15": lambda: replace(RIGHT, gross=RIGHT.gross + ONE),
    "BR-CO-17": lambda: replace(group(RIGHT, vat=RIGHT.vat + ONE), vat=RIGHT.vat + ONE, gross=RIGHT.gross + ONE),
    "BR-CO-26": lambda: seller(RIGHT, legal_id=None, vat_id=""),
    "BR-S-02": lambda: seller(RIGHT, vat_id=""),
    "BR-AE-02": lambda: buyer(REVERSE, vat_id="", legal_id=None),
    "BR-E-10": lambda: group(EXEMPT, reason=""),
    "BR-IC-02": lambda: buyer(SWEDISH_SELLER, vat_id=""),
    "BR-O-02": lambda: seller(OUTSIDE, vat_id="NO936587720MVA"),
    "BR-O-11": lambda: replace(
        OUTSIDE,
        lines=(*OUTSIDE.lines, replace(OUTSIDE.lines[0], category="Z", net=ZERO, quantity=ZERO)),
        groups=(*OUTSIDE.groups, replace(OUTSIDE.groups[0], category="Z", reason="", reason_code="", base=ZERO)),
    ),
    "BR-Z-10": lambda: group(ZERO_RATED, reason="Fritatt"),
    "NO-LAW-5-1-1-4": lambda: replace(RIGHT, delivered_on=None),
    "NO-LAW-5-1-1-5": lambda: replace(RIGHT, due_on=None),
    "NO-LAW-5-1-1-6": lambda: replace(EURO, vat_nok=None),
    "NO-LAW-5-1-1-7": lambda: group(REVERSE, reason="Reverse charge"),
    "NO-LAW-5-1-2": lambda: seller(RIGHT, legal_id=None),
    "NO-LAW-5-2-7": lambda: replace(RIGHT, credited_number="", credited_on=None),
    "NO-KID": lambda: replace(RIGHT, payment_id=f"{RIGHT.payment_id[:-1]}x"),
}
# One fault may break another rule with it.
ALSO = {
    "BR-16": {"BR-CO-10", "BR-S-08"},
    "BR-CL-04": {"NO-LAW-5-1-1-6"},
    "BR-CO-26": {"BR-S-02", "NO-LAW-5-1-2"},
    "BR-O-11": {"BR-S-02"},
}


@settings(max_examples=examples(100), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_no_document_that_may_be_issued_breaks_a_rule(invoice: Issued) -> None:
    assert findings(document_of(invoice)) == ()


@pytest.mark.parametrize("document", [RIGHT, REVERSE, EXEMPT, EXPORT, ZERO_RATED, OUTSIDE, EURO])
def test_the_right_documents_are_right(document: EDocument) -> None:
    assert findings(document, over_peppol=True) == ()


def test_each_rule_is_broken_once() -> None:
    assert set(BROKEN) == set(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_broken_rule_gives_its_own_finding_with_a_sentence_and_a_field(rule: str) -> None:
    found = {finding.rule: finding for finding in findings(BROKEN[rule](), over_peppol=True)}
    assert set(found) == {rule} | ALSO.get(rule, set())
    refusal = found[rule].refusal
    assert refusal.code in TEXTS and refusal.field and "%" not in refusal.field
    assert "%(" not in sentence(refusal, str)
    assert found[rule].is_fatal is (rule != "NO-R-002")


def test_a_line_is_named_by_its_number_and_its_field_by_its_place() -> None:
    (found,) = findings(line(RIGHT, unit="stk"))
    assert found.refusal.field == "lines.0.unit"
    assert sentence(found.refusal, str).endswith("line 1.")


def test_an_invoice_to_a_consumer_needs_no_reference_but_can_not_go_over_peppol() -> None:
    document = document_of(issued(buyer=CONSUMER, your_reference=""))
    assert findings(document) == ()
    assert [finding.rule for finding in findings(document, over_peppol=True)] == ["PEPPOL-EN16931-R010"]


def test_a_rule_of_the_official_set_has_our_sentence_or_names_itself() -> None:
    assert foreign_finding("BR-CO-15", True).refusal.code == "einvoice.sums"
    other = foreign_finding("BR-DE-1", False)
    assert not other.is_fatal
    assert "BR-DE-1" in sentence(other.refusal, str)


@pytest.mark.parametrize("includes_vat", [False, True])
def test_peppol_r120_and_r040_hold_to_two_decimals_also_where_the_currency_has_none(includes_vat: bool) -> None:
    line = sample.line(quantity=Decimal("2.2005"), unit_price=Decimal("56.9203"), discount_percent=Decimal("33.33"))
    yen = issued(line, currency="JPY", exchange_rate=Decimal("0.07"), prices_include_vat=includes_vat)
    document = document_of(yen)
    (written,) = document.lines
    assert findings(document) == ()
    assert round(written.quantity * written.price, 2) == written.net + written.adjustments[0].amount
    assert written.adjustments[0].percent is None  # 33.33 % of 125 yen is no whole yen
    typed = replace(written, price=line.unit_price)
    assert [one.rule for one in findings(replace(document, lines=(typed,)))] == ["PEPPOL-EN16931-R120"]


def test_every_sentence_of_the_rules_is_in_the_table() -> None:
    assert {rule.code for rule in RULES.values()} <= set(TEXTS)
    assert set(einvoice_refusals.EINVOICE_TEXTS) <= set(TEXTS)
