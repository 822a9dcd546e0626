from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain import vat
from domain.facts.vat_rates import MOVES, RATES, REDUCED, Move
from domain.vat_rates_file import KINDS


def rates_of(country: str, day: date) -> set[Decimal]:
    kinds = {Decimal([percent for since, percent in rows if date.fromisoformat(since) <= day][-1])
             for rows in RATES[country].values()}  # fmt: skip
    return kinds | set(vat.reduced_rates(country, day))


@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.country} {move.what}")
def test_what_moved_has_a_rate_that_its_country_knows_on_that_day(move: Move) -> None:
    assert Decimal(move.after) in rates_of(move.country, date.fromisoformat(move.since))
    assert move.source and move.before != move.after
    assert not move.until or date.fromisoformat(move.until) > date.fromisoformat(move.since)


def test_every_history_goes_forward_and_has_only_known_kinds() -> None:
    for kinds in RATES.values():
        assert "standard" in kinds and set(kinds) <= set(KINDS)
        for rows in kinds.values():
            days = [since for since, _ in rows]
            assert days == sorted(set(days))
            assert all(0 < Decimal(percent) < 100 for _, percent in rows)
    for sets in REDUCED.values():
        assert [since for since, _ in sets] == sorted({since for since, _ in sets})
        assert all(list(rates) == sorted(rates, key=Decimal, reverse=True) for _, rates in sets)


@pytest.mark.parametrize(
    ("country", "first"), [("EE", date(2025, 7, 1)), ("RO", date(2025, 8, 1)), ("DE", date(2026, 1, 1))]
)
def test_a_rate_is_known_from_the_day_it_was_read_for(country: str, first: date) -> None:
    assert vat.has_rate("standard", country, first)
    assert not vat.has_rate("standard", country, first - timedelta(days=1))
