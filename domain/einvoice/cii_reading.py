"""A Cross Industry Invoice, as it lies in a Factur-X PDF, read into the words of EN 16931. The small profiles of
Factur-X say less; what they leave out is empty."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

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
from domain.einvoice.xml_reading import Source, Unreadable, content_of, number_of, text_of

_DATA = "urn:un:unece:uncefact:data:standard:"
_CII = Source({
    "rsm": f"{_DATA}CrossIndustryInvoice:100",
    "ram": f"{_DATA}ReusableAggregateBusinessInformationEntity:100",
    "qdt": f"{_DATA}QualifiedDataType:100",
    "udt": f"{_DATA}UnqualifiedDataType:100",
})  # fmt: skip
ROOT = f"{{{_DATA}CrossIndustryInvoice:100}}CrossIndustryInvoice"
# UNCL 1001, as EN 16931 parts it into invoices and credit notes (BR-CL-01).
_CREDIT_NOTES = frozenset({
    "81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532",
})  # fmt: skip
_OBJECT = "130"


def read(root: Element) -> Incoming:
    """What the document says; nothing is computed. Raises Unreadable as `ubl_reading.read`."""
    if root.tag != ROOT:
        raise Unreadable("unknown_kind")
    transaction = _CII.first(root, "rsm:SupplyChainTradeTransaction")
    settlement = _CII.first(transaction, "ram:ApplicableHeaderTradeSettlement")
    sums = _CII.first(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    lines = _CII.all(transaction, "ram:IncludedSupplyChainTradeLineItem")
    return Incoming(
        _document(root, transaction, settlement, sums),
        payable=number_of(_CII.required(sums, "ram:DuePayableAmount")) or Decimal(0),
        prepaid=_CII.number(sums, "ram:TotalPrepaidAmount"),
        rounding=_CII.number(sums, "ram:RoundingAmount"),
        price_bases=tuple(_CII.number(line, f"{_PRICE}/ram:BasisQuantity") or Decimal(1) for line in lines),
    )


def _document(
    root: Element, transaction: Element | None, settlement: Element | None, sums: Element | None
) -> EDocument:
    head = _CII.first(root, "rsm:ExchangedDocument")
    agreement = _CII.first(transaction, "ram:ApplicableHeaderTradeAgreement")
    issued_on = _CII.day(head, "ram:IssueDateTime/udt:DateTimeString")
    if issued_on is None:
        raise Unreadable("missing")
    currency = _CII.currency(settlement, "ram:InvoiceCurrencyCode")
    lines = _CII.all(transaction, "ram:IncludedSupplyChainTradeLineItem")
    return EDocument(
        is_credit_note=_CII.text(head, "ram:TypeCode") in _CREDIT_NOTES,
        number=_CII.required(head, "ram:ID"),
        issued_on=issued_on,
        due_on=_CII.day(settlement, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString"),
        currency=currency,
        seller=_party(_CII.first(agreement, "ram:SellerTradeParty")),
        buyer=_party(_CII.first(agreement, "ram:BuyerTradeParty")),
        lines=tuple(_line(line) for line in lines),
        groups=tuple(_group(tax) for tax in _CII.all(settlement, "ram:ApplicableTradeTax")),
        adjustments=_adjustments(settlement),
        notes=tuple(text for note in _CII.all(head, "ram:IncludedNote/ram:Content") if (text := text_of(note))),
        buyer_reference=_CII.text(agreement, "ram:BuyerReference"),
        order_reference=_CII.text(agreement, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        project_reference=_CII.text(agreement, "ram:SpecifiedProcuringProject/ram:ID"),
        contract_reference=_CII.text(agreement, "ram:ContractReferencedDocument/ram:IssuerAssignedID"),
        accounting_reference=_CII.text(settlement, "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        attachments=tuple(_attachments(agreement)),
        **_sums(settlement, sums, currency),
        **_delivery(transaction, settlement),
        **_payment(settlement),
    )


def _sums(settlement: Element | None, sums: Element | None, currency: str) -> dict[str, Any]:
    return {
        "line_sum": _CII.number(sums, "ram:LineTotalAmount"),
        "allowances": _CII.number(sums, "ram:AllowanceTotalAmount"),
        "charges": _CII.number(sums, "ram:ChargeTotalAmount"),
        "net": _CII.number(sums, "ram:TaxBasisTotalAmount"),
        "vat": _vat(sums, currency) or Decimal(0),
        "gross": _CII.number(sums, "ram:GrandTotalAmount"),
        "vat_nok": _vat_nok(settlement, sums, currency),
    }


def _delivery(transaction: Element | None, settlement: Element | None) -> dict[str, Any]:
    delivery = _CII.first(transaction, "ram:ApplicableHeaderTradeDelivery")
    period = _CII.first(settlement, "ram:BillingSpecifiedPeriod")
    start = _CII.day(period, "ram:StartDateTime/udt:DateTimeString")
    end = _CII.day(period, "ram:EndDateTime/udt:DateTimeString")
    place = _CII.first(delivery, "ram:ShipToTradeParty/ram:PostalTradeAddress")
    day = "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString"
    return {
        "delivered_on": _CII.day(delivery, day),
        "period": (start, end) if start and end else None,
        "deliver_to": None if place is None else _address(place),
    }


def _payment(settlement: Element | None) -> dict[str, Any]:
    """What is to be paid where, and what a credit note takes back."""
    credited = _CII.first(settlement, "ram:InvoiceReferencedDocument")
    means = "ram:SpecifiedTradeSettlementPaymentMeans"
    account = f"{means}/ram:PayeePartyCreditorFinancialAccount"
    iban = _CII.text(settlement, f"{account}/ram:IBANID")
    return {
        "credited_number": _CII.text(credited, "ram:IssuerAssignedID"),
        "credited_on": _CII.day(credited, "ram:FormattedIssueDateTime/qdt:DateTimeString"),
        "payment_id": _CII.text(settlement, "ram:PaymentReference"),
        "account": iban or _CII.text(settlement, f"{account}/ram:ProprietaryID"),
        "bic": _CII.text(settlement, f"{means}/ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
    }


def _party(party: Element | None) -> EParty:
    registrations = {
        element.get("schemeID", ""): text_of(element)
        for element in _CII.all(party, "ram:SpecifiedTaxRegistration/ram:ID")
    }
    contact = _CII.first(party, "ram:DefinedTradeContact")
    return EParty(
        name=_CII.text(party, "ram:Name"),
        address=_address(_CII.first(party, "ram:PostalTradeAddress")),
        endpoint=_identifier(_CII.first(party, "ram:URIUniversalCommunication/ram:URIID")),
        legal_id=_identifier(_CII.first(party, "ram:SpecifiedLegalOrganization/ram:ID")),
        vat_id=registrations.get("VA", ""),
        tax_registration=registrations.get("FC", ""),
        contact=_CII.text(contact, "ram:PersonName"),
        phone=_CII.text(contact, "ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
        email=_CII.text(contact, "ram:EmailURIUniversalCommunication/ram:URIID"),
        legal_addition=_CII.text(party, "ram:Description"),
    )


def _identifier(element: Element | None) -> Identifier | None:
    text = text_of(element)
    return Identifier(text, element.get("schemeID", "")) if element is not None and text else None


def _address(element: Element | None) -> Address:
    return Address(
        street=_CII.text(element, "ram:LineOne"),
        additional=_CII.text(element, "ram:LineTwo"),
        city=_CII.text(element, "ram:CityName"),
        postcode=_CII.text(element, "ram:PostcodeCode"),
        country=_CII.text(element, "ram:CountryID"),
    )


def _vat(sums: Element | None, currency: str) -> Decimal | None:
    """The VAT in `currency`; an amount that names no currency is in the document's own."""
    for amount in _CII.all(sums, "ram:TaxTotalAmount"):
        if amount.get("currencyID", currency) == currency:
            return number_of(text_of(amount))
    return None


def _vat_nok(settlement: Element | None, sums: Element | None, currency: str) -> Decimal | None:
    if currency == "NOK" or _CII.text(settlement, "ram:TaxCurrencyCode") != "NOK":
        return None
    named = [amount for amount in _CII.all(sums, "ram:TaxTotalAmount") if amount.get("currencyID") == "NOK"]
    return number_of(text_of(named[0])) if named else None


def _group(tax: Element) -> EGroup:
    return EGroup(
        category=_CII.text(tax, "ram:CategoryCode"),
        rate=_CII.number(tax, "ram:RateApplicablePercent"),
        base=_CII.number(tax, "ram:BasisAmount"),
        vat=_CII.number(tax, "ram:CalculatedAmount"),
        reason=_CII.text(tax, "ram:ExemptionReason"),
        reason_code=_CII.text(tax, "ram:ExemptionReasonCode"),
    )


def _adjustments(parent: Element | None) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            is_charge=_CII.is_true(element, "ram:ChargeIndicator/udt:Indicator"),
            amount=_CII.number(element, "ram:ActualAmount"),
            reason=_CII.text(element, "ram:Reason"),
            reason_code=_CII.text(element, "ram:ReasonCode"),
            base=_CII.number_or_none(element, "ram:BasisAmount"),
            percent=_CII.number_or_none(element, "ram:CalculationPercent"),
            category=_CII.text(element, "ram:CategoryTradeTax/ram:CategoryCode"),
            rate=_CII.number(element, "ram:CategoryTradeTax/ram:RateApplicablePercent"),
        )
        for element in _CII.all(parent, "ram:SpecifiedTradeAllowanceCharge")
    )


_PRICE = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice"


def _line(element: Element) -> ELine:
    settlement = _CII.first(element, "ram:SpecifiedLineTradeSettlement")
    quantity = _CII.first(element, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
    return ELine(
        number=_CII.text(element, "ram:AssociatedDocumentLineDocument/ram:LineID"),
        name=_CII.text(element, "ram:SpecifiedTradeProduct/ram:Name"),
        description=_CII.text(element, "ram:SpecifiedTradeProduct/ram:Description"),
        quantity=number_of(text_of(quantity)) or Decimal(0),
        unit="" if quantity is None else quantity.get("unitCode", ""),
        price=_CII.number(element, f"{_PRICE}/ram:ChargeAmount"),
        net=_CII.number(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"),
        category=_CII.text(settlement, "ram:ApplicableTradeTax/ram:CategoryCode"),
        rate=_CII.number(settlement, "ram:ApplicableTradeTax/ram:RateApplicablePercent"),
        adjustments=_adjustments(settlement),
    )


def _attachments(agreement: Element | None) -> list[Attachment]:
    found = []
    for reference in _CII.all(agreement, "ram:AdditionalReferencedDocument"):
        inside = _CII.first(reference, "ram:AttachmentBinaryObject")
        if inside is not None and _CII.text(reference, "ram:TypeCode") != _OBJECT:
            name = inside.get("filename") or _CII.text(reference, "ram:IssuerAssignedID")
            found.append(Attachment(name, inside.get("mimeCode", ""), content_of(inside)))
    return found
