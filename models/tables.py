"""Which tables exist, and which of them belong to a tenant."""

from __future__ import annotations

from piccolo.table import Table

from models.account import AccountMessage, AccountToken, Acknowledgement, Attempt, Person, SecurityEvent, Session
from models.accountability import BreachAlert, BreachEntry, CompanyNotice, Notice, ProcessorChange
from models.attachment import InvoiceAttachment
from models.audit import AuditEvent, AuditHead
from models.consent import ConsentEvent, ConsentHead, ConsentText, VisitCount
from models.correction import AccountCorrection, Correction
from models.customer import Customer, CustomerCredit
from models.customer_copy import CustomerCopy
from models.data_export import DataExport
from models.data_import import DataImport
from models.einvoice import EInvoice
from models.erasure import Erasure, ErasureStep
from models.exchange_rate import ExchangeRate
from models.invoice import Invoice, InvoiceFile, InvoiceLine, InvoiceLink
from models.legal_hold import LegalHold
from models.message import Message
from models.organisation import Agreement, Invitation, Membership, NumberSeries, Organisation
from models.payment import Payment
from models.plan import Plan, PlanRun
from models.product import Product
from models.quote import Quote, QuoteInvoice
from models.restriction import (
    AccountRestriction,
    CustomerObjection,
    Objection,
    Restriction,
    RestrictionException,
)
from models.rights_request import CustomerPass, CustomerRequest, RightsRequest
from models.sums import DueSum, MonthSum, SearchWord, StateSum, VatSum
from models.supplier_document import SupplierDocument, SupplierFile
from models.transmission import Transmission

IDENTITY_TABLES: tuple[type[Table], ...] = (
    Person,
    Session,
    AccountToken,
    AccountMessage,
    SecurityEvent,
    Attempt,
    Acknowledgement,
    AccountCorrection,
    DataExport,
    AccountRestriction,
    Objection,
    RightsRequest,
    ConsentEvent,
    Erasure,
    ErasureStep,
)
TENANT_TABLES: tuple[type[Table], ...] = (
    Organisation,
    Membership,
    Invitation,
    Agreement,
    NumberSeries,
    Customer,
    CustomerCredit,
    CustomerCopy,
    Correction,
    Product,
    Invoice,
    InvoiceLine,
    InvoiceLink,
    InvoiceFile,
    InvoiceAttachment,
    LegalHold,
    EInvoice,
    Payment,
    Message,
    Quote,
    QuoteInvoice,
    Plan,
    PlanRun,
    StateSum,
    DueSum,
    MonthSum,
    VatSum,
    SearchWord,
    SupplierDocument,
    SupplierFile,
    DataImport,
    Transmission,
    Restriction,
    RestrictionException,
    CustomerObjection,
    CustomerRequest,
    CustomerPass,
    CompanyNotice,
    AuditEvent,
    AuditHead,
)
# The same for everybody: facts of the world, kept without a tenant and without a person.
REFERENCE_TABLES: tuple[type[Table], ...] = (ExchangeRate, ConsentHead, ConsentText, VisitCount)
# Of who runs the installation: about the service, and about no company.
OPERATOR_TABLES: tuple[type[Table], ...] = (BreachEntry, BreachAlert, Notice, ProcessorChange)
TABLES = IDENTITY_TABLES + TENANT_TABLES + REFERENCE_TABLES + OPERATOR_TABLES
