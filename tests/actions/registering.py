"""Customers and products for tests of the registers: made as the app makes them, so that they can be found."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from actions import customers, products
from actions.customers import CustomerDetails
from actions.products import ProductDetails
from models.ids import new_id
from tests.world import Company


def details(name: str = "Nordlys Kaffe AS", **values: Any) -> CustomerDetails:
    given = {"kind": "business", "email": "post@nordlys.example", "city": "Tromsø", **values}
    return CustomerDetails(name=name, **given)


def goods(name: str = "Konsulenttime", price: str = "1250", **values: Any) -> ProductDetails:
    given = {"unit": "HUR", "currency": "NOK", "vat_treatment": "standard", **values}
    return ProductDetails(name=name, unit_price=Decimal(price), **given)


async def customer(company: Company, name: str = "Nordlys Kaffe AS", **values: Any) -> UUID:
    made = new_id()
    await customers.add(company.id, company.person_id, made, details(name, **values))
    return made


async def product(company: Company, name: str = "Konsulenttime", price: str = "1250", **values: Any) -> UUID:
    made = new_id()
    await products.add(company.id, company.person_id, made, goods(name, price, **values))
    return made
