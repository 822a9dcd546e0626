from __future__ import annotations

import re

from tests.people import browser
from tests.world import World


async def test_a_visitor_sees_what_this_is_with_one_filled_button(world: World) -> None:
    page = (await browser(world).get("/")).text
    assert "Invoices, quietly done." in page
    assert len(re.findall(r'class="button primary', page)) == 1
    assert 'href="/signup"' in page and 'href="/privacy"' in page


async def test_the_page_speaks_bokmaal_to_norwegian_browsers(world: World) -> None:
    client = browser(world)
    client.headers["Accept-Language"] = "nn-NO,nn;q=0.9,en;q=0.5"
    page = (await client.get("/")).text
    assert '<html lang="nb">' in page and "Faktura, rett og slett." in page


async def test_somebody_signed_in_comes_home(world: World) -> None:
    company = await world.company()
    answer = await company.get("/")
    assert answer.status_code == 200 and "Fjord Design ENK" in answer.text


async def test_somebody_without_a_company_is_asked_for_one(world: World) -> None:
    client, _ = await world.sign_in((await world.person())[0])
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/companies/new")
