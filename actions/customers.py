"""Customers: added, changed, archived. Nobody who has been invoiced is ever deleted (bokføringsloven § 13)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from actions import corrections, registers, restrained, restrictions
from domain.identifiers import format_orgnr
from domain.privacy.restriction import Operation
from models.customer import Customer
from models.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class CustomerDetails:
    """All that is kept of a customer, as checked by the form. Texts are "" when not given; `due_days` None is the
    company's own default. Numbers are in the form that domain.identifiers gives, codes are ISO 3166 and ISO 4217."""

    kind: str
    name: str
    organisation_number: str = ""
    vat_number: str = ""
    organisation_form: str = ""
    address_line1: str = ""
    address_line2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "NO"
    delivery_line1: str = ""
    delivery_postcode: str = ""
    delivery_city: str = ""
    delivery_country: str = ""
    email: str = ""
    phone: str = ""
    delivery: str = "best"
    language: str = "nb"
    currency: str = "NOK"
    due_days: int | None = None
    reference: str = ""
    notes: str = ""


async def add(organisation_id: UUID, person_id: UUID, customer_id: UUID, details: CustomerDetails) -> None:
    """Add a customer. `customer_id` comes with the form, so that a double click adds one."""
    async with unit_of_work(organisation_id, person_id) as work:
        await registers.add(work, Customer, customer_id, asdict(details), search_texts(details))


async def change(
    organisation_id: UUID,
    person_id: UUID,
    customer_id: UUID,
    version: int,
    details: CustomerDetails,
    mending: str = "",
) -> None:
    """Save what differs, for the next invoice: what is issued keeps its own copy. What is restricted is only changed to
    mend it: `mending` says why, and without it Locked is raised.

    Raises NotFound, and Stale when `version` is not the stored one, unless the stored values are these already.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        held = await restrained.permit_mending(work, customer_id, mending)
        if await save(work, customer_id, version, details) and held is not None:
            await restrictions.note_mending(work, held, mending)


async def save(work: Work, customer_id: UUID, version: int, details: CustomerDetails, *, reference: str = "") -> bool:
    """The same in an open unit of work, with what stood there before (GDPR Art. 16): did anything differ? `reference` is
    that of the customer's request. Raises NotFound and Stale."""
    after = asdict(details)
    before = await registers.change(work, Customer, customer_id, version, after, search_texts(details))
    await corrections.note(work, before, after, customer_id=customer_id, reference=reference)
    if "vat_number" in before:  # what the register said was of another number
        await work.connection.execute(_FORGET_VAT_CHECK, work.organisation_id, customer_id)
    return bool(before)


async def archive(organisation_id: UUID, person_id: UUID, customer_id: UUID) -> None:
    """Take the customer out of the lists and the type-ahead. Invoices stay, and the customer's page too.
    Raises NotFound."""
    async with unit_of_work(organisation_id, person_id) as work:
        await restrained.permit_customer(work, customer_id, Operation.ARCHIVE)
        await registers.archive(work, Customer, customer_id)


async def restore(organisation_id: UUID, person_id: UUID, customer_id: UUID) -> None:
    """Put an archived customer back into the lists."""
    async with unit_of_work(organisation_id, person_id) as work:
        await restrained.permit_customer(work, customer_id, Operation.ARCHIVE)
        await registers.restore(work, Customer, customer_id)


def search_texts(details: CustomerDetails) -> tuple[str, ...]:
    """What a customer can be found by: numbers both whole and in the groups in which they are written."""
    phone = "".join(sign for sign in details.phone if sign.isdigit())
    return (
        details.name,
        details.organisation_number,
        format_orgnr(details.organisation_number),
        details.vat_number,
        details.email,
        details.city,
        details.reference,
        details.phone,
        phone,
        phone.removeprefix("00").removeprefix("47"),
        details.address_line1,
        details.postcode,
    )


_FORGET_VAT_CHECK = """
update customer set vat_status = '', vat_checked_at = null, vat_consultation = ''
where organisation_id = $1 and id = $2
"""
