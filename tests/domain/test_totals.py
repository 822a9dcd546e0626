from __future__ import annotations

import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.totals import Discount, Line, Totals, compute, explain

D = decimal.Decimal


def line(price: str, rate: str = "25", quantity: str = "1", discount: str = "0", category: str | None = None) -> Line:
    return Line(D(quantity), D(price), D(discount), category or ("S" if D(rate) else "Z"), D(rate))


def figures(totals: Totals) -> tuple[str, str, str]:
    return str(totals.net), str(totals.vat), str(totals.gross)


# Trap 1: where VAT is rounded


def test_vat_is_rounded_once_for_all_lines_of_a_rate() -> None:
    assert figures(compute([line("99.99")] * 3, "NOK")) == ("299.97", "74.99", "374.96")


@pytest.mark.parametrize(
    ("price", "rate", "vat", "gross"),
    [
        ("138.66", "19", "26.35", "165.01"),
        ("8180.00", "9.975", "815.96", "8995.96"),
        ("-8180.00", "9.975", "-815.96", "-8995.96"),
        ("19935.66", "15", "2990.35", "22926.01"),
        ("99.90", "25", "24.98", "124.88"),
        ("0.50", "25", "0.13", "0.63"),
    ],
)
def test_one_line_has_the_vat_of_its_rate(price: str, rate: str, vat: str, gross: str) -> None:
    totals = compute([line(price, rate)], "NOK")
    assert (str(totals.vat), str(totals.gross)) == (vat, gross)


def test_three_prices_at_twenty_percent() -> None:
    totals = compute([line("299.33", "20"), line("179.33", "20"), line("99.34", "20")], "EUR")
    assert totals.vat == D("115.60")


def test_five_lines_at_nineteen_percent_are_not_the_sum_of_rounded_lines() -> None:
    assert compute([line("84.03", "19")] * 5, "EUR").vat == D("79.83")


def test_six_hours_twenty_at_ninety_are_570() -> None:
    assert compute([line("90.00", quantity="6.3333")], "NOK").net == D("570.00")


# Trap 2: prices that include VAT


@pytest.mark.parametrize(("rate", "net", "vat"), [("10", "454.55", "45.45"), ("25", "400.00", "100.00")])
def test_five_hundred_with_vat_is_exactly_five_hundred(rate: str, net: str, vat: str) -> None:
    assert figures(compute([line("500.00", rate)], "NOK", None, True)) == (net, vat, "500.00")


def test_lines_that_include_vat_get_net_amounts_that_add_up() -> None:
    totals = compute([line("33.33")] * 3, "NOK", prices_include_vat=True)
    assert [str(part.net) for part in totals.lines] == ["26.67", "26.66", "26.66"]
    assert [str(part.net_shown) for part in totals.lines] == ["33.33", "33.33", "33.33"]
    assert figures(totals) == ("79.99", "20.00", "99.99")


def test_a_discount_on_prices_that_include_vat_includes_vat() -> None:
    totals = compute([line("500.00")], "NOK", Discount(amount=D("100.00")), True)
    assert figures(totals) == ("320.00", "80.00", "400.00")
    assert (totals.shown_line_sum, totals.shown_discount) == (D("500.00"), D("100.00"))
    assert (totals.line_sum, totals.discount) == (D("400.00"), D("80.00"))


# Trap 3: a document discount on several rates


def test_a_percent_off_the_document_falls_on_each_rate() -> None:
    lines = [line("1000.00", "25"), line("1000.00", "15"), line("1000.00", "0")]
    totals = compute(lines, "NOK", Discount(percent=D(10)))
    assert [(str(g.base), str(g.vat)) for g in totals.groups] == [
        ("900.00", "225.00"),
        ("900.00", "135.00"),
        ("900.00", "0.00"),
    ]
    assert totals.gross == D("3060.00")


def test_a_fixed_discount_is_split_by_rate() -> None:
    totals = compute([line("333.33", "25"), line("666.67", "15")], "NOK", Discount(amount=D("100.00")))
    assert [str(g.discount) for g in totals.groups] == ["33.33", "66.67"]
    assert [str(g.vat) for g in totals.groups] == ["75.00", "90.00"]
    assert totals.gross == D("1065.00")


def test_two_rates_and_ten_percent_off_is_145_47() -> None:
    totals = compute([line("76.50", "21"), line("65.16", "6")], "EUR", Discount(percent=D(10)))
    assert totals.gross == D("145.47")


@pytest.mark.parametrize(
    ("lines", "discount"),
    [
        ([line("45.00", "21", "3")], Discount(amount=D("60.00"))),
        ([line("45.00", "21", "3"), line("60.00", "21", "-1")], None),
        ([line("45.00", "21", "3"), line("-60.00", "21")], None),
    ],
)
def test_sixty_off_three_of_forty_five(lines: list[Line], discount: Discount | None) -> None:
    totals = compute(lines, "EUR", discount)
    assert (totals.vat, totals.gross) == (D("15.75"), D("90.75"))


@pytest.mark.parametrize("inclusive", [False, True])
def test_a_hundred_percent_off_leaves_nothing(inclusive: bool) -> None:
    off_the_line = compute([line("64.22", quantity="2.25", discount="100")], "NOK", None, inclusive)
    off_the_document = compute([line("64.22", quantity="2.25")], "NOK", Discount(percent=D(100)), inclusive)
    assert figures(off_the_line) == figures(off_the_document) == ("0.00", "0.00", "0.00")


def test_a_line_shows_what_its_discount_takes_off() -> None:
    (part,) = compute([line("100.00", quantity="3", discount="12.5")], "NOK").lines
    assert (part.gross_price_amount, part.discount, part.net, part.net_shown) == (
        D("300.00"),
        D("37.50"),
        D("262.50"),
        D("262.50"),
    )


def test_a_fixed_discount_comes_off_what_is_charged_not_off_a_deduction() -> None:
    totals = compute([line("100.00", "25"), line("-99.00", "15")], "NOK", Discount(amount=D("50.00")))
    assert [g.base for g in totals.groups] == [D("50.00"), D("-99.00")]


# Other currencies, other groups


def test_yen_have_no_decimals() -> None:
    assert figures(compute([line("333", "10", "3")], "JPY")) == ("999", "100", "1099")


def test_the_same_rate_in_two_categories_is_two_groups() -> None:
    totals = compute([line("10", "0", category="Z"), line("20", "0", category="G")], "NOK")
    assert [(g.category, g.base) for g in totals.groups] == [("G", D("20.00")), ("Z", D("10.00"))]


def test_a_rate_written_in_two_ways_is_one_group() -> None:
    assert len(compute([line("10", "25"), line("10", "25.00")], "NOK").groups) == 1


def test_no_lines_come_to_nothing() -> None:
    assert figures(compute([], "NOK", Discount(amount=D(5)))) == ("0.00", "0.00", "0.00")


def test_a_discount_is_a_percent_or_an_amount() -> None:
    with pytest.raises(ValueError, match="not both"):
        Discount(D(10), D(10))
    assert compute([line("10")], "NOK", Discount()).net == D("10.00")


# Explaining


def test_the_explanation_ends_in_the_total_and_names_every_step() -> None:
    totals = compute([line("333.33", "25"), line("666.67", "15")], "NOK", Discount(amount=D("100.00")))
    steps = explain(totals)
    assert [step.kind for step in steps] == [
        "line", "line", "line_sum", "discount", "vat", "vat", "net", "vat_sum", "gross",
    ]  # fmt: skip
    assert steps[-1].amount == totals.gross
    assert dict(steps[4].inputs)["base"] == D("300.00")
    assert dict(steps[1].inputs)["position"] == 2


def test_the_explanation_says_when_vat_was_taken_out_of_the_price() -> None:
    steps = explain(compute([line("500.00")], "NOK", prices_include_vat=True))
    assert [step.kind for step in steps] == ["line", "line_sum", "vat_within", "net", "vat_sum", "gross"]


# Properties

PRICES = st.integers(-(10**9), 10**9).map(lambda n: D(n).scaleb(-4))
QUANTITIES = st.integers(-(10**7), 10**7).map(lambda n: D(n).scaleb(-4))
PERCENTS = st.integers(0, 10000).map(lambda n: D(n).scaleb(-2))
LINES = st.lists(
    st.builds(
        lambda quantity, price, percent, kind: Line(quantity, price, percent, *kind),
        QUANTITIES,
        PRICES,
        PERCENTS,
        st.sampled_from(
            [("S", D(25)), ("S", D(15)), ("S", D(12)), ("S", D("11.11")), ("Z", D(0)), ("E", D(0)), ("G", D(0))]
        ),
    ),
    min_size=1,
    max_size=6,
)
DISCOUNTS = st.one_of(
    st.none(),
    st.builds(Discount, percent=PERCENTS),
    st.builds(Discount, amount=st.integers(0, 10**8).map(lambda n: D(n).scaleb(-2))),
)
CURRENCIES = st.sampled_from(["NOK", "EUR", "JPY"])


@given(LINES, CURRENCIES, DISCOUNTS, st.booleans())
def test_every_sum_is_the_sum_of_its_parts(
    lines: list[Line], currency: str, discount: Discount | None, inclusive: bool
) -> None:
    totals = compute(lines, currency, discount, inclusive)
    assert totals.net + totals.vat == totals.gross
    assert totals.line_sum - totals.discount == totals.net
    assert sum(part.net for part in totals.lines) == totals.line_sum
    assert sum(g.discount for g in totals.groups) == totals.discount
    assert sum(g.base for g in totals.groups) == totals.net
    assert sum(g.vat for g in totals.groups) == totals.vat
    assert all(g.line_sum - g.discount == g.base for g in totals.groups)


@given(LINES.flatmap(lambda lines: st.tuples(st.just(lines), st.permutations(lines))), DISCOUNTS, st.booleans())
def test_the_order_of_lines_does_not_matter(
    orders: tuple[list[Line], list[Line]], discount: Discount | None, inclusive: bool
) -> None:
    one, other = (compute(lines, "NOK", discount, inclusive) for lines in orders)
    assert (one.groups, one.gross) == (other.groups, other.gross)


@given(LINES, CURRENCIES, DISCOUNTS)
def test_prices_that_include_vat_stay_exact(lines: list[Line], currency: str, discount: Discount | None) -> None:
    totals = compute(lines, currency, discount, True)
    assert sum(part.net_shown for part in totals.lines) == totals.shown_line_sum
    assert totals.shown_line_sum - totals.shown_discount == totals.gross


@given(LINES, CURRENCIES, DISCOUNTS)
def test_vat_is_the_rate_of_what_it_is_charged_on(
    lines: list[Line], currency: str, discount: Discount | None
) -> None:
    half_a_cent = D("0.5") if currency == "JPY" else D("0.005")
    for group in compute(lines, currency, discount).groups:
        assert abs(group.vat - group.base * group.rate / 100) <= half_a_cent


@given(LINES, CURRENCIES, PERCENTS)
def test_the_opposite_document_has_the_opposite_totals(lines: list[Line], currency: str, percent: D) -> None:
    opposite = [Line(-x.quantity, x.unit_price, x.discount_percent, x.category, x.rate) for x in lines]
    one, other = (compute(some, currency, Discount(percent=percent)) for some in (lines, opposite))
    assert {one.net + other.net, one.vat + other.vat, one.gross + other.gross} == {D(0)}
