from __future__ import annotations

import asyncio
import json
from datetime import date
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from actions.invoices import issue
from actions.outcomes import NotFound
from domain.refusals import Refused
from models.ids import new_id
from models.queries.invoices import issued as issued_invoice
from models.queries.invoices import stored
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import TODAY, draft, first_save, issued, line, saved
from tests.world import Company, World


async def numbers_of(company: Company) -> list[int]:
    async with reading(company.id) as work:
        rows = await work.connection.fetch("select counter from invoice where state <> 'draft' order by counter")
    return [row["counter"] for row in rows]


async def test_the_numbers_go_up_by_one_from_the_first_number_of_the_company(world: World) -> None:
    company = await world.company(first_number=1001)
    customer = await world.customer(company)
    numbers = [(await issued(company, customer)).number for _ in range(3)]
    assert numbers == ["1001", "1002", "1003"]


async def test_issuing_twice_keeps_the_first_number(world: World) -> None:
    company = await world.company()
    made = await saved(company, await world.customer(company))
    first = await issue(company.id, company.person_id, made.id, None, None, send=False)
    again = await issue(company.id, company.person_id, made.id, None, None, send=False)
    assert again.number == first.number
    assert again.was_issued_before and not first.was_issued_before


async def test_ten_clicks_at_once_issue_one_invoice_with_one_e_mail(world: World) -> None:
    """T-02"""
    company = await world.company()
    made = await saved(company, await world.customer(company))
    done = await asyncio.gather(
        *(issue(company.id, company.person_id, made.id, None, None, send=True) for _ in range(10))
    )
    assert {one.number for one in done} == {"1"}
    assert sum(not one.was_issued_before for one in done) == 1
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select count(*) from message") == 1


async def test_ten_clicks_on_a_draft_that_was_never_saved_issue_one_invoice(world: World) -> None:
    company = await world.company()
    made, editing = draft(await world.customer(company)), first_save()
    done = await asyncio.gather(
        *(issue(company.id, company.person_id, made.id, made, editing, send=False) for _ in range(10))
    )
    assert {one.number for one in done} == {"1"}
    assert await numbers_of(company) == [1]


async def test_fifty_at_once_with_five_faulty_give_forty_five_numbers_without_a_gap(world: World) -> None:
    """Trap 6, T-01"""
    company = await world.company()
    customer = await world.customer(company)
    good = [await saved(company, customer) for _ in range(45)]
    faulty = [await saved(company, customer, delivery_from=None) for _ in range(5)]
    done = await asyncio.gather(
        *(issue(company.id, company.person_id, one.id, None, None, send=False) for one in [*good, *faulty])
    )
    assert sum(one.number is None for one in done) == 5
    assert await numbers_of(company) == list(range(1, 46))


async def test_a_failure_after_the_number_was_taken_leaves_no_gap(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    customer = await world.customer(company)
    await issued(company, customer)
    made = await saved(company, customer)
    await owner.execute(
        f"""
        create function fail_{made.id.hex}() returns trigger language plpgsql as
            $$ begin raise exception 'the disk is full'; end $$;
        create trigger fail_{made.id.hex} before insert on audit_event for each row
            when (new.subject_id = '{made.id}') execute function fail_{made.id.hex}();
        """
    )
    with pytest.raises(asyncpg.RaiseError):
        await issue(company.id, company.person_id, made.id, None, None, send=True)
    await owner.execute(f"drop trigger fail_{made.id.hex} on audit_event")
    again = await issue(company.id, company.person_id, made.id, None, None, send=True)
    assert again.number == "2"
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select count(*) from message") == 1


async def test_a_draft_with_faults_is_not_issued_and_every_fault_is_named(world: World) -> None:
    company = await world.company(organisation_number="")
    made = await saved(company, None, delivery_from=None)
    done = await issue(company.id, company.person_id, made.id, None, None, send=True)
    assert done.number is None
    assert {"customer.missing", "company.organisation_number_missing", "invoice.delivery_date_missing"} <= {
        refusal.code for refusal in done.refusals
    }
    assert await numbers_of(company) == []


async def test_sending_needs_an_address_but_issuing_alone_does_not(world: World) -> None:
    company = await world.company()
    made = await saved(company, await world.customer(company, email=""))
    refused = await issue(company.id, company.person_id, made.id, None, None, send=True)
    assert [refusal.code for refusal in refused.refusals] == ["customer.email_missing"]
    assert (await issue(company.id, company.person_id, made.id, None, None, send=False)).number == "1"


async def test_what_is_issued_is_frozen_against_later_changes_of_both_parties(world: World) -> None:
    """Trap 9"""
    company = await world.company()
    customer = await world.customer(company)
    done = await issued(company, customer, line("1000"))
    before = await issued_invoice(company.id, done.invoice_id)
    async with unit_of_work(company.id, company.person_id) as work:
        await work.connection.execute("update customer set name = 'Nytt Navn AS', address_line1 = 'Ny vei 9'")
        await work.connection.execute("update organisation set name = 'Ny Selger', bank_account = '12345678903'")
    assert await issued_invoice(company.id, done.invoice_id) == before
    assert before is not None and before.buyer.name == "Nordlys AS" and before.bank_account == "86011117947"
    following = await issued(company, customer, line("1000"))
    after = await issued_invoice(company.id, following.invoice_id)
    assert after is not None and after.buyer.name == "Nytt Navn AS" and after.seller.name == "Ny Selger"


@pytest.mark.parametrize(
    "statement",
    [
        "update invoice set note = 'changed' where id = $1",
        "update invoice set gross = gross + 1, net = net + 1 where id = $1",
        "update invoice set number = '999' where id = $1",
        "update invoice set buyer = '{}' where id = $1",
        "update invoice set state = 'draft', number = null where id = $1",
        "delete from invoice where id = $1",
        "update invoice_line set net = 0 where invoice_id = $1",
        "delete from invoice_line where invoice_id = $1",
        "insert into invoice_line (organisation_id, id, invoice_id, position) "
        "select organisation_id, gen_random_uuid(), invoice_id, 99 from invoice_line where invoice_id = $1",
    ],
)
async def test_the_database_refuses_to_change_an_issued_invoice(world: World, statement: str) -> None:
    """P-12: as the app's own role, past all code."""
    company = await world.company()
    done = await issued(company, await world.customer(company))
    with pytest.raises((asyncpg.RestrictViolationError, asyncpg.InsufficientPrivilegeError)):
        async with unit_of_work(company.id, company.person_id) as work:
            await work.connection.execute(statement, done.invoice_id)


async def test_no_line_moves_between_invoices(world: World) -> None:
    """P-12: neither out of an issued invoice into a draft, nor the other way."""
    company = await world.company()
    customer = await world.customer(company)
    done, other = await issued(company, customer), await saved(company, customer)
    for source, target in ((done.invoice_id, other.id), (other.id, done.invoice_id)):
        with pytest.raises(asyncpg.RestrictViolationError):
            async with unit_of_work(company.id, company.person_id) as work:
                await work.connection.execute(
                    "update invoice_line set invoice_id = $2, id = gen_random_uuid() where invoice_id = $1",
                    source, target,
                )  # fmt: skip


async def test_the_kid_has_the_length_of_the_bank_agreement_and_is_unique(world: World) -> None:
    company = await world.company(kid_length=10, first_number=10001)
    customer = await world.customer(company)
    done = [await issued(company, customer) for _ in range(3)]
    kids = [(await issued_invoice(company.id, one.invoice_id)).kid for one in done]  # type: ignore[union-attr]
    assert all(len(kid) == 10 for kid in kids) and len(set(kids)) == 3
    assert kids[0] == "0000100016"


async def test_a_number_too_long_for_the_kid_is_refused_and_takes_no_number(world: World) -> None:
    company = await world.company(kid_length=4, first_number=9999)
    made = await saved(company, await world.customer(company))
    with pytest.raises(Refused) as refused:
        await issue(company.id, company.person_id, made.id, None, None, send=False)
    assert refused.value.refusals[0].code == "kid.does_not_fit"
    assert await numbers_of(company) == []


async def test_the_stored_figures_are_those_of_trap_1(world: World) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company), *(line("99.99") for _ in range(3)))
    async with reading(company.id) as work:
        found = await stored(work, done.invoice_id)
    assert found is not None
    row: Any = found.row
    assert (row["net"], row["vat"], row["gross"]) == (Decimal("299.97"), Decimal("74.99"), Decimal("374.96"))
    assert row["open_amount"] == row["gross"]
    assert json.loads(row["vat_groups"])[0]["vat"] == "74.99"


async def test_an_invoice_of_nothing_is_paid_when_issued(world: World) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company), line("500", discount="100"))
    async with reading(company.id) as work:
        found = await stored(work, done.invoice_id)
    assert found is not None and found.row["state"] == "paid"


async def test_a_yearly_series_follows_the_day_in_the_company_s_zone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trap 6: half past midnight in Oslo on 1 January is still the old year in UTC."""
    from dataclasses import replace
    from datetime import datetime

    from actions import instance

    moment = datetime.fromisoformat("2026-12-31T23:30:00+00:00")
    company = await world.company(yearly_numbers=True)
    made = await saved(company, await world.customer(company), delivery_from=date(2026, 12, 30))
    monkeypatch.setattr(instance, "_settings", replace(instance.settings(), test_clock=moment))
    done = await issue(company.id, company.person_id, made.id, None, None, send=False)
    assert done.number == "2027-0001"


async def test_issuing_a_draft_of_another_company_finds_nothing(world: World) -> None:
    company, other = await world.company(), await world.company()
    made = await saved(other, await world.customer(other))
    with pytest.raises(NotFound):
        await issue(company.id, company.person_id, made.id, None, None, send=False)


async def test_the_issue_queues_the_e_mail_and_the_document_in_its_own_transaction(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company), send=True)
    rows = await owner.fetch(
        "select entrypoint from pgqueuer where convert_from(payload, 'utf8') like $1", f"%{company.id}%"
    )
    assert {row["entrypoint"] for row in rows} == {"render_invoice", "make_einvoice", "send_invoice"}
    assert done.recipient == "post@nordlys.example"
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select delivery_state from invoice") == "queued"


async def test_the_lines_follow_a_rate_that_changed_since_the_draft_was_saved(world: World) -> None:
    company = await world.company()
    made = await saved(company, await world.customer(company), line("100"))
    async with unit_of_work(company.id, company.person_id) as work:  # as it was before the rate changed
        await work.connection.execute("update invoice_line set vat_rate = 24 where invoice_id = $1", made.id)
        await work.connection.execute("update invoice set vat = 24, gross = 124 where id = $1", made.id)
    await issue(company.id, company.person_id, made.id, None, None, send=False)
    document = await issued_invoice(company.id, made.id)
    assert document is not None
    assert document.lines[0].rate == 25 and document.totals.gross == Decimal("125.00")
    assert document.issued_on == TODAY


async def test_ids_of_nothing_find_nothing(world: World) -> None:
    company = await world.company()
    with pytest.raises(NotFound):
        await issue(company.id, company.person_id, new_id(), None, None, send=True)


async def test_a_character_that_no_font_can_print_is_found_before_the_issue(world: World) -> None:
    company = await world.company()
    made = await saved(company, await world.customer(company, name="Rakett 🚀 AS"), note="Ærlig talt: Ωμέγα, Привет")
    done = await issue(company.id, company.person_id, made.id, None, None, send=False)
    assert [(refusal.code, refusal.field) for refusal in done.refusals] == [("glyph.missing", "customer.name")]
    assert "🚀" in done.refusals[0].params["char"]
    assert await numbers_of(company) == []
