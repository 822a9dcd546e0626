"""The letter with an invitation: decided, and given its link, by the job that sends it.

Only here does anybody find out whether the address has an account. Who invites sees the same either way (S-14).
"""

from __future__ import annotations

from typing import Any

from actions.account_tokens import hash_of, new_secret
from actions.clock import now
from actions.instance import settings
from domain.access import Role
from domain.letter import Letter
from domain.reading import show_date
from models.queries.invitations import OPEN_COMPANY
from models.unit_of_work import Work

PATH = "/invitation/"


async def invitation_letter(work: Work, message: Any) -> Letter | None:
    """The letter of this message, its link made now: those of earlier letters work no longer. None when the invitation
    is over, or when its reader has restricted their account, which then gets only letters that must be (Art. 18)."""
    company_id, invitation_id = message["company_id"], message["invitation_id"]
    await work.connection.execute(OPEN_COMPANY, str(company_id))
    row = await work.connection.fetchrow(_WAITING, company_id, invitation_id, now())
    if row is None:
        return None
    reader = await work.connection.fetchrow(_READER, row["email_key"])
    if reader is not None and reader["rests"]:
        return None
    secret = new_secret()
    await work.connection.execute(_KEEP, company_id, invitation_id, hash_of(secret))
    # Who has no account yet reads what the company writes in, as far as our pages speak it.
    language = reader["language"] if reader else ("nb" if row["language"] in ("nb", "nn") else "en")
    context = {
        "name": reader["name"] if reader else "",
        "inviter": row["inviter"],
        "company": row["company"],
        "role": Role(row["role"]).value,
        "day": show_date(row["expires_at"].date(), language),
        "link": f"{settings().public_url}{PATH}{secret}",
        "public_url": settings().public_url,
    }
    return Letter(row["email"], language, "invitation", context)


_WAITING = """
select i.email, i.email_key, i.role, i.expires_at, o.name as company, o.language, p.name as inviter
from invitation i join organisation o on o.id = i.organisation_id join person p on p.id = i.invited_by
where i.organisation_id = $1 and i.id = $2 and i.ended_at is null and i.expires_at > $3 and o.closes_at is null
for update of i
"""
# An address that nobody confirmed is nobody's yet.
_READER = """
select p.name, p.language,
    exists (select from account_restriction r where r.person_id = p.id and r.lifted_at is null) as rests
from person p where p.email_key = $1 and p.email_confirmed_at is not null
"""
_KEEP = "update invitation set token_hash = $3 where organisation_id = $1 and id = $2"
