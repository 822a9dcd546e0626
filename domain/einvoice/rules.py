"""Our own rules: those of EN 16931 and Peppol that our documents could break, exactly and not with the official slack,
and those of Norwegian law that no official rule set holds. They need no other program, so they are always there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from stdnum import luhn
from stdnum.it import iva

from domain import kid
from domain.countries import COUNTRIES
from domain.einvoice.addresses import SCHEMES
from domain.einvoice.document import Address, Adjustment, EDocument, EGroup, ELine, EParty, Identifier
from domain.einvoice.findings import Finding, finding
from domain.identifiers import organisation_number, vat_number
from domain.legal_texts import REVERSE_CHARGE_WORDS
from domain.money import CURRENCIES, ZERO, exact, round_half_up, round_to, smallest
from domain.refusals import Invalid
from domain.totals import HUNDRED
from domain.units import UNITS

_OF_EXEMPTION = {
    "VATEX-EU-G": ("G", "P0104"), "VATEX-EU-O": ("O", "P0105"), "VATEX-EU-IC": ("K", "P0106"),
    "VATEX-EU-AE": ("AE", "P0107"), "VATEX-EU-D": ("E", "P0108"), "VATEX-EU-F": ("E", "P0109"),
    "VATEX-EU-I": ("E", "P0110"), "VATEX-EU-J": ("E", "P0111"),
}  # fmt: skip
_RULE_OF_SCHEME = {
    "0192": "PEPPOL-COMMON-R041", "0184": "PEPPOL-COMMON-R042", "0211": "PEPPOL-COMMON-R047",
    "0007": "PEPPOL-COMMON-R049",
}  # fmt: skip
_DANISH, _SWEDISH = re.compile(r"DK[0-9]{8}"), re.compile(r"[0-9]{10}")
# What may go inside an e-invoice (BT-125).
ATTACHED = frozenset({
    "application/pdf", "image/png", "image/jpeg", "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
})  # fmt: skip
_NEEDS_REASON = frozenset({"E", "AE", "G", "K", "O"})


def findings(document: EDocument, over_peppol: bool = False) -> tuple[Finding, ...]:
    """Everything wrong with `document`; empty when it is right. `over_peppol`: it must have two addresses there."""
    with exact():
        return (
            *_party_findings(document, over_peppol),
            *_document_findings(document),
            *_line_findings(document),
            *_sum_findings(document),
            *_vat_findings(document),
            *_norwegian_findings(document),
        )


def _party_findings(document: EDocument, over_peppol: bool) -> Iterator[Finding]:
    seller, buyer = document.seller, document.buyer
    if not seller.name:
        yield finding("BR-06")
    if not buyer.name:
        yield finding("BR-07")
    if over_peppol and seller.endpoint is None:
        yield finding("PEPPOL-EN16931-R020")
    if over_peppol and buyer.endpoint is None:
        yield finding("PEPPOL-EN16931-R010")
    if seller.legal_id is None and not seller.vat_id:
        yield finding("BR-CO-26")
    for party, owner in ((seller, "company"), (buyer, "customer")):
        yield from _number_findings(party, owner)
        if party.address.country not in COUNTRIES:
            yield finding("BR-CL-14", field=f"{owner}.country")


def _number_findings(party: EParty, owner: str) -> Iterator[Finding]:
    numbers = [number for number in (party.endpoint, party.legal_id) if number is not None]
    for rule in dict.fromkeys(_RULE_OF_SCHEME[number.scheme] for number in numbers if _is_wrong(number)):
        yield finding(rule, field=f"{owner}.{'vat_number' if rule.endswith('R047') else 'organisation_number'}")
    if party.endpoint is not None and party.endpoint.scheme not in SCHEMES:
        yield finding("PEPPOL-EN16931-CL008", field=f"{owner}.organisation_number")
    if party.vat_id and party.vat_id[:2] not in (*COUNTRIES, "EL", "XI"):
        yield finding("BR-CO-09", field=f"{owner}.vat_number")


def _is_wrong(number: Identifier) -> bool:
    """Is it of a register whose numbers Peppol checks, and not one of them?"""
    value = number.value
    if number.scheme == "0192":
        return not _is_norwegian(value)
    if number.scheme == "0184":
        return not _DANISH.fullmatch(value)
    if number.scheme == "0007":
        return not (_SWEDISH.fullmatch(value) and luhn.is_valid(value))
    return number.scheme == "0211" and not (value.startswith("IT") and iva.is_valid(value[2:]))


def _is_norwegian(value: str) -> bool:
    try:
        return organisation_number(value, "NO") == value
    except Invalid:
        return False


def _document_findings(document: EDocument) -> Iterator[Finding]:
    if not document.number:
        yield finding("BR-02")
    if document.currency not in CURRENCIES:
        yield finding("BR-CL-04")
    if document.period is not None and document.period[1] < document.period[0]:
        yield finding("BR-29")
    if any(attachment.mime not in ATTACHED for attachment in document.attachments):
        yield finding("PEPPOL-EN16931-CL001")
    if document.is_peppol and not document.buyer_reference and not document.order_reference:
        yield finding("PEPPOL-EN16931-R003")
    if document.vat_nok is not None and document.currency == "NOK":
        yield finding("PEPPOL-EN16931-R005")
    if document.vat_nok is not None and document.vat_nok * document.vat < 0:
        yield finding("PEPPOL-EN16931-R055")
    for adjustment in document.adjustments:
        field = "charge" if adjustment.is_charge else "discount"
        yield from _adjustment_findings(adjustment, field)


def _adjustment_findings(adjustment: Adjustment, field: str) -> Iterator[Finding]:
    base, percent = adjustment.base, adjustment.percent
    if percent is not None and base is None:
        yield finding("PEPPOL-EN16931-R041", field=field)
    elif percent is None and base is not None:
        yield finding("PEPPOL-EN16931-R042", field=field)
    elif _percent_amount(adjustment) != adjustment.amount:
        yield finding("PEPPOL-EN16931-R040", field=field)


def _percent_amount(adjustment: Adjustment) -> Decimal:
    """What the percent gives, or the amount itself where there is no percent. Two decimals in every currency: Peppol
    allows 0.02 of anything, also of a currency that has no such part."""
    if adjustment.base is None or adjustment.percent is None:
        return adjustment.amount
    return round_to(adjustment.base * adjustment.percent / HUNDRED, 2)


def _line_findings(document: EDocument) -> Iterator[Finding]:
    if not document.lines:
        yield finding("BR-16")
    for index, line in enumerate(document.lines):
        if not line.name:
            yield finding("BR-25", index)
        if line.price < 0:
            yield finding("BR-27", index)
        if line.unit not in UNITS:
            yield finding("BR-CL-23", index)
        if _line_net(line) != line.net:
            yield finding("PEPPOL-EN16931-R120", index)
        for adjustment in line.adjustments:
            yield from _adjustment_findings(adjustment, f"lines.{index}.discount_percent")


def _line_net(line: ELine) -> Decimal:
    return round_to(line.quantity * line.price, 2) + sum(map(_signed, line.adjustments), ZERO)


def _signed(adjustment: Adjustment) -> Decimal:
    return adjustment.amount if adjustment.is_charge else -adjustment.amount


def _sum_findings(document: EDocument) -> Iterator[Finding]:
    allowances = sum((one.amount for one in document.adjustments if not one.is_charge), ZERO)
    charges = sum((one.amount for one in document.adjustments if one.is_charge), ZERO)
    for rule, is_right in (
        ("BR-CO-10", document.line_sum == sum((line.net for line in document.lines), ZERO)),
        ("BR-CO-11", document.allowances == allowances),
        ("BR-CO-12", document.charges == charges),
        ("BR-CO-13", document.net == document.line_sum - document.allowances + document.charges),
        ("BR-CO-14", document.vat == sum((group.vat for group in document.groups), ZERO)),
        ("BR-CO-15", document.gross == document.net + document.vat),
    ):
        if not is_right:
            yield finding(rule)


def _vat_findings(document: EDocument) -> Iterator[Finding]:
    seller, buyer = document.seller, document.buyer
    categories = {group.category for group in document.groups}
    if categories - {"O"} and not seller.vat_id:
        yield finding("BR-S-02")
    if "O" in categories and seller.vat_id:
        yield finding("BR-O-02")
    if "O" in categories and len(categories) > 1:
        yield finding("BR-O-11")
    if "AE" in categories and not buyer.vat_id and buyer.legal_id is None:
        yield finding("BR-AE-02")
    if "K" in categories:
        if not buyer.vat_id:
            yield finding("BR-IC-02")
        if document.delivered_on is None and document.period is None:
            yield finding("BR-IC-11")
        if document.deliver_to is None or not document.deliver_to.country:
            yield finding("BR-IC-12")
    if document.lines and not document.groups:
        yield finding("BR-CO-18")
    elif _bases(document) != {(group.category, group.rate): group.base for group in document.groups}:
        yield finding("BR-S-08")
    for group in document.groups:
        yield from _group_findings(group, document.currency)


def _bases(document: EDocument) -> dict[tuple[str, Decimal], Decimal]:
    """What each category and rate is calculated from: its lines, and its part of discount and charge (BR-S-08 and
    those like it). Each rate is shown and summed by itself (bokføringsforskriften § 5-1-5)."""
    bases: dict[tuple[str, Decimal], Decimal] = {}
    for line in document.lines:
        bases[line.category, line.rate] = bases.get((line.category, line.rate), ZERO) + line.net
    for one in document.adjustments:
        bases[one.category, one.rate] = bases.get((one.category, one.rate), ZERO) + _signed(one)
    return bases


def _group_findings(group: EGroup, currency: str) -> Iterator[Finding]:
    # With prices that include VAT the amount is the part of the gross amount, which may be a cent off the percent of
    # the net amount; the standard allows that (BR-CO-17).
    off = abs(round_half_up(group.base * group.rate / HUNDRED, currency) - group.vat)
    if off > smallest(currency):
        yield finding("BR-CO-17")
    if group.category in _NEEDS_REASON and not group.reason and not group.reason_code:
        yield finding("BR-E-10")
    if group.category == "Z" and (group.reason or group.reason_code):
        yield finding("BR-Z-10")
    category, rule = _OF_EXEMPTION.get(group.reason_code, (group.category, ""))
    if category != group.category:
        yield finding(f"PEPPOL-EN16931-{rule}")


def _norwegian_findings(document: EDocument) -> Iterator[Finding]:
    if document.seller.address.country != "NO":
        return
    yield from _norwegian_seller_findings(document.seller)
    if document.delivered_on is None and document.period is None:
        yield finding("NO-LAW-5-1-1-4")
    if not _says_where(document.deliver_to):
        yield finding("NO-LAW-5-1-1-4-PLACE")
    if document.due_on is None:
        yield finding("NO-LAW-5-1-1-5")
    if not document.buyer.legal_id and not document.buyer.vat_id and not _says_where(document.buyer.address):
        yield finding("NO-LAW-5-1-2-BUYER")
    if document.currency != "NOK" and document.vat and document.vat_nok is None:
        yield finding("NO-LAW-5-1-1-6")
    reverse = [group.reason for group in document.groups if group.category == "AE"]
    if any(REVERSE_CHARGE_WORDS not in reason for reason in reverse) and document.buyer.address.country == "NO":
        yield finding("NO-LAW-5-1-1-7")
    if document.is_credit_note and not document.credited_number:
        yield finding("NO-LAW-5-2-7")
    # The document does not say which check the bank agreed to.
    if document.payment_id and not (kid.is_valid(document.payment_id, 10) or kid.is_valid(document.payment_id, 11)):
        yield finding("NO-KID")


def _says_where(address: Address | None) -> bool:
    return address is not None and bool(address.street or address.additional or address.city)


def _norwegian_seller_findings(seller: EParty) -> Iterator[Finding]:
    if seller.legal_id is None:
        yield finding("NO-LAW-5-1-2")
    if seller.vat_id and not _is_norwegian_vat_number(seller.vat_id):
        yield finding("NO-R-001")
    if not seller.tax_registration:
        yield finding("NO-R-002")


def _is_norwegian_vat_number(number: str) -> bool:
    try:
        return vat_number(number, "NO") == number
    except Invalid:
        return False
