"""Quotes: what is offered, how it was answered, and the invoices that came of it.

The content is one value, written and read as a whole (models.written): nothing ever asks for a line of a quote by
itself, no sum is made of quotes, and no VAT is owed on them. What lists and searches need stands in columns.
"""

from __future__ import annotations

from decimal import Decimal

from piccolo.columns import JSONB, UUID, BigInt, Bytea, Date, Integer, Numeric, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import DELIVERY, DRAFT, KEY, SECRET, STATE
from models.data_map import mapped


class Quote(Table, tablename="quote"):
    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    state = mapped(Varchar(length=9, default="draft"), STATE)  # domain.quotes.STATES
    version = mapped(Integer(default=1), STATE)
    created_at = mapped(Timestamptz(default=None), STATE)
    created_by = mapped(UUID(null=True, default=None), DRAFT)
    changed_at = mapped(Timestamptz(default=None), STATE)
    deleted_at = mapped(Timestamptz(null=True, default=None), STATE)
    edited_in = mapped(UUID(null=True, default=None), STATE)
    # The order of the list: created for a draft, sent for the rest.
    listed_at = mapped(Timestamptz(default=None), STATE)
    customer_id = mapped(UUID(null=True, default=None), DRAFT)
    customer_name = mapped(Varchar(length=200, default=""), DRAFT)
    currency = mapped(Varchar(length=3, default="NOK"), DRAFT)
    gross = mapped(Numeric(digits=(14, 2), default=Decimal(0)), DRAFT)
    valid_until = mapped(Date(null=True, default=None), DRAFT)
    # domain.draft.Draft with its domain.totals.Totals, as the editor saved them.
    content = mapped(JSONB(default="{}"), DRAFT)
    # --- from sending on
    counter = mapped(BigInt(null=True, default=None), STATE)
    # domain.invoice.Issued: what the customer was offered.
    document = mapped(JSONB(null=True, default=None), DRAFT)
    accent = mapped(Varchar(length=7, default=""), STATE)
    logo_sha256 = mapped(Bytea(null=True, default=None), STATE)
    token_hash = mapped(Bytea(null=True, default=None), SECRET)
    sent_at = mapped(Timestamptz(null=True, default=None), STATE)
    sent_by = mapped(UUID(null=True, default=None), DRAFT)
    delivery_state = mapped(Varchar(length=8, default="none"), DELIVERY)
    pdf_sha256 = mapped(Bytea(null=True, default=None), STATE)
    pdf_size = mapped(Integer(null=True, default=None), STATE)
    # --- the customer's answer, given once
    answer = mapped(Varchar(length=8, null=True, default=None), DRAFT)  # accepted | declined
    answered_by = mapped(Varchar(length=100, default=""), DRAFT)
    answered_at = mapped(Timestamptz(null=True, default=None), DRAFT)


class QuoteInvoice(Table, tablename="quote_invoice"):
    """An invoice that was made of a quote, its draft included."""

    organisation_id = mapped(UUID(default=None), KEY)
    quote_id = mapped(UUID(primary_key=True, default=None), KEY)
    invoice_id = mapped(UUID(default=None), KEY)
    created_at = mapped(Timestamptz(default=None), STATE)
