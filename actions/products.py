"""Products: added, changed, archived. A line keeps its own copy, so an invoice never changes with its product."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from uuid import UUID

from actions import registers
from models.product import Product
from models.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class ProductDetails:
    """All that is kept of a product, as checked by the form. `unit` is a UN/ECE code, `unit_price` without VAT with up
    to four decimals, `vat_treatment` a key of domain.vat.TREATMENTS, `supply` a value of domain.vat_proposal.Supply."""

    name: str
    unit: str
    unit_price: Decimal
    currency: str
    vat_treatment: str
    supply: str = "service"


async def add(organisation_id: UUID, person_id: UUID, product_id: UUID, details: ProductDetails) -> None:
    """Add a product. `product_id` comes with the form, so that a double click adds one."""
    async with unit_of_work(organisation_id, person_id) as work:
        await registers.add(work, Product, product_id, asdict(details), (details.name,))


async def change(
    organisation_id: UUID, person_id: UUID, product_id: UUID, version: int, details: ProductDetails
) -> None:
    """Save what differs, for lines to come. Raises NotFound, and Stale when `version` is not the stored one, unless the
    stored values are these already."""
    async with unit_of_work(organisation_id, person_id) as work:
        await registers.change(work, Product, product_id, version, asdict(details), (details.name,))


async def archive(organisation_id: UUID, person_id: UUID, product_id: UUID) -> None:
    """Take the product out of the list and the type-ahead."""
    async with unit_of_work(organisation_id, person_id) as work:
        await registers.archive(work, Product, product_id)


async def restore(organisation_id: UUID, person_id: UUID, product_id: UUID) -> None:
    """Put an archived product back into the list."""
    async with unit_of_work(organisation_id, person_id) as work:
        await registers.restore(work, Product, product_id)
