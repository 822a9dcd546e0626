"""Seller and buyer as a document shows them (bokføringsforskriften § 5-1-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Party:
    """A seller or a buyer, copied onto the document when it is issued and never read again from the register.

    `organisation_number` is the national register's number, without spaces or MVA. `vat_number` has its prefix
    (NO936587720MVA, DE136695976). `country` is ISO 3166 alpha-2. `foretaksregisteret`: must the word be printed?
    `legal_addition`: what the law adds, such as "under avvikling" or the VAT representative with an address.
    `delivery_*`: where the buyer wants things delivered, when that is not at the address.
    """

    name: str
    organisation_number: str = ""
    vat_number: str = ""
    vat_registered: bool = False
    foretaksregisteret: bool = False
    address_lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    country: str = "NO"
    email: str = ""
    phone: str = ""
    legal_addition: str = ""
    delivery_line: str = ""
    delivery_postcode: str = ""
    delivery_city: str = ""
    delivery_country: str = ""

    @property
    def delivery_place(self) -> str:
        """Where things are delivered, on one line; "" when that is at the address."""
        place = f"{self.delivery_postcode} {self.delivery_city}".strip()
        return ", ".join(text for text in (self.delivery_line.strip(), place) if text)

    @property
    def has_address(self) -> bool:
        """Enough to find the party by: a street or a box, or a place."""
        return any(line.strip() for line in self.address_lines) or bool(self.city.strip())

    def to_json(self) -> dict[str, Any]:
        """Plain values for storing; `from_json` gives the same party back."""
        return {**asdict(self), "address_lines": list(self.address_lines)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Party:
        """The party that `to_json` wrote. A field that came later has its default; one that went away is left."""
        known = {key: values[key] for key in cls.__dataclass_fields__ if key in values}
        if "address_lines" in known:
            known["address_lines"] = tuple(known["address_lines"])
        return cls(**known)
