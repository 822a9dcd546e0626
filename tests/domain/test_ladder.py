from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.ladder import first_rung, is_under_way


@pytest.mark.parametrize(
    ("wish", "is_business", "has_address", "has_network", "rung"),
    [
        ("best", True, True, True, "einvoice"),
        ("best", True, True, False, "email"),
        ("best", True, False, True, "email"),
        ("best", False, True, True, "email"),
        ("email", True, True, True, "email"),
        ("print", True, True, True, "print"),
    ],
)
def test_the_ladder_begins_with_the_best_way_that_the_customer_wants_and_that_works(
    wish: str, is_business: bool, has_address: bool, has_network: bool, rung: str
) -> None:
    assert first_rung(wish, is_business=is_business, has_address=has_address, has_network=has_network) == rung


@pytest.mark.parametrize(
    ("state", "hours", "is_going"),
    [("queued", 0, True), ("handed_over", 23, True), ("handed_over", 25, False), ("delivered", 1, False),
     ("refused", 1, False), ("fell_back", 1, False)],
)  # fmt: skip
def test_what_is_under_way_is_not_sent_beside_itself_but_after_a_day_of_silence_it_may_be(
    state: str, hours: int, is_going: bool
) -> None:
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
    handed_over = None if state == "queued" else moment - timedelta(hours=hours)
    assert is_under_way(state, handed_over, moment) is is_going
