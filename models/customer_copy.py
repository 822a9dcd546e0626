"""Copies of what a company keeps about one of its customers. The file lies in the file store for at most three days."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, Bytea, SmallInt, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import CUSTOMER_COPY, KEY
from models.data_map import mapped


class CustomerCopy(Table, tablename="customer_copy"):
    """`reference` is the request that it answers. The row outlives its file: it shows that there was a copy."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    customer_id = mapped(UUID(default=None), KEY)
    reference = mapped(Varchar(length=40, default=""), CUSTOMER_COPY)
    state = mapped(Varchar(length=8, default="queued"), CUSTOMER_COPY)  # queued | making | ready | failed | gone
    asked_at = mapped(Timestamptz(default=None), CUSTOMER_COPY)
    # How much is done, in percent.
    progress = mapped(SmallInt(default=0), CUSTOMER_COPY)
    ready_at = mapped(Timestamptz(null=True, default=None), CUSTOMER_COPY)
    expires_at = mapped(Timestamptz(null=True, default=None), CUSTOMER_COPY)
    size = mapped(BigInt(null=True, default=None), CUSTOMER_COPY)
    sha256 = mapped(Bytea(null=True, default=None), CUSTOMER_COPY)
    # Rows in each file, as the manifest has them.
    counts = mapped(JSONB(default="{}"), CUSTOMER_COPY)
    downloads = mapped(SmallInt(default=0), CUSTOMER_COPY)
