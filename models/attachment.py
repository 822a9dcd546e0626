"""A user's own files on an invoice. They come and go with their invoice as its lines do: only while it is a draft."""

from __future__ import annotations

from piccolo.columns import UUID, Bytea, Integer, SmallInt, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import ACCOUNTING, KEY
from models.data_map import mapped


class InvoiceAttachment(Table, tablename="invoice_attachment"):
    """A file in the file store by its SHA-256. Several invoices may name the same."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    invoice_id = mapped(UUID(default=None), KEY)
    position = mapped(SmallInt(), ACCOUNTING)
    name = mapped(Varchar(length=100), ACCOUNTING)
    mime = mapped(Varchar(length=80), ACCOUNTING)  # domain.attachments.ENDINGS
    sha256 = mapped(Bytea(default=None), ACCOUNTING)
    size = mapped(Integer(), ACCOUNTING)
    added_at = mapped(Timestamptz(default=None), ACCOUNTING)
