"""E-mails about invoices and what became of them."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, SmallInt, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import DELIVERY, KEY, STATE
from models.data_map import mapped


class Message(Table, tablename="message"):
    """`sent` only after the mail server has accepted it.

    The Message-ID is made once, so that a retry can be recognised.
    """

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    # What it is about: an invoice, a quote, a plan of recurring invoices, or a restriction that ends.
    invoice_id = mapped(UUID(null=True, default=None), KEY)
    quote_id = mapped(UUID(null=True, default=None), KEY)
    plan_id = mapped(UUID(null=True, default=None), KEY)
    restriction_id = mapped(UUID(null=True, default=None), KEY)
    kind = mapped(Varchar(length=12, default="invoice"), STATE)  # what the letter says: see tasks.handlers
    recipient = mapped(Varchar(length=254), DELIVERY)
    message_id = mapped(Varchar(length=200), DELIVERY)
    state = mapped(Varchar(length=8, default="queued"), DELIVERY)  # queued | sent | failed
    attempts = mapped(SmallInt(default=0), DELIVERY)
    problem = mapped(Varchar(length=300, null=True, default=None), DELIVERY)
    queued_at = mapped(Timestamptz(default=None), DELIVERY)
    # Set just before the server is called: a crash after it may have sent the message once already.
    tried_at = mapped(Timestamptz(null=True, default=None), DELIVERY)
    sent_at = mapped(Timestamptz(null=True, default=None), DELIVERY)
    # A try ended without our hearing how: the customer may have got the message twice, with one Message-ID.
    maybe_twice = mapped(Boolean(default=False), DELIVERY)
