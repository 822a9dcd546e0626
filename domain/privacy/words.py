"""The data map in words. What has no entry is shown by its name with spaces, so nothing is left out."""

from __future__ import annotations

from domain.marking import N_
from domain.privacy.classification import Basis, Category, Erase, Export, Purpose
from domain.privacy.register import Subject

CATEGORIES: dict[Category, str] = {
    Category.ACCOUNT: N_("Account information"),
    Category.BUSINESS: N_("Company information"),
    Category.CUSTOMER: N_("Customers"),
    Category.INVOICE: N_("Invoice data"),
    Category.USAGE: N_("Technical data"),
    Category.SECRET: N_("Secrets, kept only as hashes"),
    Category.TECHNICAL: N_("Keys and states, which say nothing of a person by themselves"),
}
SUBJECTS: dict[Subject, str] = {
    Subject.HOLDER: N_("Account holders and members of companies"),
    Subject.CUSTOMER: N_("Customers and contact persons on invoices"),
    Subject.VISITOR: N_("Visitors who said yes to it"),
}
PURPOSES: dict[Purpose, str] = {
    Purpose.SERVICE: N_("Provide invoicing services"),
    Purpose.VAT: N_("Calculate VAT correctly"),
    Purpose.ACCOUNTING: N_("Comply with accounting and tax regulations"),
    Purpose.EMAIL: N_("Send invoices by e-mail"),
    Purpose.SECURITY: N_("Maintain secure system operations"),
    Purpose.IMPROVEMENT: N_("Improve platform functionality"),
}
BASES: dict[Basis, str] = {
    Basis.CONTRACT: N_("Contract, GDPR Art. 6(1)(b)"),
    Basis.LAW: N_("Legal obligation, GDPR Art. 6(1)(c)"),
    Basis.INTEREST: N_("Legitimate interest, GDPR Art. 6(1)(f)"),
    Basis.CONSENT: N_("Consent, GDPR Art. 6(1)(a)"),
}
ERASURES: dict[Erase, str] = {
    Erase.DELETE: N_("Deleted"),
    Erase.PSEUDONYMISE: N_("Replaced by a pseudonym"),
    Erase.HOLD: N_("Kept, restricted, until the accounting law lets it go"),
    Erase.KEEP: N_("Kept: it names nobody"),
}
EXPORTS: dict[Export, str] = {
    Export.YES: N_("In your copy of the data"),
    Export.MASKED: N_("In your copy of the data, masked"),
    Export.NO: N_("Not in your copy: a secret, or made from data that is"),
}
TABLES: dict[str, str] = {
    "person": N_("Accounts"),
    "session": N_("Signed-in browsers"),
    "account_token": N_("Mailed links"),
    "account_message": N_("Letters about accounts"),
    "security_event": N_("Security log"),
    "attempt": N_("Counts of tries"),
    "acknowledgement": N_("Texts read and accepted"),
    "data_export": N_("Copies of data"),
    "rights_request": N_("Requests about personal data to us"),
    "customer_request": N_("Requests about personal data to companies"),
    "customer_pass": N_("Codes to the privacy page of an invoice or quote"),
    "consent_event": N_("Answers about cookies"),
    "consent_head": N_("Head of the answers about cookies"),
    "consent_text": N_("What was asked about cookies"),
    "visit_count": N_("Counts of visits"),
    "erasure": N_("Deletions of accounts and companies"),
    "erasure_step": N_("Steps of deletions"),
    "agreement": N_("Signed agreements"),
    "organisation": N_("Companies"),
    "membership": N_("Members"),
    "invitation": N_("Invitations to companies"),
    "number_series": N_("Series of numbers"),
    "customer": N_("Customers"),
    "customer_credit": N_("Customers' credit"),
    "correction": N_("Corrections, with the values before"),
    "account_correction": N_("Corrections of accounts"),
    "customer_copy": N_("Copies of data for customers"),
    "product": N_("Products"),
    "invoice": N_("Invoices"),
    "invoice_line": N_("Lines of invoices"),
    "invoice_link": N_("Addresses of hosted invoices"),
    "invoice_file": N_("Files of invoices"),
    "invoice_attachment": N_("Own files on invoices"),
    "legal_hold": N_("Orders to keep"),
    "einvoice": N_("E-invoices and what was said of them"),
    "transmission": N_("E-invoices on their way"),
    "payment": N_("Payments"),
    "message": N_("E-mails with invoices"),
    "quote": N_("Quotes"),
    "quote_invoice": N_("Which invoices came of a quote"),
    "plan": N_("Recurring invoices"),
    "plan_run": N_("Runs of recurring invoices"),
    "data_import": N_("Copies that were brought in"),
    "supplier_document": N_("Received invoices"),
    "supplier_file": N_("Files of received invoices"),
    "state_sum": N_("Sums by state"),
    "due_sum": N_("Sums by due date"),
    "month_sum": N_("Sums by month"),
    "vat_sum": N_("VAT sums by term"),
    "search_word": N_("Search index"),
    "restriction": N_("Restrictions of processing"),
    "restriction_exception": N_("Exceptions from restrictions"),
    "customer_objection": N_("Customers' objections"),
    "account_restriction": N_("Restrictions of accounts"),
    "objection": N_("Objections"),
    "audit_event": N_("Audit trail"),
    "audit_head": N_("Head of the audit trail"),
    "exchange_rate": N_("Exchange rates"),
    "breach_entry": N_("Register of breaches"),
    "breach_alert": N_("Reminders of breaches that went out"),
    "notice": N_("Notices to companies"),
    "company_notice": N_("Which company received which notice"),
    "processor_change": N_("Log of processors"),
}
COLUMNS: dict[str, str] = {
    "name": N_("name"),
    "email": N_("e-mail address"),
    "language": N_("language"),
    "role": N_("role"),
    "organisation_number": N_("organisation number"),
    "vat_number": N_("VAT number"),
    "vat_registered": N_("whether registered for VAT"),
    "address_line1": N_("address"),
    "postcode": N_("postcode"),
    "city": N_("city"),
    "country": N_("country"),
    "phone": N_("phone number"),
    "bank_account": N_("bank account"),
    "iban": N_("IBAN"),
    "bic": N_("BIC"),
    "currency": N_("currency"),
    "due_days": N_("days until payment"),
    "reference": N_("reference"),
    "notes": N_("notes"),
    "note": N_("note"),
    "recipient": N_("address an e-mail went to"),
    "customer_name": N_("customer's name"),
    "number": N_("invoice number"),
    "kid": N_("KID"),
    "issued_on": N_("date of issue"),
    "due_on": N_("due date"),
    "description": N_("what was sold"),
    "quantity": N_("quantity"),
    "unit_price": N_("price"),
    "net": N_("amount without VAT"),
    "vat": N_("VAT"),
    "gross": N_("amount with VAT"),
    "vat_rate": N_("VAT rate"),
    "seller": N_("seller as printed"),
    "buyer": N_("buyer as printed"),
    "amount": N_("amount"),
    "paid_on": N_("date of payment"),
    "ip_prefix": N_("network (the first part of the IP address)"),
    "browser": N_("kind of browser and system"),
    "last_seen_at": N_("last use"),
    "password_hash": N_("hash of the password"),
    "old_value": N_("what stood there before"),
    "new_value": N_("what stands there since"),
}


def table_words(table: str) -> str:
    """A msgid, or the plain name."""
    return TABLES.get(table, table.replace("_", " "))


# Data that lies with the visitor, and so in no column.
COLUMNS.update(
    {"date of the last visit": N_("date of the last visit"), "page that was opened": N_("page that was opened")}
)


def column_words(column: str) -> str:
    """A msgid, or the plain name."""
    return COLUMNS.get(column, column.replace("_", " "))
