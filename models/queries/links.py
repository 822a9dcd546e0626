"""From the secret in an address to the invoice it opens."""

from __future__ import annotations

from uuid import UUID

from domain.links import token_hash
from models.unit_of_work import reading


async def by_token(token: str) -> tuple[UUID, UUID] | None:
    """(organisation, invoice) that the token opens; None when it opens nothing, or no longer.

    The one place that looks before it knows the company: row-level security shows the row of this token and no other.
    """
    sought = token_hash(token)
    if sought is None:
        return None
    async with reading(None) as work:
        await work.connection.execute("select set_config('app.link_hash', $1, true)", sought.hex())
        row = await work.connection.fetchrow(_LINK, sought)
    return None if row is None else (row["organisation_id"], row["invoice_id"])


_LINK = "select organisation_id, invoice_id from invoice_link where token_hash = $1 and revoked_at is null"
