"""What visitors said yes and no to, kept as proof (GDPR Art. 7(1)), and the counts of those who said yes.

The proof is append-only and hash-chained like the audit trail, one chain for the installation. No address of anybody's
machine is in it; `consent_id` is random, and `person_id` outlives the person's data as a number that names nobody.
"""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Date, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import COUNTS, PROOF, PROOF_KEY
from models.data_map import mapped


class ConsentEvent(Table, tablename="consent_event"):
    """One answer. A trigger gives it its place in the chain, and its hash over the one before it."""

    seq = mapped(BigInt(primary_key=True, default=None), PROOF_KEY)
    at = mapped(Timestamptz(default=None), PROOF)
    # None: the note of a day on which the signal of a browser was heard.
    consent_id = mapped(Varchar(length=32, null=True, default=None, index=True), PROOF)
    person_id = mapped(UUID(null=True, default=None, index=True), PROOF)
    action = mapped(Varchar(length=10), PROOF)  # accept_all | reject_all | save | withdraw | gpc | expire
    surface = mapped(Varchar(length=8), PROOF)  # banner | settings | sign_in | signal
    revision = mapped(Integer(default=None), PROOF)
    answers_before = mapped(Varchar(length=300), PROOF)
    answers_after = mapped(Varchar(length=300), PROOF)
    shown = mapped(Bytea(null=True, default=None), PROOF)
    browser = mapped(Varchar(length=60), PROOF)
    path = mapped(Varchar(length=200), PROOF)
    hash = mapped(Bytea(default=None), PROOF_KEY)


class ConsentHead(Table, tablename="consent_head"):
    """The newest link of the chain, and the last one that was let go after its time: where the chain now begins."""

    id = mapped(SmallInt(primary_key=True, default=None), PROOF_KEY)
    seq = mapped(BigInt(default=0), PROOF_KEY)
    hash = mapped(Bytea(default=None), PROOF_KEY)
    base_seq = mapped(BigInt(default=0), PROOF_KEY)
    base_hash = mapped(Bytea(default=None), PROOF_KEY)
    base_at = mapped(Timestamptz(null=True, default=None), PROOF_KEY)


class ConsentText(Table, tablename="consent_text"):
    """What was asked, as it was shown: HTML by its SHA-256."""

    sha256 = mapped(Bytea(primary_key=True, default=None), PROOF_KEY)
    language = mapped(Varchar(length=5), PROOF_KEY)
    html = mapped(Text(default=None), PROOF_KEY)
    first_used_at = mapped(Timestamptz(default=None), PROOF_KEY)


class VisitCount(Table, tablename="visit_count"):
    """How often a page was opened on a day by those who said yes: sums, without anybody in them."""

    day = mapped(Date(primary_key=True, default=None), COUNTS)
    # The route's template, such as /invoices/{invoice_id}: never an id.
    page = mapped(Varchar(length=120), COUNTS)
    # new | back: the first page of a visit; more: a further page of the same day
    visit = mapped(Varchar(length=4), COUNTS)
    views = mapped(BigInt(default=0), COUNTS)
