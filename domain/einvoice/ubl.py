"""EHF / Peppol BIS Billing 3.0: an invoice or credit note in UBL 2.1. The order of the elements is the schema's."""

from __future__ import annotations

from base64 import b64encode
from decimal import Decimal

from lxml.etree import _Element as Element

from domain.einvoice.document import (
    PEPPOL_PROCESS,
    Address,
    Adjustment,
    EDocument,
    EGroup,
    ELine,
    EParty,
    Identifier,
)
from domain.einvoice.xml import Writer, number

_URN = "urn:oasis:names:specification:ubl:schema:xsd:"
CREDIT_TRANSFER, NOT_DEFINED, DANISH_TRANSFER = "30", "1", "31"  # UNCL 4461
PROJECT = "50"  # UNCL 1001


def write(document: EDocument) -> bytes:
    """The bytes of `document`; the same document gives the same bytes."""
    return _Ubl(document).bytes()


class _Ubl(Writer):
    def __init__(self, document: EDocument) -> None:
        self.kind = "CreditNote" if document.is_credit_note else "Invoice"
        namespaces = {
            None: f"{_URN}{self.kind}-2",
            "cac": f"{_URN}CommonAggregateComponents-2",
            "cbc": f"{_URN}CommonBasicComponents-2",
        }
        super().__init__(self.kind, namespaces, document.currency)
        self._head(document)
        self._references(document)
        self._party("cac:AccountingSupplierParty", document.seller)
        self._party("cac:AccountingCustomerParty", document.buyer)
        self._delivery(document)
        self._payment(document)
        for adjustment in document.adjustments:
            self._adjustment(self.root, adjustment)
        self._tax_totals(document)
        self._sums(document)
        for line in document.lines:
            self._line(line)

    def _head(self, document: EDocument) -> None:
        root = self.root
        self.add(root, "cbc:CustomizationID", document.customization)
        self.add(root, "cbc:ProfileID", PEPPOL_PROCESS if document.is_peppol else "")
        self.add(root, "cbc:ID", document.number)
        self.add(root, "cbc:IssueDate", document.issued_on.isoformat())
        # UBL's credit note has the due date among the means of payment.
        if not document.is_credit_note and document.due_on is not None:
            self.add(root, "cbc:DueDate", document.due_on.isoformat())
        self.add(root, f"cbc:{self.kind}TypeCode", "381" if document.is_credit_note else "380")
        self.add(root, "cbc:Note", "\n".join(document.notes))
        self.add(root, "cbc:DocumentCurrencyCode", document.currency)
        self.add(root, "cbc:TaxCurrencyCode", "" if document.vat_nok is None else "NOK")
        self.add(root, "cbc:AccountingCost", document.accounting_reference)
        self.add(root, "cbc:BuyerReference", document.buyer_reference)

    def _references(self, document: EDocument) -> None:
        root = self.root
        if document.period is not None:
            period = self.add(root, "cac:InvoicePeriod")
            self.add(period, "cbc:StartDate", document.period[0].isoformat())
            self.add(period, "cbc:EndDate", document.period[1].isoformat())
        self.add(root, "cac:OrderReference/cbc:ID", document.order_reference)
        if document.credited_number:
            credited = self.add(root, "cac:BillingReference/cac:InvoiceDocumentReference")
            self.add(credited, "cbc:ID", document.credited_number)
            self.add(credited, "cbc:IssueDate", document.credited_on.isoformat() if document.credited_on else "")
        self.add(root, "cac:ContractDocumentReference/cbc:ID", document.contract_reference)
        for attachment in document.attachments:
            reference = self.add(root, "cac:AdditionalDocumentReference")
            self.add(reference, "cbc:ID", attachment.filename)
            content = b64encode(attachment.content).decode()
            path = "cac:Attachment/cbc:EmbeddedDocumentBinaryObject"
            self.add(reference, path, content, mimeCode=attachment.mime, filename=attachment.filename)
        self._project(document)

    def _project(self, document: EDocument) -> None:
        """BT-11. UBL's credit note has no element for it: it stands among the documents, as code 50 (UNCL 1001)."""
        if document.is_credit_note and document.project_reference:
            reference = self.add(self.root, "cac:AdditionalDocumentReference")
            self.add(reference, "cbc:ID", document.project_reference)
            self.add(reference, "cbc:DocumentTypeCode", PROJECT)
        elif not document.is_credit_note:
            self.add(self.root, "cac:ProjectReference/cbc:ID", document.project_reference)

    def _identifier(self, parent: Element, path: str, identifier: Identifier | None) -> None:
        if identifier is not None:
            self.add(parent, path, identifier.value, schemeID=identifier.scheme)

    def _party(self, name: str, party: EParty) -> None:
        element = self.add(self.root, f"{name}/cac:Party")
        self._identifier(element, "cbc:EndpointID", party.endpoint)
        self._address(self.add(element, "cac:PostalAddress"), party.address)
        self._tax_scheme(element, party.vat_id, "VAT")
        self._tax_scheme(element, party.tax_registration, "TAX")
        legal = self.add(element, "cac:PartyLegalEntity")
        self.add(legal, "cbc:RegistrationName", party.name)
        self._identifier(legal, "cbc:CompanyID", party.legal_id)
        self.add(legal, "cbc:CompanyLegalForm", party.legal_addition)
        contact = self.add(element, "cac:Contact")
        self.add(contact, "cbc:Name", party.contact)
        self.add(contact, "cbc:Telephone", party.phone)
        self.add(contact, "cbc:ElectronicMail", party.email)

    def _tax_scheme(self, party: Element, value: str, scheme: str) -> None:
        if value:
            element = self.add(party, "cac:PartyTaxScheme")
            self.add(element, "cbc:CompanyID", value)
            self.add(element, "cac:TaxScheme/cbc:ID", scheme)

    def _address(self, element: Element, address: Address) -> None:
        self.add(element, "cbc:StreetName", address.street)
        self.add(element, "cbc:AdditionalStreetName", address.additional)
        self.add(element, "cbc:CityName", address.city)
        self.add(element, "cbc:PostalZone", address.postcode)
        self.add(element, "cac:Country/cbc:IdentificationCode", address.country)

    def _delivery(self, document: EDocument) -> None:
        delivery = self.add(self.root, "cac:Delivery")
        if document.delivered_on is not None:
            self.add(delivery, "cbc:ActualDeliveryDate", document.delivered_on.isoformat())
        if document.deliver_to is not None:
            self._address(self.add(delivery, "cac:DeliveryLocation/cac:Address"), document.deliver_to)

    def _payment(self, document: EDocument) -> None:
        due = document.due_on if document.is_credit_note else None
        if not (document.account or document.payment_id or due):
            return
        means = self.add(self.root, "cac:PaymentMeans")
        self.add(means, "cbc:PaymentMeansCode", _means_code(document))
        self.add(means, "cbc:PaymentDueDate", due.isoformat() if due else "")
        self.add(means, "cbc:PaymentID", document.payment_id)
        if document.account:
            account = self.add(means, "cac:PayeeFinancialAccount")
            self.add(account, "cbc:ID", document.account)
            self.add(account, "cac:FinancialInstitutionBranch/cbc:ID", document.bic)

    def _money(self, parent: Element, path: str, value: Decimal, currency: str = "") -> None:
        currency = currency or self.currency
        self.add(parent, path, self.amount(value, currency), currencyID=currency)

    def _adjustment(self, parent: Element, adjustment: Adjustment) -> None:
        element = self.add(parent, "cac:AllowanceCharge")
        self.add(element, "cbc:ChargeIndicator", "true" if adjustment.is_charge else "false")
        self.add(element, "cbc:AllowanceChargeReasonCode", adjustment.reason_code)
        self.add(element, "cbc:AllowanceChargeReason", adjustment.reason)
        if adjustment.percent is not None:
            self.add(element, "cbc:MultiplierFactorNumeric", number(adjustment.percent))
        self._money(element, "cbc:Amount", adjustment.amount)
        if adjustment.base is not None:
            self._money(element, "cbc:BaseAmount", adjustment.base)
        if adjustment.category:
            self._category(element, "cac:TaxCategory", adjustment.category, adjustment.rate)

    def _category(
        self, parent: Element, path: str, category: str, rate: Decimal, group: EGroup | None = None
    ) -> None:
        element = self.add(parent, path)
        self.add(element, "cbc:ID", category)
        self.add(element, "cbc:Percent", "" if category == "O" else number(rate))
        if group is not None:
            self.add(element, "cbc:TaxExemptionReasonCode", group.reason_code)
            self.add(element, "cbc:TaxExemptionReason", group.reason)
        self.add(element, "cac:TaxScheme/cbc:ID", "VAT")

    def _tax_totals(self, document: EDocument) -> None:
        total = self.add(self.root, "cac:TaxTotal")
        self._money(total, "cbc:TaxAmount", document.vat)
        for group in document.groups:
            subtotal = self.add(total, "cac:TaxSubtotal")
            self._money(subtotal, "cbc:TaxableAmount", group.base)
            self._money(subtotal, "cbc:TaxAmount", group.vat)
            self._category(subtotal, "cac:TaxCategory", group.category, group.rate, group)
        if document.vat_nok is not None:
            self._money(self.root, "cac:TaxTotal/cbc:TaxAmount", document.vat_nok, "NOK")

    def _sums(self, document: EDocument) -> None:
        sums = self.add(self.root, "cac:LegalMonetaryTotal")
        self._money(sums, "cbc:LineExtensionAmount", document.line_sum)
        self._money(sums, "cbc:TaxExclusiveAmount", document.net)
        self._money(sums, "cbc:TaxInclusiveAmount", document.gross)
        if any(not adjustment.is_charge for adjustment in document.adjustments):
            self._money(sums, "cbc:AllowanceTotalAmount", document.allowances)
        if any(adjustment.is_charge for adjustment in document.adjustments):
            self._money(sums, "cbc:ChargeTotalAmount", document.charges)
        self._money(sums, "cbc:PayableAmount", document.gross)

    def _line(self, line: ELine) -> None:
        element = self.add(self.root, f"cac:{self.kind}Line")
        quantity = "CreditedQuantity" if self.kind == "CreditNote" else "InvoicedQuantity"
        self.add(element, "cbc:ID", line.number)
        self.add(element, f"cbc:{quantity}", number(line.quantity), unitCode=line.unit)
        self._money(element, "cbc:LineExtensionAmount", line.net)
        for adjustment in line.adjustments:
            self._adjustment(element, adjustment)
        item = self.add(element, "cac:Item")
        self.add(item, "cbc:Description", line.description)
        self.add(item, "cbc:Name", line.name)
        self._category(item, "cac:ClassifiedTaxCategory", line.category, line.rate)
        self.add(element, "cac:Price/cbc:PriceAmount", number(line.price), currencyID=self.currency)


def _means_code(document: EDocument) -> str:
    """How it is paid (BT-81). In Denmark a transfer is 31, with account and bank, and never 30 (DK-R-005, DK-R-006)."""
    if not document.account:
        return NOT_DEFINED
    if document.seller.address.country == "DK":
        return DANISH_TRANSFER if document.bic else NOT_DEFINED
    return CREDIT_TRANSFER
