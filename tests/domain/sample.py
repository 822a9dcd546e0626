"""A draft with nothing wrong, its seller and its buyer; tests state only what differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.invoice import Account, Draft, DraftLine, Party

TODAY = date(2026, 11, 22)
SELLER = Party(
    name="Nordlys Design AS",
    organisation_number="936587720",
    vat_number="NO936587720MVA",
    vat_registered=True,
    foretaksregisteret=True,
    address_lines=("Torget 1",),
    postcode="5014",
    city="Bergen",
    email="post@nordlys.example",
)
BUYER = Party(
    name="Fjordbygg AS",
    organisation_number="923609016",
    address_lines=("Strandkaien 2",),
    postcode="5013",
    city="Bergen",
    email="faktura@fjordbygg.example",
)
ACCOUNT = Account("86011117947", "NO9386011117947", "DNBANOKK")


def line(number: int = 1, **changes: Any) -> DraftLine:
    plain = DraftLine(
        id=UUID(int=number),
        description="Design",
        quantity=Decimal(2),
        unit="HUR",
        unit_price=Decimal("1000"),
        discount_percent=Decimal(0),
        treatment="standard",
    )
    return replace(plain, **changes)


def draft(*lines: DraftLine, **changes: Any) -> Draft:
    plain = Draft(id=UUID(int=99), delivery_from=date(2026, 11, 20), lines=lines or (line(),))
    return replace(plain, **changes)
