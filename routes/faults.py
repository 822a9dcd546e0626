"""Where a refusal of the rules is mended: a field of the editor, or one of the customer or the company."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.refusals import Refusal

# What the rules call by one name and the pages show as several fields.
_FIELDS = {
    "company.address": "company.address_line1",
    "customer.address": "customer.address_line1",
    "company.vat_number": "company.organisation_number",  # abroad the one stands for the other
    "discount": "discount_percent",
    "charge": "charge_amount",
    # No field: it follows from what was done.
    "credits": "",
    "issued_on": "",
}
# What is asked for elsewhere than the rule says: the number of days comes before a certain day.
_ELSEWHERE = {"invoice.due_missing": "due_days", "invoice.no_lines": "lines.0.description"}


def placed(refusal: Refusal, rows: Sequence[int] = ()) -> Refusal:
    """The refusal at the field that mends it.

    `rows` says on which row of the form each line of the draft stands: a form shows empty rows too, a draft has none.
    """
    field = _ELSEWHERE.get(refusal.code) or shown_as(refusal.field or "")
    _, _, rest = field.partition("lines.")
    number, _, name = rest.partition(".")
    if number.isdigit() and int(number) < len(rows):
        row = rows[int(number)]
        return replace(refusal, field=f"lines.{row}.{name}", params={**refusal.params, "line": str(row + 1)})
    return replace(refusal, field=field or None)


def shown_as(field: str) -> str:
    """The field of the pages for one of the rules; "" when there is none."""
    return _FIELDS.get(field, field)


def all_placed(refusals: Iterable[Refusal]) -> list[Refusal]:
    """What can be mended on the page comes first, then the customer, then the company."""
    return sorted(map(placed, worth_saying(refusals)), key=lambda refusal: place_on_page(refusal.field or ""))


def worth_saying(refusals: Iterable[Refusal]) -> list[Refusal]:
    """Without what mends itself: as soon as a customer is chosen, the customer's address is the place of delivery."""
    every = list(refusals)
    if not any(refusal.code == "customer.missing" for refusal in every):
        return every
    return [refusal for refusal in every if refusal.code != "invoice.delivery_place_missing"]


def place_on_page(field: str) -> int:
    """What lies open comes first: the place of delivery is folded away, and most often the customer's address."""
    if field.startswith("company."):
        return 3
    return 2 if field.startswith("customer.") else 1 if field == "delivery_place" else 0
