"""A company to measure: its owner, customers and products, written straight into the tables."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from actions import customers
from actions.customers import CustomerDetails
from actions.products import ProductDetails
from bench.tables import Rows, copy, word_rows
from domain.company import Company
from domain.party import Party
from domain.words import normalise
from models.ids import new_id

FOUNDED = datetime(2020, 1, 2, 8, tzinfo=UTC)
FIRST = (
    "Nord",
    "Sør",
    "Fjord",
    "Fjell",
    "Berg",
    "Dal",
    "Hav",
    "Skog",
    "Elve",
    "Vest",
    "Øst",
    "Sol",
    "Bjørke",
    "Lyng",
)
LAST = (
    "heim Bygg",
    "vik Regnskap",
    "lund Hage",
    "stad Eiendom",
    "nes Transport",
    "gård Kafé",
    "li Verksted",
    "ås Data",
)
# One customer has the first name; four in five have the second word in theirs.
RARE, COMMON_WORD = "Kvitebjørn Utsyn AS", "as"
PRODUCTS = (
    ("Rådgivning", "HUR", "1250", "standard"),
    ("Tegning av logo", "C62", "8400", "standard"),
    ("Trykk av hefter", "C62", "37.50", "standard"),
    ("Servering av lunsj", "C62", "189", "middle"),
    ("Reise med tog", "C62", "649", "low"),
    ("Fagbok", "C62", "399", "zero"),
    ("Programmering", "HUR", "1390", "standard"),
    ("Opplæring", "DAY", "9800", "exempt"),
    ("Vedlikehold av nettsted", "MON", "2100", "standard"),
    ("Bilder", "SET", "4500", "standard"),
)
SELLER = Company(
    name="Målestokk Design AS", form="AS", organisation_number="923609016", vat_registered=True,
    foretaksregisteret=True, address_line1="Strandgaten 1", address_line2="", postcode="5013", city="Bergen",
    country="NO", email="post@malestokk.test", phone="", bank_account="86011117947", iban="", bic="", due_days=14,
    language="nb", currency="NOK", accent="#1f5c66", kid_length=12, yearly_numbers=False, first_number=1,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as an invoice needs it."""

    id: UUID
    party: Party


@dataclass(frozen=True, slots=True)
class Bench:
    """The company that is measured."""

    id: UUID
    person_id: UUID
    customers: Sequence[Customer]
    products: Sequence[tuple[UUID, str, str, Decimal, str]]


def name_for(size: int) -> str:
    """What the company with `size` invoices is called."""
    return f"{SELLER.name} ({size})"


async def found(connection: Any, name: str, customer_count: int, chance: random.Random) -> Bench:
    """A company with its owner and registers, as the app would have stored them. `connection` is the owner's."""
    company_id, person_id = new_id(), new_id()
    email = f"{company_id.hex}@malestokk.test"
    await _insert(
        connection, "person", id=person_id, name="Mari Måling", email=email, email_key=email, password_hash="",
        language="nb", email_confirmed_at=FOUNDED, created_at=FOUNDED,
    )  # fmt: skip
    columns = {field: getattr(replace(SELLER, name=name), field) for field in Company.__dataclass_fields__}
    await _insert(
        connection, "organisation", id=company_id, version=1, created_at=FOUNDED, time_zone="Europe/Oslo", **columns
    )
    await _insert(
        connection, "membership", organisation_id=company_id, person_id=person_id, role="owner", created_at=FOUNDED
    )
    buyers = await _add_customers(connection, company_id, customer_count, chance)
    sold = await _add_products(connection, company_id)
    return Bench(company_id, person_id, buyers, sold)


async def load(connection: Any, company_id: UUID) -> Bench:
    """The company that an earlier run founded. What it sent was not sent today: the e-mails of a day are counted."""
    await connection.execute(
        "update message set queued_at = queued_at - interval '2 days' where organisation_id = $1", company_id
    )
    await connection.execute("vacuum analyze message")
    person_id = await connection.fetchval("select person_id from membership where organisation_id = $1", company_id)
    buyers = await connection.fetch(
        "select id, name from customer where organisation_id = $1 order by id", company_id
    )
    sold = await connection.fetch(
        "select id, name, unit, unit_price, vat_treatment from product where organisation_id = $1 order by id",
        company_id,
    )
    return Bench(
        company_id,
        person_id,
        [Customer(row["id"], Party(row["name"])) for row in buyers],
        [tuple(row.values()) for row in sold],
    )


async def _add_customers(connection: Any, company_id: UUID, count: int, chance: random.Random) -> list[Customer]:
    made = [(new_id(), _customer(number, chance)) for number in range(count)]
    rows, found_words = Rows(), Rows()
    for customer_id, details in made:
        rows.add(
            organisation_id=company_id, id=customer_id, version=1, name_key=normalise(details.name),
            created_at=FOUNDED, changed_at=FOUNDED,
            **{name: getattr(details, name) for name in CustomerDetails.__dataclass_fields__},
        )  # fmt: skip
        word_rows(found_words, company_id, "customer", customer_id, FOUNDED, customers.search_texts(details))
    await copy(connection, "customer", rows)
    await copy(connection, "search_word", found_words)
    return [Customer(customer_id, _party(details)) for customer_id, details in made]


def _customer(number: int, chance: random.Random) -> CustomerDetails:
    name = f"{chance.choice(FIRST)}{chance.choice(LAST)} {'AS' if chance.random() < 0.8 else 'ENK'}"
    return CustomerDetails(
        kind="business", name=RARE if number == 7 else name, organisation_number="974760673",
        address_line1=f"Storgata {number + 1}", postcode=f"{1000 + number % 8000}",
        city=chance.choice(("Oslo", "Bergen", "Tromsø", "Hamar")), email=f"post{number}@kunde.test",
    )  # fmt: skip


def _party(details: CustomerDetails) -> Party:
    return Party(
        details.name, details.organisation_number, address_lines=(details.address_line1,), postcode=details.postcode,
        city=details.city, email=details.email,
    )  # fmt: skip


async def _add_products(connection: Any, company_id: UUID) -> list[tuple[UUID, str, str, Decimal, str]]:
    made = [(new_id(), name, unit, Decimal(price), treatment) for name, unit, price, treatment in PRODUCTS]
    rows, found_words = Rows(), Rows()
    for product_id, name, unit, price, treatment in made:
        details = ProductDetails(name, unit, price, "NOK", treatment)
        rows.add(
            organisation_id=company_id, id=product_id, version=1, name=details.name, name_key=normalise(name),
            unit=details.unit, unit_price=details.unit_price, currency=details.currency,
            vat_treatment=details.vat_treatment, created_at=FOUNDED, changed_at=FOUNDED,
        )  # fmt: skip
        word_rows(found_words, company_id, "product", product_id, FOUNDED, (name,))
    await copy(connection, "product", rows)
    await copy(connection, "search_word", found_words)
    return made


async def _insert(connection: Any, table: str, **values: Any) -> None:
    rows = Rows()
    rows.add(**values)
    await copy(connection, table, rows)
