"""Every page that a person can come to, from the access table, for journeys that look at all of them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from actions.quote_letters import token_of
from tests.journeys.steps import hosted_page
from tests.routes.furnished import Furnished

TABLE = Path(__file__).resolve().parents[1] / "routes" / "access.toml"
# Parts of pages, files, and answers for machines.
NO_PAGES = (
    "/.well-known", "/healthz", "/readyz", "/metrics", "/static", "/pdf", "/logo", "/download", "/source", "/files/",
    "/attachments", "/options", "/copy", "/consent/", "/inline", "/mailbox/{name", "/reset/", "/confirm/",
    "{version:str}", "/versions/{older", "/privacy/requests/{", "/invitation/{",
)  # fmt: skip
_PARTS = ("/{draft_id:uuid}/customers", "/{draft_id:uuid}/products")


def routes() -> dict[str, str]:
    """The paths of pages with their guard."""
    table = tomllib.loads(TABLE.read_text())
    access = next(iter(table.values())) if all(isinstance(value, dict) for value in table.values()) else table
    paths = {key.removeprefix("GET "): guard for key, guard in access.items() if key.startswith("GET ")}
    return {
        path: guard
        for path, guard in paths.items()
        if not any(part in path for part in NO_PAGES) and not path.endswith(_PARTS)
    }


def public_pages(shop: Furnished) -> list[str]:
    hosted = hosted_page(shop.company, shop.issued_id)
    quote = f"/q/{token_of(shop.company.id, shop.quote_id)}"
    secret = {"/i": hosted, "/q": quote}
    paths = (path for path, guard in routes().items() if guard == "public")
    found = [secret[path[:2]] if path[:3] in ("/i/", "/q/") else path for path in paths]
    return list(dict.fromkeys([*found, f"{hosted}/privacy", f"{quote}/privacy"]))


def operator_pages() -> list[str]:
    """The operator's desks; what needs an id is made by who looks at it."""
    return [path for path, guard in routes().items() if guard == "operator" and "{" not in path]


def signed_in_pages(shop: Furnished) -> list[str]:
    """Draft and issued invoice both; lists with something sought, with nothing found, and a filter."""
    ours = (path for path, guard in routes().items() if guard not in ("public", "operator"))
    paths = ["/" if path == "/" else shop.path(path) for path in ours]
    return [
        *dict.fromkeys(["/", *paths, f"/invoices/{shop.draft_id}", f"/quotes/{shop.quote_draft_id}"]),
        "/invoices?q=zqkanari",
        "/invoices?q=nothing",
        "/invoices?state=overdue",
        "/quotes?q=nothing",
        "/search?q=zqkanari",
        "/search?q=nothing",
    ]
