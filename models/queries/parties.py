"""Seller and buyer as the rules want them, read from the registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.invoice import Account, Party
from domain.register_entry import is_public
from models.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Seller:
    """The company as it is now: what the next invoice will say, and how it numbers."""

    id: UUID
    party: Party
    account: Account
    due_days: int
    language: str
    currency: str
    time_zone: str
    accent: str
    logo_sha256: bytes | None
    kid_length: int
    yearly_numbers: bool
    first_number: int
    accounting_year_ends: int = 12
    own_credit_numbers: bool = False

    @property
    def name(self) -> str:
        return self.party.name


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer as it is now. `place` is where goods are delivered, if elsewhere: country and postcode."""

    id: UUID
    party: Party
    language: str
    currency: str
    due_days: int | None
    reference: str
    is_archived: bool
    is_business: bool = True
    vat_status: str = ""
    place: tuple[str, str] = ("", "")
    delivery: str = "best"
    # Since when the data is only kept (Art. 18), and what the customer does not want (Art. 21).
    restricted_at: datetime | None = None
    objects_to: str = ""
    is_public: bool = False


async def seller(work: Work) -> Seller:
    """The company of this unit of work."""
    return seller_of(await work.connection.fetchrow(_SELLER, work.organisation_id))


async def buyer(work: Work, customer_id: UUID | None) -> Buyer | None:
    """The customer, or None when there is none of that id in this company."""
    if customer_id is None:
        return None
    return buyer_of(await work.connection.fetchrow(_BUYER, work.organisation_id, customer_id))


async def parties(work: Work, customer_id: UUID | None) -> tuple[Seller, Buyer | None]:
    """The company and the customer at once."""
    row = await work.connection.fetchrow(_PARTIES, work.organisation_id, customer_id)
    return seller_of(row["own"]), buyer_of(row["customer"])


def seller_of(row: Mapping[str, Any]) -> Seller:
    """The seller in a row of `organisation`."""
    return Seller(
        id=row["id"],
        party=_seller_party(row),
        account=Account(row["bank_account"], row["iban"], row["bic"]),
        due_days=row["due_days"],
        language=row["language"],
        currency=row["currency"],
        time_zone=row["time_zone"],
        accent=row["accent"],
        logo_sha256=row["logo_sha256"],
        kid_length=row["kid_length"],
        yearly_numbers=row["yearly_numbers"],
        first_number=row["first_number"],
        accounting_year_ends=row["accounting_year_ends"],
        own_credit_numbers=row["own_credit_numbers"],
    )


def buyer_of(row: Mapping[str, Any] | None) -> Buyer | None:
    """The buyer in a row of `customer`; None when there is no row."""
    if row is None:
        return None
    return Buyer(
        id=row["id"],
        party=_buyer_party(row),
        language=row["language"],
        currency=row["currency"],
        due_days=row["due_days"],
        reference=row["reference"],
        is_archived=row["archived_at"] is not None,
        is_business=row["kind"] == "business",
        vat_status=row["vat_status"],
        place=(row["delivery_country"], row["delivery_postcode"]),
        delivery=row["delivery"],
        restricted_at=row["restricted_at"],
        objects_to=row["objects_to"],
        is_public=is_public(row["organisation_form"], row["name"]),
    )


def _seller_party(row: Mapping[str, Any]) -> Party:
    norwegian = row["country"] == "NO"
    registered = row["vat_registered"]
    number = row["organisation_number"]
    return Party(
        name=row["name"],
        organisation_number=number,
        vat_number=f"NO{number}MVA" if norwegian and registered and number else number if registered else "",
        vat_registered=registered,
        foretaksregisteret=row["foretaksregisteret"],
        address_lines=_lines(row),
        postcode=row["postcode"],
        city=row["city"],
        country=row["country"],
        email=row["email"],
        phone=row["phone"],
        legal_addition=row["legal_addition"],
    )


def _buyer_party(row: Mapping[str, Any]) -> Party:
    return Party(
        name=row["name"],
        organisation_number=row["organisation_number"],
        vat_number=row["vat_number"],
        address_lines=_lines(row),
        postcode=row["postcode"],
        city=row["city"],
        country=row["country"],
        email=row["email"],
        phone=row["phone"],
        delivery_line=row["delivery_line1"],
        delivery_postcode=row["delivery_postcode"],
        delivery_city=row["delivery_city"],
        delivery_country=row["delivery_country"],
    )


def _lines(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(line for line in (row["address_line1"], row["address_line2"]) if line)


_SELLER = """
select id, name, organisation_number, vat_registered, foretaksregisteret, address_line1, address_line2, postcode, city,
       country, email, phone, bank_account, iban, bic, due_days, language, currency, time_zone, accent, logo_sha256,
       kid_length, yearly_numbers, first_number, accounting_year_ends, own_credit_numbers, legal_addition
from organisation where id = $1
"""
_BUYER = """
select id, name, organisation_number, vat_number, address_line1, address_line2, postcode, city, country, email, phone,
       language, currency, due_days, reference, archived_at, kind, vat_status, delivery_country,
       delivery_postcode, delivery_line1, delivery_city, delivery, restricted_at, objects_to, organisation_form
from customer where organisation_id = $1 and id = $2
"""
_PARTIES = """
select o as own, c as customer
from organisation o left join customer c on c.organisation_id = o.id and c.id = $2 where o.id = $1
"""
