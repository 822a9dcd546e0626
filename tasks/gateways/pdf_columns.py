"""How wide the columns of the lines table are: as wide as their widest figure, and the description has the rest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from tasks.gateways.pdf_document import DocumentView, LineView
from tasks.gateways.pdf_fonts import width
from tasks.gateways.pdf_words import translations

# In points: A4 less the margins of `document.css`, and the space between two columns there.
PAGE = 481.89
GAP = 12.0
TEXT_SIZE, HEAD_SIZE = 9.0, 7.5
# Between these a column follows its figures; wider ones wrap or shrink in their cell.
LEAST = {"quantity": 48.0, "price": 48.0, "discount": 34.0, "rate": 30.0, "amount": 56.0}
MOST = {"quantity": 96.0, "price": 92.0, "discount": 44.0, "rate": 44.0, "amount": 104.0}


def widths(view: DocumentView) -> dict[str, float]:
    """The width of each column in points, its gap included. A column that the document has no use for is left out."""
    heads = _heads(view.language, view.prices_include_vat)
    figures = {"quantity": map(_quantity, view.lines), "price": (line.price for line in view.lines)}
    if view.has_line_discounts:
        figures["discount"] = (line.discount for line in view.lines)
    if any(line.rate for line in view.lines):
        figures["rate"] = (line.rate for line in view.lines)
    figures["amount"] = (line.amount for line in view.lines)
    columns = {column: _widest(column, texts, heads[column]) for column, texts in figures.items()}
    return {"description": round(PAGE - sum(columns.values()), 2), **columns}


@cache
def _heads(language: str, prices_include_vat: bool) -> dict[str, float]:
    """How much the longest word over each column needs: a head breaks between words only."""
    say = translations(language).gettext
    words = {
        "quantity": say("Quantity"),
        "price": say("Price"),
        "discount": say("Discount"),
        "rate": say("VAT"),
        "amount": say("Amount incl. VAT") if prices_include_vat else say("Amount"),
    }
    return {column: max(width(word, HEAD_SIZE, bold=True) for word in head.split()) for column, head in words.items()}


def _quantity(line: LineView) -> str:
    return f"{line.quantity} {line.unit}"


def _widest(column: str, texts: Iterable[str], head: float) -> float:
    # The longest texts are the widest by far, so only they are measured.
    longest = sorted(set(texts), key=len)[-8:]
    needed = max((width(text, TEXT_SIZE) for text in longest), default=0.0)
    return round(min(max(needed + 1, head + 1, LEAST[column]), MOST[column]) + GAP, 2)
