"""Issued through the app and judged by the official rules: every figure of the e-invoice is the stored one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from actions import documents, einvoice_opinions, einvoices, files
from domain.einvoice import ubl_reading
from domain.einvoice.rules import findings
from domain.settings import Settings
from domain.totals import Charge, Discount
from models.queries.einvoices import einvoice_in
from models.queries.invoices import stored
from models.unit_of_work import reading
from tasks.gateways.einvoice_parsing import parse
from tasks.gateways.einvoice_validator import Checked, Validator
from tasks.gateways.pdf import NullPdf
from tasks.judge import ValidatorJudge
from tasks.renderer import PoolRenderer
from tests.actions.judging import judged_by
from tests.actions.making import issued, line
from tests.actions.test_credits import credit, off
from tests.world import Company, World

THIRDS = tuple(line("33.33") for _ in range(3))
# The traps: where VAT is rounded, prices that include it, a discount over several rates, other currencies.
CASES: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "three times 99.99": (tuple(line("99.99") for _ in range(3)), {}),
    "prices with VAT": (THIRDS, {"prices_include_vat": True}),
    "prices with VAT, discount and charge": (
        (*THIRDS, line("115", treatment="middle")),
        {
            "prices_include_vat": True,
            "discount": Discount(percent=Decimal("12.5")),
            "charge": Charge(amount=Decimal(49), text="Frakt"),
        },
    ),
    "a fixed discount over three rates": (
        (line("1000"), line("1000", treatment="middle"), line("1000", treatment="zero")),
        {"discount": Discount(amount=Decimal(100))},
    ),
    "hours and quarters": ((line("90", "6.3333"), line("1249.9999", "0.25", discount="33.33")), {}),
    "exempt, export and reverse charge": (
        (line("10", treatment="exempt"), line("20", treatment="export"), line("30", treatment="reverse_charge")), {},
    ),
    "low and raw fish": ((line("1000", treatment="low"), line("1000", treatment="raw_fish")), {}),
    "euros with VAT in kroner": ((line("1000"),), {"currency": "EUR", "exchange_rate": Decimal("11.5")}),
    "yen have no decimals": ((line("333", "3"),), {"currency": "JPY", "exchange_rate": Decimal("0.07")}),
    "a line that takes something back": ((line("1000"), line("100", "-2")), {}),
    "a line with a charge": ((replace(line("1000"), charge=Decimal("12.34"), charge_text="Ilgebyr"),), {}),
}  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def validator() -> AsyncIterator[Validator]:
    validator = Validator(seconds=60)
    yield validator
    await validator.close()


@pytest.fixture
async def judged(
    world: World, settings: Settings, validator: Validator, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    files.open_store(settings)
    documents.use(PoolRenderer(NullPdf()))
    monkeypatch.setattr(einvoice_opinions, "PATIENCE", 60)
    with judged_by(ValidatorJudge(validator)):
        yield
    documents.use(None)


@pytest.mark.parametrize("case", CASES)
async def test_what_is_issued_passes_every_rule_with_the_stored_figures(
    world: World, judged: None, validator: Validator, case: str
) -> None:
    lines, changes = CASES[case]
    company = await world.company()
    done = await issued(company, await world.customer(company, reference="Ola"), *lines, **changes)
    assert done.number is not None, done.refusals
    await holds(company, done.invoice_id, validator)


async def holds(company: Company, invoice_id: UUID, validator: Validator) -> None:
    """The e-invoice is EHF, passes all rules, and says what is stored and shown."""
    await einvoices.make(company.id, invoice_id)
    kept = await einvoices.einvoice_of(company.id, invoice_id)
    assert kept is not None
    assert await validator.check(kept) == Checked()
    document = ubl_reading.read(parse(kept)).document
    assert [finding.rule for finding in findings(document, over_peppol=True) if finding.is_fatal] == []
    async with reading(company.id) as work:
        found, view = await stored(work, invoice_id), await einvoice_in(work, invoice_id)
    assert found is not None and view is not None and view.is_peppol
    totals, row = found.totals(), found.row
    assert (document.line_sum, document.net, document.vat, document.gross, document.vat_nok) == (
        totals.line_sum, totals.net, totals.vat, totals.gross, row["vat_nok"],
    )  # fmt: skip
    assert (document.allowances, document.charges) == (totals.discount, totals.charge)
    assert [one.net for one in document.lines] == [one["net"] for one in found.lines]
    assert {(one.category, one.base, one.vat) for one in document.groups} == {
        (one.category, one.base, one.vat) for one in totals.groups
    }
    assert (document.number, document.issued_on) == (row["number"], row["issued_on"])
    assert document.is_credit_note is (row["kind"] == "credit_note")
    page = (await company.get(f"/invoices/{invoice_id}")).text
    places = 0 if row["currency"] == "JPY" else 2
    assert f"{document.gross:,.{places}f}" in page and f"{document.vat:,.{places}f}" in page


@pytest.mark.parametrize("case", CASES)
async def test_what_is_credited_in_two_parts_passes_every_rule_too(
    world: World, judged: None, validator: Validator, case: str
) -> None:
    lines, changes = CASES[case]
    company = await world.company()
    done = await issued(company, await world.customer(company, reference="Ola"), *lines, **changes)
    first = await off(company, done.invoice_id, "7")
    rest = await credit(company, done.invoice_id)
    for note in (first, rest):
        assert note.number is not None, note.refusals
        await holds(company, note.invoice_id, validator)
