"""Lists, figures and offers of customers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from actions import customers as actions
from actions.payments import PaymentEntry, register
from models.ids import new_id
from models.queries import customers
from models.queries.customers import Owed
from tests.actions.making import TODAY, issued, line, saved
from tests.actions.registering import customer
from tests.world import Company, World

NOW = datetime.now(UTC)


async def names(company: Company, query: str = "", archived: bool = False) -> list[str]:
    found = await customers.listed(company.id, query, archived=archived, after=None, limit=50)
    return [row.name for row in found.rows]


async def test_the_list_is_in_the_order_of_folded_names(world: World) -> None:
    company = await world.company()
    for name in ("Østlys", "alfa", "Ål Kraft", "Beta"):
        await customer(company, name)
    assert await names(company) == ["Ål Kraft", "alfa", "Beta", "Østlys"]


async def test_the_pages_together_are_the_list_without_gap_or_double(world: World) -> None:
    company = await world.company()
    made = [await customer(company, f"Like {n // 4}") for n in range(11)]
    seen: list[UUID] = []
    after = None
    for _ in range(4):
        found = await customers.listed(company.id, "", archived=False, after=after, limit=3)
        seen += [row.id for row in found.rows]
        after = found.more
    assert after is None
    assert sorted(seen) == sorted(made) and len(seen) == len(set(seen))


async def test_a_place_that_is_gone_ends_the_list(world: World) -> None:
    company = await world.company()
    await customer(company)
    found = await customers.listed(company.id, "", archived=False, after=new_id(), limit=3)
    assert (found.rows, found.more) == ([], None)


async def test_archived_customers_have_a_list_of_their_own_and_are_not_offered(world: World) -> None:
    company = await world.company()
    made = await customer(company, "Nordlys AS")
    await customer(company, "Nordvind AS")
    await actions.archive(company.id, company.person_id, made)
    assert await names(company) == ["Nordvind AS"]
    assert await names(company, archived=True) == ["Nordlys AS"]
    assert await names(company, "nord", archived=True) == ["Nordlys AS"]
    for query in ("", "nord"):
        assert [one.name for one in await customers.options(company.id, query)] == ["Nordvind AS"]


async def test_a_row_says_what_is_owed_by_currency(world: World) -> None:
    company = await world.company()
    made = await customer(company)
    await issued(company, made, line("100"))
    await issued(company, made, line("200"))
    await issued(company, made, line("10", treatment="export"), currency="EUR", exchange_rate=Decimal("11.5"))
    await saved(company, made, line("999"))
    row = (await customers.listed(company.id, "", archived=False, after=None, limit=5)).rows[0]
    assert row.owed == (Owed("EUR", Decimal(10)), Owed("NOK", Decimal(375)))


async def test_the_page_has_figures_and_the_newest_invoices(world: World) -> None:
    company = await world.company()
    made = await customer(company)
    done = [await issued(company, made, line("100"), due_on=TODAY) for _ in range(9)]
    draft = await saved(company, made, line("50"))
    await issued(company, await customer(company, "En annen AS"), line("100"))
    entry = PaymentEntry(new_id(), Decimal(25), TODAY)
    await register(company.id, company.person_id, done[-1].invoice_id, entry)
    found = await customers.page(company.id, made, NOW)
    assert found is not None
    assert found.invoice_count == 10 and found.has_more_invoices
    assert [row.id for row in found.invoices[:2]] == [draft.id, done[-1].invoice_id]
    assert [row.badge for row in found.invoices[:3]] == ["draft", "part", "open"]
    assert found.owed == (Owed("NOK", Decimal(9 * 125 - 25), Decimal(0)),)


async def test_what_is_due_today_is_overdue_tomorrow(world: World) -> None:
    company = await world.company()
    made = await customer(company)
    await issued(company, made, line("100"), due_on=TODAY)
    for moment, badge, overdue in ((NOW, "open", "0"), (NOW + timedelta(days=2), "overdue", "125")):
        found = await customers.page(company.id, made, moment)
        assert found is not None
        assert (found.invoices[0].badge, found.owed[0].overdue) == (badge, Decimal(overdue))


async def test_before_anything_is_typed_those_invoiced_last_are_offered_first(world: World) -> None:
    company = await world.company()
    ids = {name: await customer(company, name) for name in ("Alfa", "Beta", "Gamma", "Delta")}
    for name in ("Gamma", "Delta", "Gamma"):
        await saved(company, ids[name])
    assert [one.name for one in await customers.options(company.id, "")] == ["Gamma", "Delta", "Alfa", "Beta"]


async def test_at_most_eight_are_offered(world: World) -> None:
    company = await world.company()
    for n in range(10):
        await saved(company, await customer(company, f"Kunde {n}"))
    for query in ("", "kunde"):
        assert len(await customers.options(company.id, query)) == 8


async def test_what_belongs_to_another_company_is_not_there(world: World) -> None:
    mine, theirs = await world.company(), await world.company()
    made = await customer(theirs)
    assert await customers.page(mine.id, made, NOW) is None
    assert await customers.stored(mine.id, made) is None
    assert await names(mine) == []
    assert await customers.options(mine.id, "") == []
    found = await customers.listed(mine.id, "", archived=False, after=made, limit=5)
    assert found.rows == []


async def test_two_of_the_same_name_are_told_apart(world: World) -> None:
    company = await world.company()
    await customer(company, "Tvilling AS", organisation_number="974760673", city="Oslo")
    await customer(company, "Tvilling AS", city="")
    details = {one.detail for one in await customers.options(company.id, "tvilling")}
    assert details == {"974 760 673 · Oslo", "post@nordlys.example"}
