"""Who changed what, when: append-only and hash-chained for each company, without any personal data.

A trigger gives each event its sequence number and its hash over the event before it.
"""

from __future__ import annotations

from piccolo.columns import UUID, Array, BigInt, Bytea, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import AUDIT
from models.data_map import mapped


class AuditEvent(Table, tablename="audit_event"):
    """`fields` are names of columns, never values; `person_id` is a random id that outlives the person's data."""

    organisation_id = mapped(UUID(default=None), AUDIT)
    seq = mapped(BigInt(primary_key=True, default=None), AUDIT)
    at = mapped(Timestamptz(default=None), AUDIT)
    person_id = mapped(UUID(null=True, default=None), AUDIT)
    action = mapped(Varchar(length=40), AUDIT)
    subject_kind = mapped(Varchar(length=20), AUDIT)
    subject_id = mapped(UUID(default=None), AUDIT)
    fields = mapped(Array(base_column=Varchar(length=40)), AUDIT)
    hash = mapped(Bytea(default=None), AUDIT)


class AuditHead(Table, tablename="audit_head"):
    """The newest link of each company's chain: the row that concurrent writers queue for."""

    organisation_id = mapped(UUID(primary_key=True, default=None), AUDIT)
    seq = mapped(BigInt(default=0), AUDIT)
    hash = mapped(Bytea(default=None), AUDIT)
