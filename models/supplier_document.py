"""What suppliers sent: invoices and credit notes in the inbox, and the files that came with them. Not bookkeeping."""

from __future__ import annotations

from decimal import Decimal

from piccolo.columns import JSONB, UUID, Boolean, Bytea, Date, Integer, Numeric, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import ACCOUNTING, DELIVERY, KEY, STATE
from models.data_map import mapped


class SupplierDocument(Table, tablename="supplier_document"):
    """`document` is what the e-invoice says, as read on the day it came; without one, the fields are typed in."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    version = mapped(Integer(default=1), STATE)
    kind = mapped(Varchar(length=8), ACCOUNTING)  # ubl | cii | facturx | pdf | unread
    source = mapped(Varchar(length=8), ACCOUNTING)  # upload | email
    # Why a file that came by e-mail could not be read: a code of domain.received_refusals.
    problem = mapped(Varchar(length=20, default=""), STATE)
    state = mapped(Varchar(length=8, default="open"), ACCOUNTING)  # open | paid
    is_credit_note = mapped(Boolean(default=False), ACCOUNTING)
    seller_name = mapped(Varchar(length=200, default=""), ACCOUNTING)
    # By what documents of one seller are known: its number, or its folded name.
    seller_key = mapped(Varchar(length=100, default=""), ACCOUNTING)
    number = mapped(Varchar(length=100, default=""), ACCOUNTING)
    issued_on = mapped(Date(null=True, default=None), ACCOUNTING)
    due_on = mapped(Date(null=True, default=None), ACCOUNTING)
    currency = mapped(Varchar(length=3, default="NOK"), ACCOUNTING)
    # What is to be paid; None until somebody types it in.
    amount = mapped(Numeric(digits=(18, 3), null=True, default=Decimal(0)), ACCOUNTING)
    document = mapped(JSONB(null=True, default=None), ACCOUNTING)
    # What the rules say: waiting | valid | invalid | unavailable | none, and each broken rule.
    check_state = mapped(Varchar(length=12, default="none"), STATE)
    findings = mapped(JSONB(default="[]"), STATE)
    paid_on = mapped(Date(null=True, default=None), ACCOUNTING)
    note = mapped(Text(default=""), ACCOUNTING)
    sender = mapped(Varchar(length=254, default=""), DELIVERY)
    received_at = mapped(Timestamptz(default=None), ACCOUNTING)
    received_by = mapped(UUID(null=True, default=None), ACCOUNTING)
    changed_at = mapped(Timestamptz(default=None), STATE)
    # Taken out of the inbox; it can be put back until the retention job removes it.
    deleted_at = mapped(Timestamptz(null=True, default=None), STATE)


class SupplierFile(Table, tablename="supplier_file"):
    """A file in the file store by its SHA-256: the original as it came, or what lay inside it."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    document_id = mapped(UUID(default=None), KEY)
    kind = mapped(Varchar(length=10), ACCOUNTING)  # original | xml | attachment
    position = mapped(SmallInt(default=0), ACCOUNTING)
    name = mapped(Varchar(length=200, default=""), ACCOUNTING)
    mime = mapped(Varchar(length=100, default=""), ACCOUNTING)
    sha256 = mapped(Bytea(default=None), ACCOUNTING)
    size = mapped(Integer(), ACCOUNTING)
