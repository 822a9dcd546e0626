"""How wide the columns of the lines table are: as wide as their widest figure, and the description has the rest."""

from __future__ import annotations

from collections.abc import Iterable

from tasks.gateways.pdf_fonts import width
from tasks.gateways.pdf_view import DocumentView, LineView

# In points: A4 less the margins of `document.css`, and the space between two columns there.
PAGE = 481.89
GAP = 12.0
TEXT_SIZE, HEAD_SIZE = 9.0, 7.5
# Between these a column follows its figures; wider ones wrap or shrink in their cell.
LEAST = {"quantity": 48.0, "price": 48.0, "discount": 34.0, "rate": 30.0, "amount": 56.0}
MOST = {"quantity": 96.0, "price": 92.0, "discount": 44.0, "rate": 44.0, "amount": 104.0}


def widths(view: DocumentView) -> dict[str, float]:
    """The width of each column in points, its gap included. A column that the document has no use for is left out."""
    columns = {"quantity": _widest("quantity", map(_quantity, view.lines))}
    columns["price"] = _widest("price", (line.price for line in view.lines))
    if view.has_line_discounts:
        columns["discount"] = _widest("discount", (line.discount for line in view.lines))
    if any(line.rate for line in view.lines):
        columns["rate"] = _widest("rate", (line.rate for line in view.lines))
    columns["amount"] = _widest("amount", (line.amount for line in view.lines))
    return {"description": round(PAGE - sum(columns.values()), 2), **columns}


def _quantity(line: LineView) -> str:
    return f"{line.quantity} {line.unit}"


def _widest(column: str, texts: Iterable[str]) -> float:
    # The longest texts are the widest by far, so only they are measured.
    longest = sorted(set(texts), key=len)[-8:]
    needed = max((width(text, TEXT_SIZE) for text in longest), default=0.0)
    return round(min(max(needed + 1, LEAST[column]), MOST[column]) + GAP, 2)
