"""E-invoices on their way through an access point."""

from __future__ import annotations

from piccolo.columns import UUID, SmallInt, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import DELIVERY, KEY
from models.data_map import mapped


class Transmission(Table, tablename="transmission"):
    """`id` is also the idempotency key: every try carries it, so the access point takes the document once.

    queued: not accepted yet · handed_over: the access point has it · delivered: the receiver's has it · refused: one of
    them did not want it · fell_back: refused, and an e-mail was queued instead.
    """

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    invoice_id = mapped(UUID(default=None), KEY)
    recipient = mapped(Varchar(length=60), DELIVERY)  # scheme:number on the network
    state = mapped(Varchar(length=12, default="queued"), DELIVERY)
    attempts = mapped(SmallInt(default=0), DELIVERY)
    problem = mapped(Varchar(length=300, null=True, default=None), DELIVERY)
    # The access point's own name for it.
    remote_id = mapped(Varchar(length=200, default=""), DELIVERY)
    queued_at = mapped(Timestamptz(default=None), DELIVERY)
    handed_over_at = mapped(Timestamptz(null=True, default=None), DELIVERY)
    done_at = mapped(Timestamptz(null=True, default=None), DELIVERY)
