"""Lists as files for a spreadsheet: written to disk first, so that a reader never gets half of one."""

from __future__ import annotations

import asyncio
import csv
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from actions.clock import now
from actions.instance import settings
from domain.cells import safe_text
from domain.marking import N_
from domain.payments import state_of
from models.queries.invoice_list import Filters, InvoiceRow, every_row
from models.unit_of_work import reading

Cell = str | Decimal | date | None
BATCH = 500
COLUMNS = (
    N_("Kind"), N_("Number"), N_("Customer"), N_("Issued"), N_("Due"), N_("Status"), N_("Currency"), N_("Total"),
    N_("Left to pay"),
)  # fmt: skip
STATES = {
    "draft": N_("Draft"),
    "open": N_("Unpaid"),
    "overdue": N_("Overdue"),
    "paid": N_("Paid"),
    "credited": N_("Credited"),
    "note": N_("Issued"),
}
KINDS = {"invoice": N_("Invoice"), "credit_note": N_("Credit note")}


class Sheet(Protocol):
    """Takes rows, one after the other."""

    def add(self, rows: list[list[Cell]]) -> None: ...


async def spreadsheet(organisation_id: UUID, filters: Filters, kind: str, words: Callable[[str], str]) -> Path:
    """All invoices that `filters` leave, as a CSV (RFC 4180, UTF-8 with mark) or Excel file in the data folder's `tmp`.

    Text that a spreadsheet would take for a formula gets a leading apostrophe; amounts stay numbers. One transaction,
    so that the file is of one moment. The file is removed by the schedule after a day.
    """
    moment = now()
    with sheet_file(kind) as (path, sheet):
        sheet.add([[words(name) for name in COLUMNS]])
        async with reading(organisation_id) as work:
            batch: list[list[Cell]] = []
            async for row in every_row(work, filters, moment):
                batch.append(_cells(row, moment.date(), words))
                if len(batch) == BATCH:
                    # In a thread: formatting cells must not hold up other requests.
                    await asyncio.to_thread(sheet.add, batch)
                    batch = []
        await asyncio.to_thread(sheet.add, batch)
    return path


@contextmanager
def sheet_file(kind: str) -> Iterator[tuple[Path, Sheet]]:
    """A new file in the data folder's `tmp`, and the sheet that writes it."""
    folder = settings().data_dir / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=f".{kind}", delete=False) as file:
        path = Path(file.name)
    with _csv(path) if kind == "csv" else _excel(path) as sheet:
        yield path, sheet


def _cells(row: InvoiceRow, today: date, words: Callable[[str], str]) -> list[Cell]:
    state = row.state
    if state != "draft" and row.due_on is not None:
        state = state_of(row.open_amount, row.due_on, today, row.state)
    return [
        words(KINDS[row.kind]),
        row.number,
        row.customer_name,
        row.issued_on,
        None if row.kind == "credit_note" else row.due_on,
        words(STATES[state]),
        row.currency,
        row.gross,
        row.open_amount,
    ]


@contextmanager
def _csv(path: Path) -> Iterator[Sheet]:
    # The mark tells spreadsheets that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)

        class Rows:
            def add(self, rows: list[list[Cell]]) -> None:
                writer.writerows(
                    [[safe_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
                )

        yield Rows()


@contextmanager
def _excel(path: Path) -> Iterator[Sheet]:
    # Imported late: few ask for it, and every start would wait for it.
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    amount, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})

    class Rows:
        at = 0

        def add(self, rows: list[list[Cell]]) -> None:
            for row in rows:
                for column, cell in enumerate(row):
                    _write(sheet, self.at, column, cell, amount, day)
                self.at += 1

    yield Rows()
    book.close()


def _write(sheet: Any, row: int, column: int, cell: Cell, amount: Any, day: Any) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(row, column, cell, amount)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif cell:
        sheet.write_string(row, column, safe_text(cell))
