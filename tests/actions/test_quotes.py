from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import instance, quote_letters, quotes
from actions.drafts import Editing
from actions.outcomes import NotFound, Stale
from domain.draft import Draft
from domain.refusals import Refused
from models.ids import new_id
from models.queries.invoices import stored as stored_invoice
from models.queries.quotes import StoredQuote, hosted_quote, quote_page, stored
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import TODAY, draft, first_save, line
from tests.world import Company, World


async def saved_quote(company: Company, customer: UUID | None, *lines: Any, **values: Any) -> Draft:
    given = {"delivery_from": None, "valid_until": TODAY + timedelta(days=30), "kind": "quote", **values}
    made = draft(customer, *lines, **given)
    await quotes.save(company.id, company.person_id, made, first_save())
    return made


async def sent_quote(company: Company, customer: UUID | None, *lines: Any, **values: Any) -> UUID:
    made = await saved_quote(company, customer, *lines, **values)
    sending = await quote_letters.send(company.id, company.person_id, made.id, None, None)
    assert sending.refusals == ()
    return made.id


async def of(company: Company, quote_id: UUID) -> StoredQuote:
    async with reading(company.id) as work:
        found = await stored(work, quote_id)
    assert found is not None
    return found


def clock_at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(instance, "_settings", replace(instance.settings(), test_clock=moment))


async def code_of(action: Any) -> str:
    with pytest.raises(Refused) as refused:
        await action
    return refused.value.refusals[0].code


async def test_a_quote_keeps_everything_it_was_saved_with(world: World) -> None:
    company = await world.company()
    made = await saved_quote(company, await world.customer(company), line("99.99"), line("1", "2.5"), note="Hei")
    found = await of(company, made.id)
    assert found.draft() == made
    assert (found.row["gross"], found.row["customer_name"]) == (found.totals().gross, "Nordlys AS")
    assert found.is_draft and found.number == ""


async def test_saving_without_a_change_writes_nothing_and_two_windows_do_not_overwrite_each_other(
    world: World,
) -> None:
    company = await world.company()
    made, editing = draft(await world.customer(company), valid_until=TODAY), first_save()
    first = await quotes.save(company.id, company.person_id, made, editing)
    assert (await quotes.save(company.id, company.person_id, made, editing)).version == first.version == 1
    changed = replace(made, note="Other words")
    assert (await quotes.save(company.id, company.person_id, changed, editing)).version == 2
    with pytest.raises(Stale):
        await quotes.save(company.id, company.person_id, made, Editing(1, new_id()))
    assert (await of(company, made.id)).draft().note == "Other words"


async def test_a_double_click_on_a_new_quote_makes_one(world: World) -> None:
    company = await world.company()
    made, editing = draft(await world.customer(company), valid_until=TODAY), first_save()
    done = await asyncio.gather(*(quotes.save(company.id, company.person_id, made, editing) for _ in range(4)))
    assert {one.id for one in done} == {made.id}


async def test_sending_numbers_freezes_and_queues_one_letter(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    customer = await world.customer(company)
    made = await saved_quote(company, customer)
    send = [quote_letters.send(company.id, company.person_id, made.id, None, None) for _ in range(3)]
    done = await asyncio.gather(*send)
    assert sorted(one.was_sent_before for one in done) == [False, True, True]
    found = await of(company, made.id)
    assert (found.number, found.row["state"], found.row["delivery_state"]) == ("1", "sent", "queued")
    letters = await owner.fetch("select kind, recipient, state from message where quote_id = $1", made.id)
    assert [tuple(letter) for letter in letters] == [("quote", "post@nordlys.example", "queued")]
    await owner.execute("update customer set name = 'Another name' where id = $1", customer)
    assert (await of(company, made.id)).document().buyer.name == "Nordlys AS"


async def test_numbers_of_quotes_are_their_own_and_leave_those_of_invoices_alone(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    made = [await saved_quote(company, customer) for _ in range(5)]
    await asyncio.gather(*(quote_letters.send(company.id, company.person_id, one.id, None, None) for one in made))
    assert sorted([(await of(company, one.id)).number for one in made]) == ["1", "2", "3", "4", "5"]
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select count(*) from number_series where series = 'invoice'") == 0


async def test_a_quote_with_faults_is_saved_and_not_sent(world: World) -> None:
    company = await world.company()
    made = draft(None, valid_until=TODAY - timedelta(days=1), kind="quote", delivery_from=None)
    sending = await quote_letters.send(company.id, company.person_id, made.id, made, first_save())
    assert {fault.code for fault in sending.refusals} == {"customer.missing", "quote.end_past"}
    assert (await of(company, made.id)).is_draft


async def test_what_was_sent_refuses_every_change_of_what_it_says(world: World) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company))
    for change in ("gross = 1", "content = '{}'", "document = '{}'", "counter = 9", "state = 'draft'"):
        with pytest.raises(asyncpg.PostgresError):
            async with unit_of_work(company.id) as work:
                await work.connection.execute(f"update quote set {change} where id = $1", quote_id)


async def test_a_quote_that_was_sent_is_neither_saved_over_nor_deleted(world: World) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company))
    before = await of(company, quote_id)
    answer = await quotes.save(company.id, company.person_id, replace(before.draft(), note="x"), first_save())
    assert answer.is_issued
    assert (await of(company, quote_id)).draft() == before.draft()
    assert await code_of(quotes.delete(company.id, company.person_id, quote_id)) == "quote.sent_is_kept"


@pytest.mark.parametrize("given", ["accepted", "declined"])
async def test_the_customer_answers_once_with_name_and_time_and_the_seller_is_told(
    world: World, owner: asyncpg.Connection, given: str
) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company))
    await quotes.answer(company.id, quote_id, given, "  Ola   Nordmann ")
    await quotes.answer(company.id, quote_id, given, "Ola Nordmann")
    row = (await of(company, quote_id)).row
    assert (row["state"], row["answer"], row["answered_by"]) == (given, given, "Ola Nordmann")
    assert row["answered_at"] is not None
    told = await owner.fetch("select recipient from message where quote_id = $1 and kind = 'answer'", quote_id)
    assert [letter["recipient"] for letter in told] == [company.email]
    other = "declined" if given == "accepted" else "accepted"
    assert await code_of(quotes.answer(company.id, quote_id, other, "Ola Nordmann")) == "quote.answered"


async def test_one_of_many_answers_at_once_counts(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company))
    answers = [quotes.answer(company.id, quote_id, given, "Ola") for given in ("accepted", "declined") * 3]
    done = await asyncio.gather(*answers, return_exceptions=True)
    assert sum(isinstance(one, Refused) for one in done) == 3
    assert await owner.fetchval("select count(*) from message where quote_id = $1 and kind = 'answer'", quote_id) == 1


async def test_nobody_answers_without_a_name_or_after_the_quote_was_withdrawn(world: World) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company))
    assert await code_of(quotes.answer(company.id, quote_id, "accepted", " ")) == "quote.name_missing"
    assert await code_of(quotes.answer(company.id, quote_id, "accepted", "x" * 101)) == "text.too_long"
    await quotes.withdraw(company.id, company.person_id, quote_id)
    await quotes.withdraw(company.id, company.person_id, quote_id)
    assert await code_of(quotes.answer(company.id, quote_id, "accepted", "Ola")) == "quote.withdrawn"


async def test_a_quote_can_be_accepted_until_midnight_where_the_company_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    last = TODAY + timedelta(days=5)
    late, early = [await sent_quote(company, await world.customer(company), valid_until=last) for _ in range(2)]
    midnight = datetime(last.year, last.month, last.day, 23, 30, tzinfo=UTC)  # half past midnight or later in Oslo
    clock_at(monkeypatch, midnight)
    assert await code_of(quotes.answer(company.id, late, "accepted", "Ola")) == "quote.expired"
    clock_at(monkeypatch, midnight - timedelta(hours=3))
    await quotes.answer(company.id, early, "accepted", "Ola")


async def test_a_quote_becomes_one_invoice_draft_tied_both_ways(world: World) -> None:
    company = await world.company()
    quote_id, wanted = await sent_quote(company, await world.customer(company), line("100", "2")), new_id()
    make = [quotes.to_invoice(company.id, company.person_id, quote_id, wanted) for _ in range(3)]
    assert set(await asyncio.gather(*make)) == {wanted}
    async with reading(company.id) as work:
        invoice = await stored_invoice(work, wanted)
    assert invoice is not None and invoice.is_draft
    assert (invoice.row["kind"], invoice.totals().gross) == ("invoice", Decimal("250.00"))
    page = await quote_page(company.id, quote_id)
    assert page is not None
    assert [made.id for made in page.invoices] == [wanted]
    assert page.quote.row["state"] == "invoiced"
    again = quotes.to_invoice(company.id, company.person_id, quote_id, new_id())
    assert await code_of(again) == "quote.invoiced_already"
    await quotes.to_invoice(company.id, company.person_id, quote_id, new_id(), again=True)


async def test_a_declined_quote_becomes_no_invoice_but_a_copy(world: World) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company))
    await quotes.answer(company.id, quote_id, "declined", "Ola")
    refused = quotes.to_invoice(company.id, company.person_id, quote_id, new_id())
    assert await code_of(refused) == "quote.not_invoiced_declined"
    copied = await quotes.copy(company.id, company.person_id, quote_id, new_id())
    found = await of(company, copied.id)
    assert found.is_draft and found.draft().valid_until == TODAY + timedelta(days=30)


async def test_a_deleted_draft_comes_back(world: World) -> None:
    company = await world.company()
    made = await saved_quote(company, await world.customer(company))
    await quotes.delete(company.id, company.person_id, made.id)
    assert await quote_page(company.id, made.id) is None
    await quotes.restore(company.id, company.person_id, made.id)
    assert await quote_page(company.id, made.id) is not None


async def test_the_secret_opens_its_quote_and_nothing_else(world: World) -> None:
    company, other = await world.company(), await world.company()
    quote_id = await sent_quote(company, await world.customer(company))
    found = await hosted_quote(quote_letters.token_of(company.id, quote_id))
    assert found is not None and (found.organisation_id, found.quote.id) == (company.id, quote_id)
    assert await hosted_quote(quote_letters.token_of(other.id, quote_id)) is None
    with pytest.raises(NotFound):
        await quotes.answer(other.id, quote_id, "accepted", "Ola")
