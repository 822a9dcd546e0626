"""From the secret in a letter to the invitation it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.access import Role
from domain.links import token_hash
from models.unit_of_work import Work, reading

OPEN_COMPANY = "select set_config('app.organisation_id', $1, true)"


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as who holds its link sees it. `has_account`: the address belongs to a confirmed account."""

    organisation_id: UUID
    id: UUID
    company: str
    inviter: str
    email: str
    role: Role
    expires_at: datetime
    # "" while it can be accepted: expired | accepted | withdrawn | closed, the company then
    over: str
    has_account: bool


async def invitation_by(token: str, now: datetime) -> InvitationView | None:
    """What the link opens; None when it opens nothing.

    Like models.queries.links.by_token it looks before it knows the company: row-level security shows the row of this
    secret and no other.
    """
    sought = token_hash(token)
    if sought is None:
        return None
    async with reading(None) as work:
        await work.connection.execute("select set_config('app.link_hash', $1, true)", sought.hex())
        row = await work.connection.fetchrow(_BY_TOKEN, sought)
        return None if row is None else await _view(work, row, now)


async def _view(work: Work, row: Any, now: datetime) -> InvitationView:
    await work.connection.execute(OPEN_COMPANY, str(row["organisation_id"]))
    company = await work.connection.fetchrow(_COMPANY, row["organisation_id"])
    over = row["outcome"] or ("expired" if row["expires_at"] <= now else "")
    return InvitationView(
        organisation_id=row["organisation_id"],
        id=row["id"],
        company=company["name"],
        inviter=row["inviter"],
        email=row["email"],
        role=Role(row["role"]),
        expires_at=row["expires_at"],
        over=over or ("closed" if company["closes_at"] else ""),
        has_account=row["has_account"],
    )


_BY_TOKEN = """
select i.organisation_id, i.id, i.email, i.role, i.expires_at, i.outcome, inviter.name as inviter,
    exists (select from person p where p.email_key = i.email_key and p.email_confirmed_at is not null) as has_account
from invitation i join person inviter on inviter.id = i.invited_by where i.token_hash = $1
"""
_COMPANY = "select name, closes_at from organisation where id = $1"
