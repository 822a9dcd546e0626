"""Restrictions for tests: begun and lifted in a line."""

from __future__ import annotations

from uuid import UUID

from actions import restrictions
from actions.restrictions import Wish
from domain.privacy.restriction import Scope
from models.unit_of_work import unit_of_work
from tests.world import Company


async def restricted(company: Company, subject_id: UUID, scope: Scope = Scope.CUSTOMER, ground: str = "a") -> UUID:
    async with unit_of_work(company.id, company.person_id) as work:
        return await restrictions.restrict(work, scope, subject_id, Wish(ground, "Kari Kunde"))


async def excepted(company: Company, subject_id: UUID, operation: str, scope: Scope = Scope.CUSTOMER) -> None:
    async with unit_of_work(company.id, company.person_id) as work:
        await restrictions.except_once(work, scope, subject_id, operation, "duty", "Loven krever det")


async def lifted(company: Company, subject_id: UUID, scope: Scope = Scope.CUSTOMER, told: str = "") -> None:
    async with unit_of_work(company.id, company.person_id) as work:
        await restrictions.lift(work, scope, subject_id, "Opplysningene er riktige", told)
