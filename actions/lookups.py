"""Asking public registers for what a person would else have to type. Only when somebody presses a button, and what no
register answers is unknown, never wrong."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from actions.clock import now
from actions.outcomes import NotFound
from actions.restrained import permit
from domain.dates import today_in
from domain.privacy.restriction import Operation
from domain.register_entry import UNKNOWN, Lookup
from domain.vat_check import VatCheck, can_be_checked
from domain.vat_proposal import VatNumber
from models.queries.parties import buyer, seller
from models.unit_of_work import reading, unit_of_work


class CompanyRegister(Protocol):
    """Knows companies by their organisation numbers."""

    @property
    def is_on(self) -> bool: ...

    async def find(self, organisation_number: str) -> Lookup: ...


class VatRegister(Protocol):
    """Knows which VAT numbers are in use."""

    @property
    def is_on(self) -> bool: ...

    async def check(self, vat_number: str, requester: str = "") -> VatCheck: ...


_companies: CompanyRegister | None = None
_vat_numbers: VatRegister | None = None


def use(companies: CompanyRegister | None, vat_numbers: VatRegister | None) -> None:
    """Ask these registers in this process. Called when it starts."""
    global _companies, _vat_numbers
    _companies, _vat_numbers = companies, vat_numbers


def finds_companies() -> bool:
    """Can a company be fetched by its number?"""
    return _companies is not None and _companies.is_on


def checks_vat_numbers() -> bool:
    """Can a VAT number be checked?"""
    return _vat_numbers is not None and _vat_numbers.is_on


async def find_company(organisation_number: str) -> Lookup:
    """What the Norwegian register has under a number of nine digits that domain.identifiers has checked."""
    return await _companies.find(organisation_number) if _companies is not None else UNKNOWN


async def check_vat_number(organisation_id: UUID, person_id: UUID, customer_id: UUID) -> VatNumber:
    """Ask whether the customer's VAT number is in use, and keep a clear answer with its time; the register is asked
    outside of any transaction. UNCHECKED when nobody answered: what was known before stays. Raises NotFound."""
    async with reading(organisation_id) as work:
        own, customer = await seller(work), await buyer(work, customer_id)
        await permit(work, customer, Operation.LOOK_UP)
    if customer is None:
        raise NotFound
    number = customer.party.vat_number
    today = today_in(own.time_zone, now())
    if _vat_numbers is None or not can_be_checked(number, today):
        return VatNumber.UNCHECKED if number else VatNumber.NONE
    requester = own.party.vat_number if can_be_checked(own.party.vat_number, today) else ""
    checked = await _vat_numbers.check(number, requester)
    if checked.status is not VatNumber.UNCHECKED:
        await _keep(organisation_id, person_id, customer_id, checked)
    return checked.status


async def _keep(organisation_id: UUID, person_id: UUID, customer_id: UUID, checked: VatCheck) -> None:
    async with unit_of_work(organisation_id, person_id) as work:
        kept = await work.connection.fetchval(
            _KEEP, organisation_id, customer_id, checked.vat_number, checked.status.value, checked.asked_at,
            checked.consultation_number[:40],
        )  # fmt: skip
        if kept:
            fields = ["vat_status", "vat_checked_at", "vat_consultation"]
            work.audit("customer.vat_number_checked", "customer", customer_id, fields)


# Only for the number that was asked about: somebody may have changed it meanwhile.
_KEEP = """
update customer set vat_status = $4, vat_checked_at = $5, vat_consultation = $6
where organisation_id = $1 and id = $2 and vat_number = $3 returning true
"""
