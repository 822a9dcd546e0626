"""Copies of data that people asked for. The file lies in the file store for at most three days."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, Bytea, SmallInt, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import EXPORT, KEY, SECRET
from models.data_map import mapped


class DataExport(Table, tablename="data_export"):
    """`company_id` is None for a copy of the account alone. The row outlives its file: it shows that it was made."""

    id = mapped(UUID(primary_key=True, default=None), KEY)
    person_id = mapped(UUID(default=None, index=True), EXPORT)
    company_id = mapped(UUID(null=True, default=None), EXPORT)
    state = mapped(Varchar(length=8, default="queued"), EXPORT)  # queued | making | ready | failed | gone
    asked_at = mapped(Timestamptz(default=None), EXPORT)
    # How much is done, in percent.
    progress = mapped(SmallInt(default=0), EXPORT)
    ready_at = mapped(Timestamptz(null=True, default=None), EXPORT)
    expires_at = mapped(Timestamptz(null=True, default=None, index=True), EXPORT)
    size = mapped(BigInt(null=True, default=None), EXPORT)
    sha256 = mapped(Bytea(null=True, default=None), EXPORT)
    # Rows in each file, as the manifest has them.
    counts = mapped(JSONB(default="{}"), EXPORT)
    # SHA-256 of the secret in the download's address, made anew for each link.
    token_hash = mapped(Bytea(null=True, default=None), SECRET)
    downloads = mapped(SmallInt(default=0), EXPORT)
