"""Products are added once, changed by version, archived and taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import products
from actions.outcomes import NotFound, Stale
from models.ids import new_id
from tests.actions.registering import goods, product
from tests.world import World


async def row(owner: asyncpg.Connection, product_id: UUID) -> dict[str, Any]:
    found = await owner.fetchrow("select * from product where id = $1", product_id)
    assert found is not None
    return dict(found)


@pytest.mark.parametrize("price", ["0", "0.0001", "1250.5", "9999999999.9999"])
async def test_a_price_is_kept_to_its_fourth_decimal(world: World, owner: asyncpg.Connection, price: str) -> None:
    made = await product(await world.company(), price=price)
    assert (await row(owner, made))["unit_price"] == Decimal(price)


async def test_sending_the_form_twice_adds_one_product(world: World, owner: asyncpg.Connection) -> None:
    company, made = await world.company(), new_id()
    for name in ("Kaffe", "Te"):
        await products.add(company.id, company.person_id, made, goods(name))
    assert (await row(owner, made))["name"] == "Kaffe"


async def test_the_same_price_written_with_more_zeros_is_no_change(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await product(company, price="1250")
    await products.change(company.id, company.person_id, made, 1, goods(price="1250.0000"))
    assert (await row(owner, made))["version"] == 1


async def test_a_changed_price_is_noted_without_the_price(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await product(company)
    await products.change(company.id, company.person_id, made, 1, goods(price="1311.17"))
    noted = await owner.fetch("select action, fields, e::text as all from audit_event e where subject_id = $1", made)
    assert [(event["action"], event["fields"]) for event in noted][1:] == [("product.changed", ["unit_price"])]
    assert "1311" not in noted[1]["all"]


async def test_whoever_saves_second_is_told(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await product(company)
    await products.change(company.id, company.person_id, made, 1, goods(price="1300"))
    with pytest.raises(Stale):
        await products.change(company.id, company.person_id, made, 1, goods(price="1400"))
    assert (await row(owner, made))["unit_price"] == Decimal(1300)


async def test_archiving_and_taking_back(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await product(company)
    await products.archive(company.id, company.person_id, made)
    assert (await row(owner, made))["archived_at"] is not None
    await products.restore(company.id, company.person_id, made)
    assert (await row(owner, made))["archived_at"] is None


async def test_what_belongs_to_another_company_is_not_there(world: World) -> None:
    mine, made = await world.company(), await product(await world.company())
    with pytest.raises(NotFound):
        await products.change(mine.id, mine.person_id, made, 1, goods("Stjålet"))
    for verb in (products.archive, products.restore):
        with pytest.raises(NotFound):
            await verb(mine.id, mine.person_id, made)
