"""Who owns a company when a deletion that is repeated after a restore takes its only owner (privacy.md 2.6).

Whoever deletes an account leaves no company of others without an owner. But that the company was handed over may have
happened after the backup, and then the backup does not know.
"""

from __future__ import annotations

from uuid import UUID

from actions.account_letters import ask_for_letter
from actions.logs import log
from domain.access import Role
from domain.accounts import Asked
from models.queries.members import hold_team
from models.unit_of_work import Work


async def succeed(work: Work, person_id: UUID) -> None:
    """Before the person goes: of the others the administrator who joined first owns the company, else the bookkeeper
    who did, and is told by e-mail. Who only reads does not come to own what they could not change; then the log says
    that nobody does. Nothing when another owner stays."""
    assert work.organisation_id is not None
    team = await hold_team(work, work.organisation_id)
    if any(place.role is Role.OWNER for member, place in team.places.items() if member != person_id):
        return
    heir = await work.connection.fetchrow(_HEIR, work.organisation_id, person_id)
    if heir is None:
        log.error("company_without_owner", organisation_ref=work.organisation_id)
        return
    await work.connection.execute(_OWNS, work.organisation_id, heir["id"])
    work.audit("organisation.handed_over", "person", heir["id"], ["role"])
    company_id = work.organisation_id
    await ask_for_letter(work, Asked.MADE_OWNER, heir["email"], heir["language"], heir["id"], company_id=company_id)


_HEIR = """
select p.id, p.email, p.language from membership m join person p on p.id = m.person_id
where m.organisation_id = $1 and m.person_id <> $2 and m.role in ('admin', 'bookkeeper') and p.closes_at is null
order by m.role, m.created_at, m.person_id limit 1
"""
_OWNS = "update membership set role = 'owner' where organisation_id = $1 and person_id = $2"
