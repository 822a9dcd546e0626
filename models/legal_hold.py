"""Orders to keep: what a company may not let go of although its time is over, as in a dispute."""

from __future__ import annotations

from piccolo.columns import UUID, Date, Text, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import ACCOUNTING, KEY, STATE
from models.data_map import mapped


class LegalHold(Table, tablename="legal_hold"):
    """On one invoice, on all of a customer, or on all that was issued in a period. It ends by its day or is lifted; the
    row stays as what happened."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    scope = mapped(Varchar(length=8), STATE)  # domain.privacy.holds.SCOPES
    invoice_id = mapped(UUID(null=True, default=None), KEY)
    customer_id = mapped(UUID(null=True, default=None), KEY)
    # The period, both days included.
    from_day = mapped(Date(null=True, default=None), ACCOUNTING)
    to_day = mapped(Date(null=True, default=None), ACCOUNTING)
    # On which ground: a statute, a case number.
    basis = mapped(Varchar(length=200), ACCOUNTING)
    reason = mapped(Text(default=""), ACCOUNTING)
    # Its last day; None until it is lifted.
    until = mapped(Date(null=True, default=None), ACCOUNTING)
    made_at = mapped(Timestamptz(default=None), ACCOUNTING)
    made_by = mapped(UUID(null=True, default=None), ACCOUNTING)
    lifted_at = mapped(Timestamptz(null=True, default=None), ACCOUNTING)
    lifted_by = mapped(UUID(null=True, default=None), ACCOUNTING)
