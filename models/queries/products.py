"""Products as pages show them: the list, one product, and what the type-ahead offers for a line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.queries.by_name import by_name
from models.queries.customers import CompanyDefaults, defaults_of
from models.queries.search import look_up
from models.unit_of_work import Work, reading

MOST_OPTIONS = 8


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product in a list or a type-ahead. `unit_price` is without VAT."""

    id: UUID
    name: str
    unit: str
    unit_price: Decimal
    currency: str
    vat_treatment: str


@dataclass(frozen=True, slots=True)
class ProductList:
    """One page of the list by name; `more` is the last product shown, when others follow."""

    rows: list[ProductRow]
    more: UUID | None
    company: CompanyDefaults


@dataclass(frozen=True, slots=True)
class ProductOptions:
    """At most eight products, and the company, whose registration decides the VAT treatments."""

    rows: list[ProductRow]
    company: CompanyDefaults


async def listed(organisation_id: UUID, query: str, *, archived: bool, after: UUID | None, limit: int) -> ProductList:
    """Products by name: those that `query` finds, those after the product `after`, at most `limit`."""
    async with reading(organisation_id) as work:
        company = await defaults_of(work)
        rows = await _rows(work, query, archived, after, limit + 1)
    return ProductList(rows[:limit], rows[limit - 1].id if len(rows) > limit else None, company)


async def options(organisation_id: UUID, query: str) -> ProductOptions:
    """At most eight products to choose from, by name."""
    async with reading(organisation_id) as work:
        company = await defaults_of(work)
        return ProductOptions(await _rows(work, query, archived=False, after=None, limit=MOST_OPTIONS), company)


async def stored(organisation_id: UUID, product_id: UUID) -> tuple[dict[str, Any], CompanyDefaults] | None:
    """Every column of a product, and the company's defaults; None when there is no such product."""
    async with reading(organisation_id) as work:
        product = await work.connection.fetchrow(_PRODUCT, organisation_id, product_id)
        return None if product is None else (dict(product), await defaults_of(work))


async def _rows(work: Work, query: str, archived: bool, after: UUID | None, limit: int) -> list[ProductRow]:
    matches = await look_up(work, "product", query)
    which, values = by_name(work, "product", matches, archived=archived, after=after, limit=limit)
    rows = await work.connection.fetch(_LISTED.format(which=which), *values)
    return [ProductRow(**row) for row in rows]


_PRODUCT = "select * from product where organisation_id = $1 and id = $2"
_LISTED = """
select s.id, s.name, s.unit, s.unit_price, s.currency, s.vat_treatment
from product s where {which}
"""
