from __future__ import annotations

from decimal import Decimal

import pytest

from models.ids import new_id
from routes.forms import invoice
from routes.forms.base import FormData


def _read(*lines: dict[str, str]) -> tuple[invoice.EditorForm, list[Decimal]]:
    fields = {f"lines.{place}.{name}": [value] for place, line in enumerate(lines) for name, value in line.items()}
    form, draft = invoice.read(FormData(fields), new_id(), "nb")
    assert draft is not None
    return form, [line.quantity for line in draft.lines]


@pytest.mark.parametrize("quantity", ["", "1", " 1 "])
def test_a_line_that_nobody_wrote_in_is_shown_and_is_no_part_of_the_draft(quantity: str) -> None:
    form, quantities = _read({"description": "Time", "quantity": "2"}, {"quantity": quantity})
    assert (len(form.lines), quantities) == (2, [Decimal(2)])


@pytest.mark.parametrize("name", ["quantity", "description", "unit_price", "charge"])
def test_whatever_somebody_typed_first_makes_a_line(name: str) -> None:
    _, quantities = _read({"quantity": "1", name: "7"})
    assert len(quantities) == 1


def test_lines_count_without_gaps_in_the_order_of_their_numbers() -> None:
    form, quantities = _read({}, {"description": "a", "quantity": "3"})
    assert quantities == [Decimal(3)]
    fields = {"lines.7.description": ["b"], "lines.7.quantity": ["5"], "lines.2.description": ["a"]}
    form, draft = invoice.read(FormData(fields), new_id(), "nb")
    assert draft is not None and [line.description for line in draft.lines] == ["a", "b"]
    assert [line["description"] for line in form.lines] == ["a", "b"]
