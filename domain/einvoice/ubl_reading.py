"""Where UBL 2.1 has the words of an invoice or credit note: as `ubl.write` writes it, and as others do."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.einvoice import syntax
from domain.einvoice.incoming import Incoming
from domain.einvoice.ubl import PROJECT
from domain.einvoice.xml_reading import Source, Unreadable

_URN = "urn:oasis:names:specification:ubl:schema:xsd:"
_UBL = Source({"cac": f"{_URN}CommonAggregateComponents-2", "cbc": f"{_URN}CommonBasicComponents-2"})
_CREDIT_NOTE = f"{{{_URN}CreditNote-2}}CreditNote"
ROOTS = frozenset({f"{{{_URN}Invoice-2}}Invoice", _CREDIT_NOTE})
_CREDITED = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:"
_MEANS = "cac:PaymentMeans/"
_SUMS = "cac:LegalMonetaryTotal/cbc:"


def read(root: Element) -> Incoming:
    """What the document says. Raises Unreadable as `syntax.read`."""
    if root.tag not in ROOTS:
        raise Unreadable("unknown_kind")
    return syntax.read(root, _SYNTAX)


def _registrations(party: Element | None) -> tuple[str, str]:
    found = {
        _UBL.text(scheme, "cac:TaxScheme/cbc:ID") == "VAT": _UBL.text(scheme, "cbc:CompanyID")
        for scheme in _UBL.all(party, "cac:PartyTaxScheme")
    }
    return found.get(True, ""), found.get(False, "")


_SYNTAX = syntax.Syntax(
    source=_UBL,
    is_credit_note=lambda root: root.tag == _CREDIT_NOTE,
    registrations=_registrations,
    texts={
        "number": "cbc:ID",
        "currency": "cbc:DocumentCurrencyCode",
        "vat_currency": "cbc:TaxCurrencyCode",
        "buyer_reference": "cbc:BuyerReference",
        "order_reference": "cac:OrderReference/cbc:ID",
        # A credit note has the project among its documents.
        "project_reference": (
            f"cac:AdditionalDocumentReference[cbc:DocumentTypeCode='{PROJECT}']/cbc:ID",
            "cac:ProjectReference/cbc:ID",
        ),
        "contract_reference": "cac:ContractDocumentReference/cbc:ID",
        "accounting_reference": "cbc:AccountingCost",
        "credited_number": f"{_CREDITED}ID",
        "payment_id": f"{_MEANS}cbc:PaymentID",
        "account": f"{_MEANS}cac:PayeeFinancialAccount/cbc:ID",
        "bic": f"{_MEANS}cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID",
    },
    days={
        "issued_on": "cbc:IssueDate",
        "due_on": ("cbc:DueDate", f"{_MEANS}cbc:PaymentDueDate"),
        "delivered_on": "cac:Delivery/cbc:ActualDeliveryDate",
        "period_start": "cac:InvoicePeriod/cbc:StartDate",
        "period_end": "cac:InvoicePeriod/cbc:EndDate",
        "credited_on": f"{_CREDITED}IssueDate",
    },
    sums={
        "line_sum": f"{_SUMS}LineExtensionAmount",
        "allowances": f"{_SUMS}AllowanceTotalAmount",
        "charges": f"{_SUMS}ChargeTotalAmount",
        "net": f"{_SUMS}TaxExclusiveAmount",
        "gross": f"{_SUMS}TaxInclusiveAmount",
        "prepaid": f"{_SUMS}PrepaidAmount",
        "rounding": f"{_SUMS}PayableRoundingAmount",
        "payable": f"{_SUMS}PayableAmount",
    },
    parts={
        "seller": "cac:AccountingSupplierParty/cac:Party",
        "buyer": "cac:AccountingCustomerParty/cac:Party",
        "lines": ("cac:InvoiceLine", "cac:CreditNoteLine"),
        "groups": "cac:TaxTotal/cac:TaxSubtotal",
        "vat": "cac:TaxTotal/cbc:TaxAmount",
        "adjustments": "cac:AllowanceCharge",
        "notes": "cbc:Note",
        "deliver_to": "cac:Delivery/cac:DeliveryLocation/cac:Address",
        "attachments": "cac:AdditionalDocumentReference",
    },
    party={
        "name": ("cac:PartyLegalEntity/cbc:RegistrationName", "cac:PartyName/cbc:Name"),
        "address": "cac:PostalAddress",
        "endpoint": "cbc:EndpointID",
        "legal_id": "cac:PartyLegalEntity/cbc:CompanyID",
        "contact": "cac:Contact/cbc:Name",
        "phone": "cac:Contact/cbc:Telephone",
        "email": "cac:Contact/cbc:ElectronicMail",
        "legal_addition": "cac:PartyLegalEntity/cbc:CompanyLegalForm",
    },
    address={
        "street": "cbc:StreetName",
        "additional": "cbc:AdditionalStreetName",
        "city": "cbc:CityName",
        "postcode": "cbc:PostalZone",
        "country": "cac:Country/cbc:IdentificationCode",
    },
    group={
        "category": "cac:TaxCategory/cbc:ID",
        "rate": "cac:TaxCategory/cbc:Percent",
        "base": "cbc:TaxableAmount",
        "vat": "cbc:TaxAmount",
        "reason": "cac:TaxCategory/cbc:TaxExemptionReason",
        "reason_code": "cac:TaxCategory/cbc:TaxExemptionReasonCode",
    },
    adjustment={
        "is_charge": "cbc:ChargeIndicator",
        "amount": "cbc:Amount",
        "reason": "cbc:AllowanceChargeReason",
        "reason_code": "cbc:AllowanceChargeReasonCode",
        "base": "cbc:BaseAmount",
        "percent": "cbc:MultiplierFactorNumeric",
        "category": "cac:TaxCategory/cbc:ID",
        "rate": "cac:TaxCategory/cbc:Percent",
    },
    line={
        "number": "cbc:ID",
        "name": "cac:Item/cbc:Name",
        "description": "cac:Item/cbc:Description",
        "quantity": ("cbc:InvoicedQuantity", "cbc:CreditedQuantity"),
        "price": "cac:Price/cbc:PriceAmount",
        "price_base": "cac:Price/cbc:BaseQuantity",
        "net": "cbc:LineExtensionAmount",
        "category": "cac:Item/cac:ClassifiedTaxCategory/cbc:ID",
        "rate": "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent",
        "adjustments": "cac:AllowanceCharge",
    },
    attachment={
        "name": "cbc:ID",
        "kind": "cbc:DocumentTypeCode",
        "inside": "cac:Attachment/cbc:EmbeddedDocumentBinaryObject",
    },
)
