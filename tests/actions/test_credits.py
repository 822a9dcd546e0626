from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from actions import credits, customer_credit, payments
from actions.credits import Crediting
from actions.invoices import Issuance
from actions.outcomes import NotFound
from actions.payments import PaymentEntry
from domain.credit import Wanted, everything, left_of
from domain.refusals import Refused
from models.ids import new_id
from models.queries.invoices import StoredInvoice, credit_notes_of, stored
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import TODAY, issued, line, saved
from tests.world import Company, World

D = Decimal


async def invoice_of(world: World, *prices: str, **company_values: Any) -> tuple[Company, UUID]:
    company = await world.company(**company_values)
    lines = [line(price) for price in prices or ("1000",)]
    return company, (await issued(company, await world.customer(company), *lines)).invoice_id


async def found_of(company: Company, invoice_id: UUID) -> StoredInvoice:
    async with reading(company.id) as work:
        found = await stored(work, invoice_id)
    assert found is not None
    return found


async def rest_of(company: Company, invoice_id: UUID) -> Mapping[UUID, Wanted]:
    async with reading(company.id) as work:
        found = await stored(work, invoice_id)
        notes = await credit_notes_of(work, invoice_id)
    assert found is not None
    return everything(left_of(found.issued(), [note.issued() for note in notes]))


async def credit(
    company: Company, invoice_id: UUID, wanted: Mapping[UUID, Wanted] | None = None, send: bool = False, **values: Any
) -> Issuance:
    lines = await rest_of(company, invoice_id) if wanted is None else wanted
    asked = Crediting(**{"id": new_id(), "lines": lines, **values})
    return await credits.issue(company.id, company.person_id, invoice_id, asked, send)


async def off(company: Company, invoice_id: UUID, amount: str) -> Issuance:
    """A credit note of an amount without VAT off the first line."""
    found = await found_of(company, invoice_id)
    return await credit(company, invoice_id, {found.lines[0]["id"]: Wanted(amount=D(amount))})


async def pay(company: Company, invoice_id: UUID, amount: str) -> UUID:
    entry = PaymentEntry(new_id(), D(amount), TODAY)
    await payments.register(company.id, company.person_id, invoice_id, entry)
    return entry.id


async def credit_of(company: Company) -> dict[str, Decimal]:
    """What customers have to their credit, and that it is what the entries add up to."""
    async with reading(company.id) as work:
        rows = await work.connection.fetch("select currency, sum(amount) as held from customer_credit group by 1")
        added = await work.connection.fetch("select currency, sum(to_credit) as held from payment group by 1")
    kept = {row["currency"]: row["held"] for row in rows if row["held"]}
    assert kept == {row["currency"]: row["held"] for row in added if row["held"]}
    return kept


async def test_a_whole_credit_note_mirrors_its_invoice_and_both_know_each_other(world: World) -> None:
    company, invoice_id = await invoice_of(world, "99.99", "99.99", "99.99", kid_length=10)
    done = await credit(company, invoice_id, reason="Feil pris")
    note, invoice = await found_of(company, done.invoice_id), await found_of(company, invoice_id)
    document = note.issued()
    assert (done.number, document.number, document.kind) == ("2", "2", "credit_note")
    assert document.totals == invoice.totals() and document.note == "Feil pris"
    assert document.credits is not None and document.credits.number == invoice.row["number"] == "1"
    assert (document.kid, document.bank_account, document.due_on) == ("", "", TODAY)
    assert (note.row["state"], note.row["open_amount"]) == ("note", 0)
    assert (invoice.row["state"], invoice.row["open_amount"]) == ("credited", 0)
    assert invoice.row["credited_amount"] == invoice.row["gross"]
    assert invoice.issued().kid


async def test_lines_credited_one_by_one_are_those_of_trap_4_and_a_fourth_is_refused(world: World) -> None:
    company, invoice_id = await invoice_of(world, "99.99", "99.99", "99.99")
    found = await found_of(company, invoice_id)
    totals = []
    for one in found.lines:
        done = await credit(company, invoice_id, {one["id"]: Wanted(quantity=D(1))})
        totals.append(str((await found_of(company, done.invoice_id)).row["gross"]))
    assert totals == ["124.99", "124.99", "124.98"]
    assert (await found_of(company, invoice_id)).row["open_amount"] == 0
    with pytest.raises(Refused) as refused:
        await credit(company, invoice_id, {found.lines[0]["id"]: Wanted(quantity=D(1))})
    assert refused.value.refusals[0].code == "credit.nothing_left"


async def test_what_is_open_falls_first_and_what_was_paid_becomes_credit(world: World) -> None:
    """Trap 4: 1250.00, paid 500.00, credit 500.00, further credit 750.00; 750.01 is refused."""
    company, invoice_id = await invoice_of(world)
    await pay(company, invoice_id, "500")
    await off(company, invoice_id, "400")
    row = (await found_of(company, invoice_id)).row
    assert (row["open_amount"], row["state"]) == (D("250.00"), "open") and await credit_of(company) == {}
    with pytest.raises(Refused):
        await off(company, invoice_id, "600.01")
    await credit(company, invoice_id)
    row = (await found_of(company, invoice_id)).row
    assert (row["open_amount"], row["state"]) == (0, "credited")
    assert await credit_of(company) == {"NOK": D("500.00")}


async def test_undoing_a_payment_of_a_credited_invoice_takes_the_credit_back(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    payment = await pay(company, invoice_id, "500")
    await credit(company, invoice_id)
    await payments.reverse(company.id, company.person_id, payment, new_id())
    row = (await found_of(company, invoice_id)).row
    assert (row["open_amount"], row["paid_amount"], row["state"]) == (0, 0, "credited")
    assert await credit_of(company) == {}


async def test_a_payment_whose_credit_was_paid_back_is_not_undone(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    payment = await pay(company, invoice_id, "500")
    await credit(company, invoice_id)
    customer_id = (await found_of(company, invoice_id)).row["customer_id"]
    back = PaymentEntry(new_id(), D("500"), TODAY)
    await customer_credit.refund(company.id, company.person_id, customer_id, "NOK", back)
    with pytest.raises(Refused) as refused:
        await payments.reverse(company.id, company.person_id, payment, new_id())
    assert refused.value.refusals[0].code == "payment.credit_is_used"
    undone = await payments.reverse(company.id, company.person_id, back.id, new_id())
    assert undone.customer_id == customer_id and await credit_of(company) == {"NOK": D("500.00")}


async def test_credit_pays_another_invoice_of_the_same_currency_only(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    await pay(company, invoice_id, "1250")
    await credit(company, invoice_id)
    customer_id = (await found_of(company, invoice_id)).row["customer_id"]
    other = (await issued(company, customer_id, line("400"))).invoice_id
    euro = (await issued(company, customer_id, line("400"), currency="EUR", exchange_rate=D("11.5"))).invoice_id
    with pytest.raises(Refused) as refused:
        await customer_credit.use(company.id, company.person_id, euro, new_id(), D("1"))
    assert refused.value.refusals[0].code == "payment.credit_too_small"
    with pytest.raises(Refused) as refused:
        await customer_credit.use(company.id, company.person_id, other, new_id(), D("500.01"))
    assert refused.value.refusals[0].code == "payment.more_than_open"
    entry_id = new_id()
    for _ in range(2):
        await customer_credit.use(company.id, company.person_id, other, entry_id, D("500"))
    row = (await found_of(company, other)).row
    assert (row["open_amount"], row["paid_amount"], row["state"]) == (0, D("500.00"), "paid")
    assert await credit_of(company) == {"NOK": D("750.00")}
    await payments.reverse(company.id, company.person_id, entry_id, new_id())
    assert (await found_of(company, other)).row["open_amount"] == D("500.00")
    assert await credit_of(company) == {"NOK": D("1250.00")}


async def test_credit_is_kept_by_currency(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    customer_id = (await found_of(company, invoice_id)).row["customer_id"]
    euro = (await issued(company, customer_id, line("100"), currency="EUR", exchange_rate=D("11.5"))).invoice_id
    await pay(company, invoice_id, "1300")
    await pay(company, euro, "126")
    assert await credit_of(company) == {"NOK": D("50.00"), "EUR": D("1.00")}


async def test_ten_clicks_at_once_credit_once(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    asked = Crediting(new_id(), await rest_of(company, invoice_id))
    done = await asyncio.gather(
        *(credits.issue(company.id, company.person_id, invoice_id, asked, send=True) for _ in range(10))
    )
    assert {one.number for one in done} == {"2"}
    assert sum(not one.was_issued_before for one in done) == 1
    async with reading(company.id) as work:
        assert await work.connection.fetchval("select count(*) from message") == 1


async def test_ten_people_at_once_never_credit_more_than_is_left(world: World) -> None:
    """Each on a connection of its own: 300 of 1000 goes three times, and the numbers have no gap."""
    company, invoice_id = await invoice_of(world)
    done = await asyncio.gather(*(off(company, invoice_id, "300") for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(one, Issuance) for one in done) == 3
    assert all(isinstance(one, Issuance | Refused) for one in done)
    row = (await found_of(company, invoice_id)).row
    assert (row["credited_amount"], row["open_amount"]) == (D("1125.00"), D("125.00"))
    async with reading(company.id) as work:
        counters = await work.connection.fetch("select counter from invoice order by 1")
    assert [one["counter"] for one in counters] == [1, 2, 3, 4]


async def test_credit_is_never_used_or_paid_back_twice_however_many_at_once(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    await pay(company, invoice_id, "1000")
    await credit(company, invoice_id)
    customer_id = (await found_of(company, invoice_id)).row["customer_id"]
    other = (await issued(company, customer_id, line("4000"))).invoice_id
    back = [PaymentEntry(new_id(), D("300"), TODAY) for _ in range(4)]
    done = await asyncio.gather(
        *(customer_credit.refund(company.id, company.person_id, customer_id, "NOK", one) for one in back),
        *(customer_credit.use(company.id, company.person_id, other, new_id(), D("300")) for _ in range(4)),
        return_exceptions=True,
    )
    assert sum(not isinstance(one, BaseException) for one in done) == 3
    assert all(isinstance(one, Refused) for one in done if isinstance(one, BaseException))
    assert await credit_of(company) == {"NOK": D("100.00")}


async def test_paying_and_crediting_at_once_ends_in_one_right_balance(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    await asyncio.gather(
        *(pay(company, invoice_id, "250") for _ in range(3)), *(off(company, invoice_id, "300") for _ in range(3))
    )
    row = (await found_of(company, invoice_id)).row
    assert row["paid_amount"] + row["credited_amount"] - row["open_amount"] == D("1250") + (
        (await credit_of(company)).get("NOK", D(0))
    )


async def test_a_form_from_before_somebody_else_s_credit_note_is_refused(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    await off(company, invoice_id, "100")
    with pytest.raises(Refused) as refused:
        await credit(company, invoice_id, seen=D(0))
    assert refused.value.refusals[0].code == "credit.changed_meanwhile"


async def test_credit_notes_can_have_a_series_of_their_own(world: World) -> None:
    company, first = await invoice_of(world, own_credit_numbers=True, first_number=100)
    customer_id = (await found_of(company, first)).row["customer_id"]
    assert (await off(company, first, "1")).number == "K1"
    assert (await issued(company, customer_id)).number == "101"
    assert (await off(company, first, "1")).number == "K2"


async def test_a_draft_a_credit_note_and_somebody_else_s_invoice_are_not_credited(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    customer_id = (await found_of(company, invoice_id)).row["customer_id"]
    draft = await saved(company, customer_id)
    note = await off(company, invoice_id, "100")
    for subject, code in ((draft.id, "credit.of_draft"), (note.invoice_id, "credit.of_credit_note")):
        with pytest.raises(Refused) as refused:
            await credit(company, subject, {})
        assert refused.value.refusals[0].code == code
    with pytest.raises(Refused) as refused:
        await pay(company, note.invoice_id, "1")
    assert refused.value.refusals[0].code == "payment.of_credit_note"
    other = await world.company()
    with pytest.raises(NotFound):
        await credit(other, invoice_id, {})


async def test_credit_and_correct_takes_all_back_and_leaves_a_draft_with_the_same_words(world: World) -> None:
    company, invoice_id = await invoice_of(world, "100", "200")
    draft_id = new_id()
    await credit(company, invoice_id, correction_id=draft_id)
    original, draft = await found_of(company, invoice_id), await found_of(company, draft_id)
    assert original.row["state"] == "credited" and draft.is_draft
    assert (draft.row["kind"], draft.row["credits_id"]) == ("invoice", None)
    assert draft.totals().gross == original.totals().gross
    assert draft.row["delivery_from"] == original.row["delivery_from"]
    assert [one["description"] for one in draft.lines] == [one["description"] for one in original.lines]
    assert all(one["credits_line_id"] is None for one in draft.lines)


async def test_the_kept_sums_carry_credit_notes_below_zero(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    await pay(company, invoice_id, "100")
    await off(company, invoice_id, "300")
    async with reading(company.id) as work:
        fetch = work.connection.fetch
        kept = await fetch("select state, invoices, amount from state_sum where invoices <> 0 order by 1")
        due = await fetch("select invoices, amount from due_sum where invoices <> 0")
        month = await fetch("select invoices, net, vat, paid from month_sum")
    assert [tuple(row) for row in kept] == [("note", 1, D("-375.00")), ("open", 1, D("1250.00"))]
    assert [tuple(row) for row in due] == [(1, D("775.00"))]
    assert [tuple(row) for row in month] == [(1, D("700.00"), D("175.00"), D("100.00"))]


async def test_a_credit_note_in_another_currency_states_its_vat_in_kroner_at_the_invoice_s_rate(world: World) -> None:
    """Trap 5"""
    company = await world.company()
    customer_id = await world.customer(company)
    values: dict[str, Any] = {"currency": "EUR", "exchange_rate": D("11.5000")}
    lines = (line("1000"), line("0.73", treatment="middle"))
    invoice_id = (await issued(company, customer_id, *lines, **values)).invoice_id
    first, rest = await off(company, invoice_id, "333.33"), await credit(company, invoice_id)
    stated = [(await found_of(company, one.invoice_id)).row["vat_nok"] for one in (first, rest)]
    assert sum(stated) == (await found_of(company, invoice_id)).row["vat_nok"] == D("2876.27")
    async with reading(company.id) as work:
        kept = await work.connection.fetch("select sum(base_nok), sum(vat_nok) from vat_sum group by category, rate")
    assert [tuple(row) for row in kept] == [(0, 0), (0, 0)], "the report of the period shows nothing"


@pytest.mark.parametrize(
    "statement",
    [
        "update invoice set credited_amount = 0 where id = $1",
        "update invoice set credited_amount = 100 where id = $1 and kind = 'invoice'",
        "update invoice set state = 'draft', number = null where credits_id = $1",
        "update invoice set gross = 1, net = 1, vat = 0 where credits_id = $1",
        "delete from invoice where credits_id = $1",
        "insert into invoice select (jsonb_populate_record(n, jsonb_build_object("
        "'id', gen_random_uuid(), 'counter', 99))).* from invoice n where n.credits_id = $1",
        "insert into payment select (jsonb_populate_record(p, jsonb_build_object("
        "'id', gen_random_uuid(), 'kind', 'credit_used', 'amount', 5))).* from payment p where p.invoice_id = $1",
        "update customer_credit set amount = -1",
    ],
)
async def test_the_app_s_own_role_can_not_credit_past_what_is_left(world: World, statement: str) -> None:
    """P-12: SQL past all code."""
    company, invoice_id = await invoice_of(world)
    await pay(company, invoice_id, "1000")
    await off(company, invoice_id, "900")
    with pytest.raises(
        (asyncpg.RestrictViolationError, asyncpg.CheckViolationError, asyncpg.InsufficientPrivilegeError)
    ):
        async with unit_of_work(company.id, company.person_id) as work:
            marked = "$1" in statement
            await work.connection.execute(statement, *([invoice_id] if marked else []))


async def test_the_app_s_own_role_can_not_credit_a_line_twice(world: World) -> None:
    """P-12: a credit note of the same line once more, with its amount noted on the invoice as it should be."""
    company, invoice_id = await invoice_of(world, "100", "500")
    found = await found_of(company, invoice_id)
    await credit(company, invoice_id, {found.lines[0]["id"]: Wanted(quantity=D(1))})
    forged = new_id()
    with pytest.raises(asyncpg.RestrictViolationError):
        async with unit_of_work(company.id, company.person_id) as work:
            run = work.connection.execute
            await run(
                "insert into invoice select (jsonb_populate_record(n, jsonb_build_object('id', $2::uuid, 'counter', "
                "null, 'number', null, 'state', 'draft'))).* from invoice n where n.credits_id = $1",
                invoice_id, forged,
            )  # fmt: skip
            await run(
                "insert into invoice_line select (jsonb_populate_record(l, jsonb_build_object('invoice_id', "
                "$2::uuid))).* from invoice_line l join invoice n on n.id = l.invoice_id where n.credits_id = $1 "
                "and n.id <> $2",
                invoice_id, forged,
            )  # fmt: skip
            await run("update invoice set state = 'note', number = '99', counter = 99 where id = $1", forged)
            await run("update invoice set credited_amount = 250, open_amount = 500 where id = $1", invoice_id)
