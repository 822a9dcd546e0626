"""One box that finds all there is, and what can be done."""

from __future__ import annotations

from typing import Any

from litestar import Controller, get

from domain.access import Permission
from domain.marking import N_
from models.queries.everything import search_everything
from routes.actor import member_of
from routes.guards import may
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, fragments, page, wants_fragment

ACTIONS = (
    (N_("New invoice"), "/invoices/new"),
    (N_("New customer"), "/customers/new"),
    (N_("New product"), "/products/new"),
    (N_("New quote"), "/quotes/new"),
    (N_("New recurring invoice"), "/plans/new"),
    (N_("Inbox"), "/inbox"),
    (N_("Overdue invoices"), "/invoices?state=overdue"),
    (N_("Payments"), "/payments"),
    (N_("Company settings"), "/company"),
    (N_("Your account"), "/account"),
    (N_("Switch company"), "/companies"),
)


class SearchController(Controller):
    path = "/search"

    @get("/", guards=[may(Permission.READ)], name="search")
    async def show(self, request: AnyRequest) -> Answer:
        query = request.query_params.get("q", "").replace("\0", "").strip()[:200]
        found = await search_everything(member_of(request).organisation_id, query)
        words = translator(language_of(request)).gettext
        actions = [(words(name), path) for name, path in ACTIONS if query.casefold() in words(name).casefold()]
        context: dict[str, Any] = {"query": query, "found": found, "actions": actions}
        if wants_fragment(request.headers):
            return fragments(request, "search/_found.html", **context)
        return page(request, "search/index.html", **context)
