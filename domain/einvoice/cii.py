"""The same document as UN/CEFACT Cross Industry Invoice: the XML inside a Factur-X PDF, profile EN 16931.

The order of the elements is the schema's. A credit note is type 381 with positive amounts, as in UBL.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from decimal import Decimal

from lxml.etree import _Element as Element

from domain.einvoice.document import EN_16931, Address, Adjustment, EDocument, EGroup, ELine, EParty
from domain.einvoice.ubl import CREDIT_TRANSFER, NOT_DEFINED
from domain.einvoice.xml import Writer, number

_DATA = "urn:un:unece:uncefact:data:standard:"
_NAMESPACES: dict[str | None, str] = {
    "rsm": f"{_DATA}CrossIndustryInvoice:100",
    "ram": f"{_DATA}ReusableAggregateBusinessInformationEntity:100",
    "qdt": f"{_DATA}QualifiedDataType:100",
    "udt": f"{_DATA}UnqualifiedDataType:100",
}


def write(document: EDocument) -> bytes:
    """The bytes of `document`; the same document gives the same bytes."""
    return _Cii(document).bytes()


class _Cii(Writer):
    def __init__(self, document: EDocument) -> None:
        super().__init__("rsm:CrossIndustryInvoice", _NAMESPACES, document.currency)
        self._head(document)
        transaction = self.add(self.root, "rsm:SupplyChainTradeTransaction")
        for line in document.lines:
            self._line(self.add(transaction, "ram:IncludedSupplyChainTradeLineItem"), line)
        self._agreement(self.add(transaction, "ram:ApplicableHeaderTradeAgreement"), document)
        # Must be there even when it says nothing; what is said is the place, which always is.
        self._delivery(self.add(transaction, "ram:ApplicableHeaderTradeDelivery"), document)
        self._settlement(self.add(transaction, "ram:ApplicableHeaderTradeSettlement"), document)

    def _date(self, parent: Element, path: str, day: date | None, prefix: str = "udt") -> None:
        if day is not None:
            self.add(parent, f"{path}/{prefix}:DateTimeString", f"{day:%Y%m%d}", format="102")

    def _head(self, document: EDocument) -> None:
        guideline = "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"
        self.add(self.root, guideline, EN_16931)
        head = self.add(self.root, "rsm:ExchangedDocument")
        self.add(head, "ram:ID", document.number)
        self.add(head, "ram:TypeCode", "381" if document.is_credit_note else "380")
        self._date(head, "ram:IssueDateTime", document.issued_on)
        for note in document.notes:
            self.add(head, "ram:IncludedNote/ram:Content", note)

    def _line(self, element: Element, line: ELine) -> None:
        self.add(element, "ram:AssociatedDocumentLineDocument/ram:LineID", line.number)
        product = self.add(element, "ram:SpecifiedTradeProduct")
        self.add(product, "ram:Name", line.name)
        self.add(product, "ram:Description", line.description)
        price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
        self.add(element, price, number(line.price))
        quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
        self.add(element, quantity, number(line.quantity), unitCode=line.unit)
        settlement = self.add(element, "ram:SpecifiedLineTradeSettlement")
        tax = self.add(settlement, "ram:ApplicableTradeTax")
        self.add(tax, "ram:TypeCode", "VAT")
        self._category(tax, line.category, line.rate)
        for adjustment in line.adjustments:
            self._adjustment(settlement, adjustment)
        total = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
        self.add(settlement, total, self.amount(line.net))

    def _category(self, tax: Element, category: str, rate: Decimal, reason_code: str = "") -> None:
        self.add(tax, "ram:CategoryCode", category)
        self.add(tax, "ram:ExemptionReasonCode", reason_code)
        self.add(tax, "ram:RateApplicablePercent", "" if category == "O" else number(rate))

    def _adjustment(self, parent: Element, adjustment: Adjustment) -> None:
        element = self.add(parent, "ram:SpecifiedTradeAllowanceCharge")
        self.add(element, "ram:ChargeIndicator/udt:Indicator", "true" if adjustment.is_charge else "false")
        if adjustment.percent is not None:
            self.add(element, "ram:CalculationPercent", number(adjustment.percent))
        if adjustment.base is not None:
            self.add(element, "ram:BasisAmount", self.amount(adjustment.base))
        self.add(element, "ram:ActualAmount", self.amount(adjustment.amount))
        self.add(element, "ram:ReasonCode", adjustment.reason_code)
        self.add(element, "ram:Reason", adjustment.reason)
        if adjustment.category:
            tax = self.add(element, "ram:CategoryTradeTax")
            self.add(tax, "ram:TypeCode", "VAT")
            self._category(tax, adjustment.category, adjustment.rate)

    def _agreement(self, element: Element, document: EDocument) -> None:
        self.add(element, "ram:BuyerReference", document.buyer_reference)
        self._party(self.add(element, "ram:SellerTradeParty"), document.seller)
        self._party(self.add(element, "ram:BuyerTradeParty"), document.buyer)
        self.add(element, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", document.order_reference)
        self.add(element, "ram:ContractReferencedDocument/ram:IssuerAssignedID", document.contract_reference)
        for attachment in document.attachments:
            reference = self.add(element, "ram:AdditionalReferencedDocument")
            self.add(reference, "ram:IssuerAssignedID", attachment.filename)
            self.add(reference, "ram:TypeCode", "916")
            content = b64encode(attachment.content).decode()
            path = "ram:AttachmentBinaryObject"
            self.add(reference, path, content, mimeCode=attachment.mime, filename=attachment.filename)
        if document.project_reference:
            project = self.add(element, "ram:SpecifiedProcuringProject")
            self.add(project, "ram:ID", document.project_reference)
            # The syntax wants a name, the standard knows none: these are the words that EN 16931-3-3 puts there.
            self.add(project, "ram:Name", "Project reference")

    def _party(self, element: Element, party: EParty) -> None:
        self.add(element, "ram:Name", party.name)
        self.add(element, "ram:Description", party.legal_addition)
        if party.legal_id is not None:
            path = "ram:SpecifiedLegalOrganization/ram:ID"
            self.add(element, path, party.legal_id.value, schemeID=party.legal_id.scheme)
        contact = self.add(element, "ram:DefinedTradeContact")
        self.add(contact, "ram:PersonName", party.contact)
        self.add(contact, "ram:TelephoneUniversalCommunication/ram:CompleteNumber", party.phone)
        self.add(contact, "ram:EmailURIUniversalCommunication/ram:URIID", party.email)
        self._address(self.add(element, "ram:PostalTradeAddress"), party.address)
        if party.endpoint is not None:
            path = "ram:URIUniversalCommunication/ram:URIID"
            self.add(element, path, party.endpoint.value, schemeID=party.endpoint.scheme)
        self.add(element, "ram:SpecifiedTaxRegistration/ram:ID", party.vat_id, schemeID="VA")
        self.add(element, "ram:SpecifiedTaxRegistration/ram:ID", party.tax_registration, schemeID="FC")

    def _address(self, element: Element, address: Address) -> None:
        self.add(element, "ram:PostcodeCode", address.postcode)
        self.add(element, "ram:LineOne", address.street)
        self.add(element, "ram:LineTwo", address.additional)
        self.add(element, "ram:CityName", address.city)
        self.add(element, "ram:CountryID", address.country)

    def _delivery(self, element: Element, document: EDocument) -> None:
        if document.deliver_to is not None:
            self._address(self.add(element, "ram:ShipToTradeParty/ram:PostalTradeAddress"), document.deliver_to)
        self._date(element, "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime", document.delivered_on)

    def _settlement(self, element: Element, document: EDocument) -> None:
        self.add(element, "ram:PaymentReference", document.payment_id)
        self.add(element, "ram:TaxCurrencyCode", "" if document.vat_nok is None else "NOK")
        self.add(element, "ram:InvoiceCurrencyCode", document.currency)
        self._payment(element, document)
        for group in document.groups:
            self._group(self.add(element, "ram:ApplicableTradeTax"), group)
        if document.period is not None:
            period = self.add(element, "ram:BillingSpecifiedPeriod")
            self._date(period, "ram:StartDateTime", document.period[0])
            self._date(period, "ram:EndDateTime", document.period[1])
        for adjustment in document.adjustments:
            self._adjustment(element, adjustment)
        self._date(element, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime", document.due_on)
        self._sums(self.add(element, "ram:SpecifiedTradeSettlementHeaderMonetarySummation"), document)
        if document.credited_number:
            credited = self.add(element, "ram:InvoiceReferencedDocument")
            self.add(credited, "ram:IssuerAssignedID", document.credited_number)
            self._date(credited, "ram:FormattedIssueDateTime", document.credited_on, "qdt")
        account = "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"
        self.add(element, account, document.accounting_reference)

    def _payment(self, element: Element, document: EDocument) -> None:
        if not (document.account or document.payment_id):
            return
        means = self.add(element, "ram:SpecifiedTradeSettlementPaymentMeans")
        self.add(means, "ram:TypeCode", CREDIT_TRANSFER if document.account else NOT_DEFINED)
        if document.account:
            kind = "ProprietaryID" if document.account.isdigit() else "IBANID"
            self.add(means, f"ram:PayeePartyCreditorFinancialAccount/ram:{kind}", document.account)
            self.add(means, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", document.bic)

    def _group(self, tax: Element, group: EGroup) -> None:
        self.add(tax, "ram:CalculatedAmount", self.amount(group.vat))
        self.add(tax, "ram:TypeCode", "VAT")
        self.add(tax, "ram:ExemptionReason", group.reason)
        self.add(tax, "ram:BasisAmount", self.amount(group.base))
        self._category(tax, group.category, group.rate, group.reason_code)

    def _sums(self, sums: Element, document: EDocument) -> None:
        self.add(sums, "ram:LineTotalAmount", self.amount(document.line_sum))
        if any(adjustment.is_charge for adjustment in document.adjustments):
            self.add(sums, "ram:ChargeTotalAmount", self.amount(document.charges))
        if any(not adjustment.is_charge for adjustment in document.adjustments):
            self.add(sums, "ram:AllowanceTotalAmount", self.amount(document.allowances))
        self.add(sums, "ram:TaxBasisTotalAmount", self.amount(document.net))
        self.add(sums, "ram:TaxTotalAmount", self.amount(document.vat), currencyID=document.currency)
        if document.vat_nok is not None:
            self.add(sums, "ram:TaxTotalAmount", self.amount(document.vat_nok, "NOK"), currencyID="NOK")
        self.add(sums, "ram:GrandTotalAmount", self.amount(document.gross))
        self.add(sums, "ram:DuePayableAmount", self.amount(document.gross))
