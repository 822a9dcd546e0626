"""What was corrected, with the value that stood there before (GDPR Art. 16). The audit trail holds no values, so that it
survives every deletion; these rows go with whom they are about."""

from __future__ import annotations

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from domain.privacy.classification import CORRECTION, KEY, OWN_CORRECTION
from models.data_map import mapped


class Correction(Table, tablename="correction"):
    """One value of a customer or of the company itself that was changed, never rewritten. Read by owners and
    administrators, and by the customer in the copy of their data."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    # None: the company's own profile.
    customer_id = mapped(UUID(null=True, default=None), KEY)
    field = mapped(Varchar(length=40), CORRECTION)  # the column's name
    old_value = mapped(Text(default=""), CORRECTION)
    new_value = mapped(Text(default=""), CORRECTION)
    corrected_by = mapped(UUID(null=True, default=None), CORRECTION)
    # The customer's request that was accepted with it; "" when nobody asked.
    reference = mapped(Varchar(length=40, default=""), CORRECTION)
    corrected_at = mapped(Timestamptz(default=None), CORRECTION)


class AccountCorrection(Table, tablename="account_correction"):
    """One value of a person's own account that they changed; read by nobody else, and by no company of theirs."""

    id = mapped(UUID(primary_key=True, default=None), KEY)
    person_id = mapped(UUID(default=None, index=True), OWN_CORRECTION)
    field = mapped(Varchar(length=40), OWN_CORRECTION)
    old_value = mapped(Text(default=""), OWN_CORRECTION)
    new_value = mapped(Text(default=""), OWN_CORRECTION)
    corrected_at = mapped(Timestamptz(default=None, index=True, index_method=IndexMethod.btree), OWN_CORRECTION)
