from __future__ import annotations

from uuid import UUID

import pytest

from models.ids import id_in, id_in_or_new, new_id


@pytest.mark.parametrize("text", ["", "x", "\ufffd", "0" * 40, "-1", "²", "９"])
def test_what_is_no_id_is_none_and_something_new_gets_one_of_its_own(text: str) -> None:
    assert id_in(text) is None
    assert isinstance(id_in_or_new(text), UUID) and id_in_or_new(text) != id_in_or_new(text)


def test_an_id_that_was_sent_is_kept_so_that_sending_it_twice_makes_one_thing() -> None:
    made = new_id()
    assert id_in(f" {made} ") == id_in_or_new(str(made)) == made


def test_ids_made_later_sort_later() -> None:
    made = [new_id() for _ in range(100)]
    assert made == sorted(made)
