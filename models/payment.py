"""What settles invoices: money in and out, credit notes, and the use of credit. Append-only: a mistake is undone by a
counter-entry."""

from __future__ import annotations

from piccolo.columns import UUID, Date, Numeric, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import ACCOUNTING, KEY
from models.data_map import mapped


class Payment(Table, tablename="payment"):
    """`amount` = `to_invoice`, which settles the invoice, + `to_credit`, which the customer has to their credit.

    By kind: a `payment` came in; a `refund` (below zero) went out of the customer's credit and has no invoice;
    `credit_used` (amount 0) moves credit to an invoice; a `credit_note` is no money: it settles what is open of the
    invoice that it takes back, and the rest becomes credit. A reversal names the entry it undoes and has its amount
    with the opposite sign.
    """

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    kind = mapped(Varchar(length=12, default="payment"), ACCOUNTING)
    invoice_id = mapped(UUID(null=True, default=None), ACCOUNTING)
    credit_note_id = mapped(UUID(null=True, default=None), ACCOUNTING)
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
