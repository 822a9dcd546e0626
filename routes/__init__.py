"""The URL map: every controller of the app."""

from __future__ import annotations

from litestar import Controller

from routes.account import AccountController
from routes.account_deletion import AccountDeletionController
from routes.account_rights import AccountRightsController, CompanyRestrictionController
from routes.agreement import AgreementController
from routes.breach_letters import BreachLetterController
from routes.breaches import BreachController
from routes.companies import CompaniesController
from routes.company_closing import CompanyClosingController
from routes.company_settings import CompanySettingsController
from routes.consents import ConsentController
from routes.corrections import (
    AccountCorrectionsController,
    CompanyCorrectionsController,
    CustomerCorrectionsController,
)
from routes.credits import CreditController
from routes.customer_credit import CustomerCreditController
from routes.customer_erasure import CustomerErasureController
from routes.customers import CustomerController
from routes.data_export import DataExportController
from routes.data_import import DataImportController
from routes.data_map import DataMapController
from routes.deletions import DeletionController
from routes.desk import INVOICES, PLANS, QUOTES
from routes.einvoices import EInvoiceController, HostedEInvoiceController
from routes.handover import HandoverController, LeavingController
from routes.health import HealthController
from routes.holds import HoldController
from routes.hosted import HostedInvoiceController
from routes.hosted_objection import HostedObjectionController
from routes.hosted_privacy import HostedPrivacyController
from routes.hosted_quote import HostedQuoteController
from routes.inbox import InboxController
from routes.invitations import InvitationController
from routes.invoice_customer import DraftCustomerController
from routes.invoice_editor import DraftEditorController
from routes.invoice_files import InvoiceFileController
from routes.invoice_issuance import InvoiceIssuanceController
from routes.invoice_lines import DraftLinesController
from routes.invoice_list import InvoiceListController
from routes.invoice_page import InvoicePageController
from routes.landing import LandingController
from routes.legal import CookiesController, LanguageController, WellKnownController
from routes.logo import LogoController
from routes.mailbox import MailboxController
from routes.members import MemberController
from routes.notices import NoticeController
from routes.operator import OperatorController
from routes.operator_requests import OperatorRequestController
from routes.payments import PaymentController
from routes.plans import PlanController, PlansController
from routes.policies import AcknowledgementController, policy_of
from routes.privacy_centre import PrivacyCentreController
from routes.products import ProductController
from routes.quote_list import QuoteListController
from routes.quotes import QuoteController
from routes.recovery import RecoveryController, ResetController
from routes.request_desk import RequestDeskController
from routes.restrictions import (
    CustomerObjectionController,
    CustomerRestrictionController,
    InvoiceRestrictionController,
    RestrictionsController,
)
from routes.search import SearchController
from routes.sign_in import SignInController
from routes.sign_up import ConfirmationController, SignUpController
from routes.status import StatusController
from routes.supplier_document import SupplierDocumentController
from routes.vat_report import VatReportController
from routes.visit_counts import VisitCountController
from routes.visitor_requests import VisitorRequestController

ROUTES: tuple[type[Controller], ...] = (
    AccountController,
    AccountCorrectionsController,
    AccountRightsController,
    AccountDeletionController,
    AcknowledgementController,
    AgreementController,
    BreachController,
    BreachLetterController,
    CompaniesController,
    CompanyClosingController,
    CompanyCorrectionsController,
    CompanyRestrictionController,
    CompanySettingsController,
    ConfirmationController,
    ConsentController,
    CookiesController,
    CreditController,
    CustomerController,
    CustomerCorrectionsController,
    CustomerCreditController,
    CustomerObjectionController,
    CustomerRestrictionController,
    CustomerErasureController,
    DataExportController,
    DataImportController,
    DataMapController,
    DeletionController,
    EInvoiceController,
    HandoverController,
    HealthController,
    HoldController,
    HostedEInvoiceController,
    HostedInvoiceController,
    HostedObjectionController,
    HostedPrivacyController,
    InboxController,
    HostedQuoteController,
    DraftCustomerController.at(INVOICES),
    DraftCustomerController.at(QUOTES),
    DraftCustomerController.at(PLANS),
    DraftEditorController.at(INVOICES),
    DraftEditorController.at(QUOTES),
    DraftEditorController.at(PLANS),
    InvitationController,
    InvoiceFileController,
    InvoiceIssuanceController,
    DraftLinesController.at(INVOICES),
    DraftLinesController.at(QUOTES),
    DraftLinesController.at(PLANS),
    InvoiceListController,
    InvoicePageController,
    InvoiceRestrictionController,
    LandingController,
    LogoController,
    LanguageController,
    LeavingController,
    MailboxController,
    MemberController,
    NoticeController,
    OperatorController,
    OperatorRequestController,
    PaymentController,
    policy_of("privacy"),
    policy_of("terms"),
    policy_of("agreement"),
    PlanController,
    PlansController,
    PrivacyCentreController,
    ProductController,
    QuoteController,
    QuoteListController,
    RecoveryController,
    RequestDeskController,
    ResetController,
    RestrictionsController,
    SearchController,
    WellKnownController,
    SignInController,
    SignUpController,
    StatusController,
    VatReportController,
    VisitCountController,
    VisitorRequestController,
    SupplierDocumentController,
)
