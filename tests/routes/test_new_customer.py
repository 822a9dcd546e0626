"""A customer made in the editor, on the paper of every desk: with scripts and without, nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from models.ids import new_id
from tests.routes.test_invoice_routes import form_of
from tests.world import Company, World

DESKS = ("invoices", "quotes", "plans")
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "main#main"}


def typed(**values: str) -> dict[str, Any]:
    """An editor with one line and the fields of a new customer open."""
    newcomer = {"new_customer": str(new_id()), "kind": "business", "name": "Nordlys AS", "country": "NO"}
    return form_of(customer="Nordlys", **{**newcomer, **values})


def value(answer: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}"[^>]*? value="([^"]*)"', answer.text)
    return found[1] if found else ""


async def all_of(owner: asyncpg.Connection, company: Company) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await owner.fetch("select * from customer where organisation_id = $1", company.id)
    return rows


@pytest.mark.parametrize("desk", DESKS)
@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
async def test_a_customer_is_made_and_chosen_without_leaving_the_editor(
    world: World, owner: asyncpg.Connection, desk: str, headers: dict[str, str]
) -> None:
    company = await world.company(currency="SEK")
    place = f"/{desk}/{new_id()}/draft/customer"
    fresh = await company.post(f"{place}/new", form_of(customer="Nordlys"), headers=headers)
    assert value(fresh, "name") == "Nordlys" and '<option value="NO" selected>' in fresh.text
    assert value(fresh, "lines.0.description") == "Rådgivning" and fresh.text.count("button primary") == 1
    assert ">Save the draft</button></noscript>" not in fresh.text  # it would leave the customer behind
    key = value(fresh, "new_customer")
    filled = typed(new_customer=key, email="post@nordlys.example", editor=value(fresh, "editor"))
    for _ in range(2):  # a double click makes one
        answer = await company.post(f"{place}/creation", filled, headers=headers)
        assert answer.status_code == 200 and value(answer, "customer_id") == key
        assert "new_customer" not in answer.text and "post@nordlys.example" in answer.text
        assert value(answer, "lines.0.description") == "Rådgivning"
    (row,) = await all_of(owner, company)
    assert (row["id"], row["name"], row["language"], row["currency"]) == (UUID(key), "Nordlys AS", "nb", "SEK")


async def test_what_is_wrong_with_a_new_customer_is_said_beside_its_field_and_all_is_kept(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    place = f"/invoices/{new_id()}/draft/customer/creation"
    answer = await company.post(
        place, typed(name="", email="feil", city="Bodø", organisation_number="123"), headers=HTMX
    )
    assert answer.status_code == 422 and "<html" not in answer.text
    assert {"f-name-error", "f-email-error", "f-organisation-number-error"} <= set(
        re.findall('id="([^"]+)"', answer.text)
    )
    assert (value(answer, "email"), value(answer, "city")) == ("feil", "Bodø")
    assert value(answer, "lines.0.unit_price") == "1000"
    assert await all_of(owner, company) == []


async def test_a_line_that_comes_meanwhile_keeps_what_is_typed_of_the_customer(world: World) -> None:
    company = await world.company()
    answer = await company.post(f"/invoices/{new_id()}/draft/lines", typed(email="post@nordlys.example"))
    assert value(answer, "email") == "post@nordlys.example" and "lines.1.description" in answer.text


async def test_a_new_customer_may_be_given_up(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    answer = await company.post(f"/invoices/{new_id()}/draft/customers", typed(another="1"), headers=HTMX)
    assert "new_customer" not in answer.text and "issuance" in answer.text
    assert 'id="f-customer"' in answer.text and await all_of(owner, company) == []


async def test_a_name_that_was_typed_and_not_chosen_is_kept_with_who_it_may_be(world: World) -> None:
    company = await world.company()
    made = await company.post(f"/invoices/{new_id()}/draft/customer/creation", typed())
    answer = await company.post(f"/invoices/{new_id()}/issuance", form_of(customer="Nordlys"))
    assert answer.status_code == 422 and value(answer, "customer") == "Nordlys"
    assert value(answer, "picked_customer") == value(made, "customer_id") != ""
