"""Charges on lines and on the document, with and without VAT in the prices."""

from __future__ import annotations

import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.totals import Charge, Discount, Line, Totals, compute, explain

D = decimal.Decimal


def line(price: str, rate: str = "25", quantity: str = "1", discount: str = "0", charge: str = "0") -> Line:
    return Line(D(quantity), D(price), D(discount), "S" if D(rate) else "Z", D(rate), D(charge))


def groups(totals: Totals) -> list[tuple[str, str, str, str]]:
    """The charge, the discount, the base and the VAT of each group."""
    return [(str(g.charge), str(g.discount), str(g.base), str(g.vat)) for g in totals.groups]


def sums(totals: Totals) -> tuple[str, str, str]:
    return str(totals.net), str(totals.vat), str(totals.gross)


def test_freight_is_split_over_the_rates_in_proportion() -> None:
    totals = compute([line("1000", "25"), line("500", "15")], "NOK", None, False, Charge(amount=D(150)))
    assert groups(totals) == [("100.00", "0.00", "1100.00", "275.00"), ("50.00", "0.00", "550.00", "82.50")]
    assert (totals.charge, totals.shown_charge) == (D(150), D(150))
    assert sums(totals) == ("1650.00", "357.50", "2007.50")


def test_a_charge_that_does_not_divide_evenly_loses_no_cent() -> None:
    totals = compute([line("333.33", "25"), line("666.67", "15")], "NOK", None, False, Charge(amount=D(100)))
    assert groups(totals) == [("33.33", "0.00", "366.66", "91.67"), ("66.67", "0.00", "733.34", "110.00")]
    assert sums(totals) == ("1100.00", "201.67", "1301.67")


def test_the_percents_of_discount_and_charge_are_both_of_the_lines() -> None:
    lines = [line("1000", "25"), line("1000", "15"), line("1000", "0")]
    totals = compute(lines, "NOK", Discount(percent=D(10)), False, Charge(percent=D(5)))
    assert [(g.charge, g.discount, g.base) for g in totals.groups] == [(D(50), D(100), D(950))] * 3
    assert sums(totals) == ("2850.00", "380.00", "3230.00")


@pytest.mark.parametrize(("rate", "net", "vat"), [("25", "440.00", "110.00"), ("10", "500.00", "50.00")])
def test_a_charge_on_prices_with_vat_includes_vat(rate: str, net: str, vat: str) -> None:
    totals = compute([line("500", rate)], "NOK", None, True, Charge(amount=D(50)))
    assert sums(totals) == (net, vat, "550.00")
    assert (totals.shown_line_sum, totals.shown_charge) == (D(500), D(50))
    assert totals.line_sum + totals.charge == totals.net


def test_a_charge_on_prices_with_vat_of_two_rates_is_split_as_it_was_typed() -> None:
    lines = [line("125", "25"), line("115", "15")]
    totals = compute(lines, "NOK", None, True, Charge(amount=D(48)))
    assert groups(totals) == [("20.00", "0", "120.00", "30.00"), ("20.00", "0", "120.00", "18.00")]
    assert sums(totals) == ("240.00", "48.00", "288.00")


def test_discount_and_charge_together_on_prices_with_vat() -> None:
    totals = compute([line("500")], "NOK", Discount(amount=D(100)), True, Charge(amount=D(50)))
    assert groups(totals) == [("40.00", "80.00", "360.00", "90.00")]
    assert sums(totals) == ("360.00", "90.00", "450.00")


def test_a_line_is_charged_on_top_of_its_discounted_price() -> None:
    totals = compute([line("100", quantity="2", discount="10", charge="15")], "NOK")
    (part,) = totals.lines
    assert (part.gross_price_amount, part.discount, part.net) == (D(200), D(20), D(195))
    assert sums(totals) == ("195.00", "48.75", "243.75")


def test_the_charge_of_a_line_with_vat_in_its_price_includes_vat() -> None:
    totals = compute([line("100", quantity="3", charge="12.50")], "NOK", None, True)
    assert sums(totals) == ("250.00", "62.50", "312.50")


def test_the_charge_of_a_line_is_part_of_what_the_document_discounts() -> None:
    totals = compute([line("90", charge="10")], "NOK", Discount(percent=D(10)), False, Charge(percent=D(20)))
    assert groups(totals) == [("20.00", "10.00", "110.00", "27.50")]


def test_yen_are_charged_whole() -> None:
    totals = compute([line("333", "10", "3")], "JPY", None, False, Charge(percent=D("0.5")))
    assert (totals.charge, totals.net, totals.vat) == (D(5), D(1004), D(100))


def test_a_charge_of_nothing_changes_nothing() -> None:
    lines = [line("99.99"), line("12.34", "15")]
    assert compute(lines, "NOK") == compute(lines, "NOK", None, False, Charge(amount=D(0)))


def test_a_charge_is_a_percent_or_an_amount() -> None:
    with pytest.raises(ValueError, match="not both"):
        Charge(D(10), D(10), "Frakt")


def test_the_explanation_has_the_charges() -> None:
    lines = [line("1000", "25", charge="10"), line("500", "15")]
    steps = explain(compute(lines, "NOK", Discount(amount=D(10)), False, Charge(amount=D(150))))
    assert [step.kind for step in steps] == [
        "line", "line", "line_sum", "discount", "charge", "vat", "vat", "net", "vat_sum", "gross",
    ]  # fmt: skip
    assert dict(steps[0].inputs)["charge"] == D(10)
    assert steps[4].amount == D(150) == sum(D(str(dict(step.inputs)["charge"])) for step in steps[5:7])


@pytest.mark.parametrize(("inclusive", "exact", "vat"), [(False, "91.665", "91.67"), (True, "73.332", "73.33")])
def test_the_explanation_has_the_vat_before_it_was_rounded(inclusive: bool, exact: str, vat: str) -> None:
    totals = compute([line("333.33")], "NOK", None, inclusive, Charge(amount=D("33.33")))
    (step,) = [step for step in explain(totals) if step.kind in ("vat", "vat_within")]
    assert (dict(step.inputs)["exact"], step.amount) == (D(exact), D(vat))


# Properties

CENTS = st.integers(0, 10**8).map(lambda n: D(n).scaleb(-2))
PERCENTS = st.integers(0, 10000).map(lambda n: D(n).scaleb(-2))
LINES = st.lists(
    st.builds(
        lambda quantity, price, percent, kind, charge: Line(quantity, price, percent, kind[0], kind[1], charge),
        st.integers(-(10**7), 10**7).map(lambda n: D(n).scaleb(-4)),
        st.integers(-(10**9), 10**9).map(lambda n: D(n).scaleb(-4)),
        PERCENTS,
        st.sampled_from([("S", D(25)), ("S", D(15)), ("S", D("11.11")), ("Z", D(0)), ("G", D(0))]),
        CENTS,
    ),
    min_size=1,
    max_size=6,
)
DISCOUNTS = st.one_of(st.none(), st.builds(Discount, percent=PERCENTS), st.builds(Discount, amount=CENTS))
CHARGES = st.one_of(st.none(), st.builds(Charge, percent=PERCENTS), st.builds(Charge, amount=CENTS))
CURRENCIES = st.sampled_from(["NOK", "EUR", "JPY"])


@given(LINES, CURRENCIES, DISCOUNTS, st.booleans(), CHARGES)
def test_every_sum_with_charges_is_the_sum_of_its_parts(
    lines: list[Line], currency: str, discount: Discount | None, inclusive: bool, charge: Charge | None
) -> None:
    totals = compute(lines, currency, discount, inclusive, charge)
    assert totals.net + totals.vat == totals.gross
    assert totals.line_sum - totals.discount + totals.charge == totals.net
    assert sum(part.net for part in totals.lines) == totals.line_sum
    for total, part in (
        (totals.charge, "charge"), (totals.discount, "discount"), (totals.net, "base"), (totals.vat, "vat"),
    ):  # fmt: skip
        assert sum(getattr(group, part) for group in totals.groups) == total
    assert all(g.line_sum - g.discount + g.charge == g.base for g in totals.groups)


@given(LINES, CURRENCIES, DISCOUNTS, CHARGES)
def test_prices_with_vat_come_to_exactly_what_was_typed(
    lines: list[Line], currency: str, discount: Discount | None, charge: Charge | None
) -> None:
    totals = compute(lines, currency, discount, True, charge)
    assert sum(part.net_shown for part in totals.lines) == totals.shown_line_sum
    assert totals.shown_line_sum - totals.shown_discount + totals.shown_charge == totals.gross


@given(
    LINES.flatmap(lambda lines: st.tuples(st.just(lines), st.permutations(lines))), DISCOUNTS, st.booleans(), CHARGES
)
def test_the_order_of_lines_does_not_matter_for_charges(
    orders: tuple[list[Line], list[Line]], discount: Discount | None, inclusive: bool, charge: Charge | None
) -> None:
    one, other = (compute(lines, "NOK", discount, inclusive, charge) for lines in orders)
    assert (one.groups, one.gross, one.charge) == (other.groups, other.gross, other.charge)


@given(LINES, CURRENCIES, DISCOUNTS, CHARGES)
def test_vat_is_the_rate_of_what_is_charged(
    lines: list[Line], currency: str, discount: Discount | None, charge: Charge | None
) -> None:
    half_a_cent = D("0.5") if currency == "JPY" else D("0.005")
    for group in compute(lines, currency, discount, False, charge).groups:
        assert abs(group.vat - group.base * group.rate / 100) <= half_a_cent
