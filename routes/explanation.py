"""How the figures of an invoice or a quote came about, line by line: the stored figures, never calculated again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from domain.totals import Totals, explain
from routes.pages import Answer, AnyRequest, page


class Explained(Protocol):
    """An invoice or a quote, with the figures it has."""

    @property
    def row(self) -> Mapping[str, Any]: ...

    def totals(self) -> Totals: ...

    def frozen_lines(self) -> Sequence[Any]: ...


def explanation(request: AnyRequest, invoice: Explained, back: str, name: str = "", **context: Any) -> Answer:
    """The page for the company, or with another `layout` for its customer; `back` is where the reader came from, and
    `name` what that is called where it is no invoice."""
    totals = invoice.totals()
    return page(
        request,
        "invoices/explanation.html",
        name=name,
        number=invoice.row.get("number"),
        is_note=invoice.row.get("kind") == "credit_note",
        totals=totals,
        currency=totals.currency,
        lines=invoice.frozen_lines(),
        kroner=invoice.row if invoice.row.get("vat_nok") is not None else None,
        steps=[(step, dict(step.inputs)) for step in explain(totals)],
        back=back,
        **context,
    )
