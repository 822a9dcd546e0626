"""Crediting invoices over HTTP, with and without htmx."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from actions import deliveries
from models.ids import new_id
from models.queries.invoices import stored
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import issued, line
from tests.actions.test_credits import credit, found_of, invoice_of, off, pay
from tests.world import Company, World

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@contextmanager
def budget(statements: list[str], most: int) -> Iterator[None]:
    statements.clear()
    yield
    assert len(statements) <= most, "\n".join(text.strip()[:90] for text in statements)


def hidden(text: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(note_id|draft_id|seen)" value="([^"]*)"', text))


async def form_of(company: Company, invoice_id: UUID, **values: str) -> dict[str, str]:
    """The form as the page shows it, with what is typed."""
    text = (await company.get(f"/invoices/{invoice_id}/credit")).text
    fields = dict(re.findall(r'name="((?:lines\.\d+\.\w+)|charge)" type="text" value="([^"]*)"', text))
    return {**hidden(text), **fields, **values}


async def note_of(company: Company, invoice_id: UUID) -> Any:
    async with reading(company.id) as work:
        note_id = await work.connection.fetchval("select id from invoice where credits_id = $1", invoice_id)
        return await stored(work, note_id) if note_id else None


async def test_the_page_is_filled_with_all_that_is_left_and_says_what_it_does(world: World) -> None:
    company, invoice_id = await invoice_of(world, "1000", "234.50")
    await pay(company, invoice_id, "500")
    text = (await company.get(f"/invoices/{invoice_id}/credit")).text
    assert "1,543.13" in text and "falls by 1,043.13 NOK" in text and "500.00 NOK is paid already" in text
    assert (await form_of(company, invoice_id))["lines.0.quantity"] == "1"


async def test_the_form_issues_the_credit_note_and_a_double_click_finds_it(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    form = await form_of(company, invoice_id, reason="Feil kunde", send="1")
    answer = await company.post(f"/invoices/{invoice_id}/credits", form)
    note = await note_of(company, invoice_id)
    assert answer.headers["location"] == f"/invoices/{note.id}?done=credited-and-queued"
    assert note.row["note"] == "Feil kunde" and note.row["delivery_state"] == "queued"
    again = await company.post(f"/invoices/{invoice_id}/credits", form)
    assert again.headers["location"] == f"/invoices/{note.id}?done=already-credited"


async def test_the_sums_follow_the_typing_from_the_server(world: World) -> None:
    company, invoice_id = await invoice_of(world, "99.99", "99.99", "99.99")
    form = await form_of(company, invoice_id, **{"lines.1.quantity": "0", "lines.2.quantity": ""})
    part = await company.post(f"/invoices/{invoice_id}/credit", form, headers=PART)
    assert part.status_code == 200 and "124.99" in part.text and "<html" not in part.text
    whole = await company.post(f"/invoices/{invoice_id}/credit", form)
    assert "124.99" in whole.text and "<html" in whole.text and 'value="0"' in whole.text
    assert await note_of(company, invoice_id) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"lines.0.quantity": "2"}, "more than is left of line 1"),
        ({"lines.0.amount": "1000.01"}, "more than is left of line 1"),
        ({"lines.0.quantity": "-1"}, "more than is left of line 1"),
        ({"lines.0.quantity": "two"}, "can not read this as a number"),
        ({"lines.0.amount": "1.005"}, "too many decimals"),
        ({"lines.0.quantity": "0"}, "Choose what to credit"),
        ({"seen": "1"}, "Somebody has credited this invoice"),
        ({"charge": "5"}, "more than is left of the charge"),
    ],
)
async def test_a_crafted_form_is_refused_with_the_rule_named(world: World, typed: dict[str, str], words: str) -> None:
    company, invoice_id = await invoice_of(world)
    answer = await company.post(f"/invoices/{invoice_id}/credits", await form_of(company, invoice_id, **typed))
    assert answer.status_code == 422 and words in answer.text
    assert await note_of(company, invoice_id) is None


async def test_what_is_mended_on_the_customer_leads_there(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    customer_id = (await found_of(company, invoice_id)).row["customer_id"]
    async with unit_of_work(company.id) as work:
        await work.connection.execute("update customer set email = '' where id = $1", customer_id)
    answer = await company.post(f"/invoices/{invoice_id}/credits", await form_of(company, invoice_id, send="1"))
    assert answer.status_code == 422 and f'href="/customers/{customer_id}/edit#f-email"' in answer.text


async def test_credit_and_correct_leads_to_the_new_draft(world: World) -> None:
    company, invoice_id = await invoice_of(world, "100", "200")
    page = (await company.get(f"/invoices/{invoice_id}/credit?correct=1")).text
    assert "never changed" in page and 'name="lines.0.quantity"' not in page
    form = {**hidden(page), "correct": "1", "reason": ""}
    answer = await company.post(f"/invoices/{invoice_id}/credits", form)
    draft_id = form["draft_id"]
    assert answer.headers["location"] == f"/invoices/{draft_id}/edit?done=corrected"
    assert "here it is again" in (await company.get(f"/invoices/{draft_id}/edit?done=corrected")).text.lower()
    assert (await found_of(company, invoice_id)).row["state"] == "credited"


async def test_both_pages_name_each_other_and_the_customer_sees_that_nothing_is_to_pay(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    note = await credit(company, invoice_id)
    invoice_page, note_page = [(await company.get(f"/invoices/{one}")).text for one in (invoice_id, note.invoice_id)]
    assert f'href="/invoices/{note.invoice_id}"' in invoice_page
    assert "Credited by credit note 2: 1,250.00 NOK" in invoice_page
    assert f'href="/invoices/{invoice_id}"' in note_page and "<h1>Credit note 2</h1>" in note_page
    assert "Register a payment" not in note_page and f"/invoices/{note.invoice_id}/credit" not in note_page
    async with unit_of_work(company.id) as work:
        tokens = [await deliveries.ensure_link(work, one) for one in (invoice_id, note.invoice_id)]
    hosted = [(await world.visitor().get(f"/i/{token}")).text for token in tokens]
    assert all(
        "Det er ingenting å betale." in text and "86011117947" not in text.split("<article")[0] for text in hosted
    )
    assert (await company.get(f"/invoices/{note.invoice_id}/explanation")).status_code == 200


async def test_what_was_paid_is_used_on_the_next_invoice_or_paid_back(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    await pay(company, invoice_id, "1250")
    note = await credit(company, invoice_id)
    customer_id = (await found_of(company, invoice_id)).row["customer_id"]
    note_page = (await company.get(f"/invoices/{note.invoice_id}")).text
    assert f"/customers/{customer_id}/refunds/new?currency=NOK" in note_page
    following = (await issued(company, customer_id, line("400"))).invoice_id
    text = (await company.get(f"/invoices/{following}")).text
    assert "1,250.00 NOK to their credit" in text and 'name="amount" inputmode="decimal"' in text
    too_much = await company.post(f"/invoices/{following}/used-credit", {"entry_id": str(new_id()), "amount": "501"})
    assert too_much.status_code == 422 and "more than is left to pay" in too_much.text
    done = await company.post(f"/invoices/{following}/used-credit", {"entry_id": str(new_id()), "amount": "500"})
    assert done.headers["location"] == f"/invoices/{following}?done=credit-used"
    told = (await company.get(f"/invoices/{following}")).text + (await company.get(f"/invoices/{invoice_id}")).text
    assert "the customer&#39;s credit: 500.00 NOK" in told and "Payment registered: 1,250.00 NOK" in told
    page = (await company.get(f"/customers/{customer_id}/refunds/new?currency=NOK")).text
    assert 'value="750.00"' in page
    refund = {"refund_id": str(new_id()), "currency": "NOK", "amount": "750.01", "paid_on": "2026-01-01"}
    refused = await company.post(f"/customers/{customer_id}/refunds", refund)
    assert refused.status_code == 422 and "more than the customer has" in refused.text
    paid = await company.post(f"/customers/{customer_id}/refunds", {**refund, "amount": "750"})
    assert paid.headers["location"] == f"/customers/{customer_id}?done=refunded"
    assert "refunds/new" not in (await company.get(f"/customers/{customer_id}")).text
    assert "Paid back to the customer" in (await company.get("/payments")).text


async def test_lists_count_credit_notes_apart_and_subtract_them(world: World) -> None:
    company, invoice_id = await invoice_of(world)
    await off(company, invoice_id, "300")
    text = (await company.get("/invoices")).text
    assert "−375.00" in text and "875.00 NOK" in text
    assert "Partly credited" in text and "Partly paid" not in text
    await pay(company, invoice_id, "100")
    assert "Partly paid" in (await company.get("/invoices")).text
    notes = (await company.get("/invoices?state=note")).text
    assert "1 credit note" in notes and "−375.00 NOK" in notes
    rows = list(
        csv.DictReader(io.StringIO((await company.get("/invoices/download/csv")).content.decode("utf-8-sig")))
    )
    assert [(row["Kind"], row["Total"]) for row in rows] == [("Credit note", "-375.00"), ("Invoice", "1250.00")]


async def test_each_page_keeps_to_its_number_of_statements(world: World, statements: list[str]) -> None:
    company, invoice_id = await invoice_of(world)
    note = await off(company, invoice_id, "100")
    customer_id = (await found_of(company, invoice_id)).row["customer_id"]
    for path, most in {
        f"/invoices/{invoice_id}/credit": 6,
        f"/invoices/{note.invoice_id}": 6,
        f"/customers/{customer_id}/refunds/new": 6,
    }.items():
        with budget(statements, most):
            assert (await company.get(path)).status_code == 200
    form = await form_of(company, invoice_id)
    with budget(statements, 28):
        assert (await company.post(f"/invoices/{invoice_id}/credits", form)).status_code == 303


async def test_a_viewer_is_not_offered_to_credit(world: World) -> None:
    from domain.access import Role

    company, invoice_id = await invoice_of(world)
    offered: Callable[[str], bool] = lambda text: f"/invoices/{invoice_id}/credit" in text  # noqa: E731
    assert offered((await company.get(f"/invoices/{invoice_id}")).text)
    person_id, _ = await world.person()
    async with unit_of_work(company.id, person_id) as work:
        await work.connection.execute(
            "insert into membership (organisation_id, person_id, role, created_at) values ($1, $2, 'viewer', now())",
            company.id, person_id,
        )  # fmt: skip
    client, _ = await world.sign_in(person_id, company.id, Role.VIEWER)
    assert not offered((await client.get(f"/invoices/{invoice_id}")).text)
