"""An invoice or credit note in UBL 2.1 read into the words of EN 16931: what `ubl.write` writes, and what others do."""

from __future__ import annotations

from decimal import Decimal

from lxml.etree import _Element as Element

from domain.einvoice.document import (
    Address,
    Adjustment,
    Attachment,
    EDocument,
    EGroup,
    ELine,
    EParty,
    Identifier,
)
from domain.einvoice.incoming import Incoming
from domain.einvoice.ubl import PROJECT
from domain.einvoice.xml_reading import Source, Unreadable, content_of, number_of, text_of

_URN = "urn:oasis:names:specification:ubl:schema:xsd:"
_UBL = Source({"cac": f"{_URN}CommonAggregateComponents-2", "cbc": f"{_URN}CommonBasicComponents-2"})
ROOTS = {f"{{{_URN}Invoice-2}}Invoice": "Invoice", f"{{{_URN}CreditNote-2}}CreditNote": "CreditNote"}
_SUMS = "cac:LegalMonetaryTotal/cbc:"
# BT-18, the object that is invoiced, stands among the attachments but is none (UNCL 1001: 130).
_OBJECT = "130"


def read(root: Element) -> Incoming:
    """What the document says; nothing is computed. Raises Unreadable when a number, date or the like is none, or what
    makes an invoice one is missing: number, date, currency and the amount to pay."""
    kind = ROOTS.get(str(root.tag))
    if kind is None:
        raise Unreadable("unknown_kind")
    lines = _UBL.all(root, f"cac:{kind}Line")
    document = _document(root, kind, tuple(_line(line, kind) for line in lines))
    return Incoming(
        document,
        payable=number_of(_UBL.required(root, _SUMS + "PayableAmount")) or Decimal(0),
        prepaid=_UBL.number(root, _SUMS + "PrepaidAmount"),
        rounding=_UBL.number(root, _SUMS + "PayableRoundingAmount"),
        price_bases=tuple(_UBL.number(line, "cac:Price/cbc:BaseQuantity") or Decimal(1) for line in lines),
    )


def _document(root: Element, kind: str, lines: tuple[ELine, ...]) -> EDocument:
    currency = _UBL.currency(root, "cbc:DocumentCurrencyCode")
    issued_on = _UBL.day(root, "cbc:IssueDate")
    if issued_on is None:
        raise Unreadable("missing")
    due_on = _UBL.day(root, "cbc:DueDate") or _UBL.day(root, "cac:PaymentMeans/cbc:PaymentDueDate")
    start, end = _UBL.day(root, "cac:InvoicePeriod/cbc:StartDate"), _UBL.day(root, "cac:InvoicePeriod/cbc:EndDate")
    credited = _UBL.first(root, "cac:BillingReference/cac:InvoiceDocumentReference")
    total = _tax_total(root, currency)
    place = _UBL.first(root, "cac:Delivery/cac:DeliveryLocation/cac:Address")
    return EDocument(
        is_credit_note=kind == "CreditNote",
        number=_UBL.required(root, "cbc:ID"),
        issued_on=issued_on,
        due_on=due_on,
        currency=currency,
        seller=_party(_UBL.first(root, "cac:AccountingSupplierParty/cac:Party")),
        buyer=_party(_UBL.first(root, "cac:AccountingCustomerParty/cac:Party")),
        lines=lines,
        groups=tuple(_group(group) for group in _UBL.all(total, "cac:TaxSubtotal")),
        line_sum=_UBL.number(root, _SUMS + "LineExtensionAmount"),
        allowances=_UBL.number(root, _SUMS + "AllowanceTotalAmount"),
        charges=_UBL.number(root, _SUMS + "ChargeTotalAmount"),
        net=_UBL.number(root, _SUMS + "TaxExclusiveAmount"),
        vat=_UBL.number(total, "cbc:TaxAmount"),
        gross=_UBL.number(root, _SUMS + "TaxInclusiveAmount"),
        adjustments=_adjustments(root),
        vat_nok=_vat_nok(root, currency),
        notes=tuple(text for note in _UBL.all(root, "cbc:Note") if (text := text_of(note))),
        buyer_reference=_UBL.text(root, "cbc:BuyerReference"),
        order_reference=_UBL.text(root, "cac:OrderReference/cbc:ID"),
        project_reference=_project(root),
        contract_reference=_UBL.text(root, "cac:ContractDocumentReference/cbc:ID"),
        accounting_reference=_UBL.text(root, "cbc:AccountingCost"),
        delivered_on=_UBL.day(root, "cac:Delivery/cbc:ActualDeliveryDate"),
        period=(start, end) if start and end else None,
        deliver_to=None if place is None else _address(place),
        credited_number=_UBL.text(credited, "cbc:ID"),
        credited_on=_UBL.day(credited, "cbc:IssueDate"),
        payment_id=_UBL.text(root, "cac:PaymentMeans/cbc:PaymentID"),
        account=_UBL.text(root, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID"),
        bic=_UBL.text(root, "cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID"),
        attachments=tuple(_attachments(root)),
    )


def _party(party: Element | None) -> EParty:
    registrations = {
        _UBL.text(scheme, "cac:TaxScheme/cbc:ID") == "VAT": _UBL.text(scheme, "cbc:CompanyID")
        for scheme in _UBL.all(party, "cac:PartyTaxScheme")
    }
    name = _UBL.text(party, "cac:PartyLegalEntity/cbc:RegistrationName")
    return EParty(
        name=name or _UBL.text(party, "cac:PartyName/cbc:Name"),
        address=_address(_UBL.first(party, "cac:PostalAddress")),
        endpoint=_identifier(_UBL.first(party, "cbc:EndpointID")),
        legal_id=_identifier(_UBL.first(party, "cac:PartyLegalEntity/cbc:CompanyID")),
        vat_id=registrations.get(True, ""),
        tax_registration=registrations.get(False, ""),
        contact=_UBL.text(party, "cac:Contact/cbc:Name"),
        phone=_UBL.text(party, "cac:Contact/cbc:Telephone"),
        email=_UBL.text(party, "cac:Contact/cbc:ElectronicMail"),
        legal_addition=_UBL.text(party, "cac:PartyLegalEntity/cbc:CompanyLegalForm"),
    )


def _identifier(element: Element | None) -> Identifier | None:
    text = text_of(element)
    return Identifier(text, element.get("schemeID", "")) if element is not None and text else None


def _address(element: Element | None) -> Address:
    return Address(
        street=_UBL.text(element, "cbc:StreetName"),
        additional=_UBL.text(element, "cbc:AdditionalStreetName"),
        city=_UBL.text(element, "cbc:CityName"),
        postcode=_UBL.text(element, "cbc:PostalZone"),
        country=_UBL.text(element, "cac:Country/cbc:IdentificationCode"),
    )


def _tax_total(root: Element, currency: str) -> Element | None:
    """The VAT in the document's own currency (BT-110), not the one in the currency of the books (BT-111)."""
    totals = _UBL.all(root, "cac:TaxTotal")
    for total in totals:
        amount = _UBL.first(total, "cbc:TaxAmount")
        if amount is not None and amount.get("currencyID") == currency:
            return total
    return totals[0] if totals else None


def _vat_nok(root: Element, currency: str) -> Decimal | None:
    if currency == "NOK" or _UBL.text(root, "cbc:TaxCurrencyCode") != "NOK":
        return None
    for amount in _UBL.all(root, "cac:TaxTotal/cbc:TaxAmount"):
        if amount.get("currencyID") == "NOK":
            return number_of(text_of(amount))
    return None


def _group(element: Element) -> EGroup:
    return EGroup(
        category=_UBL.text(element, "cac:TaxCategory/cbc:ID"),
        rate=_UBL.number(element, "cac:TaxCategory/cbc:Percent"),
        base=_UBL.number(element, "cbc:TaxableAmount"),
        vat=_UBL.number(element, "cbc:TaxAmount"),
        reason=_UBL.text(element, "cac:TaxCategory/cbc:TaxExemptionReason"),
        reason_code=_UBL.text(element, "cac:TaxCategory/cbc:TaxExemptionReasonCode"),
    )


def _adjustments(parent: Element) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            is_charge=_UBL.is_true(element, "cbc:ChargeIndicator"),
            amount=_UBL.number(element, "cbc:Amount"),
            reason=_UBL.text(element, "cbc:AllowanceChargeReason"),
            reason_code=_UBL.text(element, "cbc:AllowanceChargeReasonCode"),
            base=_UBL.number_or_none(element, "cbc:BaseAmount"),
            percent=_UBL.number_or_none(element, "cbc:MultiplierFactorNumeric"),
            category=_UBL.text(element, "cac:TaxCategory/cbc:ID"),
            rate=_UBL.number(element, "cac:TaxCategory/cbc:Percent"),
        )
        for element in _UBL.all(parent, "cac:AllowanceCharge")
    )


def _line(element: Element, kind: str) -> ELine:
    quantity = _UBL.first(element, "cbc:CreditedQuantity" if kind == "CreditNote" else "cbc:InvoicedQuantity")
    return ELine(
        number=_UBL.text(element, "cbc:ID"),
        name=_UBL.text(element, "cac:Item/cbc:Name"),
        description=_UBL.text(element, "cac:Item/cbc:Description"),
        quantity=number_of(text_of(quantity)) or Decimal(0),
        unit="" if quantity is None else quantity.get("unitCode", ""),
        price=_UBL.number(element, "cac:Price/cbc:PriceAmount"),
        net=_UBL.number(element, "cbc:LineExtensionAmount"),
        category=_UBL.text(element, "cac:Item/cac:ClassifiedTaxCategory/cbc:ID"),
        rate=_UBL.number(element, "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"),
        adjustments=_adjustments(element),
    )


def _project(root: Element) -> str:
    """BT-11; a credit note has it among the documents."""
    for reference in _UBL.all(root, "cac:AdditionalDocumentReference"):
        if _UBL.text(reference, "cbc:DocumentTypeCode") == PROJECT:
            return _UBL.text(reference, "cbc:ID")
    return _UBL.text(root, "cac:ProjectReference/cbc:ID")


def _attachments(root: Element) -> list[Attachment]:
    found = []
    for reference in _UBL.all(root, "cac:AdditionalDocumentReference"):
        inside = _UBL.first(reference, "cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
        if inside is not None and _UBL.text(reference, "cbc:DocumentTypeCode") != _OBJECT:
            name = inside.get("filename") or _UBL.text(reference, "cbc:ID")
            found.append(Attachment(name, inside.get("mimeCode", ""), content_of(inside)))
    return found
