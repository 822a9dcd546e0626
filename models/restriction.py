"""Restrictions (GDPR Art. 18) and objections (Art. 21): what was asked for, why, and how it ended."""

from __future__ import annotations

from piccolo.columns import UUID, Date, Text, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import CUSTOMER_RIGHT, HOLDER_RIGHT, KEY, STATE
from models.data_map import mapped

# The condition that a person said no to a purpose, or restricted the account.
NOT_WANTED = """exists (
    select from objection o where o.person_id = {person} and o.purpose = {purpose} and o.state in ('upheld', 'assessing')
) or exists (select from account_restriction r where r.person_id = {person} and r.lifted_at is null)"""


# The condition that the account which a row of `table` is about is not restricted: its holder may need the row.
ACCOUNT_FREE = """not exists (
    select from account_restriction r where r.person_id = {table}.person_id and r.lifted_at is null)"""


class Restriction(Table, tablename="restriction"):
    """Data that is only kept: of a customer, in one document, or of the whole company. At most one at a time stands for
    the same subject; a lifted one stays as what happened."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    scope = mapped(Varchar(length=8), STATE)  # domain.privacy.restriction.Scope
    customer_id = mapped(UUID(null=True, default=None), KEY)
    invoice_id = mapped(UUID(null=True, default=None), KEY)
    ground = mapped(Varchar(length=1), CUSTOMER_RIGHT)  # a | b | c | d of Art. 18(1)
    requested_by = mapped(Varchar(length=200, default=""), CUSTOMER_RIGHT)
    reason = mapped(Text(default=""), CUSTOMER_RIGHT)
    begun_at = mapped(Timestamptz(default=None), CUSTOMER_RIGHT)
    begun_by = mapped(UUID(null=True, default=None), CUSTOMER_RIGHT)
    # The day on which somebody looks whether it still has its reason.
    review_on = mapped(Date(null=True, default=None), CUSTOMER_RIGHT)
    lifted_at = mapped(Timestamptz(null=True, default=None), CUSTOMER_RIGHT)
    lifted_by = mapped(UUID(null=True, default=None), CUSTOMER_RIGHT)
    # Why it ends, as the subject is told, and how they were told: by e-mail, or the words of who told them otherwise.
    lifting_reason = mapped(Text(default=""), CUSTOMER_RIGHT)
    told = mapped(Varchar(length=300, default=""), CUSTOMER_RIGHT)


class RestrictionException(Table, tablename="restriction_exception"):
    """One thing that may be done in spite of a restriction, once, and why (Art. 18(2)). The subject sees it."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    restriction_id = mapped(UUID(default=None), KEY)
    operation = mapped(Varchar(length=12), CUSTOMER_RIGHT)
    ground = mapped(Varchar(length=10), CUSTOMER_RIGHT)
    reason = mapped(Text(), CUSTOMER_RIGHT)
    made_at = mapped(Timestamptz(default=None), CUSTOMER_RIGHT)
    made_by = mapped(UUID(null=True, default=None), CUSTOMER_RIGHT)
    used_at = mapped(Timestamptz(null=True, default=None), CUSTOMER_RIGHT)
    # The document it was used for.
    used_on = mapped(UUID(null=True, default=None), KEY)


class CustomerObjection(Table, tablename="customer_objection"):
    """What a customer does not want any more from the company (Art. 21): reminders, offers."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    customer_id = mapped(UUID(default=None), KEY)
    purpose = mapped(Varchar(length=12), CUSTOMER_RIGHT)
    reason = mapped(Text(default=""), CUSTOMER_RIGHT)
    channel = mapped(Varchar(length=12), CUSTOMER_RIGHT)  # who wrote it down: business | hosted | request
    raised_at = mapped(Timestamptz(default=None), CUSTOMER_RIGHT)
    ended_at = mapped(Timestamptz(null=True, default=None), CUSTOMER_RIGHT)


class AccountRestriction(Table, tablename="account_restriction"):
    """An account holder's data is only kept: nothing is sent that need not be, nothing is counted."""

    id = mapped(UUID(primary_key=True, default=None), KEY)
    person_id = mapped(UUID(default=None), KEY)
    ground = mapped(Varchar(length=1), HOLDER_RIGHT)
    reason = mapped(Text(default=""), HOLDER_RIGHT)
    begun_at = mapped(Timestamptz(default=None), HOLDER_RIGHT)
    lifted_at = mapped(Timestamptz(null=True, default=None), HOLDER_RIGHT)
    # Whether its holder ended it, or whoever runs the server.
    lifted_by = mapped(Varchar(length=8, default=""), HOLDER_RIGHT)


class Objection(Table, tablename="objection"):
    """An account holder's objection to one of our interests. Only the newest of a purpose counts."""

    id = mapped(UUID(primary_key=True, default=None), KEY)
    person_id = mapped(UUID(default=None), KEY)
    purpose = mapped(Varchar(length=12), HOLDER_RIGHT)  # domain.privacy.objection.Interest
    state = mapped(Varchar(length=10), HOLDER_RIGHT)  # upheld | assessing | refused | withdrawn
    source = mapped(Varchar(length=12), HOLDER_RIGHT)  # account | letter | browser | request
    reason = mapped(Text(default=""), HOLDER_RIGHT)
    raised_at = mapped(Timestamptz(default=None), HOLDER_RIGHT)
    due_on = mapped(Date(null=True, default=None), HOLDER_RIGHT)
    # What was decided of one that is weighed, with the grounds, as its holder reads it.
    decision = mapped(Text(default=""), HOLDER_RIGHT)
    decided_at = mapped(Timestamptz(null=True, default=None), HOLDER_RIGHT)
