from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.draft import draft_totals, priced_lines
from domain.refusals import Invalid
from tests.domain.sample import TODAY, draft, line


def test_the_due_date_is_counted_from_the_day_of_issue() -> None:
    assert draft(due_days=30).due_date(date(2026, 1, 31)) == date(2026, 3, 2)
    assert draft(due_days=0).due_date(TODAY) == TODAY


def test_a_due_date_of_its_own_wins_over_days() -> None:
    assert draft(due_days=14, due_on=date(2026, 12, 24)).due_date(TODAY) == date(2026, 12, 24)


def test_without_either_there_is_no_due_date() -> None:
    assert draft(due_days=None).due_date(TODAY) is None


def test_lines_get_category_and_rate_of_their_treatment() -> None:
    lines = priced_lines(draft(line(), line(2, treatment="low"), line(3, treatment="export")), "NO", TODAY)
    assert [(each.category, str(each.rate)) for each in lines] == [("S", "25"), ("S", "12"), ("G", "0")]


def test_the_totals_follow_the_rate_of_the_day_of_delivery() -> None:
    """merverdiavgiftsloven § 22-1: what was delivered before a rate changed has the old one, whenever it is invoiced."""
    one, day = draft(line(treatment="low"), delivery_from=None), date(2021, 10, 5)
    assert draft_totals(one, "NO", date(2020, 6, 1)).vat == Decimal("120.00")
    assert draft_totals(one, "NO", day).vat == Decimal("240.00")
    began = replace(one, delivery_from=date(2021, 9, 1))
    assert draft_totals(began, "NO", day).vat == Decimal("120.00")
    assert draft_totals(replace(began, delivery_to=date(2021, 10, 1)), "NO", day).vat == Decimal("240.00")


def test_an_unknown_treatment_can_not_be_priced() -> None:
    with pytest.raises(Invalid, match="unknown_treatment"):
        draft_totals(draft(line(treatment="magic")), "NO", TODAY)
