"""What became of an issued invoice as an e-invoice. The document itself is an `invoice_file` of the kind `ehf`."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Boolean, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import ACCOUNTING, KEY, STATE
from models.data_map import mapped


class EInvoice(Table, tablename="einvoice"):
    """One row for an invoice that was issued since e-invoices are made. `to_business` and `reference` are kept as they
    were that day: the document is made from them and from the frozen invoice, whenever that is."""

    organisation_id = mapped(UUID(default=None), KEY)
    invoice_id = mapped(UUID(primary_key=True, default=None), KEY)
    state = mapped(Varchar(length=8, default="queued"), STATE)  # queued | made | refused
    to_business = mapped(Boolean(default=True), ACCOUNTING)
    reference = mapped(Varchar(length=100, default=""), ACCOUNTING)
    # EHF, or only EN 16931 because of the findings. None while it is not made.
    is_peppol = mapped(Boolean(null=True, default=None), STATE)
    findings = mapped(JSONB(default="[]"), STATE)
    # Why it waits: a word of domain.einvoice.findings.Verdict.unjudged.
    problem = mapped(Varchar(length=20, default=""), STATE)
    queued_at = mapped(Timestamptz(default=None), STATE)
    done_at = mapped(Timestamptz(null=True, default=None), STATE)
