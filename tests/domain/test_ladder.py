from __future__ import annotations

import pytest

from domain.ladder import first_rung


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
