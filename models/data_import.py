"""Data that is brought into a company from a copy: the ZIP that was uploaded, and what became of it."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, Bytea, SmallInt, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import EXPORT, KEY
from models.data_map import mapped


class DataImport(Table, tablename="data_import"):
    """`problem` is a code of domain.import_refusals, with what its sentence names in `detail`."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    asked_by = mapped(UUID(null=True, default=None), EXPORT)
    state = mapped(Varchar(length=8, default="queued"), EXPORT)  # queued | reading | done | failed
    asked_at = mapped(Timestamptz(default=None), EXPORT)
    # How much is done, in percent.
    progress = mapped(SmallInt(default=0), EXPORT)
    done_at = mapped(Timestamptz(null=True, default=None), EXPORT)
    size = mapped(BigInt(), EXPORT)
    sha256 = mapped(Bytea(default=None), EXPORT)
    # Rows taken over from each file.
    counts = mapped(JSONB(default="{}"), EXPORT)
    problem = mapped(Varchar(length=40, default=""), EXPORT)
    detail = mapped(Varchar(length=200, default=""), EXPORT)
