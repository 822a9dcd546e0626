"""The address of a list is never an error, and says where Back leads to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from models.ids import new_id
from routes.registers import Listing, listing


@dataclass
class Asked:
    query_params: dict[str, str] = field(default_factory=dict)


def read(**asked: str) -> Listing:
    request: Any = Asked(asked)
    return listing(request, "/customers")


def test_without_anything_asked_it_is_the_first_page_of_all() -> None:
    assert read() == Listing("/customers", "", False, None, 0, 50)


@pytest.mark.parametrize("odd", ["", "x", "-1", "0", "99999999999", "\0", "😀", "'", "١"])
def test_what_can_not_be_read_is_left_out(odd: str) -> None:
    found = read(after=odd, rows=odd, shown=odd, show=odd)
    assert (found.after, found.rows, found.shown, found.archived) == (None, 50, 0, False)


def test_the_search_is_cut_and_cleaned() -> None:
    assert read(q=" nord\0lys ").query == "nordlys"
    assert len(read(q="x" * 10_240).query) == 200


def test_a_list_shows_no_more_rows_than_500_at_once() -> None:
    assert (read(rows="100").rows, read(rows="9999").rows) == (100, 500)


def test_the_next_page_keeps_what_was_asked_and_counts_what_is_shown() -> None:
    first, second = new_id(), new_id()
    found = read(q="nord & sør", show="archived")
    address = found.more(first)
    assert address == f"/customers?q=nord+%26+s%C3%B8r&show=archived&after={first}&shown=50"
    following = read(q="nord & sør", show="archived", after=str(first), shown="50")
    assert following.more(second).endswith(f"after={second}&shown=100")
    assert following.from_the_start == "/customers?q=nord+%26+s%C3%B8r&show=archived&rows=100"
    assert following.start == "/customers?q=nord+%26+s%C3%B8r&show=archived"


def test_no_name_stands_in_an_address_but_what_was_sought() -> None:
    assert set(read(after=str(new_id())).more(new_id()).partition("?")[2].replace("=", "&").split("&")[::2]) == {
        "after",
        "shown",
    }
