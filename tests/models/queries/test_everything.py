"""The one search box finds whatever the company has, and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from actions import plans, quotes, supplier_documents
from actions.supplier_documents import Details
from models.queries import search
from models.queries.everything import NOTHING, Everything, search_everything
from models.unit_of_work import reading
from tests.actions.making import TODAY, line
from tests.actions.test_quotes import saved_quote, sent_quote
from tests.models.queries.test_search import plan_of as explained
from tests.routes.furnished import plan_of, received
from tests.world import Company, World


async def found(company: Company, query: str) -> dict[str, list[Any]]:
    """The ids of each kind that found anything."""
    everything = await search_everything(company.id, query)
    ids = {
        one.name: [row[0] if isinstance(row, tuple) else row.id for row in getattr(everything, one.name)]
        for one in fields(Everything)
    }
    return {name: rows for name, rows in ids.items() if rows}


async def test_quotes_plans_and_received_documents_are_found_by_name_number_and_text(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, name="Fjellheim AS")
    quote_id = await sent_quote(company, customer, note="Gjerde mot veien")
    plan_id = await plan_of(company, customer, line("100"), note="Leie av lokale")
    document_id, _ = await received(company, "Strøm og Lys AS")
    await supplier_documents.change(company.id, company.person_id, document_id, Details(TODAY, "oppgang fire"))
    one = {"quotes": [quote_id], "plans": [plan_id]}
    assert await found(company, "fjell") == one
    assert await found(company, "radgiv") == one
    assert await found(company, "gjerde veien") == {"quotes": [quote_id]}
    assert await found(company, "leie fjellheim") == {"plans": [plan_id]}
    for query in ("strom", "oppgang", "strøm lys"):
        assert await found(company, query) == {"received": [document_id]}
    assert await search_everything(company.id, "fjellheim strøm") == NOTHING
    shown = (await company.get("/search?q=as")).text
    assert all(
        f'href="/{place}"' in shown for place in (f"quotes/{quote_id}", f"plans/{plan_id}", f"inbox/{document_id}")
    )
    other = await world.company()
    assert await search_everything(other.id, "fjellheim") == await search_everything(other.id, "strøm") == NOTHING


async def test_what_was_taken_away_is_not_found(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, name="Fjellheim AS")
    offered = await saved_quote(company, customer)
    plan_id = await plan_of(company, customer, line("100"))
    document_id, _ = await received(company, "Fjellheim Strøm")
    assert set(await found(company, "fjellheim")) == {"quotes", "plans", "received"}
    await quotes.delete(company.id, company.person_id, offered.id)
    await supplier_documents.remove(company.id, company.person_id, document_id)
    await plans.stop(company.id, company.person_id, plan_id)
    assert await found(company, "fjellheim") == {"plans": [plan_id]}  # stopped, not gone


@pytest.mark.parametrize("query", ["fjell", "fjell as", "fjell 2", "radgiv 3"])
async def test_words_that_are_common_find_the_same(world: World, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    company = await world.company()
    for n in range(4):
        customer = await world.customer(company, name=f"Fjellheim {n} AS")
        await saved_quote(company, customer)
        await plan_of(company, customer, line("100"))
    few = await found(company, query)
    assert "quotes" in few and "plans" in few
    monkeypatch.setattr(search, "MOST_OF_A_KIND", 2)
    assert await found(company, query) == few
    monkeypatch.setattr(search, "COMMON", dict.fromkeys(search.COMMON, 1))
    monkeypatch.setattr(search, "FEW_SPELLINGS", 0)
    assert await found(company, query) == few


async def test_the_words_of_all_kinds_are_sought_by_the_index_under_row_level_security(world: World) -> None:
    company = await world.company()
    values = (company.id, ["quote", "plan", "supplier"], ["nord"], ["nore"], 100)
    plan = await explained(company, search._SUBJECTS_OF_KINDS, *values)
    condition = plan[plan.index("Index Cond") :].splitlines()[0]
    assert "word >=" in condition and "word <" in condition and "kind =" in condition
    async with reading(company.id) as work:
        assert await search.newest_of_kinds(work, "", 8, {"quote": "id"}) == {"quote": []}
