"""The pages of products: as a visitor of the app meets them, with htmx and without."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from domain.access import Role
from models.ids import new_id
from routes.forms.product import LABELS
from tests.actions.registering import product
from tests.world import Company, World

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def form(**values: str) -> dict[str, str]:
    return {
        "name": "Kaffe",
        "unit": "C62",
        "unit_price": "1,250.50",
        "currency": "NOK",
        "vat_treatment": "low",
        **values,
    }


async def stored(owner: asyncpg.Connection, product_id: UUID | str) -> dict[str, Any]:
    row = await owner.fetchrow("select * from product where id = $1", UUID(str(product_id)))
    return dict(row) if row else {}


async def test_an_empty_list_says_what_belongs_there(world: World) -> None:
    answer = await (await world.company()).get("/products")
    assert "No products yet" in answer.text and 'href="/products/new"' in answer.text


async def test_the_list_says_price_unit_and_vat(world: World) -> None:
    company = await world.company(language="nb")
    await product(company, "Kjøring", "5.3125", unit="KMT", vat_treatment="standard")
    answer = await company.get("/products")
    for text in ("Kjøring", "5,3125", "per kilometer", "25\N{NO-BREAK SPACE}% mva."):
        assert text in answer.text


async def test_searching_works_as_a_form_and_as_one_types(world: World) -> None:
    company = await world.company()
    for name in ("Kaffe", "Kakao", "Te"):
        await product(company, name)
    whole = await company.get("/products?q=ka")
    part = await company.get("/products?q=ka", headers={**PARTIAL, "HX-Target": "div#list"})
    for answer in (whole, part):
        assert "Kaffe" in answer.text and "Kakao" in answer.text and ">Te<" not in answer.text
    assert "<html" not in part.text and '<hx-partial id="found-count">2 products' in part.text


async def test_a_list_of_fifty_is_small_and_costs_few_statements(world: World, statements: list[str]) -> None:
    company = await world.company()
    for n in range(51):
        await product(company, f"Konsulenttime for oppdrag {n:02}")
    for address in ("/products", "/products?q=opp"):
        await company.get(address)
        statements.clear()
        answer = await company.get(address)
        assert len(statements) <= 6, statements
        assert len(answer.content) <= 30 * 1024, len(answer.content)
    assert "Show more" in answer.text


async def test_adding_leads_to_the_list(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    fresh = await company.get("/products/new")
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', fresh.text)
    assert key is not None and "25% VAT – the usual rate" in fresh.text
    for _ in range(2):
        answer = await company.post("/products", form(key=key[1]))
        assert answer.headers["location"] == "/products?done=product-saved"
    row = await stored(owner, key[1])
    assert (row["unit_price"], row["vat_treatment"]) == (Decimal("1250.5"), "low")
    assert await owner.fetchval("select count(*) from product where organisation_id = $1", company.id) == 1


async def test_a_faulty_form_comes_back_with_everything_typed(world: World) -> None:
    company = await world.company()
    for headers in ({}, PARTIAL):
        answer = await company.post("/products", form(name="", unit_price="gratis", unit="XXX"), headers=headers)
        assert answer.status_code == 422
        for name in ("name", "unit-price", "unit"):
            assert f'id="f-{name}-error"' in answer.text
        assert 'value="gratis"' in answer.text and '<option value="low" selected>' in answer.text


async def test_two_windows_see_both_versions_and_choose(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await product(company, "Kaffe", "1250.5", unit="C62", vat_treatment="low")
    await company.post(f"/products/{made}", form(version="1", unit_price="1300"))
    answer = await company.post(f"/products/{made}", form(version="1", unit_price="1400"))
    assert answer.status_code == 409
    conflict = answer.text[answer.text.index('id="conflict"') : answer.text.index("</table>")]
    assert "1,300.00" in conflict and "1400" in conflict and "Unit" not in conflict
    assert 'name="version" value="2"' in answer.text
    assert (await company.post(f"/products/{made}", form(version="2", unit_price="1400"))).status_code == 303
    assert (await stored(owner, made))["unit_price"] == 1400


async def test_archiving_offers_the_way_back(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    made = await product(company)
    answer = await company.post(f"/products/{made}/archival")
    page = await company.get(answer.headers["location"])
    assert "The product is archived." in page.text and f"/products/{made}/restoration" in page.text
    assert "Konsulenttime" not in (await company.get("/products")).text
    assert "Konsulenttime" in (await company.get("/products?show=archived")).text
    await company.post(f"/products/{made}/restoration")
    assert (await stored(owner, made))["archived_at"] is None


async def test_a_viewer_sees_a_product_and_changes_nothing(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company(role=Role.VIEWER)
    made = await product(company)
    page = await company.get(f"/products/{made}/edit")
    assert page.status_code == 200 and "disabled" in page.text
    assert "Save the product" not in page.text and "archival" not in page.text
    assert "/products/new" not in (await company.get("/products")).text
    assert (await company.get("/products/new")).status_code == 403
    for path in ("/products", f"/products/{made}", f"/products/{made}/archival", f"/products/{made}/restoration"):
        assert (await company.post(path, form(version="1"))).status_code == 403
    assert (await stored(owner, made))["name"] == "Konsulenttime"


async def test_what_is_unknown_malformed_or_another_company_s_is_not_found(world: World) -> None:
    company, theirs = await world.company(), await product(await world.company())
    for odd in (theirs, new_id(), "x", "%00"):
        assert (await company.get(f"/products/{odd}/edit")).status_code == 404
        for path in (f"/products/{odd}", f"/products/{odd}/archival", f"/products/{odd}/restoration"):
            assert (await company.post(path, form(version="1"))).status_code == 404


async def test_a_visitor_is_led_to_sign_in(world: World) -> None:
    for path in ("/products", "/products/new", f"/products/{new_id()}/edit"):
        assert (await world.visitor().get(path)).status_code == 303


async def test_a_company_outside_the_vat_register_is_not_asked_about_vat(world: World) -> None:
    company = await world.company(vat_registered=False)
    made = await product(company, vat_treatment="standard")
    for path in ("/products/new", f"/products/{made}/edit"):
        page = await company.get(path)
        assert 'type="hidden" name="vat_treatment" value="outside"' in page.text
        assert "not registered for VAT" in page.text


@pytest.fixture(scope="module")
async def firm(app: Any, settings: Any) -> Company:
    return await World(app, settings).company()


TYPED = st.one_of(
    st.text(max_size=300),
    st.sampled_from(["", "\0", "=1+1", "%", "😀", "‮x", "x" * 10_240, "HUR", "NOK", "low", "1,5", "NaN", "9" * 99]),
    st.decimals(allow_nan=True).map(str),
)


@given(data=st.dictionaries(st.sampled_from([*LABELS, "key", "version"]), TYPED))
@hypothesis_settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
async def test_whatever_is_typed_is_saved_or_shown_again(firm: Company, data: dict[str, str]) -> None:
    given_values = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}
    answer = await firm.post("/products", given_values)
    assert answer.status_code in (303, 422), (answer.status_code, given_values)
