"""The list of invoices: find any of them, and take what is shown along as CSV or Excel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, get
from litestar.params import FromPath
from litestar.response import File

from actions.clock import now
from actions.exports import spreadsheet
from domain.access import Permission
from domain.reading import Unreadable, read_date
from models.ids import id_in
from models.queries.invoice_list import STATES, Filters, invoice_list
from routes.actor import member_of
from routes.flash import SENTENCES, Flash
from routes.guards import may
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, fragments, page, wants_fragment

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class InvoiceListController(Controller):
    path = "/invoices"

    @get("/", guards=[may(Permission.READ)], name="invoices.index")
    async def index(self, request: AnyRequest) -> Answer:
        filters = read_filters(request)
        found = await invoice_list(
            member_of(request).organisation_id, filters, request.query_params.get("after", ""), now()
        )
        context: dict[str, Any] = {
            "found": found,
            "filters": filters,
            "address": Address(filters),
            "time_zone": found.time_zone,
        }
        if wants_fragment(request.headers):
            part = "more" if "after" in request.query_params else "list"
            answer = fragments(request, f"invoices/{part}.changes.html", **context)
            if part == "list":
                answer.headers["HX-Replace-Url"] = Address(filters).itself
            return answer
        return page(request, "invoices/index.html", flash=_deleted(request), **context)

    @get("/download/{kind:str}", guards=[may(Permission.READ)], name="invoices.download")
    async def download(self, request: AnyRequest, kind: FromPath[str]) -> File:
        """Everything that the filters leave, not only the page in sight."""
        wanted = kind if kind in KINDS else "csv"
        words = translator(language_of(request)).gettext
        name = words("invoices")
        path = await spreadsheet(member_of(request).organisation_id, read_filters(request), wanted, words)
        return File(
            path,
            filename=f"{name}.{wanted}",
            media_type=KINDS[wanted],
            headers={"Cache-Control": "no-store"},
        )


@dataclass(frozen=True, slots=True)
class Address:
    """Addresses of this list with one thing changed: every filter is a link that can be kept."""

    filters: Filters

    @property
    def itself(self) -> str:
        return self._path(self.filters)

    def with_state(self, state: str) -> str:
        return self._path(replace(self.filters, state=state))

    def without(self, name: str) -> str:
        empty = Filters()
        names = {"period": ("issued_from", "issued_to")}.get(name, (name,))
        return self._path(replace(self.filters, **{one: getattr(empty, one) for one in names}))

    def after(self, place: str) -> str:
        return self._path(self.filters, after=place)

    def download(self, kind: str) -> str:
        return self._path(self.filters, f"/invoices/download/{kind}")

    @staticmethod
    def _path(filters: Filters, path: str = "/invoices", **more: str) -> str:
        pairs = {
            "state": filters.state,
            "q": filters.query,
            "customer": filters.customer_id or "",
            "from": filters.issued_from or "",
            "to": filters.issued_to or "",
            "delivery": "failed" if filters.undelivered else "",
            **more,
        }
        query = urlencode({name: str(value) for name, value in pairs.items() if value})
        return f"{path}?{query}" if query else path


def read_filters(request: AnyRequest) -> Filters:
    """The filters of an address. What can not be read is left out, as if it had not been asked for."""
    given = request.query_params
    language = language_of(request)
    state = given.get("state", "")
    return Filters(
        state=state if state in STATES else "",
        query=given.get("q", "").replace("\0", "").strip()[:200],
        customer_id=id_in(given.get("customer", "")),
        issued_from=_day(given.get("from", ""), language),
        issued_to=_day(given.get("to", ""), language),
        undelivered=given.get("delivery") == "failed",
    )


def _deleted(request: AnyRequest) -> Flash | None:
    """After deleting a draft: the sentence with the way back."""
    invoice_id = id_in(request.query_params.get("deleted", ""))
    if invoice_id is None or request.query_params.get("done") != "draft-deleted":
        return None
    return replace(SENTENCES["draft-deleted"], undo_action=f"/invoices/{invoice_id}/restoration")


def _day(text: str, language: str) -> date | None:
    try:
        return read_date(text, language) if text else None
    except Unreadable:
        return None
