"""What the templates of invoices are shown with: real values of the app, made without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from domain.access import Role
from domain.attachments import Enclosed
from domain.einvoice.findings import finding as einvoice_finding
from domain.invoice import draft_totals, issue
from domain.kroner import Gain, Rate
from domain.privacy.authorities import authority_of
from domain.quotes import offer
from domain.refusals import Refusal
from domain.settings import Operator
from domain.totals import Charge
from domain.vat_registration import WARNINGS
from models.queries.customers import CustomerOption
from models.queries.einvoices import EInvoiceView
from models.queries.everything import Everything, FoundDocument, FoundInvoice
from models.queries.home import Due, Home, Month
from models.queries.invoice_list import Filters, InvoiceList, InvoiceRow, Sum
from models.queries.invoices import MessageView, NoteView, PaymentView
from models.queries.parties import Buyer, Seller
from models.queries.payments import PaymentList, PaymentRow
from models.queries.quote_list import QuoteFilters, QuoteList, QuoteRow
from models.queries.quotes import MadeOfIt
from routes.actor import Actor
from routes.editor_sheet import CURRENCY_CHOICES, Sought, TreatmentChoice, sums_of
from routes.forms import invoice as editor_form
from routes.forms.base import Form
from routes.invoice_list import Address
from routes.quote_list import QuoteAddress
from routes.timeline import Step
from routes.vat_notes import Note, VatNotes
from tests.domain.sample import ACCOUNT, BUYER, SELLER, TODAY, draft, line

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ID = UUID(int=99)
ACTOR = Actor(
    UUID(int=1), "Kari Nordmann", "kari@example.test", "nb", b"", "token", UUID(int=2), "Nordlys", Role.OWNER, NOW
)
OWN = Seller(UUID(int=2), SELLER, ACCOUNT, 14, "nb", "NOK", "Europe/Oslo", "#1f5c66", bytes(32), 0, False, 1)
OPTION = CustomerOption(UUID(int=3), BUYER.name, "business", "923609016", "", "Bergen", "NO", "nb", "NOK")
CUSTOMER = Buyer(UUID(int=3), BUYER, "nb", "NOK", None, "", False)

FULL = replace(
    draft(
        line(1, charge=Decimal(15), charge_text="Ilgebyr"),
        line(2, discount_percent=Decimal(10), treatment="zero"),
    ),
    charge=Charge(amount=Decimal(100), text="Frakt"),
    customer_id=CUSTOMER.id,
    delivery_to=date(2026, 11, 21),
    delivery_place="Bergen",
    your_reference="Ola",
    our_reference="Kari",
    order_number="4711",
    note="Takk for oppdraget",
    due_days=14,
)
TOTALS = draft_totals(FULL, "NO", TODAY)
ENCLOSED = Enclosed(UUID(int=8), "Timer-uke-47.csv", "text/csv", 1300, b"x" * 32)
ISSUED = replace(issue(FULL, SELLER, BUYER, TODAY, 1042, 0, "0010422", ACCOUNT), attachments=(ENCLOSED,))
OFFER = offer(replace(FULL, valid_until=TODAY + timedelta(days=30)), SELLER, BUYER, TODAY, 7)
FORM = editor_form.show(FULL, BUYER.name, 1, UUID(int=5), "nb")
FAULTY = editor_form.show(FULL, BUYER.name, 1, UUID(int=5), "nb")
FAULTY.checked = "send"
for _refusal in (
    Refusal("customer.missing", "customer"),
    Refusal("line.description_missing", "lines.1.description", {"line": "2"}),
    Refusal("invoice.total_negative", "lines"),
    Refusal("company.organisation_number_missing", "company.organisation_number"),
):
    FAULTY.add(_refusal)

EINVOICE = EInvoiceView(
    "made", True, "", False, (einvoice_finding("PEPPOL-EN16931-R003"), einvoice_finding("NO-R-002")), "", NOW
)

BASE: dict[str, Any] = {
    "actor": ACTOR,
    "company": None,
    "csrf_token": "token",
    "path": "/",
    "operator": Operator(),
    "shows_mailbox": False,
    "time_zone": "Europe/Oslo",
    "flash": None,
    "layout": "layouts/page.html",
}
EDITOR: dict[str, Any] = {
    "registration_warning": WARNINGS["near"],
    "vat_notes": VatNotes(
        reasons=(
            Note("Export without VAT, because the goods leave the country. Keep the customs declaration.", (1, 2)),
        ),
        warnings=(Note("You chose to charge VAT, but this sale usually has none.", (2,)),),
        currency="EUR",
        wants_rate=True,
        rate=Rate(Decimal("11.7345"), "Norges Bank", TODAY),
    ),
    "form": FORM,
    "finding": Sought((OPTION,), "fj"),
    "desk": "invoices",
    "place": f"/invoices/{ID}",
    "copy_id": UUID(int=6),
    "own": OWN,
    "customer": None,
    "draft": FULL,
    "totals": TOTALS,
    "sums": sums_of(FULL, TOTALS),
    "due_on": date(2026, 12, 6),
    "found": None,
    "focus": "customer",
    "currency": "NOK",
    "currencies": CURRENCY_CHOICES,
    "treatments": [TreatmentChoice("standard", Decimal(25)), TreatmentChoice("zero", Decimal(0))],
    "units": [("HUR", "time"), ("C62", "stykk")],
    "advice": [Refusal("company.bank_account_missing", "company.bank_account")],
    "remarks": [EINVOICE.findings[0]],
    "before": "",
    "customer_id": CUSTOMER.id,
    "files": (ENCLOSED,),
    "file_errors": (),
    "saved_at": NOW,
    "heading": "Heading",
    "explanation": "/invoices/1/explanation",
    "charge_text": "Frakt",
}
# A customer is being made in the editor, and something about it is wrong.
NEWCOMER: dict[str, Any] = {
    **EDITOR,
    "form": replace(
        EDITOR["form"],
        newcomer=Form(
            {"new_customer": str(ID), "kind": "business", "name": "Nordlys", "email": "x", "country": "NO"},
            {"email": [Refusal("email.malformed", "email")]},
        ),
    ),
    "customer": None,
    "countries": [("NO", "Norge"), ("SE", "Sverige")],
    "finds_companies": True,
    "fetched": None,
}
ROW: dict[str, Any] = {
    "id": ID,
    "number": "1042",
    "customer_id": CUSTOMER.id,
    "customer_name": BUYER.name,
    "currency": "NOK",
    "gross": ISSUED.totals.gross,
    "open_amount": Decimal(500),
    "paid_amount": Decimal(1500),
    "credited_amount": Decimal(0),
    "kind": "invoice",
    "due_on": date(2026, 11, 10),
    "delivery_state": "failed",
    "changed_at": NOW,
    "restricted_at": NOW,
    "review_on": NOW.date(),
}
MESSAGE = MessageView(UUID(int=7), "faktura@fjordbygg.example", "failed", 3, "address_refused: 550", NOW, None)
PAYMENTS = [
    PaymentView(UUID(int=8), TODAY, Decimal(1500), Decimal(100), "NOK", "Vipps", None, False),
    PaymentView(UUID(int=9), TODAY, Decimal(-5), Decimal(0), "NOK", "", UUID(int=8), False),
]
INVOICE: dict[str, Any] = {
    "own": OWN,
    "row": ROW,
    "document": ISSUED,
    "totals": ISSUED.totals,
    "state": "overdue",
    "payments": PAYMENTS,
    "gains": {PAYMENTS[0].id: Gain(Decimal(-375), Rate(Decimal("11.2"), "Norges Bank", TODAY))},
    "credit_notes": [NoteView(UUID(int=12), "1043", TODAY, Decimal(250))],
    "original": None,
    "credit": Decimal(100),
    "can_credit": True,
    "can_issue": True,
    "credit_form": Form({"amount": "100"}),
    "entry_id": UUID(int=13),
    "steps": [Step("send", "Sendt", NOW, tone="paid"), Step("pencil", "Skrevet", NOW, "Kari")],
    "messages": [MESSAGE],
    "fresh": False,
    "einvoice": EINVOICE,
    "remarks": [EINVOICE.findings[0]],
    "einvoice_fresh": False,
    "transmission": {"state": "fell_back", "recipient": "0192:974760673", "problem": "network_refused: 422 no"},
    "can_transmit": True,
    "has_einvoice": True,
    "today": TODAY,
    "link": "/i/token",
    "logo": "/company/logo",
    "copy_id": UUID(int=6),
    "payment_id": UUID(int=10),
    "reversal_id": UUID(int=11),
    "kept_until": date(2031, 12, 31),
    "customer": CUSTOMER,
    "payment_form": Form({"amount": "500", "paid_on": "22.11.2026"}),
    "delivery_form": Form({"recipient": "a@b.no"}),
    "faults": [Refusal("customer.missing", "customer")],
    "token": "token",
    "quote": (ID, 7),
    "code": None,
    "currency": "NOK",
    "explanation": "/invoices/1/explanation",
    "charge_text": "Frakt",
}
_ROWS = [
    InvoiceRow(
        UUID(int=n),
        state,
        str(n) if state != "draft" else None,
        "Nordlys",
        TODAY,
        TODAY - timedelta(n),
        Decimal(100 * n),
        Decimal(50),
        Decimal(50 * n - 50),
        currency,
        delivery,
        NOW,
    )
    for n, state, currency, delivery in (
        (1, "open", "NOK", "failed"),
        (2, "paid", "EUR", "sent"),
        (3, "draft", "NOK", "none"),
    )
]
FILTERS = Filters("open", "nord", CUSTOMER.id, TODAY, None, True)
LIST: dict[str, Any] = {
    "found": InvoiceList(
        _ROWS,
        "next",
        {"": 5, "draft": 1, "open": 1, "overdue": 1, "paid": 1, "credited": 1, "note": 1},
        [Sum("open", "NOK", 2, Decimal(300))],
        TODAY,
        "Europe/Oslo",
        "Nordlys",
    ),
    "filters": FILTERS,
    "address": Address(FILTERS),
}
_PAYMENT = PaymentRow(
    UUID(int=8),
    ID,
    "1042",
    CUSTOMER.id,
    "Nordlys",
    TODAY,
    Decimal(500),
    Decimal(0),
    "NOK",
    "Vipps",
    False,
    False,
    NOW,
)
PAYMENT_LIST: dict[str, Any] = {
    "found": PaymentList(
        [_PAYMENT, replace(_PAYMENT, is_reversal=True), replace(_PAYMENT, is_reversed=True)], "next", "Europe/Oslo"
    ),
    "reversal_id": UUID(int=11),
    "kept_until": date(2031, 12, 31),
}
SEARCH: dict[str, Any] = {
    "query": "nord",
    "actions": [("Ny faktura", "/invoices/new")],
    "found": Everything(
        [
            FoundInvoice(ID, "1042", "open", "Nordlys", TODAY, Decimal(100), "NOK"),
            FoundInvoice(ID, None, "draft", "", None, Decimal(0), "NOK"),
        ],
        [(UUID(int=3), "Nordlys", "Bergen")],
        [(UUID(int=4), "Rådgivning")],
        [FoundDocument(ID, "7", "sent", "Nordlys", TODAY, Decimal(100), "NOK")],
        [FoundDocument(ID, "", "draft", "", None, Decimal(0), "NOK")],
        [FoundDocument(ID, "F-12", "open", "Strøm AS", TODAY, None, "EUR")],
    ),
}
_MONTHS = [Month(date(2026, n, 1), Decimal(n), Decimal(n)) for n in range(1, 13)]
_AGES = [(bucket, Decimal(10)) for bucket in ("not_due", "1-30", "31-60", "61-90", "90+")]
HOME: dict[str, Any] = {
    "home": Home(
        TODAY,
        "Europe/Oslo",
        "NOK",
        False,
        True,
        2,
        40,
        1,
        [Due("EUR", 1, Decimal(5), TODAY), Due("NOK", 3, Decimal(900), TODAY)],
        Decimal(50),
        _AGES,
        _MONTHS,
        accepted_quotes=("1", "2"),
        undelivered_quotes=("1",),
        asking_plans=("1",),
        refused_einvoices=("1",),
        received=(Due("NOK", 2, Decimal(700), TODAY),),
    ),
    "hour": 9,
}
_THEIRS = SimpleNamespace(
    row=ROW, lines=[{"description": "Design", "quantity": Decimal(2), "unit_price": Decimal(1000)}], version=4
)
CONFLICT: dict[str, Any] = {
    "form": FORM,
    "data": editor_form.as_data(FORM),
    "totals": TOTALS,
    "theirs": _THEIRS,
    "their_totals": TOTALS,
    "desk": "invoices",
    "place": f"/invoices/{ID}",
    "unsaved": True,
    "saved_at": None,
}
ONE_LINE: dict[str, Any] = {"line": FORM.lines[0], "index": 0, "last": True}

QUOTE: dict[str, Any] = {
    **{name: INVOICE[name] for name in ("own", "steps", "messages", "fresh", "logo", "copy_id", "delivery_form")},
    "row": {
        **ROW, "counter": 7, "answer": None, "answered_by": "Ola", "answered_at": NOW, "valid_until": TODAY,
        "law_ends": None,
        "state": "sent",
    },
    "document": OFFER,
    "state": "sent",
    "place": f"/quotes/{ID}",
    "link": "/q/token",
    "invoices": [MadeOfIt(ID, None, "draft"), MadeOfIt(ID, "1042", "open")],
    "invoice_id": UUID(int=12),
    "problem": Refusal("quote.not_withdrawn"),
    "faults": [Refusal("quote.end_missing", "valid_until")],
    "customer": CUSTOMER,
    "form": Form({}, {"name": [Refusal("quote.name_missing", "name")]}),
}  # fmt: skip
QUOTES: dict[str, Any] = {
    "found": QuoteList(
        [
            QuoteRow(UUID(int=n), state, n or None, BUYER.name, NOW, TODAY, Decimal(n), "EUR", "failed", NOW)
            for n, state in enumerate(("draft", "sent", "accepted", "declined", "expired", "withdrawn", "invoiced"))
        ],
        "1.00000000000000000000000000000001",
        dict.fromkeys(("", "draft", "sent", "accepted", "declined", "expired", "invoiced"), 1001),
        "Europe/Oslo",
    ),
    "filters": QuoteFilters("sent", "nord"),
    "address": QuoteAddress(QuoteFilters("sent", "nord")),
}

IN_LANGUAGES: dict[str, Any] = {
    "document_place": "/i/token",
    "own_names": {"nb": "Bokmål", "en": "English", "de": "Deutsch"},
    "asked": "?language=nb",
}

PRIVACY: dict[str, Any] = {
    **IN_LANGUAGES,
    "layout": "layouts/public.html",
    "document": INVOICE["document"],
    "place": "/i/token/privacy",
    "back": "/i/token",
    "masked": "k•••@nordlys.example",
    "kept_until": TODAY,
    "is_quote": False,
    "authority": authority_of("SE"),
    "form": Form(),
    "kinds": [("access", "A copy"), ("other", "Something else")],
    "filed": None,
    "is_writing": False,
}
