from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.recurring import (
    Period,
    Rhythm,
    Rise,
    coming,
    day_of,
    draft_for,
    due,
    filled,
    first_raised,
    in_words,
    next_number,
    period_of,
    rhythm_faults,
)
from tests.domain.sample import TODAY, draft, line

RHYTHMS = st.builds(
    Rhythm,
    unit=st.sampled_from(["week", "month", "quarter", "year"]),
    every=st.integers(1, 12),
    first_on=st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    in_arrears=st.booleans(),
)
MONTHLY = Rhythm("month", 1, date(2026, 1, 31))


def test_trap_8_the_last_of_january_comes_back_to_the_last_of_each_month() -> None:
    assert coming(MONTHLY, 0, 5) == [
        date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        (Rhythm("year", 1, date(2024, 2, 29)), [date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28)]),
        (Rhythm("quarter", 1, date(2026, 11, 30)), [date(2026, 11, 30), date(2027, 2, 28), date(2027, 5, 30)]),
        (Rhythm("week", 2, date(2026, 12, 28)), [date(2026, 12, 28), date(2027, 1, 11), date(2027, 1, 25)]),
    ],
)
def test_each_unit_keeps_its_anchor(rhythm: Rhythm, expected: list[date]) -> None:
    assert coming(rhythm, 0, 3) == expected


@given(RHYTHMS, st.integers(0, 100))
def test_days_only_go_forward_and_stay_at_the_anchor_or_the_end_of_a_month(rhythm: Rhythm, number: int) -> None:
    here, after = day_of(rhythm, number), day_of(rhythm, number + 1)
    assert here < after
    if rhythm.unit == "week":
        assert here.weekday() == rhythm.first_on.weekday()
    else:
        assert here.day == rhythm.first_on.day or (here + timedelta(days=1)).day == 1


@given(RHYTHMS, st.integers(1, 100))
def test_periods_follow_one_another_without_gap_or_overlap(rhythm: Rhythm, number: int) -> None:
    assert period_of(rhythm, number).begins == period_of(rhythm, number - 1).ends + timedelta(days=1)


@given(RHYTHMS, st.integers(0, 60))
def test_the_next_after_the_last_one_made_is_the_one_that_follows(rhythm: Rhythm, number: int) -> None:
    assert next_number(rhythm, day_of(rhythm, number)) == number + 1
    assert next_number(rhythm, None) == 0


@given(RHYTHMS, st.integers(0, 40), st.integers(0, 40))
def test_what_is_due_is_all_that_has_come_and_no_more(rhythm: Rhythm, number: int, later: int) -> None:
    today = day_of(rhythm, number + later)
    assert due(rhythm, number, today) == coming(rhythm, number, later + 1)
    assert due(rhythm, number, day_of(rhythm, number) - timedelta(days=1)) == []


def test_a_rhythm_ends_on_its_last_day_or_after_so_many_times() -> None:
    until = Rhythm("month", 1, date(2026, 1, 31), ends_on=date(2026, 3, 31))
    assert coming(until, 0, 9) == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    assert coming(Rhythm("month", 1, date(2026, 1, 31), times=2), 0, 9) == [date(2026, 1, 31), date(2026, 2, 28)]
    assert coming(Rhythm("month", 1, date(2026, 1, 31), times=2), 2, 9) == []


@pytest.mark.parametrize(
    ("period", "language", "expected"),
    [
        (Period(date(2026, 11, 1), date(2026, 11, 30)), "nb", "november 2026"),
        (Period(date(2026, 11, 1), date(2026, 11, 30)), "en", "November 2026"),
        (Period(date(2026, 10, 1), date(2026, 12, 31)), "nb", "4. kvartal 2026"),
        (Period(date(2026, 1, 1), date(2026, 12, 31)), "de", "2026"),
        (Period(date(2026, 11, 15), date(2026, 12, 14)), "nb", "15.11.2026–14.12.2026"),
        (Period(date(2026, 2, 1), date(2026, 4, 30)), "nb", "01.02.2026–30.04.2026"),
    ],
)
def test_a_period_has_its_name_in_the_document_s_language(period: Period, language: str, expected: str) -> None:
    assert in_words(period, language)["period"] == expected


@given(st.text(max_size=60))
def test_text_without_placeholders_stays_as_it_is(text: str) -> None:
    words = in_words(Period(TODAY, TODAY), "nb")
    if not any(f"{{{name}}}" in text for name in words):
        assert filled(text, words) == text
    assert filled("{unknown} {{", words) == "{unknown} {{"


def test_the_invoice_of_a_period_says_which_one_and_was_delivered_in_it() -> None:
    content = draft(line(description="Rent {month} {year}"), note="For {period} ({from} to {to})", language="en")
    made = draft_for(content, Period(date(2026, 11, 1), date(2026, 11, 30)))
    assert made.lines[0].description == "Rent November 2026"
    assert made.note.startswith("For November 2026")
    assert (made.delivery_from, made.delivery_to, made.due_on) == (date(2026, 11, 1), date(2026, 11, 30), None)


def test_in_arrears_the_period_is_the_one_that_ended() -> None:
    rhythm = Rhythm("month", 1, date(2026, 12, 1), in_arrears=True)
    assert period_of(rhythm, 0) == Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("rhythm", "codes"),
    [
        (Rhythm("month", 1, TODAY), []),
        (Rhythm("month", 0, TODAY), ["plan.every_out_of_range"]),
        (Rhythm("month", 1, TODAY, ends_on=TODAY - timedelta(days=1)), ["plan.ends_before_it_begins"]),
        (Rhythm("month", 1, TODAY, ends_on=TODAY, times=3), ["plan.two_ends"]),
        (Rhythm("month", 1, TODAY - timedelta(days=1)), ["plan.begins_in_the_past"]),
    ],
)
def test_each_fault_of_a_rhythm_has_its_own_sentence(rhythm: Rhythm, codes: list[str]) -> None:
    assert [fault.code for fault in rhythm_faults(rhythm, TODAY, is_new=True)] == codes


def prices(rise: Rise, *days: date, price: str = "100.00", currency: str = "NOK") -> list[str]:
    """The price of one line in the period that begins on each of these days."""
    content = draft(line(unit_price=Decimal(price)), currency=currency)
    return [str(draft_for(content, Period(day, day), rise).lines[0].unit_price) for day in days]


def test_prices_rise_from_their_day_on_and_on_the_same_day_of_each_year() -> None:
    days = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1), date(2029, 6, 1))
    assert prices(Rise(date(2027, 1, 1), percent=Decimal(3)), *days) == [
        "100.00", "103.00", "103.00", "106.09", "109.27",
    ]  # fmt: skip
    assert prices(Rise(date(2027, 1, 1), amount=Decimal(5)), *days) == [
        "100.00", "105.00", "105.00", "110.00", "115.00",
    ]  # fmt: skip


def test_a_rise_is_rounded_once_and_small_prices_keep_their_decimals() -> None:
    """109.2727 is 109.27; had each year been rounded, a price of 0.99 would stand still or drift."""
    rise, far = Rise(date(2027, 1, 1), percent=Decimal("0.4")), date(2036, 1, 1)
    assert prices(rise, far, price="0.99") == [
        str((Decimal("0.99") * Decimal("1.004") ** 10).quantize(Decimal("0.01")))
    ]
    assert prices(rise, date(2027, 1, 1), price="0.0125") == ["0.0126"]
    assert prices(Rise(date(2027, 1, 1), percent=Decimal(3)), date(2027, 1, 1), price="1999", currency="JPY") == [
        "2059"
    ]


def test_a_rise_on_the_last_of_february_comes_every_year_and_a_rebate_gets_no_amount() -> None:
    rise = Rise(date(2028, 2, 29), amount=Decimal(10))
    assert prices(rise, date(2028, 2, 28), date(2029, 2, 27), date(2029, 2, 28)) == ["100.00", "110.00", "120.00"]
    assert prices(rise, date(2029, 2, 28), price="-50.00") == ["-50.00"]


def test_the_first_invoice_at_a_new_price_is_known_beforehand() -> None:
    rhythm = replace(MONTHLY, first_on=date(2026, 11, 1), rise=Rise(date(2027, 6, 15), percent=Decimal(3)))
    assert first_raised(rhythm, 0) == 8  # the period from 1 July; the one from 1 June began before
    assert first_raised(rhythm, 8) == 8 and first_raised(rhythm, 9) == 20
    assert first_raised(replace(rhythm, in_arrears=True), 0) == 9
    assert first_raised(replace(rhythm, times=8), 0) is None and first_raised(MONTHLY, 0) is None
