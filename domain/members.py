"""Who works in a company: the roles in words, and what a company never goes without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain import member_refusals  # noqa: F401 - puts the sentences into the table
from domain.access import Permission, Role, may, may_change_member
from domain.marking import N_
from domain.privacy.erasure import Ending, ending_of
from domain.refusals import Refusal

NAMES: Mapping[Role, str] = {
    Role.OWNER: N_("Owner"),
    Role.ADMIN: N_("Administrator"),
    Role.BOOKKEEPER: N_("Bookkeeper"),
    Role.VIEWER: N_("Reader"),
}
MEANINGS: Mapping[Role, str] = {
    Role.OWNER: N_("Does everything, and alone hands the company over or closes it."),
    Role.ADMIN: N_(
        "Does everything but handing the company over or closing it: also settings, a copy of all data, and who works "
        "here."
    ),
    Role.BOOKKEEPER: N_("Writes, issues and sends invoices and quotes, and registers payments. Changes no settings."),
    Role.VIEWER: N_("Sees everything and changes nothing. Right for an accountant or auditor who only looks."),
}
# Nobody becomes an owner by a letter: who owns the company chooses among those who are in it, and gives the password.
INVITABLE = (Role.ADMIN, Role.BOOKKEEPER, Role.VIEWER)
# So long a link in an invitation works.
INVITATION_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Place:
    """A member's role; `stays` is False from the moment their account is about to be deleted."""

    role: Role
    stays: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody in a company, as of one moment."""

    places: Mapping[UUID, Place]

    def role_of(self, person_id: UUID) -> Role | None:
        """The person's role, or None for somebody who does not work there."""
        place = self.places.get(person_id)
        return place.role if place else None

    def may_change(self, actor: UUID, member: UUID, wanted: Role | None) -> bool:
        """May the one give the other this role (None: take them out)?"""
        role = self.role_of(actor)
        return role is not None and may_change_member(role, self.role_of(member), wanted)

    def ending_for(self, person_id: UUID) -> Ending:
        """What becomes of the company when this member goes (privacy.md 2.6): only who stays is counted."""
        others = [place.role for member, place in self.places.items() if member != person_id and place.stays]
        return ending_of(self.places[person_id].role, len(others), others.count(Role.OWNER))

    def refusal_to_let_go(self, person_id: UUID) -> Refusal | None:
        """Why this member can not leave or lose the role they have; None when they can."""
        ending = self.ending_for(person_id)
        if ending is Ending.CLOSES:
            return Refusal("member.only_one")
        return Refusal("member.last_owner") if ending is Ending.BLOCKS else None


def loses(role: Role, wanted: Role | None, permission: Permission) -> bool:
    """Does somebody with `role` lose the permission by getting `wanted` (None: out)?"""
    return may(role, permission) and (wanted is None or not may(wanted, permission))
