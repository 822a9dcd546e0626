"""Lists and offers of products."""

from __future__ import annotations

from decimal import Decimal

from actions import products as actions
from models.queries import products
from tests.actions.registering import product
from tests.world import Company, World


async def names(company: Company, query: str = "", archived: bool = False) -> list[str]:
    found = await products.listed(company.id, query, archived=archived, after=None, limit=50)
    return [row.name for row in found.rows]


async def test_products_are_listed_by_name_and_found_by_beginnings(world: World) -> None:
    company = await world.company()
    for name in ("Trykte visittkort, 300 g", "Ærlig kaffe", "Konsulenttime"):
        await product(company, name)
    assert await names(company) == ["Ærlig kaffe", "Konsulenttime", "Trykte visittkort, 300 g"]
    assert await names(company, "visi 300") == ["Trykte visittkort, 300 g"]
    assert await names(company, "%") == []


async def test_archived_products_are_not_offered(world: World) -> None:
    company = await world.company()
    made = await product(company, "Gammel vare")
    await actions.archive(company.id, company.person_id, made)
    assert await names(company) == []
    assert await names(company, archived=True) == ["Gammel vare"]
    assert (await products.options(company.id, "gammel")).rows == []


async def test_an_offer_has_what_a_line_needs(world: World) -> None:
    company = await world.company()
    made = await product(company, "Kjøring", "5.3125", unit="KMT", vat_treatment="low")
    row = (await products.options(company.id, "kj")).rows[0]
    assert (row.id, row.unit, row.unit_price, row.vat_treatment) == (made, "KMT", Decimal("5.3125"), "low")


async def test_the_pages_follow_one_another(world: World) -> None:
    company = await world.company()
    for n in range(5):
        await product(company, f"Vare {n}")
    first = await products.listed(company.id, "", archived=False, after=None, limit=3)
    rest = await products.listed(company.id, "", archived=False, after=first.more, limit=3)
    assert [row.name for row in [*first.rows, *rest.rows]] == [f"Vare {n}" for n in range(5)]
    assert rest.more is None


async def test_what_belongs_to_another_company_is_not_there(world: World) -> None:
    mine, theirs = await world.company(), await world.company()
    made = await product(theirs)
    assert await products.stored(mine.id, made) is None
    assert await names(mine) == []
