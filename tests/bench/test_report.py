from __future__ import annotations

import pytest

from bench.client import Result
from bench.report import Report, quantile

YARD = [0.002] * 5


def report(**seconds: float) -> Report:
    """Targets at 100 invoices, each with this median; underscores stand for spaces."""
    made = Report()
    for name, median in seconds.items():
        made.add(name.replace("_", " "), 100, 1, Result([median] * 5), YARD)
    return made


def test_figures_are_told_in_yardsticks() -> None:
    (figure,) = report(list=0.005).figures
    assert (figure.in_f, figure.spread) == (2.5, 1)


@pytest.mark.parametrize(("median", "reached"), [(0.006, True), (0.0061, False)])
def test_a_list_may_take_three_yardsticks(median: float, reached: bool) -> None:
    made = report(list=median)
    assert made.all_reached is reached
    assert any("missed: speed" in line for line in made.lines()) is not reached


def test_a_slow_end_is_a_miss() -> None:
    made = Report()
    made.add("home", 100, 1, Result([0.002] * 50 + [0.02]), YARD)
    assert "missed: p99" in "\n".join(made.lines())


def test_growth_is_counted_from_the_smallest_size() -> None:
    made = Report()
    for size, median in ((10, 0.002), (100, 0.003)):
        made.add("home", size, 1, Result([median] * 5), YARD)
    assert "growth 1.50" in "\n".join(made.lines()) and not made.all_reached


def test_a_failed_request_is_a_miss() -> None:
    made = Report()
    made.add("create and issue", 100, 16, Result([0.002] * 5, failed=2), YARD)
    assert "missed: 2 failed" in "\n".join(made.lines())


def test_the_yardstick_itself_has_no_goal() -> None:
    assert report(F=0.2).all_reached


def test_a_note_that_misses_is_seen() -> None:
    made = Report()
    made.note("40 a second", reached=False)
    assert made.lines()[-1] == "✗ 40 a second" and not made.all_reached


def test_a_quantile_is_one_of_the_values() -> None:
    assert quantile([3, 1, 2], 0.99) == 3
    assert quantile(range(100), 0.5) == 50
