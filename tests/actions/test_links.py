from __future__ import annotations

import pytest

from actions import deliveries, links
from actions.outcomes import NotFound
from models.queries.links import by_token
from models.unit_of_work import unit_of_work
from tests.actions.making import issued, saved
from tests.world import World


async def test_a_new_address_closes_the_old_one_and_is_the_one_from_then_on(world: World) -> None:
    company = await world.company()
    invoice_id = (await issued(company, await world.customer(company))).invoice_id
    async with unit_of_work(company.id) as work:
        old = await deliveries.ensure_link(work, invoice_id)
    assert (await company.post(f"/invoices/{invoice_id}/link")).headers["location"].endswith("done=link-renewed")
    async with unit_of_work(company.id) as work:
        new = await deliveries.ensure_link(work, invoice_id)
    assert await by_token(old) is None and await by_token(new) == (company.id, invoice_id)
    assert (await world.visitor().get(f"/i/{old}")).status_code == 404
    page = (await company.get(f"/invoices/{invoice_id}")).text
    assert f"/i/{new}" in page and old not in page and "got a new address" in page


async def test_only_an_issued_invoice_of_the_company_has_an_address_to_renew(world: World) -> None:
    company, other = await world.company(), await world.company()
    customer = await world.customer(company)
    done, draft = await issued(company, customer), await saved(company, customer)
    for who, invoice_id in ((other, done.invoice_id), (company, draft.id)):
        with pytest.raises(NotFound):
            await links.renew(who.id, who.person_id, invoice_id)
