from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.invoice import Draft, Party, preflight, warnings
from domain.refusals import Refusal
from domain.totals import Discount
from domain.vat import TREATMENTS
from tests.domain.sample import ACCOUNT, BUYER, SELLER, TODAY, draft, line

UNREGISTERED = replace(SELLER, vat_registered=False, vat_number="", foretaksregisteret=False)


def faults(some: Draft, seller: Party = SELLER, buyer: Party | None = BUYER) -> list[tuple[str, str | None]]:
    return [(fault.code, fault.field) for fault in preflight(some, seller, buyer, TODAY)]


def cautions(some: Draft, seller: Party = SELLER, buyer: Party | None = BUYER) -> list[str]:
    return [caution.code for caution in warnings(some, seller, buyer, TODAY, ACCOUNT)]


def test_a_whole_draft_can_be_issued_without_a_word() -> None:
    assert faults(draft()) == []
    assert cautions(draft()) == []


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": " "}, "company.name_missing", "company.name"),
        ({"organisation_number": ""}, "company.organisation_number_missing", "company.organisation_number"),
        ({"organisation_number": "936587721"}, "company.organisation_number_invalid", "company.organisation_number"),
        ({"address_lines": (), "city": ""}, "company.address_missing", "company.address"),
        ({"country": "DE", "vat_number": "", "organisation_number": ""}, "company.vat_number_missing",
         "company.vat_number"),
    ],
)  # fmt: skip
def test_the_seller_is_shown_as_the_law_wants(changes: dict[str, Any], code: str, field: str) -> None:
    assert faults(draft(), replace(SELLER, **changes)) == [(code, field)]


def test_an_address_is_only_advised_outside_foretaksregisteret() -> None:
    seller = replace(SELLER, foretaksregisteret=False, address_lines=(), city="")
    assert faults(draft(), seller) == []
    assert cautions(draft(), seller) == ["company.address_advised"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, [("customer.name_missing", "customer.name")]),
        (
            {"address_lines": (), "city": "", "organisation_number": ""},
            [
                ("customer.address_or_number_missing", "customer.address"),
                ("invoice.delivery_place_missing", "delivery_place"),
            ],
        ),
        ({"address_lines": (), "city": ""}, [("invoice.delivery_place_missing", "delivery_place")]),
        ({"organisation_number": ""}, []),
    ],
)
def test_the_buyer_has_a_name_and_an_address_or_a_number(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert faults(draft(), SELLER, replace(BUYER, **changes)) == expected


def test_without_a_customer_nothing_can_be_issued() -> None:
    assert faults(draft(delivery_place="Oslo"), SELLER, None) == [("customer.missing", "customer")]


def test_reverse_charge_needs_the_number_of_the_buyer() -> None:
    some = draft(line(treatment="reverse_charge"))
    person = replace(BUYER, organisation_number="")
    assert faults(some) == []
    assert faults(some, SELLER, person) == [
        ("customer.number_missing_for_reverse_charge", "customer.organisation_number")
    ]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"currency": "XYZ"}, "invoice.currency_unknown", "currency"),
        ({"currency": "KWD"}, "invoice.currency_too_fine", "currency"),
        ({"language": "xx"}, "invoice.language_unknown", "language"),
        ({"issued_on": date(2026, 11, 21)}, "invoice.issue_date_is_not_today", "issued_on"),
        ({"due_days": None}, "invoice.due_missing", "due_on"),
        ({"due_days": -1}, "invoice.due_days_out_of_range", "due_days"),
        ({"due_days": 4000}, "invoice.due_days_out_of_range", "due_days"),
        ({"due_on": date(2026, 11, 21)}, "invoice.due_before_issue", "due_on"),
        ({"discount": Discount(percent=Decimal(101))}, "invoice.discount_out_of_range", "discount"),
        ({"discount": Discount(percent=Decimal(-1))}, "invoice.discount_out_of_range", "discount"),
        ({"discount": Discount(amount=Decimal(-1))}, "invoice.discount_out_of_range", "discount"),
        ({"discount": Discount(amount=Decimal("NaN"))}, "invoice.discount_out_of_range", "discount"),
        ({"discount": Discount(amount=Decimal(2001))}, "invoice.total_negative", "lines"),
        ({"delivery_from": None}, "invoice.delivery_date_missing", "delivery_from"),
        ({"delivery_to": date(2026, 11, 19)}, "invoice.delivery_ends_before_it_begins", "delivery_to"),
        ({"lines": ()}, "invoice.no_lines", "lines"),
        ({"exchange_rate": Decimal(0)}, "invoice.exchange_rate_out_of_range", "exchange_rate"),
    ],
)
def test_each_fault_of_the_document_is_found(changes: dict[str, Any], code: str, field: str) -> None:
    found = faults(draft(**changes))
    assert (code, field) in found
    assert {each for each, _ in found} <= {code, "invoice.exchange_rate_missing"}


@pytest.mark.parametrize("discount", [Discount(), Discount(percent=Decimal(100)), Discount(amount=Decimal(2000))])
def test_a_discount_may_take_all_of_it(discount: Discount) -> None:
    assert faults(draft(discount=discount)) == []


def test_due_today_and_dated_today_is_fine() -> None:
    assert faults(draft(due_on=TODAY, issued_on=TODAY)) == []


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"description": " \n"}, "line.description_missing", "description"),
        ({"quantity": Decimal(0)}, "line.quantity_zero", "quantity"),
        ({"quantity": Decimal("0.00001")}, "line.quantity_does_not_fit", "quantity"),
        ({"quantity": Decimal(10) ** 10}, "line.quantity_does_not_fit", "quantity"),
        ({"quantity": Decimal("Infinity")}, "line.quantity_does_not_fit", "quantity"),
        ({"unit_price": Decimal("1.23456")}, "line.price_does_not_fit", "unit_price"),
        ({"unit_price": Decimal("NaN")}, "line.price_does_not_fit", "unit_price"),
        ({"unit": "ZZZ"}, "line.unit_unknown", "unit"),
        ({"discount_percent": Decimal("100.01")}, "line.discount_out_of_range", "discount_percent"),
        ({"discount_percent": Decimal("-1")}, "line.discount_out_of_range", "discount_percent"),
        ({"treatment": "magic"}, "line.treatment_unknown", "treatment"),
        ({"treatment": "outside"}, "line.outside_but_registered", "treatment"),
    ],
)
def test_each_fault_of_a_line_is_found_at_its_place(changes: dict[str, Any], code: str, field: str) -> None:
    some = draft(line(), line(2), line(3, **changes))
    assert preflight(some, SELLER, BUYER, TODAY) == (Refusal(code, f"lines.2.{field}", {"line": "3"}),)


def test_goods_go_to_another_eu_country_without_vat_only_with_the_buyers_vat_number() -> None:
    seller = replace(SELLER, country="DE", organisation_number="", vat_number="DE136695976")
    goods = draft(line(treatment="intra_community"))
    assert faults(goods, seller, replace(BUYER, vat_number="")) == [
        ("customer.vat_number_missing_for_eu_goods", "customer.vat_number")
    ]
    assert faults(goods, seller, replace(BUYER, vat_number="FR40303265045")) == []


def test_a_treatment_of_other_countries_is_refused() -> None:
    german = replace(SELLER, country="DE", organisation_number="", vat_number="DE136695976")
    norwegian = replace(BUYER, vat_number="NO923609016MVA")
    assert faults(draft(line(treatment="intra_community")), SELLER, norwegian) == [
        ("line.treatment_elsewhere", "lines.0.treatment")
    ]
    for treatment in ("eu_service", "exempt_health"):
        assert faults(draft(line(treatment=treatment)), german) == [("line.treatment_elsewhere", "lines.0.treatment")]


def test_who_is_not_registered_may_not_charge_vat() -> None:
    for treatment in TREATMENTS.keys() - {"outside", "intra_community"}:
        assert faults(draft(line(treatment=treatment)), UNREGISTERED) == [
            ("line.vat_but_not_registered", "lines.0.treatment")
        ]
    assert faults(draft(line(treatment="outside")), UNREGISTERED) == []


def test_a_rate_that_the_country_lacks_is_refused() -> None:
    german = replace(SELLER, country="DE", organisation_number="", vat_number="DE136695976")
    assert faults(draft(line(treatment="raw_fish")), german) == [("line.rate_unknown", "lines.0.treatment")]
    assert faults(draft(), german) == []


def test_money_back_is_a_credit_note() -> None:
    assert faults(draft(line(quantity=Decimal(-1)))) == [("invoice.total_negative", "lines")]
    assert faults(draft(line(), line(2, quantity=Decimal(-1)))) == []


def test_an_amount_that_the_database_can_not_hold_is_refused() -> None:
    huge = line(quantity=Decimal(10) ** 6, unit_price=Decimal(10) ** 6)
    assert faults(draft(huge)) == [("invoice.amount_too_large", "lines")]
    assert faults(draft(replace(huge, discount_percent=Decimal(100)))) == [("invoice.amount_too_large", "lines")]


def test_vat_in_another_currency_needs_a_rate_to_kroner() -> None:
    euro = draft(currency="EUR")
    assert preflight(euro, SELLER, BUYER, TODAY) == (
        Refusal("invoice.exchange_rate_missing", "exchange_rate", {"currency": "EUR"}),
    )
    assert faults(replace(euro, exchange_rate=Decimal("11.5"))) == []
    assert faults(draft(line(treatment="export"), currency="EUR")) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"delivery_from": TODAY + timedelta(days=1)}, "invoice.delivery_in_the_future"),
        ({"delivery_to": TODAY + timedelta(days=1)}, "invoice.delivery_in_the_future"),
        ({"delivery_from": TODAY - timedelta(days=32)}, "invoice.delivery_long_ago"),
        ({"discount": Discount(percent=Decimal(100))}, "invoice.total_zero"),
    ],
)
def test_what_is_lawful_but_odd_is_only_a_warning(changes: dict[str, Any], code: str) -> None:
    assert faults(draft(**changes)) == []
    assert cautions(draft(**changes)) == [code]


def test_a_delivery_over_a_change_of_rates_is_told_that_its_last_day_decides() -> None:
    """The low rate was 6 % until 30 September 2021."""
    period = {"delivery_from": date(2021, 9, 15), "delivery_to": date(2021, 10, 15)}
    low = draft(line(treatment="low"), **period)
    assert "invoice.rate_changes_within" in cautions(low)
    assert "invoice.rate_changes_within" not in cautions(draft(line(treatment="standard"), **period))
    assert "invoice.rate_changes_within" not in cautions(replace(low, delivery_to=date(2021, 9, 30)))


def test_a_missing_account_or_address_to_send_to_is_a_warning() -> None:
    some = warnings(draft(), SELLER, replace(BUYER, email=""), TODAY)
    assert [(each.code, each.field) for each in some] == [
        ("company.bank_account_missing", "company.bank_account"),
        ("customer.email_missing", "customer.email"),
    ]


def test_an_empty_draft_is_told_all_that_is_missing_at_once() -> None:
    nothing = Draft(id=draft().id, due_days=None)
    assert {code for code, _ in faults(nothing, Party(""), None)} == {
        "company.name_missing",
        "company.organisation_number_missing",
        "customer.missing",
        "invoice.due_missing",
        "invoice.delivery_date_missing",
        "invoice.delivery_place_missing",
        "invoice.no_lines",
    }
    assert cautions(nothing, SELLER, None) == []


NUMBERS = st.one_of(st.decimals(), st.integers(-(10**20), 10**20).map(Decimal))


@example(Decimal(0), Decimal(0), Decimal(0), None, Decimal("sNaN"))
@given(NUMBERS, NUMBERS, NUMBERS, st.one_of(st.none(), NUMBERS), st.one_of(st.none(), NUMBERS))
def test_no_figure_breaks_the_check(
    quantity: Decimal, price: Decimal, percent: Decimal, off: Decimal | None, rate: Decimal | None
) -> None:
    odd = line(quantity=quantity, unit_price=price, discount_percent=percent)
    some = draft(odd, discount=Discount(amount=off), currency="EUR", exchange_rate=rate)
    preflight(some, SELLER, BUYER, TODAY)
    warnings(some, SELLER, BUYER, TODAY)
