"""The list of quotes, and the same as a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath
from litestar.response import File

from actions.clock import now
from actions.quote_exports import quote_spreadsheet
from domain.access import Permission
from models.queries.quote_list import TABS, QuoteFilters, quote_list
from routes.actor import member_of
from routes.flash import SENTENCES, Flash
from routes.guards import may
from routes.i18n import language_of, translator
from routes.invoice_list import KINDS
from routes.pages import Answer, AnyRequest, fragments, page, wants_fragment


class QuoteListController(Controller):
    path = "/quotes"

    @get("/", guards=[may(Permission.READ)], name="quotes.index")
    async def index(self, request: AnyRequest) -> Answer:
        filters = read_filters(request)
        found = await quote_list(
            member_of(request).organisation_id, filters, request.query_params.get("after", ""), now()
        )
        address = QuoteAddress(filters)
        context: dict[str, Any] = {
            "found": found,
            "filters": filters,
            "address": address,
            "time_zone": found.time_zone,
        }
        if wants_fragment(request.headers):
            part = "more" if "after" in request.query_params else "list"
            answer = fragments(request, f"quotes/{part}.changes.html", **context)
            if part == "list":
                answer.headers["HX-Replace-Url"] = address.itself
            return answer
        return page(request, "quotes/index.html", flash=_deleted(request), **context)

    @get("/download/{kind:str}", guards=[may(Permission.READ)], name="quotes.download")
    async def download(self, request: AnyRequest, kind: FromPath[str]) -> File:
        """Everything that the filters leave, not only the page in sight."""
        wanted = kind if kind in KINDS else "csv"
        words = translator(language_of(request)).gettext
        path = await quote_spreadsheet(member_of(request).organisation_id, read_filters(request), wanted, words)
        return File(
            path,
            filename=f"{words('quotes')}.{wanted}",
            media_type=KINDS[wanted],
            headers={"Cache-Control": "no-store"},
        )


@dataclass(frozen=True, slots=True)
class QuoteAddress:
    """Addresses of this list with one thing changed."""

    filters: QuoteFilters

    @property
    def itself(self) -> str:
        return self._path(self.filters)

    def with_state(self, state: str) -> str:
        return self._path(replace(self.filters, state=state))

    def after(self, place: str) -> str:
        return self._path(self.filters, after=place)

    def download(self, kind: str) -> str:
        return self._path(self.filters, f"/quotes/download/{kind}")

    @staticmethod
    def _path(filters: QuoteFilters, path: str = "/quotes", **more: str) -> str:
        query = urlencode(
            {name: value for name, value in {"state": filters.state, "q": filters.query, **more}.items() if value}
        )
        return f"{path}?{query}" if query else path


def read_filters(request: AnyRequest) -> QuoteFilters:
    """The filters of an address. What can not be read is left out, as if it had not been asked for."""
    state = request.query_params.get("state", "")
    query = request.query_params.get("q", "").replace("\0", "").strip()[:200]
    return QuoteFilters(state if state in TABS else "", query)


def _deleted(request: AnyRequest) -> Flash | None:
    """After deleting a draft: the sentence with the way back."""
    try:
        quote_id = UUID(request.query_params.get("deleted", ""))
    except ValueError:
        return None
    if request.query_params.get("done") != "draft-deleted":
        return None
    return replace(SENTENCES["draft-deleted"], undo_action=f"/quotes/{quote_id}/restoration")
