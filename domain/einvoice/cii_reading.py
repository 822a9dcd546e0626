"""Where a Cross Industry Invoice, as it lies in a Factur-X PDF, has the words of an invoice or credit note."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.einvoice import syntax
from domain.einvoice.incoming import Incoming
from domain.einvoice.xml_reading import Source, Unreadable

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
_HEAD = "rsm:ExchangedDocument/ram:"
_TRANSACTION = "rsm:SupplyChainTradeTransaction/ram:"
_AGREEMENT = f"{_TRANSACTION}ApplicableHeaderTradeAgreement/ram:"
_DELIVERY = f"{_TRANSACTION}ApplicableHeaderTradeDelivery/ram:"
_SETTLEMENT = f"{_TRANSACTION}ApplicableHeaderTradeSettlement/ram:"
_CREDITED = f"{_SETTLEMENT}InvoiceReferencedDocument/ram:"
_PERIOD = f"{_SETTLEMENT}BillingSpecifiedPeriod/ram:"
_MEANS = f"{_SETTLEMENT}SpecifiedTradeSettlementPaymentMeans/ram:"
_SUMS = f"{_SETTLEMENT}SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
_OF_LINE = "ram:SpecifiedLineTradeSettlement/ram:"
_PRICE = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:"


def read(root: Element) -> Incoming:
    """What the document says. Raises Unreadable as `syntax.read`."""
    if root.tag != ROOT:
        raise Unreadable("unknown_kind")
    return syntax.read(root, _SYNTAX)


def _registrations(party: Element | None) -> tuple[str, str]:
    number = "ram:SpecifiedTaxRegistration/ram:ID"
    return _CII.text(party, f"{number}[@schemeID='VA']"), _CII.text(party, f"{number}[@schemeID='FC']")


_SYNTAX = syntax.Syntax(
    source=_CII,
    is_credit_note=lambda root: _CII.text(root, f"{_HEAD}TypeCode") in _CREDIT_NOTES,
    registrations=_registrations,
    texts={
        "number": f"{_HEAD}ID",
        "currency": f"{_SETTLEMENT}InvoiceCurrencyCode",
        "vat_currency": f"{_SETTLEMENT}TaxCurrencyCode",
        "buyer_reference": f"{_AGREEMENT}BuyerReference",
        "order_reference": f"{_AGREEMENT}BuyerOrderReferencedDocument/ram:IssuerAssignedID",
        "project_reference": f"{_AGREEMENT}SpecifiedProcuringProject/ram:ID",
        "contract_reference": f"{_AGREEMENT}ContractReferencedDocument/ram:IssuerAssignedID",
        "accounting_reference": f"{_SETTLEMENT}ReceivableSpecifiedTradeAccountingAccount/ram:ID",
        "credited_number": f"{_CREDITED}IssuerAssignedID",
        "payment_id": f"{_SETTLEMENT}PaymentReference",
        "account": (
            f"{_MEANS}PayeePartyCreditorFinancialAccount/ram:IBANID",
            f"{_MEANS}PayeePartyCreditorFinancialAccount/ram:ProprietaryID",
        ),
        "bic": f"{_MEANS}PayeeSpecifiedCreditorFinancialInstitution/ram:BICID",
    },
    days={
        "issued_on": f"{_HEAD}IssueDateTime/udt:DateTimeString",
        "due_on": f"{_SETTLEMENT}SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString",
        "delivered_on": (f"{_DELIVERY}ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString"),
        "period_start": f"{_PERIOD}StartDateTime/udt:DateTimeString",
        "period_end": f"{_PERIOD}EndDateTime/udt:DateTimeString",
        "credited_on": f"{_CREDITED}FormattedIssueDateTime/qdt:DateTimeString",
    },
    sums={
        "line_sum": f"{_SUMS}LineTotalAmount",
        "allowances": f"{_SUMS}AllowanceTotalAmount",
        "charges": f"{_SUMS}ChargeTotalAmount",
        "net": f"{_SUMS}TaxBasisTotalAmount",
        "gross": f"{_SUMS}GrandTotalAmount",
        "prepaid": f"{_SUMS}TotalPrepaidAmount",
        "rounding": f"{_SUMS}RoundingAmount",
        "payable": f"{_SUMS}DuePayableAmount",
    },
    parts={
        "seller": f"{_AGREEMENT}SellerTradeParty",
        "buyer": f"{_AGREEMENT}BuyerTradeParty",
        "lines": f"{_TRANSACTION}IncludedSupplyChainTradeLineItem",
        "groups": f"{_SETTLEMENT}ApplicableTradeTax",
        "vat": f"{_SUMS}TaxTotalAmount",
        "adjustments": f"{_SETTLEMENT}SpecifiedTradeAllowanceCharge",
        "notes": f"{_HEAD}IncludedNote/ram:Content",
        "deliver_to": f"{_DELIVERY}ShipToTradeParty/ram:PostalTradeAddress",
        "attachments": f"{_AGREEMENT}AdditionalReferencedDocument",
    },
    party={
        "name": "ram:Name",
        "address": "ram:PostalTradeAddress",
        "endpoint": "ram:URIUniversalCommunication/ram:URIID",
        "legal_id": "ram:SpecifiedLegalOrganization/ram:ID",
        "contact": "ram:DefinedTradeContact/ram:PersonName",
        "phone": "ram:DefinedTradeContact/ram:TelephoneUniversalCommunication/ram:CompleteNumber",
        "email": "ram:DefinedTradeContact/ram:EmailURIUniversalCommunication/ram:URIID",
        "legal_addition": "ram:Description",
    },
    address={
        "street": "ram:LineOne",
        "additional": "ram:LineTwo",
        "city": "ram:CityName",
        "postcode": "ram:PostcodeCode",
        "country": "ram:CountryID",
    },
    group={
        "category": "ram:CategoryCode",
        "rate": "ram:RateApplicablePercent",
        "base": "ram:BasisAmount",
        "vat": "ram:CalculatedAmount",
        "reason": "ram:ExemptionReason",
        "reason_code": "ram:ExemptionReasonCode",
    },
    adjustment={
        "is_charge": "ram:ChargeIndicator/udt:Indicator",
        "amount": "ram:ActualAmount",
        "reason": "ram:Reason",
        "reason_code": "ram:ReasonCode",
        "base": "ram:BasisAmount",
        "percent": "ram:CalculationPercent",
        "category": "ram:CategoryTradeTax/ram:CategoryCode",
        "rate": "ram:CategoryTradeTax/ram:RateApplicablePercent",
    },
    line={
        "number": "ram:AssociatedDocumentLineDocument/ram:LineID",
        "name": "ram:SpecifiedTradeProduct/ram:Name",
        "description": "ram:SpecifiedTradeProduct/ram:Description",
        "quantity": "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",
        "price": f"{_PRICE}ChargeAmount",
        "price_base": f"{_PRICE}BasisQuantity",
        "net": f"{_OF_LINE}SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
        "category": f"{_OF_LINE}ApplicableTradeTax/ram:CategoryCode",
        "rate": f"{_OF_LINE}ApplicableTradeTax/ram:RateApplicablePercent",
        "adjustments": f"{_OF_LINE}SpecifiedTradeAllowanceCharge",
    },
    attachment={
        "name": "ram:IssuerAssignedID",
        "kind": "ram:TypeCode",
        "inside": "ram:AttachmentBinaryObject",
    },
)
