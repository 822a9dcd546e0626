from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from actions import drafts
from actions.drafts import Editing
from actions.invoices import issue
from actions.outcomes import NotFound, Stale
from domain.refusals import Refused
from models.ids import new_id
from models.queries.invoices import stored
from models.unit_of_work import reading
from tests.actions.making import TODAY, draft, first_save, issued, line, saved
from tests.world import World


async def test_a_draft_keeps_every_figure_it_was_saved_with(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    made = draft(customer, line("99.99"), line("1000", "2.5", "middle", "10"), note="Takk!", order_number="A-7")
    saved_draft = await drafts.save(company.id, company.person_id, made, first_save())
    async with reading(company.id) as work:
        found = await stored(work, made.id)
    assert found is not None
    assert found.draft() == made
    assert found.totals() == saved_draft.totals
    assert found.row["customer_name"] == "Nordlys AS"


async def test_saving_without_a_change_writes_nothing(world: World) -> None:
    company = await world.company()
    made, editing = draft(await world.customer(company)), first_save()
    first = await drafts.save(company.id, company.person_id, made, editing)
    again = await drafts.save(company.id, company.person_id, made, editing)
    assert again.version == first.version == 1


async def test_lines_may_change_come_go_and_move_in_one_save(world: World) -> None:
    company = await world.company()
    a, b, c, d = line("1"), line("2"), line("3"), line("4")
    made, editing = draft(await world.customer(company), a, b, c), first_save()
    changed = replace(c, unit_price=Decimal("3.50"), treatment="middle")
    for lines in ((a, b, c), (d, changed, a), (changed,), (), (b, a), (a, b)):
        made = replace(made, lines=lines)
        done = await drafts.save(company.id, company.person_id, made, editing)
        async with reading(company.id) as work:
            found = await stored(work, made.id)
        assert found is not None and found.draft() == made and found.totals() == done.totals


async def test_only_the_line_that_somebody_types_in_is_written_again(world: World) -> None:
    company = await world.company()
    lines = [line(str(price)) for price in range(1, 21)]
    made, editing = draft(await world.customer(company), *lines), first_save()
    await drafts.save(company.id, company.person_id, made, editing)
    before = await _written(company.id, made.id)
    lines[7] = replace(lines[7], quantity=Decimal(2))
    await drafts.save(company.id, company.person_id, replace(made, lines=tuple(lines)), editing)
    after = await _written(company.id, made.id)
    assert [line_id for line_id in before if before[line_id] != after[line_id]] == [lines[7].id]


async def _written(company_id: UUID, draft_id: UUID) -> dict[UUID, int]:
    """By which transaction each line was written."""
    async with reading(company_id) as work:
        rows = await work.connection.fetch(
            "select id, xmin::text::bigint as writer from invoice_line where invoice_id = $1", draft_id
        )
    return {row["id"]: row["writer"] for row in rows}


async def test_saves_of_one_editor_follow_one_another_without_knowing_the_version(world: World) -> None:
    company = await world.company()
    made, editing = draft(await world.customer(company)), first_save()
    for note in ("a", "b", "c"):
        last = await drafts.save(company.id, company.person_id, replace(made, note=note), editing)
    assert last.version == 3


async def test_a_draft_is_found_by_the_words_it_has_now_and_by_no_others(world: World) -> None:
    company = await world.company()
    made, editing = draft(await world.customer(company), note="ullgenser"), first_save()
    first, second = await asyncio.gather(
        *(drafts.save(company.id, company.person_id, made, editing) for _ in range(2))
    )
    assert first.version == second.version == 1
    assert "ullgenser" in await words_of(company.id, made.id)
    await drafts.save(company.id, company.person_id, replace(made, note="bunad"), editing)
    words = await words_of(company.id, made.id)
    assert "bunad" in words and "ullgenser" not in words


async def words_of(organisation_id: UUID, invoice_id: UUID) -> set[str]:
    """The words of an invoice, each once and all at the place in time where its row is."""
    async with reading(organisation_id) as work:
        rows = await work.connection.fetch(
            "select w.word, w.listed_at = i.listed_at as in_place "
            "from search_word w join invoice i on i.id = w.subject_id where i.id = $1",
            invoice_id,
        )
    assert all(row["in_place"] for row in rows) and len({row["word"] for row in rows}) == len(rows)
    return {row["word"] for row in rows}


async def test_two_tabs_do_not_overwrite_each_other(world: World) -> None:
    company = await world.company()
    made = await saved(company, await world.customer(company))
    one, other = Editing(1, new_id()), Editing(1, new_id())
    await drafts.save(company.id, company.person_id, replace(made, note="first tab"), one)
    with pytest.raises(Stale) as stale:
        await drafts.save(company.id, company.person_id, replace(made, note="second tab"), other)
    assert stale.value.stored.row["note"] == "first tab"


async def test_the_second_tab_wins_once_it_has_seen_the_first(world: World) -> None:
    company = await world.company()
    made = await saved(company, await world.customer(company))
    await drafts.save(company.id, company.person_id, replace(made, note="first tab"), Editing(1, new_id()))
    mine = await drafts.save(company.id, company.person_id, replace(made, note="mine"), Editing(2, new_id()))
    assert mine.version == 3


async def test_a_customer_of_another_company_is_refused(world: World) -> None:
    company, other = await world.company(), await world.company()
    theirs = await world.customer(other)
    with pytest.raises(Refused) as refused:
        await drafts.save(company.id, company.person_id, draft(theirs), first_save())
    assert refused.value.refusals[0].code == "customer.missing"


async def test_amounts_that_can_not_be_stored_are_refused_and_leave_the_draft_as_it_was(world: World) -> None:
    company = await world.company()
    made = await saved(company, await world.customer(company))
    huge = replace(made, lines=(line("9999999999", "9999999999"),))
    with pytest.raises(Refused) as refused:
        await drafts.save(company.id, company.person_id, huge, Editing(1, new_id()))
    assert refused.value.refusals[0].code == "invoice.amount_too_large"
    async with reading(company.id) as work:
        found = await stored(work, made.id)
    assert found is not None and found.draft() == made


async def test_a_deleted_draft_is_gone_and_comes_back_whole(world: World) -> None:
    company = await world.company()
    made = await saved(company, await world.customer(company))
    await drafts.delete(company.id, company.person_id, made.id)
    with pytest.raises(Stale):
        await drafts.save(company.id, company.person_id, replace(made, note="late"), Editing(1, new_id()))
    await drafts.restore(company.id, company.person_id, made.id)
    async with reading(company.id) as work:
        found = await stored(work, made.id)
    assert found is not None and found.draft() == made and found.row["deleted_at"] is None


async def test_an_issued_invoice_is_not_deleted_and_the_answer_says_why(world: World) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company))
    with pytest.raises(Refused) as refused:
        await drafts.delete(company.id, company.person_id, done.invoice_id)
    (refusal,) = refused.value.refusals
    assert refusal.code == "invoice.issued_is_kept"
    assert refusal.params["until"] == f"31.12.{TODAY.year + 5}"


async def test_a_copy_has_the_lines_but_neither_number_nor_due_date_of_the_original(world: World) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company), line("500"), line("20", "3"))
    copy_id = new_id()
    await drafts.copy(company.id, company.person_id, done.invoice_id, copy_id)
    await drafts.copy(company.id, company.person_id, done.invoice_id, copy_id)
    async with reading(company.id) as work:
        found = await stored(work, copy_id)
    assert found is not None and found.is_draft and found.row["number"] is None and found.row["due_on"] is None
    assert [one["unit_price"] for one in found.lines] == [Decimal(500), Decimal(20)]


async def test_copying_an_invoice_of_another_company_finds_nothing(world: World) -> None:
    company, other = await world.company(), await world.company()
    done = await issued(other, await world.customer(other))
    with pytest.raises(NotFound):
        await drafts.copy(company.id, company.person_id, done.invoice_id, new_id())


async def test_saving_after_the_issue_changes_nothing_and_says_so(world: World) -> None:
    company = await world.company()
    made = await saved(company, await world.customer(company))
    await issue(company.id, company.person_id, made.id, None, None, send=False)
    late = await drafts.save(company.id, company.person_id, replace(made, note="too late"), Editing(1, new_id()))
    assert late.is_issued
    async with reading(company.id) as work:
        found = await stored(work, made.id)
    assert found is not None and found.row["note"] == ""
