"""Money that came in. Append-only: a mistake is undone by a counter-entry."""

from __future__ import annotations

from piccolo.columns import UUID, Date, Numeric, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import ACCOUNTING, KEY
from models.data_map import mapped


class Payment(Table, tablename="payment"):
    """`amount` came in; `to_invoice` of it settles the invoice and `to_credit` is owed to the customer.

    A reversal has the same amounts with the opposite sign and names the payment it undoes.
    """

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    invoice_id = mapped(UUID(default=None), ACCOUNTING)
    customer_id = mapped(UUID(default=None), ACCOUNTING)
    paid_on = mapped(Date(default=None), ACCOUNTING)
    amount = mapped(Numeric(digits=(14, 2)), ACCOUNTING)
    to_invoice = mapped(Numeric(digits=(14, 2)), ACCOUNTING)
    to_credit = mapped(Numeric(digits=(14, 2)), ACCOUNTING)
    currency = mapped(Varchar(length=3), ACCOUNTING)
    reverses_id = mapped(UUID(null=True, default=None), ACCOUNTING)
    note = mapped(Varchar(length=200, default=""), ACCOUNTING)
    recorded_at = mapped(Timestamptz(default=None), ACCOUNTING)
    recorded_by = mapped(UUID(null=True, default=None), ACCOUNTING)
