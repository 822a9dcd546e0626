"""The privacy pages follow the country of the company; what is issued does not (P-40)."""

from __future__ import annotations

import html

import pytest

from domain.privacy.accounting import kept_until
from models.unit_of_work import unit_of_work
from routes.filters import Filters
from tests.actions.making import TODAY, issued, line
from tests.world import Company, World


async def move_to(company: Company, country: str) -> None:
    async with unit_of_work(company.id, company.person_id) as work:
        await work.connection.execute("update organisation set country = $2 where id = $1", company.id, country)


@pytest.mark.parametrize("place", ["/privacy/retention", "/privacy"])
async def test_p40_retention_law_and_authority_follow_the_country_of_the_company(world: World, place: str) -> None:
    company = await world.company()
    told = {
        "NO": ("in Norway", "for 5 years", "bokføringsloven § 13", "Datatilsynet", "https://www.datatilsynet.no/"),
        "SE": ("in Sweden", "for 7 years", "bokföringslagen", "Integritetsskyddsmyndigheten", "https://www.imy.se/"),
        "DE": ("in Germany", "for 8 years", "§ 147 AO", "Datenschutzaufsichtsbehörden der Länder", "bfdi.bund.de"),
    }
    for country, words in told.items():
        await move_to(company, country)
        page = html.unescape((await company.get(place)).text)
        own = page[page.index('id="own-country"') :].partition("</section>")[0]
        for word in words:
            assert word in own, (country, word)


async def test_p40_a_visitor_sees_the_law_of_every_country_and_of_none_in_particular(world: World) -> None:
    page = (await world.visitor().get("/privacy/retention")).text
    assert "own-country" not in page and "bokföringslagen" in page


async def test_p40_what_was_issued_keeps_the_law_it_was_issued_under(world: World) -> None:
    company = await world.company()
    first = await issued(company, await world.customer(company), line("100"))
    in_norway, shown = kept_until(TODAY, "NO"), Filters("en").day
    for country in ("NO", "SE", "DE"):
        await move_to(company, country)
        page = html.unescape((await company.get(f"/invoices/{first.invoice_id}")).text)
        assert f"Kept until {shown(in_norway)} (accounting law)" in page
        assert country == "NO" or kept_until(TODAY, country) != in_norway
