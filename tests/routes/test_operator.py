"""Who runs the installation: what opens for them, and what does not."""

from __future__ import annotations

import httpx
import pytest

from actions.security_log import Client
from actions.sign_in import Unconfirmed, sign_in
from models.unit_of_work import unit_of_work
from tests.conftest import OPERATOR
from tests.world import PASSWORD, World


async def test_the_operator_has_a_page_of_desks_and_a_link_to_it(world: World) -> None:
    operator = await world.operator()
    page = await operator.get("/operator")
    assert page.status_code == 200 and 'href="/privacy/processors"' in page.text
    assert '<a href="/operator"' in (await operator.get("/account")).text


async def test_for_other_accounts_it_is_as_if_there_were_no_such_page(world: World) -> None:
    company = await world.company()
    missing, desk = await company.get("/nothing-here"), await company.get("/operator")
    assert desk.status_code == missing.status_code == 404
    assert "/operator" not in (await company.get("/account")).text


async def test_a_visitor_signs_in_first(client: httpx.AsyncClient) -> None:
    answer = await client.get("/operator")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/operator")


async def test_being_the_operator_opens_no_company(world: World) -> None:
    """An operator sees no data of a tenant: neither its pages nor its name on the desks."""
    company = await world.company(name="Zqhemmelig AS")
    customer = await world.customer(company)
    operator = await world.operator()
    for path in (f"/customers/{customer}", f"/customers/{customer}/edit"):
        assert (await operator.get(path)).status_code == 404
    chosen = await operator.post(f"/companies/{company.id}/selection")
    assert chosen.status_code == 404
    for path in ("/operator", "/companies", "/customers", "/search?q=zqhemmelig"):
        assert "Zqhemmelig AS" not in (await operator.get(path)).text


@pytest.mark.parametrize("claim", ["is_operator", "operator"])
async def test_nobody_becomes_the_operator_by_saying_so(world: World, claim: str) -> None:
    """S-17"""
    company = await world.company()
    await company.post("/account/profile", {"name": "Kari", "language": "en", claim: "1"})
    assert (await company.get(f"/operator?{claim}=1", headers={"X-Operator": "1"})).status_code == 404


async def test_the_operator_s_address_opens_nothing_before_it_is_confirmed(world: World) -> None:
    """Whoever signs up with the address gets no session until a letter to it was answered."""
    await world.operator()
    async with unit_of_work(None) as work:
        await work.connection.execute("update person set email_confirmed_at = null where email_key = $1", OPERATOR)
    try:
        assert isinstance(await sign_in(OPERATOR, PASSWORD, Client("2001:db8:77::1", "Test")), Unconfirmed)
    finally:
        async with unit_of_work(None) as work:
            await work.connection.execute(
                "update person set email_confirmed_at = now() where email_key = $1", OPERATOR
            )
