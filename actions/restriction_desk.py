"""What a business does about restrictions and objections of its customers, each in one transaction."""

from __future__ import annotations

from uuid import UUID

from actions import objections, restrictions
from actions.outcomes import NotFound
from actions.restrictions import Wish
from domain.privacy.objection import CustomerPurpose
from domain.privacy.restriction import Scope
from models.unit_of_work import unit_of_work


async def begin(organisation_id: UUID, person_id: UUID, scope: Scope, subject_id: UUID, wish: Wish) -> None:
    """Restrict; raises as actions.restrictions.restrict."""
    async with unit_of_work(organisation_id, person_id) as work:
        await restrictions.restrict(work, scope, subject_id, wish)


async def make_exception(
    organisation_id: UUID, person_id: UUID, scope: Scope, subject_id: UUID, operation: str, ground: str, reason: str
) -> None:
    """Let one thing be done all the same; raises as actions.restrictions.except_once."""
    async with unit_of_work(organisation_id, person_id) as work:
        await restrictions.except_once(work, scope, subject_id, operation, ground, reason)


async def end(organisation_id: UUID, person_id: UUID, scope: Scope, subject_id: UUID, reason: str, told: str) -> None:
    """Tell the customer and lift; raises as actions.restrictions.lift."""
    async with unit_of_work(organisation_id, person_id) as work:
        await restrictions.lift(work, scope, subject_id, reason, told)


async def note_objection(
    organisation_id: UUID, person_id: UUID, customer_id: UUID, purpose: str, reason: str
) -> None:
    """Write down what a customer does not want; raises as actions.objections.customer_objects, and NotFound for
    an unknown purpose."""
    async with unit_of_work(organisation_id, person_id) as work:
        wanted = objections.customer_purpose(purpose)
        await objections.customer_objects(work, customer_id, wanted, "business", reason)


async def object_by_letter(organisation_id: UUID, customer_id: UUID | None, purpose: CustomerPurpose) -> None:
    """The customer says no with the link of a letter. Raises NotFound where there is no customer (any more)."""
    if customer_id is None:
        raise NotFound
    async with unit_of_work(organisation_id) as work:
        await objections.customer_objects(work, customer_id, purpose, "hosted")


async def end_objection(organisation_id: UUID, person_id: UUID, customer_id: UUID, purpose: str) -> None:
    """The customer wants it again."""
    async with unit_of_work(organisation_id, person_id) as work:
        await objections.customer_withdraws(work, customer_id, objections.customer_purpose(purpose))
