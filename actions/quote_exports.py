"""The list of quotes as a file for a spreadsheet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from actions.clock import now
from actions.exports import BATCH, Cell, sheet_file
from domain.marking import N_
from models.queries.quote_list import QuoteFilters, QuoteRow, every_quote
from models.unit_of_work import reading

COLUMNS = (
    N_("Number"), N_("Customer"), N_("Sent"), N_("Valid until"), N_("Status"), N_("Currency"), N_("Total"),
)  # fmt: skip
STATES = {
    "draft": N_("Draft"),
    "sent": N_("Waiting for an answer"),
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
    "expired": N_("Expired"),
    "withdrawn": N_("Withdrawn"),
    "invoiced": N_("Invoiced"),
}


async def quote_spreadsheet(
    organisation_id: UUID, filters: QuoteFilters, kind: str, words: Callable[[str], str]
) -> Path:
    """All quotes that `filters` leave, as CSV or Excel; as actions.exports.spreadsheet makes it of invoices."""
    moment = now()
    with sheet_file(kind) as (path, sheet):
        sheet.add([[words(name) for name in COLUMNS]])
        async with reading(organisation_id) as work:
            batch: list[list[Cell]] = []
            async for row in every_quote(work, filters, moment):
                batch.append(_cells(row, words))
                if len(batch) == BATCH:
                    # In a thread: formatting cells must not hold up other requests.
                    await asyncio.to_thread(sheet.add, batch)
                    batch = []
        await asyncio.to_thread(sheet.add, batch)
    return path


def _cells(row: QuoteRow, words: Callable[[str], str]) -> list[Cell]:
    return [
        str(row.number or ""),
        row.customer_name,
        row.sent_at.date() if row.sent_at else None,
        row.valid_until,
        words(STATES[row.state]),
        row.currency,
        row.gross,
    ]
