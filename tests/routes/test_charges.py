"""Charges as they are typed in the editor, and everywhere the invoice shows them afterwards."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.totals import Charge
from models.ids import new_id
from models.queries.invoices import stored
from models.unit_of_work import reading
from tasks.gateways.pdf_view import view_of
from tests.actions.making import issued, line
from tests.routes.test_invoice_routes import PART, form_of, row_of
from tests.world import World

CHARGED = {"charge_text": "Freight", "charge_amount": "100", "lines.0.charge": "15", "lines.0.charge_text": "Express"}


def field(text: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', text)
    assert found, name
    return found[0]


async def test_typed_charges_are_saved_counted_and_shown_again(world: World) -> None:
    company, draft_id = await world.company(), new_id()
    form = form_of(**CHARGED)
    answer = await company.post(f"/invoices/{draft_id}/draft", form, headers=PART)
    # 2 000 and 15 and 100, and 25 % of it all.
    assert "<dt>Freight</dt><dd>100.00</dd>" in answer.text and "2,643.75" in answer.text
    row = await row_of(company, draft_id)
    assert (row["charge"], row["charge_text"], row["gross"]) == (100, "Freight", Decimal("2643.75"))
    edit = (await company.get(f"/invoices/{draft_id}/edit")).text
    for name, value in {**CHARGED, "charge_amount": "100.00", "lines.0.charge": "15.00"}.items():
        assert f'value="{value}"' in field(edit, name), name


async def test_what_a_charge_is_for_is_kept_until_its_amount_is_typed(world: World) -> None:
    company, draft_id = await world.company(), new_id()
    answer = await company.post(f"/invoices/{draft_id}/draft", form_of(charge_text="Freight"), headers=PART)
    assert answer.status_code == 200
    edit = (await company.get(f"/invoices/{draft_id}/edit")).text
    assert 'value="Freight"' in field(edit, "charge_text")
    assert (await row_of(company, draft_id))["charge"] == 0


async def test_a_charge_of_percent_and_amount_is_refused_beside_its_field_with_all_kept(world: World) -> None:
    company, draft_id = await world.company(), new_id()
    typed: dict[str, Any] = {**CHARGED, "charge_percent": "5", "lines.0.charge": "much"}
    answer = await company.post(f"/invoices/{draft_id}/draft", form_of(**typed))
    assert answer.status_code == 422
    for name, value in typed.items():
        assert f'value="{value}"' in field(answer.text, name), name
    for name in ("charge_amount", "lines.0.charge"):
        assert 'aria-invalid="true"' in field(answer.text, name), name
    assert "Give the charge as a percent or as an amount, not both." in answer.text
    assert await row_of(company, draft_id) is None


async def test_page_customer_document_and_copy_have_the_charges(world: World) -> None:
    company = await world.company()
    charged = replace(line("1000"), charge=Decimal(15), charge_text="Express")
    done = await issued(
        company,
        await world.customer(company),
        charged,
        charge=Charge(percent=Decimal(10), text="Freight"),
        language="en",
    )
    page = (await company.get(f"/invoices/{done.invoice_id}")).text
    link = re.search(r"/i/[\w-]{43}", page)
    assert link
    for text in (page, (await world.visitor().get(link[0])).text):
        assert "Express: 15.00" in text and "<dt>Freight</dt><dd>101.50</dd>" in text and "1,395.63" in text
    async with reading(company.id) as work:
        found = await stored(work, done.invoice_id)
    assert found is not None
    view = view_of(replace(found.issued(), language="en"))
    assert (view.line_sum, view.charge, view.charge_text, view.gross) == ("1,015.00", "101.50", "Freight", "1,395.63")
    assert (view.lines[0].charge, view.lines[0].charge_text) == ("15.00", "Express")
    copy_id = new_id()
    await company.post(f"/invoices/{done.invoice_id}/copies", {"copy_id": str(copy_id)})
    row = await row_of(company, copy_id)
    assert (row["gross"], row["charge_percent"], row["charge_text"]) == (Decimal("1395.63"), 10, "Freight")
