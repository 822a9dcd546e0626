"""Deletions of accounts, companies and customers' data: asked for, waiting, carried out step by step, certified.

The rows name nobody: ids, states and counts. They outlive the deletion, so that a certificate can be checked and the
nights know of the companies that are closed.
"""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, Integer, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import AUDIT
from models.data_map import mapped


class Erasure(Table, tablename="erasure"):
    """`company_id` is None for an account; `with_id` names the account's deletion that a company is closed with."""

    id = mapped(UUID(primary_key=True, default=None), AUDIT)
    kind = mapped(Varchar(length=8), AUDIT)  # account | company | customer
    # The account that goes, or who asked. For an account it is kept under its pseudonym.
    person_id = mapped(UUID(null=True, default=None, index=True), AUDIT)
    company_id = mapped(UUID(null=True, default=None, index=True), AUDIT)
    customer_id = mapped(UUID(null=True, default=None), AUDIT)
    with_id = mapped(UUID(null=True, default=None), AUDIT)
    state = mapped(Varchar(length=9, default="waiting"), AUDIT)  # waiting | cancelled | running | done
    asked_at = mapped(Timestamptz(default=None), AUDIT)
    # The end of the days in which one can change one's mind.
    due_at = mapped(Timestamptz(default=None), AUDIT)
    done_at = mapped(Timestamptz(null=True, default=None), AUDIT)
    # SHA-256 of what the plan counted when it was confirmed; None when it is done, and while it is repeated after a
    # restore: nobody confirmed that, and nobody is told of it again.
    fingerprint = mapped(Bytea(null=True, default=None), AUDIT)
    # What was deleted and what is kept until when, as the certificate says it.
    certificate = mapped(JSONB(null=True, default=None), AUDIT)


class ErasureStep(Table, tablename="erasure_step"):
    """One step of a deletion with what it dealt with; counted in the transactions that did it, so a crash counts
    nothing twice. In the database the key is (erasure_id, name)."""

    erasure_id = mapped(UUID(primary_key=True, default=None), AUDIT)
    name = mapped(Varchar(length=40), AUDIT)
    rows = mapped(Integer(default=0), AUDIT)
    done_at = mapped(Timestamptz(null=True, default=None), AUDIT)
