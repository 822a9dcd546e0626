from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.vat_registration import WARNINGS, near_registration_limit

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("turnover", "said"),
    [
        ("-100", ""), ("0", ""), ("39999.99", ""), ("40000", "near"), ("49999.99", "near"), ("50000", "near"),
        ("50000.01", "over"), ("900000", "over"),
    ],
)  # fmt: skip
def test_the_seller_is_told_before_the_law_asks_for_registration(turnover: str, said: str) -> None:
    assert near_registration_limit(Decimal(turnover), TODAY) == said
    assert not said or said in WARNINGS


def test_before_the_law_there_was_no_such_limit() -> None:
    assert near_registration_limit(Decimal(10**6), date(2009, 12, 31)) == ""
