"""What the EU's register of VAT numbers (VIES) said of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.countries import in_eu
from domain.vat_proposal import VatNumber

# VIES writes Greece as EL and knows Northern Ireland as XI.
_PREFIXES = {"EL": "GR", "XI": "IE"}


@dataclass(frozen=True, slots=True)
class VatCheck:
    """`asked_at` and `consultation_number` are evidence worth keeping; the latter comes only when the asker's own EU VAT
    number was told. `name` and `address` are "" where the state does not give them. UNCHECKED: nobody answered."""

    vat_number: str
    status: VatNumber
    asked_at: datetime | None = None
    name: str = ""
    address: str = ""
    consultation_number: str = ""


def can_be_checked(vat_number: str, day: date) -> bool:
    """Is it a number of a state that VIES asks: a member of the EU on `day`, or Northern Ireland?"""
    prefix = vat_number[:2]
    return bool(vat_number) and in_eu(_PREFIXES.get(prefix, prefix), day)
