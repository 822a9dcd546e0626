from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.invoice import Draft, Issued, Party, draft_totals, issue
from domain.kroner import GroupInKroner
from domain.refusals import Refused
from domain.totals import Discount
from tests.domain.sample import ACCOUNT, BUYER, SELLER, TODAY, draft, line


def issued(some: Draft, seller: Party = SELLER, buyer: Party | None = BUYER) -> Issued:
    return issue(some, seller, buyer, TODAY, 7, 2026, "20260000075", ACCOUNT)


def test_an_invoice_carries_its_number_dates_and_kid() -> None:
    invoice = issued(draft(due_days=30))
    assert (invoice.number, invoice.series_year, invoice.counter) == ("2026-0007", 2026, 7)
    assert (invoice.issued_on, invoice.due_on) == (TODAY, date(2026, 12, 22))
    assert invoice.kid == "20260000075"
    assert (invoice.bank_account, invoice.iban, invoice.bic) == ("86011117947", "NO9386011117947", "DNBANOKK")


def test_a_continuous_series_has_a_plain_number_and_may_do_without_account_and_kid() -> None:
    invoice = issue(draft(), SELLER, BUYER, TODAY, 1042, 0, "")
    assert (invoice.number, invoice.kid, invoice.bank_account) == ("1042", "", "")


def test_both_parties_are_copied() -> None:
    invoice = issued(draft())
    assert (invoice.seller, invoice.buyer) == (SELLER, BUYER)


def test_nothing_in_an_issued_invoice_can_be_changed() -> None:
    invoice = issued(draft())
    for thing, field in ((invoice, "number"), (invoice.lines[0], "net"), (invoice.seller, "name")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, field, "other")


def test_lines_are_frozen_with_category_rate_and_amount() -> None:
    invoice = issued(draft(line(), line(2, treatment="low", discount_percent=Decimal(10), description="Tur")))
    second = invoice.lines[1]
    assert [each.position for each in invoice.lines] == [1, 2]
    assert (second.category, second.rate, second.discount, second.net) == (
        "S",
        Decimal(12),
        Decimal("200.00"),
        Decimal("1800.00"),
    )
    assert (second.description, second.unit) == ("Tur", "HUR")
    assert (second.quantity, second.unit_price) == (Decimal(2), Decimal(1000))


@pytest.mark.parametrize("inclusive", [False, True])
def test_the_figures_are_those_the_draft_showed(inclusive: bool) -> None:
    some = draft(
        line(), line(2, treatment="zero"), prices_include_vat=inclusive, discount=Discount(percent=Decimal(5))
    )
    invoice = issued(some)
    assert invoice.totals == draft_totals(some, "NO", TODAY)
    assert invoice.groups == invoice.totals.groups
    assert [each.net for each in invoice.lines] == [each.net for each in invoice.totals.lines]


def test_what_the_law_wants_said_is_said_once_in_the_language_of_the_document() -> None:
    some = draft(line(treatment="reverse_charge"), line(2, treatment="reverse_charge"), line(3), language="nn")
    assert issued(some).texts == ("Omvendt avgiftsplikt – Merverdiavgift ikke beregnet",)


def test_a_seller_without_vat_says_so() -> None:
    seller = replace(SELLER, vat_registered=False, vat_number="")
    invoice = issued(draft(line(treatment="outside"), language="en"), seller)
    assert invoice.totals.vat == 0
    assert invoice.texts == ("The seller is not registered for VAT. No VAT is charged.",)


def test_vat_in_another_currency_is_also_stated_in_kroner() -> None:
    invoice = issued(draft(line(quantity=Decimal(1)), currency="EUR", exchange_rate=Decimal("11.5000")))
    assert (invoice.totals.vat, invoice.vat_nok) == (Decimal("250.00"), Decimal("2875.00"))
    assert invoice.exchange_rate == Decimal("11.5")


def test_an_exchange_rate_without_vat_or_without_foreign_currency_is_left_out() -> None:
    export = issued(draft(line(treatment="export"), currency="EUR", exchange_rate=Decimal("11.5")))
    kroner = issued(draft(exchange_rate=Decimal("11.5")))
    assert (export.vat_nok, kroner.vat_nok, kroner.exchange_rate) == (None, None, None)
    # The rate of an export is kept for the reports, which are in NOK.
    assert export.exchange_rate == Decimal("11.5")
    assert export.groups_in_kroner == (GroupInKroner(export.totals.net * Decimal("11.5"), Decimal(0)),)


def test_delivery_references_and_note_come_along() -> None:
    fields: dict[str, Any] = {
        "delivery_from": date(2026, 11, 1),
        "delivery_to": date(2026, 11, 20),
        "delivery_place": "Voss",
        "your_reference": "Kari",
        "our_reference": "Ola",
        "order_number": "PO-7",
        "project_reference": "Torget 12",
        "contract_reference": "K-2026",
        "accounting_reference": "4010",
        "note": "Takk!",
        "language": "en",
    }
    invoice = issued(draft(**fields))
    assert {name: getattr(invoice, name) for name in fields} == fields


def test_a_due_date_beyond_the_calendar_is_refused_and_not_counted() -> None:
    with pytest.raises(Refused, match="due_days_out_of_range"):
        issued(draft(due_days=10**9))


def test_a_draft_with_faults_is_refused_with_all_of_them() -> None:
    with pytest.raises(Refused) as refused:
        issued(draft(line(description=""), due_days=None), SELLER, None)
    assert [fault.code for fault in refused.value.refusals] == [
        "customer.missing",
        "invoice.due_missing",
        "invoice.delivery_place_missing",
        "line.description_missing",
    ]
