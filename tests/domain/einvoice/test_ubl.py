from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from lxml import etree

from domain.attachments import ENDINGS, Enclosed
from domain.einvoice import cii, cii_reading, ubl, ubl_reading
from domain.einvoice.document import EN_16931, PEPPOL, Attachment, EDocument
from domain.einvoice.reading import NOT_GIVEN, document_of
from domain.einvoice.rules import findings
from domain.invoice import Issued
from domain.languages import LANGUAGES
from domain.totals import Charge, Discount
from tests.domain import sample
from tests.domain.einvoice.documents import BUYER, CONSUMER, GERMAN, KID, UNREGISTERED, documents, issued
from tests.domain.einvoice.judge import Judge
from tests.examples import examples

CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"


def read(document: EDocument) -> etree._Element:
    return etree.fromstring(ubl.write(document))


def texts(root: etree._Element, path: str) -> list[str]:
    """The texts at `path`, its names without their prefixes: those with a small part inside are aggregates."""
    steps = path.split("/")
    names = [*(CAC + step for step in steps[:-1]), CBC + steps[-1]]
    return [element.text or "" for element in root.findall("/".join(names))]


@settings(max_examples=examples(80), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_every_document_passes_the_schema_and_en_16931_with_the_figures_of_the_invoice(
    judge: Judge, invoice: Issued
) -> None:
    document = document_of(invoice)
    xml = ubl.write(document)
    assert judge.broken(xml) == []
    root = etree.fromstring(xml)
    totals = invoice.totals
    sums = "LegalMonetaryTotal/"
    assert [Decimal(text) for text in texts(root, sums + "LineExtensionAmount")] == [totals.line_sum]
    assert [Decimal(text) for text in texts(root, sums + "TaxExclusiveAmount")] == [totals.net]
    assert [Decimal(text) for text in texts(root, sums + "PayableAmount")] == [totals.gross]
    assert sum(map(Decimal, texts(root, sums + "AllowanceTotalAmount"))) == totals.discount
    assert sum(map(Decimal, texts(root, sums + "ChargeTotalAmount"))) == totals.charge
    vat = [totals.vat, *([] if invoice.vat_nok is None else [invoice.vat_nok])]
    assert [Decimal(text) for text in texts(root, "TaxTotal/TaxAmount")] == vat
    assert [Decimal(text) for text in texts(root, "TaxTotal/TaxSubtotal/TaxAmount")] == [g.vat for g in totals.groups]
    line = "CreditNoteLine" if invoice.kind == "credit_note" else "InvoiceLine"
    assert [Decimal(text) for text in texts(root, f"{line}/LineExtensionAmount")] == [
        one.net for one in invoice.lines
    ]


def test_an_invoice_between_companies_is_a_peppol_document_with_both_addresses_and_the_kid() -> None:
    root = read(document_of(issued()))
    assert texts(root, "CustomizationID") == [PEPPOL]
    assert texts(root, "AccountingSupplierParty/Party/EndpointID") == ["936587720"]
    assert texts(root, "AccountingCustomerParty/Party/EndpointID") == ["923609016"]
    assert root.find(f".//{CBC}EndpointID").attrib == {"schemeID": "0192"}  # type: ignore[union-attr]
    tax = "AccountingSupplierParty/Party/PartyTaxScheme/CompanyID"
    assert texts(root, tax) == ["NO936587720MVA", "Foretaksregisteret"]
    assert texts(root, "PaymentMeans/PaymentID") == [KID]
    assert texts(root, "PaymentMeans/PayeeFinancialAccount/ID") == ["NO9386011117947"]
    assert texts(root, "Delivery/ActualDeliveryDate") == ["2026-11-20"]


def test_what_the_law_adds_to_the_seller_is_bt_33_in_both_syntaxes(judge: Judge) -> None:
    whole = issued()
    document = document_of(replace(whole, seller=replace(whole.seller, legal_addition="under avvikling")))
    assert judge.broken(ubl.write(document)) == []
    path = "AccountingSupplierParty/Party/PartyLegalEntity/CompanyLegalForm"
    assert texts(read(document), path) == ["under avvikling"]
    for found in (ubl_reading.read(read(document)), cii_reading.read(etree.fromstring(cii.write(document)))):
        assert found.document.seller.legal_addition == "under avvikling"


def test_an_invoice_to_a_consumer_is_plain_en_16931(judge: Judge) -> None:
    xml = ubl.write(document_of(issued(buyer=CONSUMER)))
    assert judge.broken(xml) == []
    root = etree.fromstring(xml)
    assert texts(root, "CustomizationID") == [EN_16931]
    assert texts(root, "ProfileID") == []


def test_a_company_abroad_is_addressed_by_its_vat_number(judge: Judge) -> None:
    xml = ubl.write(document_of(issued(sample.line(treatment="reverse_charge"), buyer=GERMAN)))
    assert judge.broken(xml) == []
    element = etree.fromstring(xml).findall(f".//{CBC}EndpointID")[1]
    assert (element.get("schemeID"), element.text) == ("9930", "DE136695976")


def test_a_credit_note_names_the_invoice_and_has_positive_amounts_and_its_due_date(judge: Judge) -> None:
    xml = ubl.write(document_of(issued(kind="credit_note")))
    assert judge.broken(xml) == []
    root = etree.fromstring(xml)
    assert texts(root, "CreditNoteTypeCode") == ["381"]
    assert texts(root, "BillingReference/InvoiceDocumentReference/ID") == ["2026-7"]
    assert texts(root, "LegalMonetaryTotal/PayableAmount") == ["2500.00"]
    assert texts(root, "PaymentMeans/PaymentDueDate") == ["2026-12-06"]


def test_vat_in_a_foreign_currency_is_told_in_kroner_too() -> None:
    root = read(document_of(issued(currency="EUR", exchange_rate=Decimal("11.5"))))
    assert texts(root, "TaxCurrencyCode") == ["NOK"]
    assert texts(root, "TaxTotal/TaxAmount") == ["500.00", "5750.00"]


def test_who_is_not_registered_has_no_vat_number_and_no_percent(judge: Judge) -> None:
    xml = ubl.write(document_of(issued(sample.line(treatment="outside"), seller=UNREGISTERED)))
    assert judge.broken(xml) == []
    root = etree.fromstring(xml)
    assert texts(root, "AccountingSupplierParty/Party/PartyTaxScheme/CompanyID") == ["Foretaksregisteret"]
    assert texts(root, "TaxTotal/TaxSubtotal/TaxCategory/Percent") == []
    assert texts(root, "TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReasonCode") == ["VATEX-EU-O"]


def test_the_sentence_of_reverse_charge_is_the_reason_and_not_a_note_as_well() -> None:
    invoice = issued(sample.line(treatment="reverse_charge"), note="Hei")
    root = read(document_of(invoice))
    assert texts(root, "TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason") == list(invoice.texts)
    assert texts(root, "Note") == ["Hei"]


def test_a_part_of_the_charge_whose_lines_are_credited_already_has_its_reason_all_the_same(judge: Judge) -> None:
    lines = (sample.line(1), sample.line(2, treatment="export"), sample.line(3, treatment="exempt"))
    whole = issued(*lines, charge=Charge(amount=Decimal(90), text="Frakt"), kind="credit_note")
    groups = tuple(
        group if group.category == "S" else replace(group, line_sum=Decimal(0), base=group.charge)
        for group in whole.totals.groups
    )
    left = whole.totals.line_sum - 4000
    totals = replace(
        whole.totals, lines=whole.totals.lines[:1], groups=groups, line_sum=left, net=left + 90,
        gross=left + 90 + whole.totals.vat,
    )  # fmt: skip
    document = document_of(replace(whole, lines=whole.lines[:1], totals=totals))
    assert {group.category: bool(group.reason) for group in document.groups} == {"S": False, "G": True, "E": True}
    assert judge.broken(ubl.write(document)) == []
    assert findings(document) == ()


def test_discount_and_charge_are_split_over_the_rates(judge: Judge) -> None:
    lines = (sample.line(1), sample.line(2, treatment="middle"))
    charge = Charge(amount=Decimal(50), text="Frakt")
    xml = ubl.write(document_of(issued(*lines, discount=Discount(percent=Decimal(10)), charge=charge)))
    assert judge.broken(xml) == []
    root = etree.fromstring(xml)
    assert texts(root, "AllowanceCharge/Amount") == ["200.00", "25.00", "200.00", "25.00"]
    assert texts(root, "AllowanceCharge/MultiplierFactorNumeric") == ["10", "10"]
    assert texts(root, "AllowanceCharge/TaxCategory/Percent") == ["25", "25", "15", "15"]


def test_dk_r_005_and_de_r_005_a_seller_of_another_country_writes_by_its_rules() -> None:
    danish = replace(sample.SELLER, country="DK", organisation_number="13585628", vat_number="DK13585628")
    for seller, paid_by, contact in (
        (danish, ["31"], []),
        (replace(GERMAN, email="post@mueller.example"), ["30"], [GERMAN.name]),
        (sample.SELLER, ["30"], []),
    ):
        root = read(document_of(issued(seller=seller)))
        assert texts(root, "PaymentMeans/PaymentMeansCode") == paid_by
        assert texts(root, "AccountingSupplierParty/Party/Contact/Name") == contact


def test_a_price_with_vat_becomes_the_price_that_gives_the_net_amount_exactly() -> None:
    lines = tuple(sample.line(number, quantity=Decimal(3), unit_price=Decimal("33.33")) for number in (1, 2, 3))
    document = document_of(issued(*lines, prices_include_vat=True))
    assert [line.net for line in document.lines] == [
        line.net for line in issued(*lines, prices_include_vat=True).lines
    ]
    for line in document.lines:
        assert round(line.price * line.quantity, 2) == line.net


def test_a_price_below_zero_is_a_quantity_below_zero(judge: Judge) -> None:
    lines = (sample.line(1), sample.line(2, unit_price=Decimal(-100)))
    xml = ubl.write(document_of(issued(*lines)))
    assert judge.broken(xml) == []
    root = etree.fromstring(xml)
    assert texts(root, "InvoiceLine/InvoicedQuantity") == ["2", "-2"]
    assert texts(root, "InvoiceLine/Price/PriceAmount") == ["1000", "100"]


def test_a_period_of_delivery_and_an_attachment_are_carried(judge: Judge) -> None:
    attachment = Attachment("faktura.pdf", "application/pdf", b"%PDF-1.7")
    invoice = issued(delivery_to=date(2026, 11, 30), delivery_place="Bergen havn")
    xml = ubl.write(document_of(invoice, attachments=(attachment,)))
    assert judge.broken(xml) == []
    root = etree.fromstring(xml)
    assert texts(root, "InvoicePeriod/EndDate") == ["2026-11-30"]
    assert texts(root, "AdditionalDocumentReference/ID") == ["faktura.pdf"]
    assert texts(root, "Delivery/DeliveryLocation/Address/CityName") == ["Bergen havn"]


def test_where_the_customer_has_things_delivered_is_the_place_of_delivery(judge: Judge) -> None:
    """Not the address of the buyer, who may be on the mainland (bokføringsforskriften § 5-1-1 nr. 4, BG-15)."""
    there = replace(
        BUYER, delivery_line="Vei 500", delivery_postcode="9170", delivery_city="Longyearbyen", delivery_country="SJ"
    )
    invoice = issued(buyer=there, language="nb")
    assert invoice.place_of_delivery == "Vei 500, 9170 Longyearbyen, Svalbard og Jan Mayen"
    for write in (ubl.write, cii.write):
        assert judge.broken(write(document_of(invoice))) == []
    address = "Delivery/DeliveryLocation/Address/"
    root = read(document_of(invoice))
    assert texts(root, f"{address}StreetName") == ["Vei 500"]
    assert texts(root, f"{address}CityName") == ["Longyearbyen"]
    assert texts(root, f"{address}Country/IdentificationCode") == ["SJ"]
    assert replace(invoice, delivery_place="Kaia").place_of_delivery == "Kaia"


def test_what_xml_can_not_write_is_left_out_and_the_same_document_gives_the_same_bytes() -> None:
    invoice = issued(note="Hei\x0b du")
    assert texts(read(document_of(invoice)), "Note") == ["Hei du"]
    assert ubl.write(document_of(invoice)) == ubl.write(document_of(invoice))


def test_no_element_is_empty() -> None:
    bare = replace(BUYER, address_lines=(), postcode="", email="")
    root = read(document_of(issued(buyer=bare)))
    assert [element.tag for element in root.iter() if len(element) == 0 and not element.text] == []


# What Norwegian practice and EHF want of an ordinary invoice, by the number of EN 16931.
WRITTEN = {
    "BT-1": "ID", "BT-2": "IssueDate", "BT-3": "InvoiceTypeCode", "BT-5": "DocumentCurrencyCode", "BT-9": "DueDate",
    "BT-6": "TaxCurrencyCode", "BT-10": "BuyerReference", "BT-13": "OrderReference/ID", "BT-22": "Note",
    "BT-11": "ProjectReference/ID", "BT-12": "ContractDocumentReference/ID", "BT-19": "AccountingCost",
    "BT-24": "CustomizationID", "BT-23": "ProfileID",
    "BT-27": "AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName",
    "BT-30": "AccountingSupplierParty/Party/PartyLegalEntity/CompanyID",
    "BT-31 and BT-32": "AccountingSupplierParty/Party/PartyTaxScheme/CompanyID",
    "BT-34": "AccountingSupplierParty/Party/EndpointID",
    "BT-35": "AccountingSupplierParty/Party/PostalAddress/StreetName",
    "BT-37": "AccountingSupplierParty/Party/PostalAddress/CityName",
    "BT-38": "AccountingSupplierParty/Party/PostalAddress/PostalZone",
    "BT-40": "AccountingSupplierParty/Party/PostalAddress/Country/IdentificationCode",
    "BT-41": "AccountingSupplierParty/Party/Contact/Name",
    "BT-43": "AccountingSupplierParty/Party/Contact/ElectronicMail",
    "BT-44": "AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName",
    "BT-47": "AccountingCustomerParty/Party/PartyLegalEntity/CompanyID",
    "BT-48": "AccountingCustomerParty/Party/PartyTaxScheme/CompanyID",
    "BT-49": "AccountingCustomerParty/Party/EndpointID",
    "BT-55": "AccountingCustomerParty/Party/PostalAddress/Country/IdentificationCode",
    "BT-56": "AccountingCustomerParty/Party/Contact/Name",
    "BT-73": "InvoicePeriod/StartDate", "BT-74": "InvoicePeriod/EndDate",
    "BT-77": "Delivery/DeliveryLocation/Address/CityName",
    "BT-80": "Delivery/DeliveryLocation/Address/Country/IdentificationCode",
    "BT-81": "PaymentMeans/PaymentMeansCode", "BT-83": "PaymentMeans/PaymentID",
    "BT-84": "PaymentMeans/PayeeFinancialAccount/ID",
    "BT-86": "PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID",
    "BT-92 and BT-99": "AllowanceCharge/Amount", "BT-95 and BT-102": "AllowanceCharge/TaxCategory/ID",
    "BT-97 and BT-104": "AllowanceCharge/AllowanceChargeReason",
    "BT-98": "AllowanceCharge/AllowanceChargeReasonCode",
    "BT-106": "LegalMonetaryTotal/LineExtensionAmount", "BT-107": "LegalMonetaryTotal/AllowanceTotalAmount",
    "BT-108": "LegalMonetaryTotal/ChargeTotalAmount", "BT-109": "LegalMonetaryTotal/TaxExclusiveAmount",
    "BT-110 and BT-111": "TaxTotal/TaxAmount", "BT-112": "LegalMonetaryTotal/TaxInclusiveAmount",
    "BT-115": "LegalMonetaryTotal/PayableAmount", "BT-116": "TaxTotal/TaxSubtotal/TaxableAmount",
    "BT-117": "TaxTotal/TaxSubtotal/TaxAmount", "BT-118": "TaxTotal/TaxSubtotal/TaxCategory/ID",
    "BT-119": "TaxTotal/TaxSubtotal/TaxCategory/Percent",
    "BT-120": "TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason",
    "BT-121": "TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReasonCode",
    "BT-122": "AdditionalDocumentReference/ID",
    "BT-125": "AdditionalDocumentReference/Attachment/EmbeddedDocumentBinaryObject",
    "BT-126": "InvoiceLine/ID", "BT-129": "InvoiceLine/InvoicedQuantity", "BT-131": "InvoiceLine/LineExtensionAmount",
    "BT-136 and BT-141": "InvoiceLine/AllowanceCharge/Amount", "BT-146": "InvoiceLine/Price/PriceAmount",
    "BT-151": "InvoiceLine/Item/ClassifiedTaxCategory/ID", "BT-152": "InvoiceLine/Item/ClassifiedTaxCategory/Percent",
    "BT-153": "InvoiceLine/Item/Name", "BT-154": "InvoiceLine/Item/Description",
}  # fmt: skip


def test_what_a_small_business_says_is_all_written(judge: Judge) -> None:
    lines = (
        sample.line(1, description="Design\nmed skisser", discount_percent=Decimal(10), charge=Decimal(9)),
        sample.line(2, treatment="export"),
    )
    everything = issued(
        *lines, currency="EUR", exchange_rate=Decimal("11.5"), delivery_to=date(2026, 11, 30),
        delivery_place="Bergen havn", our_reference="Kari", order_number="PO-12", note="Takk!",
        project_reference="Torget", contract_reference="K-1", accounting_reference="4010",
        discount=Discount(percent=Decimal(5)), charge=Charge(amount=Decimal(50), text="Frakt"),
    )  # fmt: skip
    xml = ubl.write(document_of(everything, attachments=(Attachment("a.pdf", "application/pdf", b"%PDF"),)))
    assert judge.broken(xml) == []
    root = etree.fromstring(xml)
    assert [number for number, path in WRITTEN.items() if not all(texts(root, path) or [""])] == []


def test_who_gave_no_reference_is_told_that_none_was_given_in_the_language_of_the_document(judge: Judge) -> None:
    """PEPPOL-EN16931-R003: BT-10 or BT-13 must be there; the customer's own reference comes first when it is known."""
    for language, said in (("nb", "Ikke oppgitt"), ("fi", "Ei ilmoitettu"), ("en", "Not given")):
        silent = issued(your_reference="", language=language)
        document = document_of(silent)
        assert judge.broken(ubl.write(document)) == [] and findings(document, over_peppol=True) == ()
        assert texts(read(document), "BuyerReference") == [said]
        assert texts(read(document_of(silent, buyer_reference="Ola")), "BuyerReference") == ["Ola"]
    assert texts(read(document_of(issued(your_reference="", order_number="PO-1"))), "BuyerReference") == ["PO-1"]


def test_a_credit_note_s_project_stands_among_the_documents_and_is_no_file(judge: Judge) -> None:
    """UBL's credit note has no ProjectReference: BT-11 is an additional document of code 50, and only one (R080)."""
    note = issued(kind="credit_note", project_reference="Torget 12", contract_reference="K-1")
    attached = Attachment("timer.csv", "text/csv", b"Dag;Timer")
    document = document_of(note, attachments=(attached,))
    xml = ubl.write(document)
    assert judge.broken(xml) == []
    root = etree.fromstring(xml)
    assert texts(root, "AdditionalDocumentReference/ID") == ["timer.csv", "Torget 12"]
    assert texts(root, "AdditionalDocumentReference/DocumentTypeCode") == ["50"]
    back = ubl_reading.read(root).document
    assert (back.project_reference, back.contract_reference, back.attachments) == ("Torget 12", "K-1", (attached,))


def test_own_files_of_every_kind_pass_the_rules_in_both_syntaxes_and_on_a_credit_note(judge: Judge) -> None:
    """BG-24: every type of BT-125, and in CII only the reference (BT-122), because the PDF around it has no copies."""
    files = tuple(
        Enclosed(UUID(int=n), f"Vedlegg-{n}-Å.{ending}", mime, 3, b"x")
        for n, (mime, ending) in enumerate(ENDINGS.items())
    )
    for kind in ("invoice", "credit_note"):
        document = replace(issued(kind=kind), attachments=files)
        inside = tuple(Attachment(file.plain_name, file.mime, b"abc") for file in files)
        xml = ubl.write(document_of(document, attachments=inside))
        assert judge.broken(xml) == []
        assert ubl_reading.read(etree.fromstring(xml)).document.attachments == inside
        named = cii.write(document_of(document))
        assert judge.broken(named) == [] and b"AttachmentBinaryObject" not in named
        references = etree.fromstring(named).findall(".//{*}AdditionalReferencedDocument/{*}IssuerAssignedID")
        assert [one.text for one in references] == [file.plain_name for file in files]
        assert texts(etree.fromstring(xml), "AdditionalDocumentReference/ID") == [one.text for one in references]


def test_every_language_of_documents_has_words_for_a_reference_that_was_not_given() -> None:
    assert {*NOT_GIVEN, "en"} == set(LANGUAGES)
