"""Writing, issuing, paying and finding invoices over HTTP, with and without htmx."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from actions import deliveries, instance
from models.ids import new_id
from models.queries.invoices import stored
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import TODAY, issued, line, saved
from tests.world import Company, World

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def form_of(**values: Any) -> dict[str, Any]:
    """An editor with one line, as the browser sends it."""
    return {
        "version": "0", "editor": str(new_id()), "customer_id": "", "customer": "", "currency": "NOK", "language": "nb",
        "due_days": "14", "delivery_from": "2026-11-20", "lines.0.id": str(new_id()), "lines.0.product_id": "",
        "lines.0.description": "Rådgivning", "lines.0.quantity": "2", "lines.0.unit": "HUR",
        "lines.0.unit_price": "1000", "lines.0.discount_percent": "", "lines.0.treatment": "standard", **values,
    }  # fmt: skip


async def row_of(company: Company, invoice_id: Any) -> Any:
    async with reading(company.id) as work:
        found = await stored(work, invoice_id)
    return found.row if found else None


@contextmanager
def budget(statements: list[str], most: int) -> Iterator[None]:
    """At most so many statements are sent, the session's and COMMIT included."""
    statements.clear()
    yield
    assert len(statements) <= most, "\n".join(text.strip()[:90] for text in statements)


async def test_saving_without_htmx_leads_back_to_the_editor(world: World) -> None:
    company = await world.company()
    draft_id = new_id()
    answer = await company.post(f"/invoices/{draft_id}/draft", form_of())
    assert (answer.status_code, answer.headers["location"]) == (303, f"/invoices/{draft_id}/edit?done=draft-saved")
    assert (await row_of(company, draft_id))["gross"] == 2500


async def test_saving_while_typing_answers_with_the_totals_of_the_server(world: World) -> None:
    company = await world.company()
    form = form_of(**{"lines.0.unit_price": "1 234,50"})
    answer = await company.post(f"/invoices/{new_id()}/draft", form, headers={**PART, "Accept-Language": "nb"})
    assert answer.status_code == 200
    assert "<html" not in answer.text and 'id="editor"' not in answer.text
    assert "3,086.25" in answer.text
    assert f'id="sum-{form["lines.0.id"]}"' in answer.text


async def test_what_can_not_be_read_is_said_beside_its_field_and_everything_typed_is_kept(world: World) -> None:
    company = await world.company()
    draft_id = new_id()
    typed = form_of(
        **{"lines.0.quantity": "two", "delivery_from": "31.02.2026", "note": "Takk for <oppdraget>", "due_days": "-3"}
    )
    answer = await company.post(f"/invoices/{draft_id}/draft", typed)
    assert answer.status_code == 422
    for name, value in (("lines.0.quantity", "two"), ("delivery_from", "31.02.2026"), ("due_days", "-3")):
        field = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', answer.text)
        assert field and f'value="{value}"' in field[0] and 'aria-invalid="true"' in field[0], name
    assert "Takk for &lt;oppdraget&gt;" in answer.text and 'value="Rådgivning"' in answer.text
    assert await row_of(company, draft_id) is None


async def test_two_windows_get_a_409_with_both_versions(world: World) -> None:
    company = await world.company()
    draft_id = new_id()
    await company.post(f"/invoices/{draft_id}/draft", form_of(**{"lines.0.description": "From the first window"}))
    second = form_of(version="0", **{"lines.0.description": "From the second window"})
    for headers in ({}, PART):
        answer = await company.post(f"/invoices/{draft_id}/draft", second, headers=headers)
        assert answer.status_code == 409
        assert "From the first window" in answer.text and "From the second window" in answer.text
    kept = await company.post(f"/invoices/{draft_id}/draft", {**second, "overwrite": "1"})
    assert kept.status_code == 303


async def test_lines_come_go_and_move_without_scripts_and_nothing_typed_is_lost(world: World) -> None:
    company = await world.company()
    draft_id, other = new_id(), str(new_id())
    form = form_of(**{
        "note": "kept", "lines.1.id": other, "lines.1.description": "Second", "lines.1.unit_price": "50",
        "lines.1.quantity": "1", "lines.1.unit": "C62", "lines.1.treatment": "standard",
    })  # fmt: skip
    added = await company.post(f"/invoices/{draft_id}/draft/lines", form)
    assert len(re.findall(r'name="lines\.\d\.description"', added.text)) == 3 and "kept" in added.text
    moved = await company.post(f"/invoices/{draft_id}/draft/lines/{other}/up", form)
    assert moved.text.index('value="Second"') < moved.text.index('value="Rådgivning"')
    removed = await company.post(f"/invoices/{draft_id}/draft/lines/{other}/removal", form)
    assert 'value="Second"' not in removed.text and 'value="Rådgivning"' in removed.text


async def test_a_customer_is_chosen_and_brings_language_currency_and_terms(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, language="en", currency="EUR", due_days=30, reference="Ola")
    draft_id = new_id()
    answer = await company.post(
        f"/invoices/{draft_id}/draft/customer", form_of(picked_customer=str(customer), customer="nord")
    )
    assert answer.status_code == 200
    row = await row_of(company, draft_id)
    assert (row["customer_id"], row["language"], row["currency"], row["due_days"]) == (customer, "en", "EUR", 30)
    assert row["your_reference"] == "Ola"


async def test_a_product_fills_its_line(world: World) -> None:
    company = await world.company()
    product = new_id()
    async with unit_of_work(company.id) as work:
        await work.connection.execute(
            "insert into product (organisation_id, id, name, name_key, unit, unit_price, currency, vat_treatment, "
            "version, created_at, changed_at) "
            "values ($1, $2, 'Kaffe', 'kaffe', 'KGM', 249.5, 'NOK', 'middle', 1, now(), now())",
            company.id, product,
        )  # fmt: skip
    draft_id, form = new_id(), form_of(picked_product="")
    form["picked_product"] = str(product)
    await company.post(f"/invoices/{draft_id}/draft/lines/{form['lines.0.id']}/product", form)
    async with reading(company.id) as work:
        found = await stored(work, draft_id)
    assert found is not None
    one = found.lines[0]
    assert (one["description"], one["unit"], one["vat_treatment"], one["quantity"]) == ("Kaffe", "KGM", "middle", 2)


async def test_issuing_from_the_editor_saves_issues_and_sends_in_one_step(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    draft_id = new_id()
    form = form_of(customer_id=str(customer))
    answer = await company.post(f"/invoices/{draft_id}/issuance", {**form, "send": "1"})
    assert answer.headers["location"] == f"/invoices/{draft_id}?done=issued-and-queued"
    row = await row_of(company, draft_id)
    assert (row["number"], row["delivery_state"]) == ("1", "queued")
    again = await company.post(f"/invoices/{draft_id}/issuance", {**form, "send": "1"})
    assert again.status_code == 303 and (await row_of(company, draft_id))["number"] == "1"


async def test_a_late_autosave_of_the_editor_that_issued_changes_nothing_and_says_nothing(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    draft_id, form = new_id(), form_of(customer_id=str(customer))
    await company.post(f"/invoices/{draft_id}/issuance", form)
    late = await company.post(f"/invoices/{draft_id}/draft", form, headers=PART)
    assert (late.status_code, late.text) == (204, "")
    other = await company.post(f"/invoices/{draft_id}/draft", {**form, "editor": str(new_id())}, headers=PART)
    assert other.headers["hx-redirect"].endswith("done=already-issued")


async def test_every_legal_fault_is_a_sentence_that_leads_to_its_field(world: World) -> None:
    company = await world.company(organisation_number="")
    form = form_of(delivery_from="")
    answer = await company.post(f"/invoices/{new_id()}/issuance", form)
    assert answer.status_code == 422
    assert 'href="#f-customer"' in answer.text
    assert 'href="#f-delivery-from"' in answer.text
    assert 'href="/company#f-organisation-number"' in answer.text
    assert 'value="Rådgivning"' in answer.text


async def test_deleting_a_draft_offers_the_way_back(world: World) -> None:
    company = await world.company()
    draft = await saved(company, await world.customer(company))
    gone = await company.post(f"/invoices/{draft.id}/deletion")
    page = await company.get(gone.headers["location"])
    assert f'action="/invoices/{draft.id}/restoration"' in page.text
    assert (await company.get(f"/invoices/{draft.id}")).status_code == 404
    back = await company.post(f"/invoices/{draft.id}/restoration")
    assert back.headers["location"].startswith(f"/invoices/{draft.id}/edit")


async def test_a_payment_is_registered_refused_beside_its_field_and_undone(world: World) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company), line("1000"))
    bad = await company.post(
        f"/invoices/{done.invoice_id}/payments", {"amount": "12,345.678", "paid_on": "someday", "note": "Giro"}
    )
    assert bad.status_code == 422 and 'value="someday"' in bad.text and 'value="Giro"' in bad.text
    paid = await company.post(
        f"/invoices/{done.invoice_id}/payments",
        {"amount": "1,250.00", "paid_on": TODAY.isoformat(), "payment_id": str(new_id())},
    )
    assert paid.status_code == 303
    page = (await company.get(f"/invoices/{done.invoice_id}")).text
    undo = re.search(r'action="(/payments/[0-9a-f-]+/reversal)"', page)
    assert undo and "Paid" in page
    await company.post(undo[1], {"reversal_id": str(new_id())})
    assert (await row_of(company, done.invoice_id))["state"] == "open"


@pytest.mark.parametrize(
    ("query", "found"),
    [("nordl", 1), ("NORDLYS as", 1), ("1250", 1), ("1 250,00", 1), ("1001", 1), ("0000010017", 1), ("rådgiv", 1),
     ("radgiv nord", 1), ("%", 0), ("_", 0), ("fremmed", 0)],
)  # fmt: skip
async def test_an_invoice_is_found_by_customer_number_amount_kid_and_text(
    world: World, query: str, found: int
) -> None:
    company = await world.company(kid_length=10, first_number=1001)
    await issued(company, await world.customer(company), line("1000"))
    answer = await company.get("/invoices", params={"q": query})
    assert answer.text.count('class="go"') == found


async def test_the_list_pages_without_missing_or_repeating_a_row(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    for _ in range(105):
        await saved(company, customer)
    seen: list[str] = []
    address = "/invoices?state=draft"
    while address:
        page = (await company.get(address)).text
        seen += re.findall(r'class="go" href="/invoices/([0-9a-f-]+)', page)
        more = re.search(r'href="(/invoices\?[^"]*after=[^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 105


async def test_downloads_hold_all_that_is_shown_and_no_formula(world: World, tmp_path: Path) -> None:
    """S-36"""
    company = await world.company()
    for name in ('=HYPERLINK("http://evil","x")', "+1", "-2+3", "@SUM(1)", "＝1", 'Ola "Ø", Å'):
        await issued(company, await world.customer(company, name=name), line("1000"))
    text = (await company.get("/invoices/download/csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 6 and all(row["Total"] == "1250.00" for row in rows)
    names = {row["Customer"] for row in rows}
    assert '\'=HYPERLINK("http://evil","x")' in names and 'Ola "Ø", Å' in names
    assert not any(name.startswith(("=", "+", "-", "@", "＝")) for name in names)
    path = tmp_path / "list.xlsx"
    path.write_bytes((await company.get("/invoices/download/xlsx")).content)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert len(cells) == 6 and all(row[7] == 1250 and isinstance(row[7], (int, float)) for row in cells)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


async def test_each_page_keeps_to_its_number_of_statements(world: World, statements: list[str]) -> None:
    company = await world.company()
    customer = await world.customer(company)
    done = await issued(company, customer, line("1000"), line("10"))
    draft = await saved(company, customer)
    for path, most in {
        "/": 2, "/invoices": 6, "/invoices?q=nordlys": 7, "/invoices?state=overdue": 6, "/invoices/new": 5,
        f"/invoices/{done.invoice_id}": 2, f"/invoices/{draft.id}/edit": 6, "/payments": 5, "/search?q=nord": 12,
    }.items():  # fmt: skip
        await company.get(path)
        with budget(statements, most):
            assert (await company.get(path)).status_code == 200


async def test_the_cost_of_the_list_does_not_grow_with_its_length(world: World, statements: list[str]) -> None:
    company = await world.company()
    customer = await world.customer(company)
    await saved(company, customer)
    await company.get("/invoices")
    statements.clear()
    await company.get("/invoices")
    few = len(statements)
    for _ in range(60):
        await saved(company, customer)
    statements.clear()
    answer = await company.get("/invoices")
    assert len(statements) == few
    assert len(answer.content) < 30 * 1024


async def test_the_hosted_page_needs_no_login_sets_no_cookie_and_stays_out_of_caches(world: World) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company), line("1000"), language="en")
    page = (await company.get(f"/invoices/{done.invoice_id}")).text
    link = re.search(r"/i/[\w-]{43}", page)
    assert link
    visitor = world.visitor()
    answer = await visitor.get(link[0])
    assert answer.status_code == 200 and "1,250.00" in answer.text
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
    assert (await visitor.get(link[0][:-1] + ("A" if link[0][-1] != "A" else "B"))).status_code == 404


async def test_the_invoice_leads_to_the_address_that_opens_it_when_one_was_revoked(world: World) -> None:
    company = await world.company()
    done = await issued(company, await world.customer(company), line("1000"))
    address = f"/invoices/{done.invoice_id}"
    first = re.search(r"/i/[\w-]{43}", (await company.get(address)).text)
    async with unit_of_work(company.id) as work:
        revoke = "update invoice_link set revoked_at = now() where organisation_id = $1 and invoice_id = $2"
        await work.connection.execute(revoke, company.id, done.invoice_id)
    without = await company.get(address)
    assert without.status_code == 200 and "/i/" not in without.text
    async with unit_of_work(company.id) as work:
        await deliveries.ensure_link(work, done.invoice_id)
    second = re.search(r"/i/[\w-]{43}", (await company.get(address)).text)
    assert first and second and first[0] != second[0]
    visitor = world.visitor()
    assert (await visitor.get(first[0])).status_code == 404
    assert (await visitor.get(second[0])).status_code == 200


async def test_the_most_e_mails_of_a_day_are_said_in_the_editor_and_on_the_invoice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "_settings", replace(instance.settings(), daily_emails=1))
    company = await world.company()
    customer_id = await world.customer(company)
    typed = {"customer_id": str(customer_id), "customer": "Nordlys AS", "send": "1"}
    first, second = new_id(), new_id()
    assert (await company.post(f"/invoices/{first}/issuance", form_of(**typed))).status_code == 303
    refused = await company.post(f"/invoices/{second}/issuance", form_of(**typed))
    assert refused.status_code == 422 and "has sent 1 e-mails in 24 hours" in refused.text
    assert "Rådgivning" in refused.text and (await row_of(company, second))["state"] == "draft"
    again = await company.post(f"/invoices/{first}/deliveries", {"recipient": "other@nordlys.example"})
    assert again.status_code == 422 and "has sent 1 e-mails in 24 hours" in again.text
    assert "other@nordlys.example" in again.text
