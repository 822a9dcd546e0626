"""How the figures of an invoice came about, line by line: the stored figures, never calculated again."""

from __future__ import annotations

from typing import Any

from domain.totals import explain
from models.queries.invoices import StoredInvoice
from routes.pages import Answer, AnyRequest, page


def explanation(request: AnyRequest, invoice: StoredInvoice, back: str, **context: Any) -> Answer:
    """The page for the company, or with another `layout` for its customer; `back` is where the reader came from."""
    totals = invoice.totals()
    return page(
        request,
        "invoices/explanation.html",
        number=invoice.row["number"],
        totals=totals,
        currency=totals.currency,
        lines=invoice.frozen_lines(),
        steps=[(step, dict(step.inputs)) for step in explain(totals)],
        back=back,
        **context,
    )
