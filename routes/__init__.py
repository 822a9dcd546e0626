"""The URL map: every controller of the app."""

from __future__ import annotations

from litestar import Controller

from routes.hosted import HostedInvoiceController
from routes.invoice_editor import InvoiceEditorController
from routes.invoice_issuance import InvoiceIssuanceController
from routes.invoice_list import InvoiceListController
from routes.invoice_page import InvoicePageController
from routes.payments import PaymentController
from routes.search import SearchController

ROUTES: tuple[type[Controller], ...] = (
    HostedInvoiceController,
    InvoiceEditorController,
    InvoiceIssuanceController,
    InvoiceListController,
    InvoicePageController,
    PaymentController,
    SearchController,
)
