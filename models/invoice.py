"""Invoices and their lines, from draft to paid.

One row from draft to archive. Once `state` is no longer `draft`, a trigger refuses every change but to the columns of
settlement and delivery, and refuses DELETE: an issued document is what it was on the day it was issued.
"""

from __future__ import annotations

from decimal import Decimal

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    Boolean,
    Bytea,
    Date,
    Integer,
    Numeric,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from domain.privacy.classification import ACCOUNTING, DELIVERY, DRAFT, KEY, SECRET, STATE, VAT
from models.data_map import mapped


class Invoice(Table, tablename="invoice"):
    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    kind = mapped(Varchar(length=12, default="invoice"), ACCOUNTING)
    # An issued credit note is a "note"; an invoice that is credited in full is "credited".
    state = mapped(Varchar(length=8, default="draft"), ACCOUNTING)  # draft | open | paid | credited | note
    version = mapped(Integer(default=1), STATE)
    created_at = mapped(Timestamptz(default=None), ACCOUNTING)
    created_by = mapped(UUID(null=True, default=None), ACCOUNTING)
    changed_at = mapped(Timestamptz(default=None), STATE)
    # A deleted draft can be taken back until the retention job removes it.
    deleted_at = mapped(Timestamptz(null=True, default=None), DRAFT)
    # Which open editor saved last: its own saves follow one another, anybody else's must match the version.
    edited_in = mapped(UUID(null=True, default=None), DRAFT)
    # The order of every list: created for a draft, issued for the rest.
    listed_at = mapped(Timestamptz(default=None), STATE)
    # --- what the user writes
    customer_id = mapped(UUID(null=True, default=None), ACCOUNTING)
    customer_name = mapped(Varchar(length=200, default=""), ACCOUNTING)
    currency = mapped(Varchar(length=3, default="NOK"), ACCOUNTING)
    language = mapped(Varchar(length=5, default="nb"), ACCOUNTING)
    prices_include_vat = mapped(Boolean(default=False), VAT)
    issued_on = mapped(Date(null=True, default=None), ACCOUNTING)
    due_on = mapped(Date(null=True, default=None), ACCOUNTING)
    due_days = mapped(SmallInt(null=True, default=None), ACCOUNTING)
    delivery_from = mapped(Date(null=True, default=None), VAT)
    delivery_to = mapped(Date(null=True, default=None), VAT)
    delivery_place = mapped(Varchar(length=200, default=""), VAT)
    your_reference = mapped(Varchar(length=100, default=""), ACCOUNTING)
    our_reference = mapped(Varchar(length=100, default=""), ACCOUNTING)
    order_number = mapped(Varchar(length=100, default=""), ACCOUNTING)
    # The customer's own: BT-11, BT-12 and BT-19 of EN 16931.
    project_reference = mapped(Varchar(length=100, default=""), ACCOUNTING)
    contract_reference = mapped(Varchar(length=100, default=""), ACCOUNTING)
    accounting_reference = mapped(Varchar(length=100, default=""), ACCOUNTING)
    note = mapped(Text(default=""), ACCOUNTING)
    discount_percent = mapped(Numeric(digits=(5, 2), null=True, default=None), ACCOUNTING)
    discount_amount = mapped(Numeric(digits=(14, 2), null=True, default=None), ACCOUNTING)
    charge_percent = mapped(Numeric(digits=(5, 2), null=True, default=None), ACCOUNTING)
    charge_amount = mapped(Numeric(digits=(14, 2), null=True, default=None), ACCOUNTING)
    charge_text = mapped(Varchar(length=100, default=""), ACCOUNTING)
    # The issued invoice that a credit note takes back.
    credits_id = mapped(UUID(null=True, default=None), ACCOUNTING)
    # What one unit of the currency costs in NOK on the day of the document.
    exchange_rate = mapped(Numeric(digits=(18, 8), null=True, default=None), VAT)
    # Frozen at issue: which bank published it and for which day; "" when it was typed.
    rate_source = mapped(Varchar(length=20, default=""), VAT)
    rate_on = mapped(Date(null=True, default=None), VAT)
    # --- what the app computed; the one set of figures that every surface shows
    line_sum = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    discount = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    charge = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    net = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    vat = mapped(Numeric(digits=(14, 2), default=Decimal(0)), VAT)
    gross = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    # The same three in the terms of the typed prices, for documents whose prices include VAT.
    shown_line_sum = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    shown_discount = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    shown_charge = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    vat_groups = mapped(JSONB(default="[]"), VAT)
    # --- frozen at issue
    vat_nok = mapped(Numeric(digits=(14, 2), null=True, default=None), VAT)
    credits_number = mapped(Varchar(length=20, default=""), ACCOUNTING)
    credits_issued_on = mapped(Date(null=True, default=None), ACCOUNTING)
    number = mapped(Varchar(length=20, null=True, default=None), ACCOUNTING)
    series = mapped(Varchar(length=12, null=True, default=None), ACCOUNTING)
    series_year = mapped(SmallInt(null=True, default=None), ACCOUNTING)
    counter = mapped(BigInt(null=True, default=None), ACCOUNTING)
    kid = mapped(Varchar(length=25, default=""), ACCOUNTING)
    seller = mapped(JSONB(null=True, default=None), ACCOUNTING)
    buyer = mapped(JSONB(null=True, default=None), ACCOUNTING)
    texts = mapped(JSONB(null=True, default=None), VAT)
    bank_account = mapped(Varchar(length=34, default=""), ACCOUNTING)
    iban = mapped(Varchar(length=34, default=""), ACCOUNTING)
    bic = mapped(Varchar(length=11, default=""), ACCOUNTING)
    accent = mapped(Varchar(length=7, default=""), ACCOUNTING)
    logo_sha256 = mapped(Bytea(null=True, default=None), ACCOUNTING)
    issued_at = mapped(Timestamptz(null=True, default=None), ACCOUNTING)
    issued_by = mapped(UUID(null=True, default=None), ACCOUNTING)
    # The last day on which the law under which it was issued wants it kept. A trigger sets it.
    kept_until = mapped(Date(null=True, default=None), ACCOUNTING)
    # --- settlement and delivery: the only columns that move afterwards
    open_amount = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    paid_amount = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    credited_amount = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    delivery_state = mapped(Varchar(length=8, default="none"), DELIVERY)  # none | queued | sent | failed


class InvoiceLine(Table, tablename="invoice_line"):
    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    invoice_id = mapped(UUID(default=None), ACCOUNTING)
    position = mapped(SmallInt(), ACCOUNTING)
    product_id = mapped(UUID(null=True, default=None), ACCOUNTING)
    description = mapped(Text(default=""), ACCOUNTING)
    quantity = mapped(Numeric(digits=(14, 4), default=Decimal(1)), ACCOUNTING)
    unit = mapped(Varchar(length=3, default="C62"), ACCOUNTING)
    unit_price = mapped(Numeric(digits=(18, 4), default=Decimal(0)), ACCOUNTING)
    discount_percent = mapped(Numeric(digits=(5, 2), default=Decimal(0)), ACCOUNTING)
    vat_treatment = mapped(Varchar(length=16, default="standard"), VAT)
    vat_category = mapped(Varchar(length=2, default="S"), VAT)
    vat_rate = mapped(Numeric(digits=(5, 2), default=Decimal(0)), VAT)
    gross_price_amount = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    discount = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    net = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    net_shown = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    charge = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
    charge_text = mapped(Varchar(length=100, default=""), ACCOUNTING)
    # What a credit note's line takes back: of which line, and how much of its quantity (0: an amount off its price).
    credits_line_id = mapped(UUID(null=True, default=None), ACCOUNTING)
    credits_quantity = mapped(Numeric(digits=(14, 4), null=True, default=None), ACCOUNTING)


class InvoiceLink(Table, tablename="invoice_link"):
    """The secret address of the hosted page. The token is 256 bits; only its SHA-256 is kept."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    invoice_id = mapped(UUID(default=None), KEY)
    token_hash = mapped(Bytea(default=None), SECRET)
    created_at = mapped(Timestamptz(default=None), STATE)
    revoked_at = mapped(Timestamptz(null=True, default=None), STATE)


class InvoiceFile(Table, tablename="invoice_file"):
    """A rendered document in the file store, named by its SHA-256 and served byte-identical for ever."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    invoice_id = mapped(UUID(default=None), KEY)
    kind = mapped(Varchar(length=8), ACCOUNTING)  # pdf | xml
    sha256 = mapped(Bytea(default=None), ACCOUNTING)
    size = mapped(Integer(), ACCOUNTING)
    created_at = mapped(Timestamptz(default=None), ACCOUNTING)
