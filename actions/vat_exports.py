"""The VAT report as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from actions.exports import Cell, sheet_file
from domain.marking import N_
from domain.vat_report import VatReport, report
from domain.vat_terms import Term
from models.queries.vat_sums import vat_period

COLUMNS = (
    N_("VAT code"), N_("Category"), N_("Rate"), N_("Documents"), N_("Currency"), N_("Base"), N_("VAT"),
    N_("Base in NOK"), N_("VAT in NOK"), N_("Without a rate to NOK"),
)  # fmt: skip


async def report_file(organisation_id: UUID, term: Term, kind: str, words: Callable[[str], str]) -> Path:
    """The report of `term` as CSV or Excel in the data folder's `tmp`: the lines in NOK, then the sums in each other
    currency that they hold. The file is removed by the schedule after a day."""
    found = await vat_period(organisation_id, term.first, term.last)
    heads: list[Cell] = [words(name) for name in COLUMNS]
    with sheet_file(kind) as (path, sheet):
        sheet.add([heads, *_rows(report(found.sums, term.last), words)])
    return path


def _rows(report: VatReport, words: Callable[[str], str]) -> list[list[Cell]]:
    lines: list[list[Cell]] = [
        [one.code, one.category, one.rate, Decimal(one.documents), "NOK", None, None, one.base, one.vat, None]
        for one in report.lines
    ]
    foreign: list[list[Cell]] = [
        [words(N_("of which")), one.category, one.rate, Decimal(one.documents), one.currency, one.base, one.vat,
         one.base_nok, one.vat_nok, one.unrated_base if one.unrated else None]
        for one in report.foreign
    ]  # fmt: skip
    return lines + foreign
