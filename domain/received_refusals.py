"""The sentences for documents that are not taken into the inbox, added to the one table of refusals."""

from __future__ import annotations

from domain.marking import N_
from domain.refusal_texts import TEXTS

RECEIVED_TEXTS: dict[str, str] = {
    "received.nothing": N_("Choose a file first: an e-invoice (XML) or a PDF."),
    "received.too_large": N_("The file is larger than 15 MB. Ask the sender for a smaller one."),
    "received.not_a_document": N_("This is neither an e-invoice (XML) nor a PDF, so it can not be read."),
    "received.unknown_kind": N_(
        "This XML is not an invoice or credit note that we know. We read EHF, Peppol, UBL and Factur-X."
    ),
    "received.malformed": N_("The XML is damaged and can not be read. Ask the sender to send it again."),
    "received.dtd": N_(
        "The XML carries a document type definition. E-invoices have none, and it can be used for attacks, so "
        "the file was not opened."
    ),
    "received.too_deep": N_("The XML is nested deeper than any invoice, so it was not read."),
    "received.too_many": N_("The XML has more parts than any invoice, so it was not read."),
    "received.number": N_("An amount in the e-invoice is not a number. Ask the sender to send it again."),
    "received.date": N_("A date in the e-invoice is not a date. Ask the sender to send it again."),
    "received.missing": N_(
        "The e-invoice does not say its number, date, currency or the amount to pay. Ask the sender to send it again."
    ),
    "received.attachment": N_("An attachment inside the e-invoice is damaged. Ask the sender to send it again."),
    "received.pdf_broken": N_("The PDF is damaged and can not be read. Ask the sender to send it again."),
    "received.pdf_locked": N_("The PDF is locked with a password. Ask the sender for one that is not."),
    "received.too_hard": N_(
        "The file takes more time or memory to open than any invoice should, so it was not read."
    ),
    "received.no_document": N_("There was no e-invoice or PDF in this e-mail."),
    "received.unavailable": N_("The file could not be read just now. Try again in a little while."),
    "received.is_paid": N_("This document is marked as paid already."),
    "received.paid_in_the_future": N_("The day of payment is in the future. Choose today or an earlier day."),
}

TEXTS.update(RECEIVED_TEXTS)
