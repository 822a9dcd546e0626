"""The VAT report: what was issued in a term or a year, by tax code, in NOK."""

from __future__ import annotations

from litestar import Controller, get
from litestar.params import FromPath
from litestar.response import File

from actions.clock import now
from actions.vat_exports import report_file
from domain.access import Permission
from domain.company import HOME_ZONE
from domain.dates import today_in
from domain.vat_report import report
from domain.vat_terms import TERMS, Term, term_of
from models.queries.vat_sums import vat_period
from routes.actor import member_of
from routes.guards import may
from routes.i18n import language_of, translator
from routes.invoice_list import KINDS
from routes.pages import Answer, AnyRequest, page

FIRST_YEAR = 2000
LAST_YEAR = 2100


class VatReportController(Controller):
    path = "/reports/vat"

    @get("/", guards=[may(Permission.READ)], name="reports.vat")
    async def index(self, request: AnyRequest) -> Answer:
        term = read_term(request)
        found = await vat_period(member_of(request).organisation_id, term.first, term.last)
        today = today_in(found.time_zone, now())
        return page(
            request,
            "reports/vat.html",
            term=term,
            terms=[Term(term.year, number) for number in (*TERMS, 0)],
            today=today,
            earliest=min(found.first_year or today.year, term.year),
            is_norwegian=found.country == "NO",
            sums=found.sums,
            report=report(found.sums, term.last),
            time_zone=found.time_zone,
        )

    @get("/download/{kind:str}", guards=[may(Permission.READ)], name="reports.vat_download")
    async def download(self, request: AnyRequest, kind: FromPath[str]) -> File:
        """The same figures for a spreadsheet."""
        term, wanted = read_term(request), kind if kind in KINDS else "csv"
        words = translator(language_of(request)).gettext
        path = await report_file(member_of(request).organisation_id, term, wanted, words)
        return File(
            path,
            filename=f"{words('vat-report')}-{term.year}{f'-{term.number}' if term.number else ''}.{wanted}",
            media_type=KINDS[wanted],
            headers={"Cache-Control": "no-store"},
        )


def read_term(request: AnyRequest) -> Term:
    """The term of an address; the present one where it says none that can be read."""
    present = term_of(today_in(HOME_ZONE, now()))
    year, number = request.query_params.get("year", ""), request.query_params.get("term", "")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and FIRST_YEAR <= int(year) <= LAST_YEAR):
        return present
    return Term(int(year), int(number) if number in map(str, TERMS) else 0)
